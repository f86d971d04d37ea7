"""Money that nobody could place waits, is attached, split, set aside or taken back, and earns like any other."""

from datetime import timedelta

import pytest

from portal.deals import access as deal_access
from portal.deals import actions as deals
from portal.deals.cashing import access, actions
from portal.deals.cashing.actions import Part
from portal.deals.cashing.rules import Why
from portal.deals.rules import NewLine
from portal.earnings.replay import replay_deal
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.plans import actions as plans
from tests.stories import contract_of, moved, open_a_programme, recommended, won


@pytest.fixture
async def deal(cast):
    await contract_of(cast.rachel, await open_a_programme())
    return await won(cast.rachel, cast.sam)  # 12 000 € HT, 8 %, client Atelier Morin


@pytest.fixture
async def invoice(cast, deal):
    async with deed(cast.fanny.person):
        return await deals.record_invoice(
            deal, number="F-2026-031", issued_on=today(), net_cents=1_000_00, vat_cents=200_00
        )


async def received(cast, total_cents=1_200_00, **told):
    async with deed(cast.fanny.person):
        return await actions.receive(
            source="bank", **{"paid_on": today(), "total_cents": total_cents, **told}
        )


async def suggested(money):
    return (await access.suggestions([money]))[money["id"]]


async def attached(cast, money, *parts):
    async with deed(cast.fanny.person):
        return await actions.attach(money, parts)


async def test_number_and_amount_attach_by_themselves_and_it_is_said(cast, deal, invoice):
    money = await received(cast, label="VIR SEPA F-2026-031")
    assert money["state"] == "attached"
    move = (await access.moves_of(money["id"]))[0]
    assert move["automatic"]
    assert await db.value("SELECT net_cents FROM client_payment") == 1_000_00  # 1 200 × 1 000 ÷ 1 200
    assert await db.value("SELECT amount FROM earning") == 80_00  # 1 000 × 8 %


async def test_number_without_amount_waits_with_its_suggestion(cast, deal, invoice):
    money = await received(cast, 300_00, label="acompte F 2026 031")
    assert money["state"] == "waiting"
    assert [one.why for one in await suggested(money)] == [(Why.NUMBER,)]


async def test_the_name_of_the_client_and_the_amount_are_suggested_and_attached(cast, deal, invoice):
    money = await received(cast, payer="SARL ATELIER MORIN")
    best = (await suggested(money))[0]
    assert best.why == (Why.AMOUNT, Why.CLIENT)
    await attached(cast, money, actions.part_of(money, best))
    assert await suggested(money) == []  # nothing of the invoice is left
    assert await db.value("SELECT sum(amount)::bigint FROM earning") == 80_00


async def test_an_account_that_paid_is_known_again(cast, deal, invoice):
    money = await received(cast, 600_00, payer="Atelier Morin", account_end="6546")
    await attached(cast, money, actions.part_of(money, (await suggested(money))[0]))
    again = await received(cast, 10_00, payer="M. Morin père", account_end="6546")
    assert (await suggested(again))[0].why == (Why.ACCOUNT,)


async def test_one_transfer_pays_an_invoice_and_another_deal(cast, deal, invoice):
    other = await won(cast.rachel, cast.sam, company="Garage du Lac")
    money = await received(cast, 1_800_00)
    await attached(cast, money, Part(deal["id"], invoice, 1_200_00), Part(other["id"], None, 600_00, 500_00))
    assert await deal_access.paid_net(deal["id"]) == 1_000_00
    assert await deal_access.paid_net(other["id"]) == 500_00
    assert await db.value("SELECT sum(amount)::bigint FROM earning") == 120_00  # 1 500 × 8 %


async def test_what_is_taken_back_waits_again_and_earns_nothing(cast, deal, invoice):
    money = await received(cast, label="F-2026-031")
    async with deed(cast.fanny.person):
        await actions.take_back(money, "C'était pour une autre société")
    money = await access.incoming(money["id"])
    assert money["state"] == "waiting"
    assert await deal_access.paid_net(deal["id"]) == 0
    assert await db.value("SELECT sum(amount)::bigint FROM earning") == 0
    assert await replay_deal(deal["id"]) == []
    assert (await suggested(money))[0].certain  # the invoice is open again
    await attached(cast, money, actions.part_of(money, (await suggested(money))[0]))
    assert await db.value("SELECT sum(amount)::bigint FROM earning") == 80_00


async def test_what_is_not_ours_is_set_aside_with_its_reason_and_can_come_back(cast, deal):
    money = await received(cast, 77_00, payer="Trésor public")
    async with deed(cast.fanny.person):
        await actions.set_aside(money, "Remboursement de TVA")
    money = await access.incoming(money["id"])
    assert money["state"] == "set_aside"
    async with deed(cast.fanny.person):
        await actions.take_back(money, "Erreur")
    assert [one["move"] for one in await access.moves_of(money["id"])] == ["take_back", "set_aside"]


async def test_the_same_external_id_is_the_same_money_and_other_content_is_refused(cast, deal):
    first = await received(cast, external_id="BQ-1")
    assert (await received(cast, external_id="BQ-1"))["id"] == first["id"]
    with pytest.raises(Refused, match="other_content"):
        await received(cast, 5_00, external_id="BQ-1")


async def test_what_cannot_be_is_refused_in_plain_words(cast, deal, invoice):
    with pytest.raises(Refused, match="paid_later"):
        await received(cast, paid_on=today() + timedelta(1))
    with pytest.raises(Refused, match="no_amount"):
        await received(cast, 0)
    money = await received(cast, 300_00)
    with pytest.raises(Refused, match="parts_differ"):
        await attached(cast, money, Part(deal["id"], invoice, 200_00))
    with pytest.raises(Refused, match="net_unknown"):
        await attached(cast, money, Part(deal["id"], None, 300_00))
    async with deed(cast.fanny.person):
        await deals.cancel(deal, on=today(), cause="client", reason="Renonce")
    with pytest.raises(Refused, match="cancelled"):
        await attached(cast, money, Part(deal["id"], invoice, 300_00))
    assert (await access.incoming(money["id"]))["state"] == "waiting"


async def test_a_number_whose_deal_would_be_overpaid_waits_for_somebody(cast, deal):
    """One audit at 100: an invoice of 1 000 for it is certainly a mistake."""
    lead = await moved(await recommended(cast.rachel, company="Garage du Lac"), cast.sam, "accept")
    async with deed(cast.alice.person):
        audit = await plans.add_product("audit", "Audit", kind="one_off")
    async with deed(cast.sam.person):
        small = await deals.sign(
            lead, title="Audit", signed_on=today(), lines=[NewLine("Audit", 100_00, audit)]
        )
        await deals.record_invoice(
            small, number="F-77", issued_on=today(), net_cents=1_000_00, vat_cents=200_00
        )
    assert (await received(cast, label="F-77"))["state"] == "waiting"
    assert await db.value("SELECT count(*) FROM client_payment") == 0
