"""How earnings went on: written by the clock, by invoicing and by payouts, never changed."""

from collections.abc import Sequence
from datetime import date

import asyncpg

from portal.kit import db
from portal.kit.days import now
from portal.kit.problems import Refused
from portal.kit.text import N_


async def mark(earning_ids: Sequence[int], kind: str, document_kind: str, document_id: int, on: date) -> int:
    """`kind`: released, invoiced, receipted, sent, returned, paid; `document_kind`: clock, invoice, payout_line.

    How many are new: the same twice is once. Raises Refused when one stands on another paper already."""
    try:
        async with db.savepoint():
            return await db.execute(
                """INSERT INTO earning_settlement (earning_id, kind, document_kind, document_id, amount, on_day, at)
                   SELECT id, $2, $3, $4, amount, $5, $6 FROM earning WHERE id = ANY ($1::bigint[]) ORDER BY id
                   ON CONFLICT (earning_id, kind, document_kind, document_id) DO NOTHING""",
                list(earning_ids), kind, document_kind, document_id, on, now(),
            )  # fmt: skip
    except asyncpg.UniqueViolationError as twice:
        raise Refused(
            "earning_already_settled", N_("Une de ces commissions est déjà sur un document.")
        ) from twice
