"""What would be paid now, by which rail, and what is left out and why."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from portal.invoicing import access as invoicing
from portal.kit import db
from portal.kit.days import today
from portal.payouts.candidate_rules import (
    THRESHOLD,
    Candidate,
    Threshold,
    Way,
    candidates,
    rail_for,
)
from portal.payouts.holder.rules import is_held
from portal.payouts.rails.choosing import OPTION, RAIL
from portal.payouts.rails.rules import RailName, Where
from portal.payouts.rails.table import RAILS
from portal.payouts.shares.rules import ruling

# The company's own options ride on each row: they are the same for all, and cost no question of their own.
FILES = f"""
SELECT referrer.id, {RAIL} AS rail, options.rail AS company_rail, options.threshold,
       coalesce((SELECT jsonb_agg(to_jsonb(payee) - 'iban_sealed' - 'iban_blind' || jsonb_build_object('had_cents', had.cents)) FROM payee
         CROSS JOIN LATERAL (SELECT coalesce(sum(share.amount_cents), 0) AS cents FROM payout_share share
           JOIN payout_line line ON line.id = share.line_id
           WHERE share.payee_id = payee.id AND line.state NOT IN ('failed', 'cancelled')) had
         WHERE payee.referrer_id = referrer.id AND payee.state = 'approved'), '[]') AS payees
FROM referrer CROSS JOIN (
  SELECT (SELECT value FROM company_option WHERE key = $3) AS rail,
         (SELECT value FROM company_option WHERE key = $4) AS threshold) options
WHERE referrer.id = ANY ($1::bigint[])
"""


async def waiting(entity_id: int, referrer_ids: Sequence[int] | None = None) -> list[Candidate]:
    unpaid = await invoicing.unpaid(entity_id, referrer_ids)
    ways, threshold = await ways_of(sorted({paper["referrer_id"] for paper in unpaid}))
    return candidates(unpaid, ways, threshold, today())


async def ways_of(referrer_ids: Sequence[int]) -> tuple[dict[int, Way], Threshold]:
    """How each would be paid today; a question for each rail besides, however many they are."""
    files = await db.rows(FILES, list(referrer_ids), today(), OPTION, THRESHOLD)
    payees = {file["id"]: ruling([_dated(payee) for payee in file["payees"]], today()) for file in files}
    rails = {
        file["id"]: rail_for(file["rail"] or file["company_rail"] or RailName.SEPA, bool(payees[file["id"]]))
        for file in files
    }
    where = await _where(rails)
    ways = {one: Way(rails[one], where[one], tuple(payees[one]), is_held(where[one].bank)) for one in rails}
    return ways, Threshold.of(files[0]["threshold"] if files else None)


def _dated(payee: Mapping[str, Any]) -> dict[str, Any]:
    """What came through JSON has its days as words."""
    days = {name: date.fromisoformat(payee[name]) for name in ("since", "until") if payee[name]}
    return {**payee, **days}


async def _where(rails: Mapping[int, RailName]) -> dict[int, Where]:
    found: dict[int, Where] = {}
    for name in sorted(set(rails.values())):
        found |= await RAILS[name].where([one for one, rail in rails.items() if rail == name])
    return found
