"""A portfolio changes hands: all or in part, to one or several, from a day, told or not; and goes back."""

from datetime import timedelta

import pytest

from portal.jobs.queue import TASKS, work_off
from portal.kit import db
from portal.kit.days import at, clock_at, today
from portal.kit.deed import deed
from portal.leads import access
from portal.leads.assignment import handing_over, portfolio
from portal.leads.assignment.assigning import assign
from portal.people import actions as people
from portal.people.access import user
from tests.counting import Queries
from tests.stories import moved, open_a_programme, recommended, won

PATH = "/reglages/portefeuilles"


@pytest.fixture(autouse=True)
async def plan(cast):
    return await open_a_programme()


async def ref_of(member) -> str:
    return (await user(member.user_id))["ref"]


async def contact_of(member) -> int:
    return await db.value("SELECT sales_user_id FROM referrer WHERE id = $1", member.referrer_id)


async def handed_over(cast, client, **typed):
    """Sam's portfolio, by Alice."""
    answer = await client(cast.alice).post_form(
        f"{PATH}/{await ref_of(cast.sam)}", **{"on_day": today().isoformat(), **typed}
    )
    assert answer.status_code == 303, answer.text
    await work_off()
    return await portfolio.handover(answer.headers["location"].rsplit("/", 1)[1])


async def test_the_page_lists_each_referrer_with_what_goes_along(cast, client):
    await recommended(cast.rachel)
    await won(cast.remi, cast.sam, company="Hôtel du Parc", contact_phone="+33612345671")
    lines = {row["name"]: row for row in await portfolio.of(cast.sam.user_id)}
    assert (lines["Rachel Vidal"]["leads"], lines["Rachel Vidal"]["deals"]) == (1, 0)
    assert (lines["Morin Conseil"]["leads"], lines["Morin Conseil"]["deals"]) == (0, 1)
    page = (await client(cast.alice).get(f"{PATH}/{await ref_of(cast.sam)}")).text
    assert "Rachel Vidal" in page
    assert "1 recommandation en cours" in page.replace("\u00a0", " ")


async def test_all_of_it_goes_to_a_colleague_who_is_told_once(cast, client):
    open_one, ended = (
        await recommended(cast.rachel),
        await recommended(cast.rachel, "Perdue", contact_phone="+33612345670"),
    )
    await moved(await moved(ended, cast.sam, "accept"), cast.sam, "lose", reason="price")
    handover = await handed_over(cast, client, users=await ref_of(cast.sonia))
    assert (handover["state"], handover["done"]) == ("done", 3)  # Rachel, Rémi, Mina
    assert (await access.lead(open_one["id"]))["sales_user_id"] == cast.sonia.user_id
    assert (await access.lead(ended["id"]))[
        "sales_user_id"
    ] == cast.sam.user_id  # what is over stays where it was
    assert await contact_of(cast.rachel) == cast.sonia.user_id
    kinds = await db.rows(
        "SELECT kind, to_user FROM mail_message WHERE kind IN ('leads.portfolio', 'leads.contact', 'leads.assigned')"
    )
    assert [(row["kind"], row["to_user"]) for row in kinds] == [("leads.portfolio", cast.sonia.user_id)]


async def test_one_line_goes_to_another_and_one_stays(cast, client):
    names = {row["name"]: row["ref"] for row in await portfolio.of(cast.sam.user_id)}
    await handed_over(cast, client, **{f"to-{names['Rachel Vidal']}": await ref_of(cast.sonia)})
    assert await contact_of(cast.rachel) == cast.sonia.user_id
    assert await contact_of(cast.mina) == cast.sam.user_id


async def test_referrers_are_told_in_plain_words_where_it_is_wished(cast, client):
    await handed_over(cast, client, users=await ref_of(cast.sonia), tells="1", message="Sam part à Nantes.")
    mail = await db.row(
        "SELECT * FROM mail_message WHERE kind = 'leads.contact' AND to_user = $1", cast.rachel.user_id
    )
    assert mail
    assert mail["subject"] == "Votre interlocuteur est désormais Sonia Klein"
    assert "Sonia Klein prend la suite de Sam Berger" in mail["text_body"]
    assert "Sam part à Nantes." in mail["text_body"]


