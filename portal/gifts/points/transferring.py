"""Points that go from one referrer to another: a gift where the programme allows it, or a takeover that somebody proves."""

from portal.gifts.points import lots
from portal.gifts.points.rules import NotEnough, Part, take, usable
from portal.gifts.points.spending import NOT_ENOUGH
from portal.gifts.points.terms import terms_for
from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.problems import Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.ledger import points as ledger
from portal.ledger.posting import post
from portal.referrers import access as referrers

NOBODY = N_("Aucun apporteur ne porte ce numéro.")
NOT_TO_ONESELF = N_("Ces points y sont déjà.")
NOT_ALLOWED = N_("Ce programme ne permet pas de donner ses points.")
GIVEN_LOT = """
INSERT INTO point_lot (ref, legal_entity_id, referrer_id, programme_id, transfer_id, from_lot_id, points, worth_cents, opened_on, expires_on, at)
SELECT $2, legal_entity_id, $3, programme_id, $4, id, $5, worth_cents, $6, expires_on, $7 FROM point_lot WHERE id = $1
"""


async def recipient_called(number: str, giver_id: int) -> int:
    """By the number of their file. Raises Refused."""
    found = await referrers.referrer_by_number(number.strip().upper())
    if found is None or found["state"] != "active":
        raise Refused("nobody", NOBODY)
    if await db.value("SELECT root_of($1) = root_of($2)", found["id"], giver_id):
        raise Refused("to_oneself", NOT_TO_ONESELF)
    return found["id"]


async def give(from_id: int, to_id: int, points: int, words: str) -> int:
    """A referrer's own gift."""
    if not (await terms_for(from_id)).gifts:
        raise Refused("gifts_not_allowed", NOT_ALLOWED)
    return await hand_over(from_id, to_id, points, "gift", words)


async def hand_over(from_id: int, to_id: int, points: int, kind: str, reason: str) -> int:
    """First to expire first, each part with its day and its worth. Raises Refused("not_enough_points")."""
    on = today()
    await lots.hold([from_id, to_id])
    giver, taker = [await db.value("SELECT root_of($1)", one) for one in (from_id, to_id)]
    entity_id = (await referrers.referrer(giver))["legal_entity_id"]
    parts = await _parts(giver, entity_id, points)
    transfer_id = await db.insert(
        "point_transfer", ref=new_ref(), legal_entity_id=entity_id, from_id=giver, to_id=taker, kind=kind, points=points,
        reason=reason, on_day=on, at=now(), by_user=current().actor.user_id,
    )  # fmt: skip
    for part in parts:
        await lots.move(part.lot_id, "given", part.points, on, transfer_id=transfer_id)
        await db.execute(GIVEN_LOT, part.lot_id, new_ref(), taker, transfer_id, part.points, on, now())
    await post([ledger.given(entity_id, giver, taker, transfer_id, points, on, kind)])
    await lots.follow([taker], on)
    for one in (giver, taker):
        await record("points.handed_over", "referrer", one, points=points, kind=kind, transfer=transfer_id)
    return transfer_id


async def _parts(giver: int, entity_id: int, points: int) -> list[Part]:
    await lots.follow([giver], today())
    stock = [lot for lot in (await lots.stock_of([giver]))[giver] if lot["legal_entity_id"] == entity_id]
    try:
        return take(points, usable(map(lots.left_of, stock), today()))
    except NotEnough as lacking:
        raise Refused("not_enough_points", NOT_ENOUGH) from lacking
