"""Approved overrides of a contract replace figures of the plan before anything is computed.

`{"rules": {"logiciel-an-1": {"rate": "12"}}, "limits": {"per_deal": "8000.00"}, "hold_days": 15}`: figures only,
never a condition or a kind. The result is a plan like any other and is read as strictly."""

from copy import deepcopy
from typing import Any

from portal.plans.rules.reading import at, fields, refuse

FIGURES = {"percent": ("rate",), "flat": ("amount",), "tiers": ("bands",)}
PLAN_FIGURES = ("recurs_for_months", "hold_days", "clawback_days")


def overridden(plan: dict[str, Any], overrides: dict[str, Any]) -> dict[str, Any]:
    """Takes and gives JSON data; raises Refused when an override names no figure of this plan."""
    fields(overrides, "overrides", (), ("rules", "limits", *PLAN_FIGURES))
    changed = deepcopy(plan)
    changed.update({figure: overrides[figure] for figure in PLAN_FIGURES if figure in overrides})
    changed["limits"] = {**(plan.get("limits") or {}), **overrides.get("limits", {})}
    pays = {rule["key"]: rule["pay"] for rule in changed["rules"]}
    for key, figures in overrides.get("rules", {}).items():
        place = at("overrides.rules", key)
        if key not in pays:
            raise refuse(place, "unknown_rule", rule=key)
        fields(figures, place, (), FIGURES[pays[key]["kind"]])
        pays[key].update(figures)
    return changed