async def test_a_day_to_come_waits_for_its_morning(cast, client):
    later = today() + timedelta(7)
    handover = await handed_over(cast, client, users=await ref_of(cast.sonia), on_day=later.isoformat())
    assert (handover["state"], await contact_of(cast.rachel)) == ("planned", cast.sam.user_id)
    with clock_at(at(later, 6, 5)):
        await TASKS["leads.hand_over_due"]()
    assert await contact_of(cast.rachel) == cast.sonia.user_id


async def test_before_its_day_it_is_called_off(cast, client):
    later = today() + timedelta(7)
    handover = await handed_over(cast, client, users=await ref_of(cast.sonia), on_day=later.isoformat())
    await client(cast.alice).post_form(f"{PATH}/passations/{handover['ref']}/annulation")
    with clock_at(at(later, 6, 5)):
        await TASKS["leads.hand_over_due"]()
    assert await contact_of(cast.rachel) == cast.sam.user_id


async def test_an_interrupted_one_goes_on_where_it_stood(cast, client, monkeypatch):
    monkeypatch.setattr(handing_over, "AT_ONCE", 1)
    async with deed(cast.alice.person):
        takes = {row["id"]: cast.sonia.user_id for row in await portfolio.of(cast.sam.user_id)}
        handover = await handing_over.plan(cast.sam.user_id, takes, today())
    async with deed(cast.alice.person):
        assert await handing_over.hand_over_some(handover["id"]) is True
    assert (await portfolio.handover(handover["ref"]))["done"] == 1
    await TASKS["leads.hand_over"](handover_id=handover["id"])
    found = await portfolio.handover(handover["ref"])
    assert (found["state"], found["done"]) == ("done", 3)


async def test_it_is_handed_back_but_not_what_changed_hands_since(cast, client):
    stays, goes_on = (
        await recommended(cast.rachel),
        await recommended(cast.mina, "Reprise", contact_phone="+33612345672"),
    )
    handover = await handed_over(cast, client, users=await ref_of(cast.sonia))
    async with deed(cast.alice.person):
        await assign(await access.lead(goes_on["id"]), None)
    await client(cast.alice).post_form(f"{PATH}/passations/{handover['ref']}/retour")
    await work_off()
    assert await contact_of(cast.rachel) == cast.sam.user_id
    assert (await access.lead(stays["id"]))["sales_user_id"] == cast.sam.user_id
    assert (await access.lead(goes_on["id"]))["sales_user_id"] is None


async def test_a_closed_account_with_a_portfolio_is_shown_and_nothing_goes_back_to_it(cast, client):
    handover = await handed_over(cast, client, users=await ref_of(cast.sonia))
    async with deed(cast.alice.person):
        await people.deactivate(await user(cast.sonia.user_id))
    alice = client(cast.alice)
    assert "À confier" in (await alice.get(PATH)).text
    assert "confiez-les" in (await alice.get(f"{PATH}/{await ref_of(cast.sonia)}")).text
    assert "portefeuille" in (await alice.get(f"/reglages/utilisateurs/{await ref_of(cast.sonia)}")).text
    async with deed(cast.alice.person):
        await people.deactivate(await user(cast.sam.user_id))
    assert (await alice.post_form(f"{PATH}/passations/{handover['ref']}/retour")).status_code in (409, 422)
    assert await contact_of(cast.rachel) == cast.sonia.user_id


async def test_nothing_chosen_is_asked_again(cast, client):
    answer = await client(cast.alice).post_form(
        f"{PATH}/{await ref_of(cast.sam)}", on_day=today().isoformat()
    )
    assert answer.status_code == 422
    assert "Choisissez au moins un apporteur" in answer.text


async def test_its_page_asks_as_many_questions_whatever_it_holds(cast, client):
    alice, path = client(cast.alice), f"{PATH}/{await ref_of(cast.sam)}"
    async with Queries() as few:
        await alice.get(path)
    for number in range(5):
        await recommended(cast.rachel, f"Maison {number}", contact_phone=f"+3361234900{number}")
    async with Queries() as many:
        await alice.get(path)
    assert len(many) == len(few) <= 8
