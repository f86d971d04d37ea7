"""What a recommendation has brought its referrer: earned, paid, and what the client still has to pay for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.earnings.access import CONFIRMED_ON, STATE
from portal.earnings.forecast import share_worth
from portal.kit import db
from portal.kit.days import today
from portal.kit.money import Cents
from portal.leads.estimates import RULING_PLAN, Scale, Worth, scale
from portal.people.rules import Person

OWN = "earning.referrer_id = ANY ((SELECT ids_of($1))::bigint[])"
# Each deal of the recommendation with their part of it; then, without a deal, what the recommendation itself earned.
BROUGHT = f"""
WITH own AS (
  SELECT earning.deal_id, earning.unit, earning.amount, {STATE} AS state, {CONFIRMED_ON} AS confirmed_on
  FROM earning LEFT JOIN earning original ON original.id = earning.takes_back_id
  WHERE {OWN} AND (earning.lead_id = $3 OR earning.deal_id IN (SELECT id FROM deal WHERE lead_id = $3))
)
SELECT deal.ref, deal.title, deal.signed_on, coalesce(deal.state = 'cancelled', false) AS cancelled,
       share.weight::text AS share, figures.whole::text AS whole, figures.products,
       deal.net_cents, figures.paid::bigint AS counted, figures.pending::bigint AS pending, figures.counts_on, summed.*
FROM (
  SELECT id, ref, title, signed_on, state, net_cents FROM deal WHERE lead_id = $3
  UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL) deal
LEFT JOIN deal_share share ON share.deal_id = deal.id AND share.contract_id IS NOT NULL
  AND share.referrer_id = ANY ((SELECT ids_of($1))::bigint[])
CROSS JOIN LATERAL (
  SELECT (SELECT sum(weight) FROM deal_share WHERE deal_id = deal.id) AS whole,
         (SELECT array_agg(DISTINCT product.key) FROM deal_line JOIN product ON product.id = product_id WHERE deal_id = deal.id) AS products,
         coalesce(sum(cents) FILTER (WHERE counts_on <= $2), 0) AS paid, coalesce(sum(cents) FILTER (WHERE counts_on > $2), 0) AS pending,
         min(counts_on) FILTER (WHERE counts_on > $2) AS counts_on
  FROM (SELECT counts_on, CASE kind WHEN 'payment' THEN net_cents ELSE -net_cents END AS cents FROM client_payment WHERE deal_id = deal.id) paid
) figures
CROSS JOIN LATERAL (
  SELECT coalesce(sum(amount), 0)::bigint AS earned, coalesce(sum(amount) FILTER (WHERE own.state = 'paid'), 0)::bigint AS paid,
         coalesce(sum(amount) FILTER (WHERE own.state = 'held'), 0)::bigint AS held,
         min(confirmed_on) FILTER (WHERE own.state = 'held') AS confirmed_on, coalesce(min(unit), 'EUR') AS unit
  FROM own WHERE own.deal_id IS NOT DISTINCT FROM deal.id
) summed
WHERE deal.id IS NOT NULL OR summed.earned <> 0
ORDER BY deal.signed_on, deal.ref
"""
MONEY = f"""
SELECT (SELECT to_jsonb(ruling) FROM ({RULING_PLAN}) ruling) AS ruling,
       (SELECT coalesce(jsonb_agg(to_jsonb(brought)), '[]') FROM ({BROUGHT}) brought) AS brought
"""


@dataclass(frozen=True, slots=True)
class Brought:
    """Of one deal (`ref` is None: of the recommendation itself). Cents before tax, or points."""

    ref: str | None
    title: str | None
    signed_on: date | None
    cancelled: bool
    unit: str
    earned: int
    paid: int
    held: int
    confirmed_on: date | None
    net_cents: Cents  # of the deal
    unpaid: Cents  # what the client still has to pay, of a deal in which they have a share
    pending: Cents  # paid, and counting from `counts_on` on
    counts_on: date | None
    expected: Worth | None  # what all that would bring


@dataclass(frozen=True, slots=True)
class Money:
    worth: Worth | None  # what it would bring, by its estimate
    brought: list[Brought]


async def money_of(referrer_id: int, lead_id: int, hoped_cents: Cents | None) -> Money:
    """Asked at once."""
    found = await db.row(MONEY, referrer_id, today(), lead_id)
    assert found is not None
    ruling = scale(found["ruling"])
    return Money(
        ruling.worth(hoped_cents) if ruling else None, [_brought(row, ruling) for row in found["brought"]]
    )


def _brought(row: Mapping[str, Any], ruling: Scale | None) -> Brought:
    rest = max(row["net_cents"] - row["counted"], 0) if row["share"] and not row["cancelled"] else 0
    worth = (
        share_worth(ruling, rest, row["share"], row["whole"], row["products"] or ())
        if rest and ruling
        else None
    )
    return Brought(
        ref=row["ref"], title=row["title"], signed_on=_day(row["signed_on"]), cancelled=row["cancelled"], unit=row["unit"],
        earned=row["earned"], paid=row["paid"], held=row["held"], confirmed_on=_day(row["confirmed_on"]),
        net_cents=row["net_cents"] or 0, unpaid=max(rest - row["pending"], 0), pending=max(row["pending"], 0) if rest else 0,
        counts_on=_day(row["counts_on"]), expected=worth,
    )  # fmt: skip


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None


async def earned_by_leads(person: Person, lead_ids: Sequence[int]) -> dict[int, tuple[str, int]]:
    """Unit and amount, for those that have earned something."""
    rows = await db.rows(
        f"""SELECT coalesce(earning.lead_id, deal.lead_id) AS lead_id, min(unit) AS unit, sum(amount)::bigint AS earned
            FROM earning LEFT JOIN deal ON deal.id = earning.deal_id
            WHERE {OWN} AND (earning.lead_id = ANY ($2) OR earning.deal_id IN (SELECT id FROM deal WHERE lead_id = ANY ($2)))
            GROUP BY 1 HAVING sum(amount) <> 0""",
        person.referrer_id, list(lead_ids),
    )  # fmt: skip
    return {row["lead_id"]: (row["unit"], row["earned"]) for row in rows}
