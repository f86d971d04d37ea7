"""What stands beside an order on its page: its papers, its line in the register, what it does to the VAT of the year."""

from typing import Any

from portal.gifts.orders import access
from portal.gifts.orders.rules import OrderState
from portal.gifts.register import access as register
from portal.gifts.register.rules import Foreseen
from portal.gifts.rewards.rules import true_cost_cents
from portal.invoicing.barter import access as barter
from portal.invoicing.rules import KIND_LABELS
from portal.kit import db
from portal.kit.days import today
from portal.kit.text import _
from portal.people.rules import Person
from portal.referrers.access import standing_on
from portal.referrers.rules import NATURAL_PERSONS
from portal.taxes.partners import access as partners
from portal.taxes.partners.rules import Foreseen as Counted

BEFORE = (OrderState.REQUESTED, OrderState.APPROVED)
SETTLED = (OrderState.APPROVED, OrderState.SENT, OrderState.RECEIVED)


async def beside(person: Person, order: db.Row) -> dict[str, Any]:
    team = person.may(*access.MAY_DECIDE)
    settled = order["state"] in SETTLED
    return {
        "papers": await barter.papers_of_order(person, order["ref"]) if settled else [],
        "kinds": {kind: _(label) for kind, label in KIND_LABELS.items()},
        "gift": await register.gift_of_order(order["id"]) if team and order["sent_at"] else None,
        "counted": await _counted(order) if team and order["state"] in BEFORE else None,
        "foreseen": await _foreseen(order) if team and order["state"] == OrderState.REQUESTED else None,
    }


async def _counted(order: db.Row) -> Counted | None:
    """Of an employee of a partner: the year with it, and the contribution that it brings."""
    return await partners.foreseen(order["referrer_id"], order["price_cents"], today())


async def _foreseen(order: db.Row) -> Foreseen | None:
    """Goods for a person, who has them given; a business buys them by barter."""
    law = await standing_on(order["referrer_id"], today())
    if order["nature"] != "good" or law is None or law.status not in NATURAL_PERSONS:
        return None
    cost = true_cost_cents(order)
    return await register.foreseen(
        order["legal_entity_id"], order["referrer_id"], None, cost, order["vat_cents"], today()
    )
