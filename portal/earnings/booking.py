"""Writing down what was earned or taken back: its rows, its entries in the ledger, its confirmation where it is due.
One earning and ten thousand go the same way, in the same five statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.earnings import access, settle
from portal.earnings.events import Earned, Released
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.references import new_ref
from portal.ledger import points, recipes
from portal.ledger.posting import post
from portal.ledger.rules import Entry
from portal.referrers.access import roots_of

Rows = list[dict[str, Any]]

EARNS = {"EUR": recipes.commission_earned, "POINT": points.earned}
TAKES_BACK = {"EUR": recipes.commission_taken_back, "POINT": points.taken_back}
RELEASES = {"EUR": recipes.hold_released, "POINT": points.released}
WRITTEN = (
    "id", "ref", "key", "legal_entity_id", "deal_id", "lead_id", "referrer_id", "contract_id", "plan_version_id",
    "client_payment_id", "cause", "rule", "clause", "unit", "base_cents", "amount", "occurred_on", "due_on",
    "takes_back_id", "steps", "at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Original:
    """What a negative earning takes back."""

    id: int
    due_on: date
    released: bool = False
    waits: bool = False  # for the clock to release it


async def keep(made: Rows) -> list[int]:
    """Write down, post, confirm what is due already, tell; the ids. What is written already is left as it is."""
    known = await _known({key for row in made for key in (row["key"], *row["takes_back"])})
    new = [row for row in made if row["key"] not in known]
    if not new:
        return []
    earnings = _numbered(new, await _next_ids(len(new)), known)
    await db.copy("earning", WRITTEN, [[earning[column] for column in WRITTEN] for earning in earnings])
    ready = [earning for earning in earnings if earning["is_ready"]]
    owed = await _owed(earnings)
    await post(
        [
            *map(_entry, owed),
            *map(_released, (one for one in owed if one["was_held"] and one["is_ready"])),
        ]
    )
    confirmed = [earning["id"] for earning in ready]
    await settle.mark(confirmed, "released", "clock", 0, today())
    ids = [earning["id"] for earning in earnings]
    _tell(ids, confirmed)
    return ids


async def _owed(earnings: Rows) -> Rows:
    """As the ledger knows them: what a file earned that has joined another is owed to the one that stays."""
    roots = await roots_of({earning["referrer_id"] for earning in earnings})
    return (
        [
            {**earning, "referrer_id": roots.get(earning["referrer_id"], earning["referrer_id"])}
            for earning in earnings
        ]
        if roots
        else earnings
    )


async def _known(keys: set[str]) -> dict[str, Original]:
    found = await db.rows(
        f"SELECT id, key, due_on, {access.RELEASED} AS released FROM earning WHERE key = ANY ($1::text[])",
        list(keys),
    )
    return {
        row["key"]: Original(row["id"], row["due_on"], row["released"], waits=not row["released"])
        for row in found
    }


async def _next_ids(count: int) -> list[int]:
    found = await db.rows(
        "SELECT nextval(pg_get_serial_sequence('earning', 'id')) AS id FROM generate_series(1, $1)", count
    )
    return [row["id"] for row in found]


def _numbered(new: Rows, ids: Sequence[int], known: dict[str, Original]) -> Rows:
    """Each with its id, with the id of what it takes back, and with the day on which it is confirmed: what takes
    back a held earning leaves with it, all else that is taken back is deducted at once."""
    written, at, numbered = dict(known), now(), []
    for earning_id, row in zip(ids, new, strict=True):
        original = max(
            (written[key] for key in row["takes_back"] if key in written),
            key=lambda one: one.id,
            default=None,
        )
        held = row["amount"] > 0 or (original is not None and not original.released)
        confirmed_on = max(row["due_on"], original.due_on) if original and held else row["due_on"]
        leaves_with_it = original is not None and original.waits and row["amount"] < 0
        numbered.append(
            {
                **row, "id": earning_id, "ref": new_ref(), "at": at, "takes_back_id": original and original.id,
                "was_held": held, "confirmed_on": confirmed_on,
                "is_ready": confirmed_on <= today() and not leaves_with_it,
            }
        )  # fmt: skip
        written[row["key"]] = Original(earning_id, row["due_on"])
    return numbered


def _entry(earning: dict[str, Any]) -> Entry:
    who = (earning["legal_entity_id"], earning["referrer_id"], earning["id"])
    if earning["amount"] > 0:
        return EARNS[earning["unit"]](*who, earning["amount"], earning["occurred_on"])
    return TAKES_BACK[earning["unit"]](
        *who, -earning["amount"], earning["occurred_on"], held=earning["was_held"]
    )


def _released(earning: Any) -> Entry:
    who = (earning["legal_entity_id"], earning["referrer_id"], earning["id"])
    return RELEASES[earning["unit"]](*who, earning["amount"], earning["confirmed_on"])


def _tell(earned: Sequence[int], released: Sequence[int]) -> None:
    """A deed that tells nobody makes no events either: a million of them would be read by no one."""
    if not current().notify:
        return
    for earning_id in earned:
        emit(Earned(earning_id=earning_id))
    for earning_id in released:
        emit(Released(earning_id=earning_id))


async def release_due(day: date, limit: int) -> int:
    """Confirm what has been held long enough, oldest first; how many."""
    ready = await db.rows(
        f"""SELECT earning.*, {access.CONFIRMED_ON} AS confirmed_on
            FROM owed_earning earning LEFT JOIN earning original ON original.id = earning.takes_back_id
            WHERE {access.CONFIRMED_ON} <= $1 AND NOT {access.RELEASED}
            ORDER BY confirmed_on, earning.id LIMIT $2""",
        day, limit,
    )  # fmt: skip
    await post([_released(earning) for earning in ready])
    confirmed = [earning["id"] for earning in ready]
    await settle.mark(confirmed, "released", "clock", 0, day)
    _tell((), confirmed)
    return len(ready)
