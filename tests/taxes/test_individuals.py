"""An individual's year: what it changes, in January, in their space and by mail."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.jobs.queue import enqueue, work_off
from portal.kit import db, files
from portal.kit.days import clock_at, today
from portal.kit.deed import Machine, deed
from portal.taxes import keeping
from portal.taxes.individuals.rules import change_of, may_be_made, waits_no_longer
from portal.taxes.keeping import Kind
from portal.taxes.rules import year_of
from tests.invoicing.test_replacing_pages import words
from tests.taxes.partners import is_given
from tests.taxes.stories import arrives, is_paid, sent
from tests.taxes.test_pages import plain
from tests.taxes.test_rules import DAY, LAW, YEAR, benefit, payment


def next_january(day: int, hour: int = 10) -> datetime:
    return datetime(today().year + 1, 1, day, hour, tzinfo=UTC)


async def the_clock_strikes() -> None:
    async with deed(Machine("test")):
        await enqueue("taxes.tell_years")
    await work_off()


async def papers(who, year: int) -> list[tuple[str, int, int, int]]:
    found = await keeping.kept(who.referrer_id, year, Kind.SUMMARY, Kind.CHANGE)
    return [(row["kind"], row["turn"], row["money_cents"], row["in_kind_cents"]) for row in found]


async def mails() -> list[db.Row]:
    return await db.rows("SELECT * FROM mail_message WHERE kind = 'taxes.summary' ORDER BY id")


# What it changes


def changed(paid, given=(), year=YEAR):
    found = change_of(year_of(paid, given, year, LAW, DAY), LAW)
    assert found
    return found


def test_the_whole_sum_is_written_and_two_thirds_of_it_count():
    """1 000 × 34 % = 340 off; 660 × 18.6 % = 122.76 of social levies."""
    change = changed([payment(900_00)], [benefit(100_00)])
    assert (change.income.gross, change.income.taxable) == (1_000_00, 660_00)
    assert (change.levies_percent, change.levies) == (
        LAW.number("individuals.social_levies_percent", DAY),
        122_76,
    )


def test_each_month_tells_what_came_in_it():
    change = changed(
        [payment(100_00, month=3), payment(50_00, month=3), payment(70_00, month=9)], [benefit(20_00)]
    )
    assert [(one.first.month, one.money, one.in_kind) for one in change.months] == [
        (3, 150_00, 0), (6, 0, 20_00), (9, 70_00, 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("year", "ceiling"),
    [(2020, 72_600_00), (2022, 72_600_00), (2023, 77_700_00), (2025, 77_700_00), (2026, 83_600_00)],
)
def test_at_the_ceiling_the_simple_regime_stays_and_a_cent_above_it_ends(year, ceiling):
    assert changed([payment(ceiling - 1)], year=year).ceiling is None
    assert changed([payment(ceiling)], year=year).ceiling is None
    assert changed([payment(ceiling + 1)], year=year).ceiling == ceiling


@pytest.mark.parametrize(
    ("cents", "abatement"),
    [(304_99, 304_99), (305_00, 305_00), (897_05, 305_00), (897_06, 305_00), (898_00, 305_32)],
)
def test_the_abatement_is_at_least_305_euros_and_never_more_than_what_came(cents, abatement):
    """34 % of 897.06 is the first that rounds to 305.00; 898.00 × 34 % = 305.32."""
    assert changed([payment(cents)]).income.abatement == abatement


def test_who_keeps_books_has_no_such_page():
    assert change_of(year_of([payment(100_00, "micro")], [], YEAR, LAW, DAY), LAW) is None


@given(
    st.lists(
        st.builds(payment, st.integers(1, 1_000_00), st.just("individual"), st.integers(1, 12)),
        min_size=1,
        max_size=9,
    )
)
def test_the_months_add_up_to_the_year(paid):
    change = changed(paid)
    assert (
        sum(one.money for one in change.months)
        == change.income.money
        == sum(one["total_cents"] for one in paid)
    )


def test_the_papers_wait_for_january_and_not_beyond_the_twentieth():
    assert [may_be_made(2026, day) for day in (date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2))] == [
        False,
        False,
        True,
    ]
    assert [waits_no_longer(2026, day) for day in (date(2027, 1, 19), date(2027, 1, 20))] == [False, True]


# In the space


async def test_the_page_says_it_in_plain_words(client, books, cast):
    await is_paid(books, cast.rachel, 1_000_00)
    year = today().year
    rachel = client(cast.rachel)
    assert f"/fiscalite/{year}/ce-que-cela-change" in (await rachel.get(f"/fiscalite/{year}")).text
    text = plain((await rachel.get(f"/fiscalite/{year}/ce-que-cela-change")).text)
    for said in (
        "1 000,00 €",
        "5KU",
        "5LU",
        "déclarant 2",
        "660,00 €",
        "34 %",
        "Retraité",
        "France Travail",
        "2042 C PRO",
    ):
        assert said in text
    company = (await client(cast.remi).get(f"/fiscalite/{year}/ce-que-cela-change")).text
    assert "Rien à déclarer vous-même" in company
    assert "5KU" not in company


async def test_a_reward_stands_in_the_year_and_opens_its_order(client, books, cast):
    await is_given(cast, cast.rachel, 80_00)
    year = today().year
    text = plain((await client(cast.rachel).get(f"/fiscalite/{year}")).text)
    for said in ("80,00 €", "Carte cadeau", "Case 5KU"):
        assert said in text
    assert f'href="/fiscalite/{year}"' in (await client(cast.rachel).get("/fiscalite")).text


# In January


async def test_in_january_the_papers_are_made_once_and_mailed_together(client, books, cast):
    await is_paid(books, cast.rachel, 900_00)
    await is_given(cast, cast.rachel, 100_00)
    year = today().year
    await the_clock_strikes()
    assert await papers(cast.rachel, year) == []  # the year is not over
    with clock_at(next_january(4)):
        await the_clock_strikes()
        await the_clock_strikes()
        assert await papers(cast.rachel, year) == [
            ("summary", 1, 900_00, 100_00),
            ("change", 1, 900_00, 100_00),
        ]
        (mail,) = await mails()
        assert mail["to_user"] == cast.rachel.user_id
        assert len(mail["attached"]) == 2
        assert "1 000,00 €" in plain(mail["text_body"])
        change, summary = [words(await files.content(await files.by_id(one))) for one in mail["attached"]]
        for said in ("5KU", "1 000,00", "660,00"):
            assert said in plain(change)
        assert "Carte cadeau" in summary
        assert "Vos papiers de l’année" in plain((await client(cast.rachel).get(f"/fiscalite/{year}")).text)


async def test_on_new_years_eve_at_midnight_in_paris_nothing_is_made_yet(books, cast):
    await is_paid(books, cast.rachel, 900_00)
    year = today().year
    with clock_at(datetime(year, 12, 31, 23, 30, tzinfo=UTC)):  # 0 h 30 on 1 January in Paris
        await the_clock_strikes()
        assert await papers(cast.rachel, year) == []


async def test_a_transfer_under_way_is_waited_for_until_the_twentieth(books, cast):
    await is_paid(books, cast.rachel, 900_00)
    await books.earns(cast.rachel, 100_00)
    await books.issue()
    await sent(books)
    year = today().year
    with clock_at(next_january(4)):
        await the_clock_strikes()
        assert await papers(cast.rachel, year) == []
    with clock_at(next_january(20)):
        await the_clock_strikes()
        assert [row[:3] for row in await papers(cast.rachel, year)] == [
            ("summary", 1, 900_00),
            ("change", 1, 900_00),
        ]


async def test_what_the_bank_tells_afterwards_makes_a_second_paper_that_says_so(books, cast):
    await is_paid(books, cast.rachel, 900_00)
    await books.earns(cast.rachel, 100_00)
    await books.issue()
    run, arrived = await sent(books), today()
    with clock_at(next_january(20)):
        await the_clock_strikes()
        await arrives(books, run, arrived)
        await the_clock_strikes()
        assert [row[:3] for row in await papers(cast.rachel, arrived.year)][:2] == [
            ("summary", 2, 1_000_00),
            ("change", 2, 1_000_00),
        ]
        assert "remplace" in (await mails())[-1]["text_body"]


async def test_a_company_gets_no_such_mail(books, cast):
    await is_paid(books, cast.remi, 360_00)
    with clock_at(next_january(20)):
        await the_clock_strikes()
    assert await mails() == []
