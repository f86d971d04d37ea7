"""Which plans and campaigns would take a word of the catalogue: who renames it knows what hangs on it."""

from collections.abc import Iterator, Mapping
from typing import Any

from portal.kit import db
from portal.plans.rules.conditions import TESTS
from portal.plans.rules.language import PIECES

PLANS = """
SELECT plan.name, programme.name AS programme, programme.ref AS programme_ref, version.state, version.number, version.body
FROM plan_version version JOIN plan ON plan.id = version.plan_id JOIN programme ON programme.id = plan.programme_id
WHERE version.state <> 'retired' AND version.body::text LIKE '%' || $1 || '%'
ORDER BY programme.name, plan.name, version.number DESC
"""
CAMPAIGNS = """
SELECT campaign.name, campaign.body FROM campaign
WHERE campaign.state <> 'dropped' AND campaign.body::text LIKE '%' || $1 || '%' ORDER BY campaign.name
"""


async def plans_naming(field: str, key: str) -> list[db.Row]:
    """Plan versions of which a condition on this field (product, category) holds for this word. Newest first of each plan."""
    rows = await db.rows(PLANS, f'"{field}"')
    return [row for row in rows if any(_takes(when, field, key) for when in _conditions(row["body"]))]


async def campaigns_naming(field: str, key: str) -> list[str]:
    rows = await db.rows(CAMPAIGNS, f'"{field}"')
    return [
        row["name"] for row in rows if any(_takes(when, field, key) for when in row["body"].get("for", ()))
    ]


async def is_named(field: str, key: str) -> bool:
    return bool(await plans_naming(field, key) or await campaigns_naming(field, key))


def _conditions(body: Mapping[str, Any]) -> Iterator[Any]:
    for rule in body.get("rules", ()):
        yield from rule.get("when", ())


def _takes(when: Any, field: str, key: str) -> bool:
    """One that says that it is something else names it too: renamed, it would mean another thing."""
    operator, value = when.get("is"), when.get("value")
    if when.get("field") != field:
        return False
    named = value if isinstance(value, list) else [value]
    return key in named or (operator in PIECES and isinstance(value, str) and TESTS[operator](key, value))
