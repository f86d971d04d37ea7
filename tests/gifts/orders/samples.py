"""What stands behind the parameters of the pages of orders: a card of Rémi's with its code, a list for a supplier."""

from portal.contracts import actions as contracts
from portal.deals import actions as deals
from portal.deals.rules import NewLine
from portal.gifts.orders import codes, deciding, exporting
from portal.gifts.orders.code_rules import CardCode
from portal.gifts.orders.placing import Address
from portal.kit.days import today
from portal.kit.deed import deed
from portal.leads import actions as leads
from portal.plans import actions as plans
from tests.cast import Cast
from tests.earnings.scene import SINCE
from tests.gifts.orders.shop import BASKET, CARD, POINTS, as_it_is, offer, order

QUAY = Address("Rémi Morin", "12 quai Perrache", "69002", "Lyon", "FR")


async def samples_of_orders(cast: Cast) -> dict[str, str]:
    await _points(cast)
    card, basket = await offer(cast, CARD), await offer(cast, BASKET, title="Harvest basket")
    ordered = [await order(cast.remi, card, QUAY), await order(cast.remi, basket, QUAY)]
    async with deed(cast.fanny.person):
        load, _kept = await codes.load(card["id"], [CardCode("LUMEN-2026-0001"), CardCode("LUMEN-2026-0002")])
        for one in ordered:
            await deciding.approve(await as_it_is(one))
    async with deed(cast.fanny.person):
        told = await exporting.tell(cast.entity_id, BASKET["supplier"])
    return {"reward_order": ordered[0]["ref"], "supplier_export": told["ref"], "code_load": load["ref"]}


async def _points(cast: Cast) -> None:
    """200 of them: 10 % of 2,000 €, in a programme of its own."""
    async with deed(cast.alice.person):
        programme = await plans.open_programme("Club Points", SINCE)
        plan = await plans.publish(programme["id"], POINTS, SINCE)
        await contracts.record_on_paper(
            cast.remi.referrer_id, programme["id"], plan["id"], signed_on=SINCE, vouched_by=cast.alice.user_id
        )
    async with deed(cast.sam.person):
        lead = await leads.submit(
            cast.remi.referrer_id,
            company_name="Riverside Club Ltd",
            consent="oui",
            programme_id=programme["id"],
        )
        lead = await leads.move(lead, "accept")
        deal = await deals.sign(
            lead, title="Mission", signed_on=today(), lines=[NewLine("Mission", 2_000_00)]
        )
        await deals.record_payment(deal, paid_on=today(), net_cents=2_000_00)
