"""Trying an amount before anything has happened, by the one evaluator and from what it remembers of this year; nothing is kept."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from portal.deals import actions as deals
from portal.deals.histories import decimals
from portal.earnings.evaluation import compiled
from portal.earnings.rules import plan_key
from portal.kit import db, events
from portal.kit.days import today
from portal.kit.money import Cents
from portal.kit.text import N_, _, short_day
from portal.plans import access as plans
from portal.plans.programme import campaigns
from portal.plans.rules.campaigns import parse_campaign
from portal.plans.rules.compiled import CompiledPlan
from portal.plans.rules.earning import Earning
from portal.plans.rules.evaluate import apply
from portal.plans.rules.facts import parse_event
from portal.plans.rules.language import Refused
from portal.plans.rules.state import Referrer, State
from portal.plans.sentences import Names, rule_sentence
from portal.plans.telling import Facts, Told, amount, step_told

CONTRACTS = """
SELECT contract.id, contract.ref, contract.number, contract.starts_on, contract.plan_version_id, contract.overrides, contract.programme_id,
       plan_version.body, plan_version.number AS plan_number, plan.name AS plan_name, programme.name AS programme
FROM contract JOIN plan_version ON plan_version.id = contract.plan_version_id JOIN plan ON plan.id = plan_version.plan_id
JOIN programme ON programme.id = contract.programme_id
WHERE contract.referrer_id = $1 AND contract.state = 'in_force' AND contract.starts_on <= $2 ORDER BY contract.id DESC
"""
ME, DEAL = "referrer", "deal"


async def contracts_to_try(referrer_id: int) -> list[db.Row]:
    """The latest first."""
    return await db.rows(CONTRACTS, referrer_id, today())


@dataclass(frozen=True, slots=True)
class Sale:
    """What might be sold. Under a plan on margins the amount is the margin."""

    net_cents: Cents
    product: str = ""
    category: str = ""
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class Trial:
    """`amount` in cents or points; `told` as under an earning; `said` of this year and of campaigns."""

    unit: str
    amount: int
    hold_days: int
    rules: list[str]
    told: list[Told]
    said: list[str]
    margin: bool


async def try_sale(referrer_id: int, contract: db.Row, sale: Sale) -> Trial | None:
    """What one deal, signed, invoiced and paid today, would bring under this very contract. None when the plan wants
    to know more than this."""
    plan = compiled(contract["body"], contract["overrides"])
    overlays = await campaigns.in_force([contract["programme_id"]])
    state = await _remembered(referrer_id, contract, overlays)
    already = state.referrer(ME).years.get(str(today().year), 0)
    try:
        earned = _earned(plan, state, contract, sale, overlays)
    except Refused:
        return None
    mine = [one for one in earned if one.referrer == ME]
    facts = Facts(plan.plan.unit, [], {})
    return Trial(
        unit=plan.plan.unit,
        amount=sum(one.amount for one in mine),
        hold_days=plan.plan.hold_days,
        rules=_rules(plan, mine, await plans.product_names()),
        told=[step_told(step, facts) for one in mine for step in msgspec.to_builtins(one.steps)],
        said=[*_of_campaigns(overlays, mine), *_of_year(plan, already)],
        margin=plan.plan.base == "margin",
    )


async def _remembered(referrer_id: int, contract: db.Row, overlays: list[db.Row]) -> State:
    """Bands and limits that this year has reached; what campaigns have spent."""
    key = plan_key(contract["plan_version_id"], contract["id"], contract["overrides"])
    kept = await db.value(
        "SELECT state FROM earning_period_state WHERE referrer_id = $1 AND plan_key = $2", referrer_id, key
    )
    return State(
        referrers={ME: msgspec.convert(kept or {}, Referrer, strict=False)},
        campaigns={row["key"]: row["spent_cents"] for row in overlays},
    )


def _earned(
    plan: CompiledPlan, state: State, contract: db.Row, sale: Sale, overlays: list[db.Row]
) -> list[Earning]:
    added = [parse_campaign(row["body"]) for row in overlays]
    told = [parse_event(event) for event in _events(contract["starts_on"], sale)]
    return [one for event in told for one in apply(plan, state, event, added)]


def _events(starts_on: date, sale: Sale) -> list[dict[str, Any]]:
    here = {"deal": DEAL, "on": today().isoformat()}
    net = decimals(sale.net_cents)
    known = {"product": sale.product, "category": sale.category}
    line = {"net": net, "cost": "0.00", **{name: value for name, value in known.items() if value}}
    signed = {
        "referrer": ME, "contracts": {ME: starts_on.isoformat()}, "lead": {"source": "form"},
        "customer": {"country": "FR", "is_new": sale.is_new}, "lines": [line],
    }  # fmt: skip
    return [
        {"id": "qualified", "type": "lead_qualified", "referrer": ME, **here},
        {"id": "signed", "type": "deal_signed", **here, **signed},
        {"id": "invoiced", "type": "client_invoiced", "net": net, **here},
        {"id": "paid", "type": "client_paid", "net": net, **here},
    ]


def _rules(plan: CompiledPlan, earned: list[Earning], names: Names) -> list[str]:
    """In sentences; all of the plan's when none of them pays."""
    paying = {one.rule for one in earned}
    rules = [rule for rule in plan.plan.rules if rule.key in paying]
    return [rule_sentence(rule, plan.plan.unit, names) for rule in rules or plan.plan.rules]


WITH_CAMPAIGN = N_("Avec la campagne « %(name)s », jusqu'au %(day)s.")
OF_YEAR = N_("Vous avez gagné %(earned)s cette année sous ce contrat, pour un plafond de %(most)s.")


def _of_campaigns(overlays: list[db.Row], earned: list[Earning]) -> list[str]:
    adding = {step.rule for one in earned for step in one.steps if step.what == "campaign"}
    return [
        _(WITH_CAMPAIGN) % {"name": row["name"], "day": short_day(campaigns.last_day(row))}
        for row in overlays
        if row["key"] in adding
    ]


def _of_year(plan: CompiledPlan, already: int) -> list[str]:
    most = plan.plan.limits.per_calendar_year
    if most is None or not already:
        return []
    unit = plan.plan.unit
    words = {"earned": amount(already, unit), "most": amount(most // plan.cents_per_unit, unit)}
    return [_(OF_YEAR) % words]


# What a deal would bring if its client paid


async def if_paid(deal: db.Row, net_cents: Cents) -> list[db.Row]:
    """In an open deed, which the caller then undoes: the payment is recorded and all follows as it would. The earnings
    that come of it. Raises Refused as recording it would."""
    last = await db.value("SELECT coalesce(max(id), 0) FROM earning WHERE deal_id = $1", deal["id"])
    await deals.record_payment(deal, paid_on=today(), net_cents=net_cents)
    await events.dispatch()
    return await db.rows(
        """SELECT earning.referrer_id, earning.unit, earning.due_on, sum(earning.amount)::bigint AS amount
           FROM earning WHERE deal_id = $1 AND id > $2
           GROUP BY earning.referrer_id, earning.unit, earning.due_on ORDER BY earning.referrer_id, earning.due_on""",
        deal["id"], last,
    )  # fmt: skip
