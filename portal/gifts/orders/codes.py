"""Codes of cards: brought in a list, sealed at once, each given to one order, read once by who ordered it."""

from collections.abc import Sequence

from portal.gifts.events import RewardApproved
from portal.gifts.orders import access, mails, sending
from portal.gifts.orders.code_rules import CardCode
from portal.gifts.orders.rules import OrderState
from portal.gifts.orders.sending import Parcel
from portal.gifts.points import lots
from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.keyring import ring
from portal.kit.problems import Refused
from portal.kit.references import new_ref
from portal.kit.text import N_

CODE, PIN = "reward_code.code", "reward_code.pin"
ALL_KNOWN = N_("Tous ces codes sont déjà enregistrés.")
NOTHING_FREE = N_("Tous les codes de cette liste sont déjà attribués ou retirés.")
READ_ALREADY = N_("Ce code a déjà été affiché. Écrivez-nous si vous ne l'avez plus.")
STILL_UNREAD = N_("Ce code peut encore être lu : rien à décider.")


async def load(reward_id: int, codes: Sequence[CardCode]) -> tuple[db.Row, int]:
    """The list, and how many of it were new; orders that wait for a code are served at once, the oldest first."""
    load_id = await db.insert(
        "code_load", ref=new_ref(), reward_id=reward_id, loaded_at=now(), by_user=current().actor.user_id
    )
    kept = sum([await _keep(load_id, reward_id, one) for one in codes])
    if not kept:
        raise Refused("all_known", ALL_KNOWN)
    await record("gifts.codes_loaded", "reward", reward_id, load=load_id, codes=kept)
    await _serve_waiting(reward_id)
    made = await db.row("SELECT * FROM code_load WHERE id = $1", load_id)
    assert made is not None
    return made, kept


async def _keep(load_id: int, reward_id: int, one: CardCode) -> int:
    return await db.execute(
        """INSERT INTO reward_code (load_id, reward_id, code_sealed, code_blind, pin_sealed, last4, valid_until)
           VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (code_blind) DO NOTHING""",
        load_id, reward_id, ring().seal(one.code, CODE), ring().blind(one.code, CODE),
        ring().seal(one.pin, PIN) if one.pin else None, one.last4, one.valid_until,
    )  # fmt: skip


async def take_out(load: db.Row) -> int:
    """What is still free of a list: the wrong one was brought."""
    taken = await db.execute(
        "UPDATE reward_code SET taken_out_at = $2 WHERE load_id = $1 AND order_id IS NULL AND taken_out_at IS NULL",
        load["id"], now(),
    )  # fmt: skip
    if not taken:
        raise Refused("nothing_free", NOTHING_FREE)
    await record("gifts.codes_taken_out", "reward", load["reward_id"], load=load["id"], codes=taken)
    return taken


# Given


async def give(events: Sequence[RewardApproved]) -> None:
    for event in events:
        await _serve(await access.order(event.order_id))


async def _serve_waiting(reward_id: int) -> None:
    waiting = await db.rows(
        "SELECT id FROM reward_order WHERE reward_id = $1 AND state = 'approved'", reward_id
    )
    held = await access.held([row["id"] for row in waiting])
    await lots.hold([order["referrer_id"] for order in held])
    for order in held:
        await _serve(order)


FREE = """
SELECT id FROM reward_code WHERE reward_id = $1 AND order_id IS NULL AND taken_out_at IS NULL
  AND (valid_until IS NULL OR valid_until >= $2)
ORDER BY valid_until, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
"""


async def _serve(order: db.Row) -> None:
    """The one that ends first. None is free: the order waits, or is sent by post."""
    if order["state"] != OrderState.APPROVED:
        return
    code_id = await db.value(FREE, order["reward_id"], today())
    if code_id is None:
        return
    await db.execute("UPDATE reward_code SET order_id = $2 WHERE id = $1", code_id, order["id"])
    await db.insert("code_reading", code_id=code_id, allowed_at=now())
    await sending.send(order, Parcel())


# Read


async def read(order: db.Row) -> CardCode:
    """Once: from then on only its last signs are shown. Who has read it has received it."""
    opened = await db.value(
        "UPDATE code_reading SET read_at = $2, read_by = $3 WHERE code_id = $1 AND read_at IS NULL RETURNING id",
        order["code_id"], now(), current().actor.user_id,
    )  # fmt: skip
    if opened is None:
        raise Refused("read_already", READ_ALREADY)
    await record("gifts.code_read", "reward_order", order["id"])
    if order["state"] == OrderState.SENT:
        await sending.receive(order)
    return await _opened(order["code_id"])


async def _opened(code_id: int) -> CardCode:
    sealed = await db.row("SELECT * FROM reward_code WHERE id = $1", code_id)
    assert sealed is not None
    pin = ring().open(sealed["pin_sealed"], PIN) if sealed["pin_sealed"] else ""
    return CardCode(ring().open(sealed["code_sealed"], CODE), pin, sealed["valid_until"])


async def allow_again(order: db.Row, reason: str) -> None:
    """By name and with a reason: who ordered may read it once more."""
    reading_id = await db.value(
        """INSERT INTO code_reading (code_id, allowed_at, allowed_by, reason) VALUES ($1, $2, $3, $4)
           ON CONFLICT (code_id) WHERE read_at IS NULL DO NOTHING RETURNING id""",
        order["code_id"], now(), current().actor.user_id, reason,
    )  # fmt: skip
    if reading_id is None:
        raise Refused("still_unread", STILL_UNREAD)
    await record("gifts.code_allowed_again", "reward_order", order["id"])
    await mails.tell_again(order, reading_id)
