"""The page of one recommendation asks the database at most eight times, whatever has gathered on it and whoever reads."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from portal.deals import actions as deals
from portal.deals.rules import NewLine
from portal.kit import db, files
from portal.kit.days import clock_at, now, today
from portal.kit.deed import deed
from portal.kit.files import Store
from portal.leads import access, actions
from portal.leads.dossier import attaching, merging, tasking
from portal.leads.dossier.access import Subject
from portal.leads.fields import answers
from portal.leads.priority import extending
from portal.leads.prospect.erasing import erase_lead
from tests.clients.lists import field
from tests.counting import Queries
from tests.leads.priorities import contested, decided, reserve, two_of_one
from tests.programmes.test_advantages import OFFER
from tests.stories import contract_of, moved, open_a_programme, recommended

MOST = 8


@pytest.fixture(autouse=True)
async def plan(cast, client):
    plan = await open_a_programme()
    for member in (cast.rachel, cast.remi):
        await contract_of(member, plan)
    programme = await db.value("SELECT ref FROM programme")
    with clock_at(now() - timedelta(30)):
        offered = await client(cast.alice).post_form(f"/reglages/programmes/{programme}/avantage", **OFFER)
    assert offered.status_code == 303
    return plan


async def cost(browser, lead: db.Row, *words: str) -> int:
    """What the page asks, once it is seen to say these words."""
    async with Queries() as queries:
        page = await browser.get(f"/recommandations/{lead['ref']}")
    assert page.status_code == 200
    assert [word for word in words if word not in page.text] == []
    assert len(queries) <= MOST, "\n\n".join(queries.asked)
    return len(queries)


async def gathered(cast, lead: db.Row, numbers: Iterable[int]) -> None:
    """Notes of both, tasks, files, answers to fields."""
    subject = Subject("lead", lead["id"], "")
    for number in numbers:
        asked = await field(cast, label_fr=f"Surface {number}")
        kept = await files.keep(
            Store.UPLOADS, b"%PDF-", media_type="application/pdf", name=f"plan {number}.pdf"
        )
        async with deed(cast.sam.person):
            await answers.keep(lead["id"], [asked], {asked["id"]: 120 + number})
            await tasking.add(subject, f"Rappeler Claire {number}", today())
            await actions.note(lead, f"Note {number}", shared=False)
            await attaching.attach(subject, kept, shared=True)
        async with deed(cast.rachel.person):
            await actions.note(lead, f"Question {number}", shared=True)


async def joined(cast, lead: db.Row) -> None:
    """Another of the same referrer's, entered under another name."""
    other = await recommended(cast.rachel, "Morin Frères", contact_phone="+33698765432")
    async with deed(cast.sam.person):
        await merging.merge(await access.lead(other["id"]), await access.lead(lead["id"]))


async def sold(cast, lead: db.Row, title: str) -> None:
    async with deed(cast.sam.person):
        await deals.sign(
            await access.lead(lead["id"]), title=title, signed_on=today(), lines=[NewLine("Site", 90_000)]
        )


async def test_one_on_which_everything_has_gathered_costs_what_a_bare_one_does(cast, client):
    bare = await recommended(cast.rachel, "Garage Fontaine", contact_phone="+33611111111")
    full, _second = await two_of_one(cast.rachel, cast.remi)
    await reserve(cast.sonia)
    await joined(cast, full)
    await gathered(cast, full, range(1))
    sam, rachel = client(cast.sam), client(cast.rachel)
    of_staff, of_referrer = await cost(sam, bare), await cost(rachel, bare)
    seen = ("Question 0", "plan 0.pdf", "Surface 0", OFFER["text_fr"])
    assert await cost(sam, full, *seen, "Rappeler Claire 0", "Note 0", "Morin Frères") == of_staff
    assert await cost(rachel, full, *seen) == of_referrer
    await gathered(cast, full, range(1, 4))
    assert await cost(sam, full, "Question 2", "Surface 2") == of_staff
    assert await cost(rachel, full, "Question 2", "Surface 2") == of_referrer


async def test_nor_does_a_dispute_its_decision_or_an_extension_cost_more(cast, client):
    first, second = await two_of_one(cast.rachel, cast.remi)
    await gathered(cast, first, range(2))
    dispute = await contested(second, cast.remi)
    for member in (cast.sam, cast.alice, cast.fanny):
        await cost(client(member), first)
        await cost(client(member), second, "Maison Durand")
    await cost(client(cast.remi), second)
    await decided(dispute, cast.alice, "came_later")
    await moved(first, cast.sam, "accept")
    async with deed(cast.rachel.person):
        await extending.ask(await access.lead(first["id"]), "Ils se voient en mars.")
    await sold(cast, first, "Site marchand")
    await sold(cast, first, "Maintenance")
    await cost(client(cast.sam), first, "Site marchand", "Maintenance")
    await cost(client(cast.rachel), first)
    await cost(client(cast.remi), second)


async def test_one_that_joined_another_of_somebody_else_costs_no_more_to_who_brought_it(cast, client):
    """Nobody follows it yet: the company itself is named."""
    first, second = await two_of_one(cast.rachel, cast.remi)
    async with deed(cast.sam.person):
        await merging.merge(await access.lead(second["id"]), await access.lead(first["id"]))
    await gathered(cast, first, range(1))
    await cost(client(cast.remi), second)
    await cost(client(cast.rachel), first)


async def test_nor_one_whose_prospect_was_erased_and_that_somebody_recommends_again(cast, client):
    with clock_at(now() - timedelta(20)):
        gone = await moved(
            await recommended(cast.remi, contact_email="claire@morin.example"), cast.sam, "accept"
        )
    async with deed(cast.alice.person):
        await erase_lead(gone["id"])
    again = await recommended(cast.rachel, contact_email="claire@morin.example")
    await gathered(cast, again, range(1))
    await cost(client(cast.sam), again, "avait recommandé la même entreprise")
    async with deed(cast.rachel.person):
        await actions.note(again, "Des nouvelles ?", shared=True)
    await cost(client(cast.rachel), again)
    await cost(client(cast.sam), gone)
