"""Each figure of the home of sales against what the verbs made."""

from datetime import timedelta

from portal.insights.of_sales import sales_home
from portal.insights.reading import ENOUGH
from portal.kit import db
from portal.kit.days import at, clock_at, today
from portal.kit.deed import deed
from portal.leads import actions as leads
from portal.leads.rules import SILENT_DAYS
from tests.stories import STORY, moved, paid, recommended, won


def in_days(days: int):
    return clock_at(at(today() + timedelta(days), 12))


async def test_the_inbox_goes_by_the_deadline_and_empties_as_answers_go(cast, plan):
    first = await recommended(cast.rachel, "Première", siren="552100554")
    with in_days(3):
        await recommended(cast.stefan, "Deuxième")
        await recommended(cast.mina, "Première", siren="552100554")  # waits behind the first claim
        home = await sales_home(cast.sam.user_id)
        assert [row["name"] for row in home.lists["inbox"]] == ["Première", "Deuxième"]
        assert [row["state"] for row in home.lists["inbox"]] == ["", "Sonia Klein"]  # hers to answer
        assert (home.counts["unanswered"], home.counts["behind"]) == (2, 1)
        await moved(first, cast.sam, "accept")
        assert [row["name"] for row in (await sales_home(cast.sam.user_id)).lists["inbox"]] == ["Deuxième"]


async def test_silence_begins_after_ten_days_and_ends_with_a_move(cast, plan):
    lead = await moved(await recommended(cast.rachel, "Atelier Morin"), cast.sam, "accept")
    await moved(await recommended(cast.rachel, "Hôtel du Parc"), cast.sam, "accept")
    await moved(await recommended(cast.stefan, "Chez Sonia"), cast.sonia, "accept")
    with in_days(SILENT_DAYS - 1):
        assert (await sales_home(cast.sam.user_id)).lists["silent"] == []
    with in_days(SILENT_DAYS + 1):
        home = await sales_home(cast.sam.user_id)
        assert [row["name"] for row in home.lists["silent"]] == ["Atelier Morin", "Hôtel du Parc"]
        assert [(row["name"], row["many"]) for row in home.lists["referrer"]] == [("Rachel Vidal", 2)]
        assert (home.counts["quiet"], home.counts["at_work"]) == (2, 3)
        await moved(lead, cast.sam, "contact")
        assert [row["name"] for row in (await sales_home(cast.sam.user_id)).lists["silent"]] == [
            "Hôtel du Parc"
        ]


async def test_a_referrer_who_wrote_waits_for_a_word(cast, plan):
    lead = await moved(await recommended(cast.rachel, "Atelier Morin"), cast.sam, "accept")
    async with deed(cast.rachel.person):
        await leads.note(lead, "Où en est-on ?", shared=True)
    [waits] = (await sales_home(cast.sam.user_id)).lists["word"]
    assert (waits["name"], waits["who"]) == ("Atelier Morin", "Rachel Vidal")
    assert (await sales_home(cast.sonia.user_id)).lists["word"] == []
    async with deed(cast.sam.person):
        await leads.note(lead, "Rendez-vous jeudi.", shared=True)
    assert (await sales_home(cast.sam.user_id)).lists["word"] == []


async def test_own_deals_stand_with_what_was_cashed_in(cast, plan):
    deal = await won(cast.rachel, cast.sam, 1_000_000)
    await paid(deal, cast.fanny, 250_000)
    await won(cast.stefan, cast.sonia, 7_000_000)
    home = await sales_home(cast.sam.user_id)
    assert [(row["cents"], row["other_cents"]) for row in home.lists["deal"]] == [(1_000_000, 250_000)]
    assert (home.year["cents"], home.cashed["cents"], home.year["many"]) == (1_000_000, 250_000, 1)
    with clock_at(at(today().replace(year=today().year + 1, month=1, day=15))):
        assert (await sales_home(cast.sam.user_id)).year["cents"] == 0


async def test_the_months_count_each_recommendation_once_by_what_became_of_it(cast, plan):
    await won(cast.rachel, cast.sam, company="Gagnée")
    await recommended(cast.rachel, "En cours", siren="552100554")
    await moved(await recommended(cast.rachel, "Refusée"), cast.sam, "reject", reason="outside_offer")
    await recommended(cast.stefan, "En cours", siren="552100554")  # waits behind: still open
    home = await sales_home(cast.sam.user_id)
    assert len(home.months) == 6
    assert home.months[-1].values == (1, 2, 1)
    assert sum(sum(month.values) for month in home.months) == 4


async def test_counts_stop_where_nobody_counts_any_more(cast, plan):
    lead = await recommended(cast.rachel, "Hôtel du Parc")
    async with deed(STORY):
        await db.execute(
            """INSERT INTO lead (ref, referrer_id, programme_id, state, company_name, consent, source, recommended_on,
                                 submitted_at, answer_due_at, moved_at)
               SELECT 'COPY' || n, referrer_id, programme_id, state, company_name, consent, source, recommended_on,
                      submitted_at, answer_due_at, moved_at FROM lead, generate_series(1, $2::int) n WHERE id = $1""",
            lead["id"], ENOUGH,
        )  # fmt: skip
    home = await sales_home(cast.sam.user_id)
    assert home.counts["unanswered"] == ENOUGH
    assert len(home.lists["inbox"]) == 5
