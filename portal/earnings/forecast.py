"""What a referrer's contracts are about to be worth: earned in their year, and what their open deals would still bring.
The duty of vigilance asks on it, so that no invoice has to wait."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from portal.earnings.access import figures_of
from portal.jobs.queue import enqueue
from portal.kit import db
from portal.kit.days import add_months, today
from portal.kit.deed import current
from portal.kit.money import Cents, round_half_away
from portal.leads.estimates import Scale, Worth
from portal.plans import access as plans
from portal.plans.rules.overrides import overridden
from portal.referrers.vigilance import documents
from portal.referrers.vigilance.access import VALUE

STILL_PAYS_MONTHS = 12  # a deal signed before that and not paid in full is not counted on any more
EARNED = f"""
SELECT referrer.id, coalesce(value.cents, 0)::bigint AS cents FROM referrer LEFT JOIN LATERAL ({VALUE}) value ON true
WHERE referrer.id = ANY ($1::bigint[])
"""
OPEN = """
SELECT mine.referrer_id, mine.contract_id, rest.cents, mine.weight,
       (SELECT sum(weight) FROM deal_share WHERE deal_id = deal.id) AS whole,
       ARRAY(SELECT DISTINCT product.key FROM deal_line JOIN product ON product.id = product_id WHERE deal_id = deal.id) AS products
FROM deal_share mine JOIN deal ON deal.id = mine.deal_id JOIN lead ON lead.id = deal.lead_id
CROSS JOIN LATERAL (
  SELECT deal.net_cents - coalesce(sum(CASE kind WHEN 'payment' THEN net_cents ELSE -net_cents END), 0)::bigint AS cents
  FROM client_payment WHERE deal_id = deal.id) rest
WHERE mine.referrer_id = ANY ($1::bigint[]) AND mine.contract_id IS NOT NULL AND lead.earns = 'yes' AND deal.earns
  AND deal.state = 'signed' AND deal.signed_on > $2 AND rest.cents > 0 AND NOT mine.in_points
"""


def foreseen(earned_cents: Cents, worths: Iterable[Worth | None]) -> Cents:
    """Cents HT. The most that the open deals would bring; points are no part of it, nor is what was taken back beyond
    what was earned."""
    return max(0, earned_cents) + sum(worth.high for worth in worths if worth and worth.unit == "EUR")


async def forecasts(referrer_ids: Sequence[int], day: date) -> dict[int, Cents]:
    """By referrer, cents HT. Four queries, however many."""
    earned = {row["id"]: row["cents"] for row in await db.rows(EARNED, list(referrer_ids), day)}
    open_deals = await db.rows(OPEN, list(referrer_ids), add_months(day, -STILL_PAYS_MONTHS))
    figures = await figures_of(sorted({row["contract_id"] for row in open_deals}))
    catalogue = [product["key"] for product in await plans.products()]
    scales = {key: Scale(overridden(one.body, one.overrides), catalogue) for key, one in figures.items()}
    worths: dict[int, list[Worth | None]] = defaultdict(list)
    for row in open_deals:
        worth = share_worth(
            scales[row["contract_id"]], row["cents"], row["weight"], row["whole"], row["products"]
        )
        worths[row["referrer_id"]].append(worth)
    return {referrer_id: foreseen(cents, worths[referrer_id]) for referrer_id, cents in earned.items()}


def share_worth(
    scale: Scale, rest: Cents, weight: Decimal | str, whole: Decimal | str, products: Sequence[str]
) -> Worth | None:
    """Their share of what the client still has to pay, under the products of the deal."""
    share = round_half_away(rest * Fraction(weight) / Fraction(whole))
    return Scale(scale.body, products or scale.products).worth(share)


async def foresee(referrer_ids: Sequence[int]) -> None:
    """Write the forecasts that have changed, dated."""
    await documents.note_forecasts(await forecasts(referrer_ids, today()))


async def foresee_later(happened: Sequence[Any]) -> None:
    """One job for all whom these events concern; a deed that tells nobody leaves the asking to the night."""
    found = await db.rows(
        """SELECT referrer_id FROM deal_share WHERE deal_id = ANY ($1::bigint[])
           UNION SELECT referrer_id FROM earning WHERE id = ANY ($2::bigint[]) ORDER BY 1""",
        [event.deal_id for event in happened if hasattr(event, "deal_id")],
        [event.earning_id for event in happened if hasattr(event, "earning_id")],
    )  # fmt: skip
    if found:
        await enqueue(
            "earnings.foresee", referrer_ids=[row["referrer_id"] for row in found], asking=current().notify
        )
