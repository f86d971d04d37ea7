"""Whether a plan in euros may count in points, and whether from one deal to the next. Pure."""

from typing import Any

from portal.plans.rules.language import Plan, Refused, Tiers
from portal.plans.rules.overrides import IN_POINTS, overridden
from portal.plans.rules.plan import parse_plan

OF_ONE_DEAL = ("event", "deal")


def in_points(body: dict[str, Any], figures: dict[str, Any]) -> Plan | None:
    """The same plan with one point for one euro; None when it is in points anyway, or has a limit of half a euro."""
    if body["unit"] == "POINT":
        return None
    try:
        return parse_plan(overridden(body, figures | IN_POINTS))
    except Refused:
        return None


def fits(body: dict[str, Any], figures: dict[str, Any]) -> bool:
    return in_points(body, figures) is not None


def fits_deal_by_deal(body: dict[str, Any], figures: dict[str, Any]) -> bool:
    """Bands and limits over several deals would be split in two by it, and what is paid before there is a deal is paid already."""
    plan = in_points(body, figures)
    if plan is None or plan.pays_on == "lead_qualified" or plan.limits.per_calendar_year is not None:
        return False
    return all(rule.pay.period in OF_ONE_DEAL for rule in plan.rules if isinstance(rule.pay, Tiers))
