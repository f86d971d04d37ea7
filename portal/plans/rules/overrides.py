"""Approved overrides of a contract replace figures of the plan before anything is computed.

`{"rules": {"logiciel-an-1": {"rate": "12"}}, "limits": {"per_deal": "8000.00"}, "hold_days": 15}`: figures only,
never a condition or a kind; `{"unit": "POINT"}` counts one point for one euro. The result is a plan like any other and is read as strictly."""

from copy import deepcopy
from typing import Any

from portal.plans.rules.plan import LIMITS
from portal.plans.rules.reading import at, fields

FIGURES = {"percent": ("rate",), "flat": ("amount",), "tiers": ("bands",)}
PLAN_FIGURES = ("unit", "recurs_for_months", "hold_days", "clawback_days")
IN_POINTS = {"unit": "POINT"}


def overridden(plan: dict[str, Any], overrides: dict[str, Any]) -> dict[str, Any]:
    """Takes and gives JSON data; raises Refused when an override names no figure of this plan."""
    fields(overrides, "overrides", (), ("rules", "limits", *PLAN_FIGURES))
    changed = deepcopy(plan)
    changed.update({figure: overrides[figure] for figure in PLAN_FIGURES if figure in overrides})
    limits = fields(overrides.get("limits", {}), "overrides.limits", (), LIMITS)
    changed["limits"] = {**(plan.get("limits") or {}), **limits}
    pays = {rule["key"]: rule["pay"] for rule in changed["rules"]}
    for key, figures in fields(overrides.get("rules", {}), "overrides.rules", (), tuple(pays)).items():
        pays[key].update(fields(figures, at("overrides.rules", key), (), FIGURES[pays[key]["kind"]]))
    return changed
