"""Posting: the only way into the ledger."""

import contextlib
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import asyncpg

from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.ledger.rules import Entry, Line

Posting = tuple[Any, ...]
BATCH = 5_000  # entries a call: a limit on everything


class LedgerRefused(Refused):
    """`code` says why: ledger_unbalanced, ledger_floor, ledger_key_reused, ledger_closed, ledger_unknown_account…"""

    sentence = N_("Ce mouvement n'équilibre pas les comptes : rien n'a été enregistré.")


async def post(entries: Sequence[Entry]) -> list[int]:
    """The ids of the entries, in their order; what was posted before has its first id. All or nothing.

    A fact of a closed period is booked today and keeps the day that it concerns. Raises LedgerRefused."""
    if not entries:
        return []
    await db.execute(NOT_WHILE_CLOSING)
    closed = await closed_until()
    ids: list[int] = []
    for start in range(0, len(entries), BATCH):
        ids += await _post([_said(entry, closed) for entry in entries[start : start + BATCH]])
    return ids


NOT_WHILE_CLOSING = "SELECT pg_advisory_xact_lock_shared(hashtextextended('ledger', 0))"
"""Who posts waits for a closing to end, or makes it wait: a fact that comes too late is booked in the open month."""
WHILE_CLOSING = "SELECT pg_advisory_xact_lock(hashtextextended('ledger', 0))"
"""Nobody posts until the end of this deed."""


async def reverse(entry_id: int, on: date, reason: str) -> int:
    """Undo an entry, once."""
    entry = await db.row("SELECT subject_kind, subject_id FROM ledger_entry WHERE id = $1", entry_id)
    lines = await db.rows(
        """SELECT account.code, line.unit, line.amount FROM ledger_line line JOIN ledger_account account ON account.id = line.account_id
           WHERE line.entry_id = $1 ORDER BY line.position""",
        entry_id,
    )
    if entry is None:
        raise LedgerRefused("ledger_unknown_entry")
    undone = tuple(Line(line["code"], line["unit"], -line["amount"]) for line in lines)
    reversal = Entry(
        "reversal",
        f"reversal:{entry_id}",
        on,
        entry["subject_kind"],
        entry["subject_id"],
        undone,
        reason,
        entry_id,
    )
    return (await post([reversal]))[0]


async def closed_until() -> dict[int, date]:
    """By legal entity: the last day that takes no entry any more."""
    found = await db.rows("SELECT legal_entity_id, max(closed_until) AS day FROM ledger_closing GROUP BY 1")
    return {row["legal_entity_id"]: row["day"] for row in found}


async def close(entity_id: int, until: date) -> None:
    """From now on nothing is booked on this day or before. Raises LedgerRefused when it was closed already."""
    with _refusing():
        await db.execute(
            "SELECT ledger_close($1, $2, $3, $4)", entity_id, until, current().actor.actor_key, now()
        )


async def sum_up() -> int:
    """Carry the company's totals by day forward; the id of the last entry in them."""
    return await db.value("SELECT ledger_sum_up()")


async def _post(batch: list[Posting]) -> list[int]:
    with _refusing():
        return await db.value("SELECT ledger_post($1, $2, $3)", batch, current().actor.actor_key, now())


def _said(entry: Entry, closed: dict[int, date]) -> Posting:
    """As the type `ledger_posting` of the schema has it."""
    on, concerns_on = entry.occurred_on, None
    if closed and entry.lines and on <= closed.get(int(entry.lines[0].account.split(":")[1]), date.min):
        on, concerns_on = today(), on
    lines = [(line.account, line.unit, line.amount) for line in entry.lines]
    subject = (entry.subject_kind, entry.subject_id)
    return (entry.kind, entry.key, on, concerns_on, *subject, entry.reason, entry.reverses, lines)


@contextlib.contextmanager
def _refusing() -> Iterator[None]:
    """The ledger's own checks raise with their name as the constraint."""
    try:
        yield
    except asyncpg.IntegrityConstraintViolationError as error:
        raise LedgerRefused(getattr(error, "constraint_name", "") or "ledger_refused") from error
