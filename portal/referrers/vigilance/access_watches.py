"""The only doors to what is watched."""

from collections.abc import Sequence
from datetime import date

from portal.kit import db
from portal.kit.days import today
from portal.kit.listing import Listing
from portal.law import Figures
from portal.referrers.access import NAME
from portal.referrers.rules import Regime
from portal.referrers.vigilance.access import Dossier, dossiers
from portal.referrers.vigilance.watch_rules import Situation

# What they say of elsewhere, what was transferred in all, and whether the yearly declaration can name them.
MORE = """
SELECT referrer.id, coalesce(said.cents, 0)::bigint AS elsewhere_cents, coalesce(paid.cents, 0)::bigint AS paid_total_cents,
       coalesce(given.cents, 0)::bigint AS rewards_cents,
       street <> '' AND postcode <> '' AND city <> '' AND CASE standing.status
         WHEN 'eu_company' THEN vat_number <> '' WHEN 'individual' THEN last_name <> '' AND first_name <> ''
         WHEN 'partner_employee' THEN last_name <> '' AND first_name <> '' ELSE siret <> '' END AS identified
FROM referrer
LEFT JOIN LATERAL (SELECT status FROM referrer_standing
  WHERE referrer_id = referrer.id AND since <= $2 ORDER BY since DESC, id DESC LIMIT 1) standing ON true
LEFT JOIN LATERAL (SELECT cents FROM referrer_turnover
  WHERE referrer_id = referrer.id AND year = extract(year FROM $2::date) ORDER BY id DESC LIMIT 1) said ON true
LEFT JOIN LATERAL (SELECT sum(line.total_cents) AS cents FROM payout_line line
  WHERE line.referrer_id = referrer.id AND line.state = 'settled'
    AND extract(year FROM line.settled_on) = extract(year FROM $2::date)) paid ON true
LEFT JOIN LATERAL (SELECT sum(value_cents) AS cents FROM third_party_sum
  WHERE referrer_id = referrer.id AND year = extract(year FROM $2::date) AND kind = 'reward') given ON true
WHERE referrer.id = ANY ($1::bigint[])
"""


async def situations(referrer_ids: Sequence[int], day: date, figures: Figures) -> dict[int, Situation]:
    """Two queries, however many."""
    more = {row["id"]: row for row in await db.rows(MORE, list(referrer_ids), day)}
    found = await dossiers(referrer_ids, day, figures)
    return {referrer_id: _situation(one, more[referrer_id]) for referrer_id, one in found.items()}


def _situation(dossier: Dossier, more: db.Row) -> Situation:
    regime = dossier.row["vat_regime"]
    return Situation(
        dossier.facts.status, Regime(regime) if regime else None, dossier.facts.deals, dossier.facts.paid_cents,
        more["paid_total_cents"], more["elsewhere_cents"], more["identified"] is not False, tuple(dossier.lines),
        more["rewards_cents"],
    )  # fmt: skip


async def turnover_said(referrer_id: int, year: int) -> int | None:
    return await db.value(
        "SELECT cents FROM referrer_turnover WHERE referrer_id = $1 AND year = $2 ORDER BY id DESC LIMIT 1",
        referrer_id, year,
    )  # fmt: skip


async def watches_of(referrer_ids: Sequence[int], year: int) -> list[db.Row]:
    return await db.rows(
        "SELECT * FROM referrer_watch WHERE referrer_id = ANY ($1::bigint[]) AND year = $2",
        list(referrer_ids),
        year,
    )


async def watch_of(referrer_id: int, what: str) -> db.Row | None:
    """Of this year."""
    return await db.row(
        "SELECT * FROM referrer_watch WHERE referrer_id = $1 AND what = $2 AND year = $3",
        referrer_id,
        what,
        today().year,
    )


WATCH = f"""
SELECT watch.*, {NAME} AS name, referrer.ref, referrer.number, referrer.email
FROM referrer_watch watch JOIN referrer ON referrer.id = watch.referrer_id
WHERE watch.level > 0 AND watch.year = $1 AND referrer.state NOT IN ('closed', 'merged')
"""
SORTS = {
    "who": f"lower({NAME})", "what": "watch.what", "level": "watch.level", "since": "watch.since",
    "value": "watch.value",
}  # fmt: skip
WHERE = {
    "q": f"concat_ws(' ', {NAME}, referrer.number, referrer.email) ILIKE {{}}",
    "quoi": "watch.what = {}",
    "niveau": "watch.level::text = {}",
}


async def listed(listing: Listing) -> Listing:
    return await listing.fetch(
        WATCH, today().year, sorts=SORTS, where=WHERE, then="watch.level DESC, watch.since DESC, watch.id"
    )
