"""Writing the register: what an order brings, what is given by hand, what is taken back. Whose year it touches is locked
first; its VAT is put right in the same deed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.company import years
from portal.gifts.events import GiftTakenBack, RewardSent
from portal.gifts.orders import access as orders
from portal.gifts.register import access, regularising
from portal.gifts.register.rules import Character, Cost
from portal.gifts.rewards.rules import Nature
from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.problems import Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.ledger import gifts as recipes
from portal.ledger.posting import post

FUTURE = N_("Un cadeau ne se note qu'une fois donné.")
TAKEN_BACK = N_("Cette ligne est déjà annulée.")
A_CORRECTION = N_("Une annulation ne s'annule pas : notez le cadeau à nouveau.")


@dataclass(frozen=True, slots=True)
class Liberality:
    """A gift for nothing, as somebody notes it."""

    what: str
    given_on: date
    nature: Nature
    cost: Cost
    reason: str
    advertising: bool = False


async def add_outsider(entity_id: int, name: str, organisation: str = "") -> int:
    return await db.insert(
        "gift_outsider",
        ref=new_ref(), legal_entity_id=entity_id, name=name, organisation=organisation,
        recorded_at=now(), by_user=current().actor.user_id,
    )  # fmt: skip


async def outsider_for(entity_id: int, name: str, organisation: str = "") -> int:
    known = await access.outsider_named(entity_id, name, organisation)
    return known or await add_outsider(entity_id, name, organisation)


async def forget_outsider(outsider_id: int) -> None:
    """The law wants the name no longer."""
    await db.execute(
        "UPDATE gift_outsider SET name = '', organisation = '', erased_at = $2 WHERE id = $1 AND erased_at IS NULL",
        outsider_id, now(),
    )  # fmt: skip
    await record("gifts.outsider_forgotten", "gift_outsider", outsider_id)


async def give(
    entity_id: int, gift: Liberality, *, referrer_id: int | None = None, outsider_id: int | None = None
) -> db.Row:
    """To a referrer or to a named outsider. Raises Refused."""
    if gift.given_on > today():
        raise Refused("future_gift", FUTURE)
    await years.refuse_closed(gift.given_on)
    await regularising.lock(referrer_id, outsider_id)
    gift_id = await db.insert(
        "gift",
        ref=new_ref(), legal_entity_id=entity_id, referrer_id=referrer_id, outsider_id=outsider_id,
        character=Character.LIBERALITY, nature=gift.nature, advertising=gift.advertising, what=gift.what, given_on=gift.given_on,
        **_amounts(gift.cost), value_cents=gift.cost.price_cents, reason=gift.reason,
        recorded_at=now(), by_user=current().actor.user_id,
    )  # fmt: skip
    return await _settled(gift_id)


def _amounts(cost: Cost) -> dict[str, object]:
    return {
        "price_cents": cost.price_cents,
        "packaging_cents": cost.packaging_cents,
        "shipping_cents": cost.shipping_cents,
        "vat_rate": cost.vat_rate,
        "vat_cents": cost.vat_cents,
    }


async def note_sent(events: Sequence[RewardSent]) -> None:
    """What left the house is given; what was invoiced to a business by barter is sold, and still a benefit of that year."""
    for event in events:
        await _note(await orders.order(event.order_id))


async def _note(order: db.Row) -> None:
    await regularising.lock(order["referrer_id"], None)
    if await access.gift_of_order(order["id"]):
        return
    bartered = await access.bartered(order["id"])
    gift_id = await db.insert(
        "gift",
        ref=new_ref(), legal_entity_id=order["legal_entity_id"], referrer_id=order["referrer_id"], order_id=order["id"],
        character=Character.REMUNERATION, nature=order["nature"], sold=bartered is not None, what=order["title"], given_on=today(),
        price_cents=order["price_cents"], packaging_cents=order["packaging_cents"], shipping_cents=order["shipping_cents"],
        value_cents=order["price_cents"] if bartered is None else bartered, vat_rate=order["vat_rate"], vat_cents=order["vat_cents"],
        reason="", recorded_at=now(), by_user=current().actor.user_id,
    )  # fmt: skip
    await _settled(gift_id)


async def correct(gift: db.Row, reason: str) -> db.Row:
    """Taken back by a row of its own, dated as the gift unless its year is closed. Raises Refused."""
    await regularising.lock(gift["referrer_id"], gift["outsider_id"])
    fresh = await access.gift(gift["id"])
    if fresh["reverses_id"]:
        raise Refused("gift_correction", A_CORRECTION)
    if fresh["taken_back_id"]:
        raise Refused("gift_taken_back", TAKEN_BACK)
    signs = ("price_cents", "packaging_cents", "shipping_cents", "value_cents", "vat_cents")
    kept = ("legal_entity_id", "referrer_id", "outsider_id", "order_id", "character", "nature", "sold", "advertising",
            "what", "vat_rate")  # fmt: skip
    closed = await years.is_closed(fresh["given_on"].year)
    gift_id = await db.insert(
        "gift",
        ref=new_ref(), given_on=today() if closed else fresh["given_on"], reason=reason, reverses_id=fresh["id"],
        recorded_at=now(), by_user=current().actor.user_id,
        **{name: fresh[name] for name in kept}, **{name: -fresh[name] for name in signs},
    )  # fmt: skip
    emit(GiftTakenBack(gift_id=fresh["id"]))
    return await _settled(gift_id)


async def _settled(gift_id: int) -> db.Row:
    """Booked, and its VAT with that of the person's year."""
    gift = await access.gift(gift_id)
    if gift["character"] == Character.REMUNERATION:
        cost = 0 if gift["sold"] else gift["cost_cents"]
        await post([recipes.reward_given(
            gift["legal_entity_id"], gift["referrer_id"], gift_id, gift["value_cents"], cost, gift["given_on"]
        )])  # fmt: skip
    await regularising.put_right(gift)
    what = "gifts.taken_back" if gift["reverses_id"] else "gifts.given"
    await record(what, "gift", gift_id, character=gift["character"], cost=gift["cost_cents"])
    return gift
