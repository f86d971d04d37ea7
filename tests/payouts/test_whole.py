"""Every euro that was earned and has not arrived is somewhere, with its reason, to the cent."""

from datetime import timedelta

import pytest

from portal.company.access import legal_entity_by
from portal.earnings import access_claims, adjusting
from portal.kit import db
from portal.kit.days import at, day_of, today
from portal.kit.deed import deed
from portal.payouts import access, actions
from portal.payouts.whole import whole
from tests.invoicing.books import books_of


@pytest.fixture
async def books(cast):
    return await books_of(cast)


async def said(cast) -> dict[str, dict[str, int]]:
    found = await whole(await legal_entity_by(cast.entity_id), today())
    assert found.off == 0
    return {place.label: {one.why: one.net_cents for one in place.sums} for place in found.places}


async def test_nothing_earned_is_nowhere(cast):
    assert await said(cast) == {}


async def test_each_sum_stands_at_its_place_with_its_reason(books, cast):
    """Mina's 100 wait for her town, Rémi's 200 are on a paper, Rachel's 300 are ready and 50 of them deducted."""
    await books.earns(cast.remi, 200_00)
    await books.issue(cast.remi)
    await books.earns(cast.mina, 100_00)
    await books.earns(cast.rachel, 300_00)
    async with deed(cast.sam.person):
        await db.execute("UPDATE referrer SET city = '' WHERE id = $1", cast.mina.referrer_id)
    ref = await db.value("SELECT ref FROM earning WHERE referrer_id = $1", cast.rachel.referrer_id)
    target = await access_claims.target_of_earning(cast.fanny.person, ref)
    async with deed(cast.fanny.person):
        await adjusting.adjust(target, -50_00, "Taux mal saisi")
    found = await said(cast)
    assert found["À virer"] == {"Prêt à virer": 200_00}
    assert found["À établir"]["Prêt"] == 250_00
    assert sum(found["À établir"].values()) == 350_00


async def test_what_is_under_way_to_the_bank_is_told_and_what_arrived_is_gone(books, cast):
    await books.earns(cast.remi, 200_00)
    await books.issue(cast.remi)
    async with deed(cast.fanny.person):
        run = await actions.prepare(cast.entity_id, today())
    assert (await said(cast))["En route"] == {"Dans un règlement à envoyer": 200_00}
    async with deed(cast.fred.person):
        await actions.approve(run)
    file = await actions.bank_file(await access.run(run["id"]))
    async with deed(cast.fanny.person):
        await actions.send(await access.run(run["id"]), file)
    assert (await said(cast))["En route"] == {"En cours de paiement": 200_00}
    async with deed(cast.fanny.person):
        await actions.settle(await access.run(run["id"]), today())
    assert await said(cast) == {}


async def test_what_was_taken_back_after_it_was_paid_is_carried(books, cast):
    """200 paid, then 80 refunded: 80 are owed, carried onto the next transfer."""
    payment = await books.earns(cast.remi, 200_00)
    await books.issue(cast.remi)
    async with deed(cast.fanny.person):
        run = await actions.prepare(cast.entity_id, today())
    async with deed(cast.fred.person):
        await actions.approve(run)
    file = await actions.bank_file(await access.run(run["id"]))
    async with deed(cast.fanny.person):
        await actions.send(await access.run(run["id"]), file)
        await actions.settle(await access.run(run["id"]), today())
    await books.refund(payment, 80_00)
    assert sum(sum(place.values()) for place in (await said(cast)).values()) == -80_00
    await books.issue(cast.remi)
    assert await said(cast) == {"À virer": {"Rien à verser : reporté sur le prochain règlement": -80_00}}


async def test_finance_reads_it_and_nothing_is_off(books, cast, client):
    await books.earns(cast.remi, 200_00)
    page = (await client(cast.fanny).get("/virements/situation")).text
    assert "200,00" in page
    assert "écart 0,00" in page


async def test_an_account_that_just_changed_is_told_with_the_day_from_which_it_is_used(books, cast, client):
    await books.earns(cast.remi, 200_00)
    await books.issue(cast.remi)
    usable = at(today() + timedelta(days=2))
    async with deed(cast.fanny.person):
        await db.execute(
            "UPDATE bank_detail SET usable_from = $2 WHERE referrer_id = $1", cast.remi.referrer_id, usable
        )
    place = (await whole(await legal_entity_by(cast.entity_id), today())).places[0]
    assert [(one.why, one.until) for one in place.sums] == [
        ("IBAN changé, bientôt utilisable", day_of(usable))
    ]
    assert "bientôt utilisable" in (await client(cast.fanny).get("/virements/situation")).text
