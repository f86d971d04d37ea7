"""Lots follow what earnings do: one for each that is confirmed, less what is taken back later.
Whoever changes lots holds their referrers first, so that two never take the same points."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from portal.gifts.points.rules import Deduction, Left, TakenBack, deduct
from portal.kit import db
from portal.kit.days import add_months, now
from portal.kit.references import new_ref
from portal.ledger import points as ledger
from portal.ledger.posting import post
from portal.ledger.rules import Entry

OF_ROOTS = "earning.referrer_id IN (SELECT id FROM referrer WHERE id = ANY ($1::bigint[]) OR alias_of = ANY ($1::bigint[]))"
RELEASED = (
    "JOIN earning_settlement released ON released.earning_id = earning.id AND released.kind = 'released'"
)
TO_OPEN = f"""
SELECT earning.id AS earning_id, earning.legal_entity_id, earning.referrer_id, contract.programme_id, earning.amount AS points,
       coalesce(terms.worth_cents, 100) AS worth_cents, released.on_day AS opened_on, terms.valid_months
FROM earning {RELEASED} JOIN contract ON contract.id = earning.contract_id
LEFT JOIN programme_points terms ON terms.programme_id = contract.programme_id
WHERE {OF_ROOTS} AND earning.unit = 'POINT' AND earning.amount > 0
  AND NOT EXISTS (SELECT FROM point_lot lot WHERE lot.earning_id = earning.id)
ORDER BY earning.id
"""
# held: it left with what it takes back, before there was a lot; else the ledger owes it
TO_TAKE_BACK = f"""
SELECT earning.id, earning.takes_back_id, coalesce(referrer.alias_of, referrer.id) AS referrer_id, taken.still AS points,
       EXISTS (SELECT FROM ledger_entry WHERE idempotency_key = 'earning:' || earning.id || ':released') AS held
FROM earning {RELEASED} JOIN referrer ON referrer.id = earning.referrer_id
CROSS JOIN LATERAL (SELECT (-earning.amount - coalesce(sum(move.points), 0))::bigint AS still
                    FROM point_move move WHERE move.earning_id = earning.id AND move.kind = 'taken_back') taken
WHERE {OF_ROOTS} AND earning.unit = 'POINT' AND earning.amount < 0 AND taken.still > 0
ORDER BY earning.id
"""
THEIRS = "lot.opened_for IN (SELECT id FROM referrer WHERE id = ANY ($1::bigint[]) OR alias_of = ANY ($1::bigint[]))"
STOCK = f"SELECT * FROM point_stock lot WHERE {THEIRS} AND left_over > 0 ORDER BY id"
LOT = (
    "ref", "legal_entity_id", "referrer_id", "programme_id", "earning_id", "points", "worth_cents", "opened_on",
    "expires_on", "at",
)  # fmt: skip


async def hold(referrer_ids: Collection[int]) -> list[int]:
    """The files to which these belong, locked in order."""
    held = await db.rows(
        """SELECT id FROM referrer WHERE id IN (SELECT root_of(one) FROM unnest($1::bigint[]) one)
           ORDER BY id FOR NO KEY UPDATE""",
        list(referrer_ids),
    )
    return [row["id"] for row in held]


async def follow(roots: Collection[int], on: date) -> None:
    """Open the lots of what was confirmed, take back what was: after this, lots and ledger say the same."""
    await _open(await db.rows(TO_OPEN, list(roots)))
    backs = await db.rows(TO_TAKE_BACK, list(roots))
    if not backs:
        return
    stock = await stock_of({row["referrer_id"] for row in backs})
    entries: list[Entry] = []
    for root, mine in _by_referrer(backs).items():
        taken = deduct([_taken_back(row) for row in mine], [left_of(lot) for lot in stock[root]])
        entries += await _deducted(
            root, taken, {lot["id"]: lot["legal_entity_id"] for lot in stock[root]}, on
        )
    await post(entries)


async def stock_of(roots: Collection[int]) -> dict[int, list[db.Row]]:
    return defaultdict(list, _by_referrer(await db.rows(STOCK, list(roots))))


def left_of(lot: db.Row) -> Left:
    return Left(lot["id"], lot["left_over"], lot["expires_on"], lot["earning_id"])


async def move(lot_id: int, kind: str, points: int, on: date, **about: Any) -> int:
    return await db.insert(
        "point_move", lot_id=lot_id, kind=kind, points=points, on_day=on, at=now(), **about
    )


async def _open(earned: list[db.Row]) -> None:
    opened = [{**row, "ref": new_ref(), "expires_on": _expires_on(row), "at": now()} for row in earned]
    await db.copy("point_lot", LOT, [[lot[column] for column in LOT] for lot in opened])


def _expires_on(row: db.Row) -> date | None:
    return row["valid_months"] and add_months(row["opened_on"], row["valid_months"])


async def _deducted(
    root: int, taken: Iterable[Deduction], entity_of: dict[int, int], on: date
) -> list[Entry]:
    entries = []
    for back, part in ((one.back, one.part) for one in taken):
        move_id = await move(part.lot_id, "taken_back", part.points, on, earning_id=back.earning_id)
        if not back.held:
            entries.append(ledger.set_off(entity_of[part.lot_id], root, move_id, part.points, on))
    return entries


def _taken_back(row: db.Row) -> TakenBack:
    return TakenBack(row["id"], row["points"], row["takes_back_id"], row["held"])


def _by_referrer(rows: Iterable[db.Row]) -> dict[int, list[db.Row]]:
    found: dict[int, list[db.Row]] = defaultdict(list)
    for row in rows:
        found[row["referrer_id"]].append(row)
    return found
