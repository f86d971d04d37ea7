"""A programme as it is run: what it says, what it aims at, and how far it is.

Figures are read from what lies above (recommendations, deals, earnings) by plain SQL, as a report; nothing is written there.
A budget shows and warns; it never stops an earning, which is a matter of contract."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.money import Cents, round_half_away
from portal.kit.problems import NotFound, Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.kit.versions import change
from portal.plans.actions import NAME_TAKEN

ENDS_BEFORE_A_CONTRACT = N_("Un contrat commence le %(day)s dans ce programme : la fin vient après.")
WARNS_AT, FULL = 80, 100  # percent


class Measure(StrEnum):
    """What an objective counts. A cost is not to be passed, the others are to be reached."""

    RECOMMENDATIONS = "recommendations"
    SIGNED_DEALS = "signed_deals"
    TURNOVER = "turnover"
    COST = "cost"


M = Measure
MEASURES = {
    M.RECOMMENDATIONS: N_("Recommandations reçues"),
    M.SIGNED_DEALS: N_("Affaires signées"),
    M.TURNOVER: N_("Chiffre d'affaires signé, HT"),
    M.COST: N_("Commissions à ne pas dépasser"),
}
IN_MONEY = {M.TURNOVER, M.COST}


@dataclass(frozen=True, slots=True)
class Figures:
    """Of a programme since its beginning, up to a day. Money in cents HT; points stand in no budget."""

    recommendations: int
    signed_deals: int
    turnover: Cents
    paid: Cents
    cost: Cents

    @property
    def unpaid(self) -> Cents:
        return max(0, self.turnover - self.paid)

    @property
    def rate_percent(self) -> Decimal | None:
        """What a client's euro has cost so far; unknown before the first."""
        return Decimal(self.cost * 100) / self.paid if self.paid > 0 else None

    @property
    def committed(self) -> Cents | None:
        """What the deals that are signed will still cost when their clients pay, at the rate seen so far."""
        rate = self.rate_percent
        return None if rate is None else max(0, round_half_away(rate * self.unpaid / 100))


@dataclass(frozen=True, slots=True)
class Progress:
    """`percent` of the target, not bounded; `warns` when a cap is near or passed, or its day went by unreached."""

    measure: Measure
    target: int
    reached: int
    by_day: date

    @property
    def percent(self) -> int:
        return self.reached * 100 // self.target

    @property
    def is_cap(self) -> bool:
        return self.measure is M.COST

    def tone(self, day: date) -> str:
        if self.is_cap:
            return "bad" if self.reached > self.target else "wait" if self.percent >= WARNS_AT else "good"
        if self.reached >= self.target:
            return "good"
        return "bad" if self.by_day < day else "plain"


# Reading

FIGURES = """
SELECT day,
  (SELECT count(*) FROM lead WHERE lead.programme_id = $1 AND lead.recommended_on <= day
     AND lead.state NOT IN ('draft', 'merged', 'erased')) AS recommendations,
  deals.signed AS signed_deals, deals.net AS turnover, deals.paid, earned.cents AS cost
FROM unnest($2::date[]) day
CROSS JOIN LATERAL (
  SELECT count(*) AS signed, coalesce(sum(deal.net_cents), 0)::bigint AS net, coalesce(sum(money.paid), 0)::bigint AS paid
  FROM deal JOIN lead ON lead.id = deal.lead_id
  LEFT JOIN LATERAL (
    SELECT sum(CASE kind WHEN 'payment' THEN net_cents ELSE -net_cents END) AS paid
    FROM client_payment payment WHERE payment.deal_id = deal.id AND payment.counts_on <= day) money ON true
  WHERE lead.programme_id = $1 AND deal.signed_on <= day AND deal.state <> 'cancelled') deals
CROSS JOIN LATERAL (
  SELECT coalesce(sum(earning.amount), 0)::bigint AS cents
  FROM earning JOIN contract ON contract.id = earning.contract_id
  WHERE contract.programme_id = $1 AND earning.unit = 'EUR' AND earning.occurred_on <= day) earned
"""


async def figures(programme_id: int, days: Sequence[date]) -> dict[date, Figures]:
    """At the end of each of these days."""
    found = await db.rows(FIGURES, programme_id, sorted(set(days)))
    return {
        row["day"]: Figures(
            row["recommendations"], row["signed_deals"], row["turnover"], row["paid"], row["cost"]
        )
        for row in found
    }


async def objectives_of(programme_id: int) -> list[db.Row]:
    return await db.rows(
        "SELECT * FROM programme_objective WHERE programme_id = $1 AND dropped_at IS NULL ORDER BY by_day, id",
        programme_id,
    )


def progress(objective: db.Row, by_day: dict[date, Figures]) -> Progress:
    measure = Measure(objective["measure"])
    reached = getattr(by_day[min(objective["by_day"], today())], measure.value)
    return Progress(measure, objective["target"], reached, objective["by_day"])


def budget_tone(programme: db.Row, spent: Cents) -> str:
    """Of what is spent: good, wait from 80 %, bad from 100 %."""
    used = spent * 100 // programme["budget_cents"]
    return "bad" if used >= FULL else "wait" if used >= WARNS_AT else "good"


# Verbs


async def edit(programme: db.Row, version: int, **said: Any) -> None:
    """Name, days, priority, answer, words, budget: for contracts to come; what is signed stays. Raises Stale."""
    await db.row("SELECT 1 FROM programme WHERE id = $1 FOR NO KEY UPDATE", programme["id"])
    await _refuse_a_taken_name(programme["id"], said["name"])
    await _refuse_an_end_before_a_contract(programme["id"], said["ends_on"])
    await change("programme", programme["id"], version, **said)
    await record("plans.programme_edited", "programme", programme["id"])


async def aim(programme_id: int, measure: Measure, target: int, by_day: date) -> None:
    """`target`: a number, or cents HT."""
    objective_id = await db.insert(
        "programme_objective",
        ref=new_ref(), programme_id=programme_id, measure=measure.value, target=target, by_day=by_day,
        at=now(), by_user=current().actor.user_id,
    )  # fmt: skip
    await record("plans.objective", "programme", programme_id, objective=objective_id)


async def drop_objective(programme_id: int, ref: str) -> None:
    """It no longer shows; that it was aimed at stays on record."""
    dropped = await db.value(
        """UPDATE programme_objective SET dropped_at = $3 WHERE programme_id = $1 AND ref = $2 AND dropped_at IS NULL
           RETURNING id""",
        programme_id, ref, now(),
    )  # fmt: skip
    if dropped is None:
        raise NotFound("objective")
    await record("plans.objective_dropped", "programme", programme_id, objective=dropped)


async def _refuse_a_taken_name(programme_id: int, name: str) -> None:
    taken = await db.value(
        "SELECT EXISTS (SELECT FROM programme WHERE name = $2 AND id <> $1)", programme_id, name
    )
    if taken:
        raise Refused("programme_known", NAME_TAKEN)


async def _refuse_an_end_before_a_contract(programme_id: int, ends_on: date | None) -> None:
    """A contract that was offered while it was open is not undone by closing earlier."""
    last = await db.value(
        """SELECT max(coalesce(starts_on, starts_no_sooner)) FROM contract
           WHERE programme_id = $1 AND state IN ('sent', 'signed', 'in_force', 'suspended')""",
        programme_id,
    )
    if ends_on and last and ends_on <= last:
        raise Refused("programme_has_contracts", ENDS_BEFORE_A_CONTRACT, day=last)
