"""What a recommendation would bring, by the one evaluator: shown before and after it is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from portal.kit import db
from portal.kit.days import today
from portal.kit.money import Cents
from portal.plans import access as plans
from portal.plans.rules.language import Refused
from portal.plans.rules.overrides import overridden


@dataclass(frozen=True, slots=True)
class Worth:
    """From the least to the most that the products of the catalogue would earn: cents HT, or points."""

    low: int
    high: int
    unit: str


@dataclass(frozen=True, slots=True)
class Scale:
    """The plan that rules for a referrer, and what can be sold."""

    body: Mapping[str, Any]
    products: Sequence[str]

    def worth(self, net_cents: Cents | None) -> Worth | None:
        """None when nothing is known or nothing would be earned."""
        if not net_cents:
            return None
        return _worth(msgspec.json.encode(self.body), tuple(self.products), net_cents, today())


# Signed comes before offered; of several signed the latest, of several offered the first programme's.
RULING_PLAN = """
SELECT body, overrides, array(SELECT key FROM product WHERE active ORDER BY name) AS products FROM (
  SELECT plan_version.body, contract.overrides, 0 AS place, -contract.id AS rank
  FROM contract JOIN plan_version ON plan_version.id = contract.plan_version_id
  WHERE contract.referrer_id = $1 AND contract.state = 'in_force'
  UNION ALL
  (SELECT DISTINCT ON (plan_id) body, '{}'::jsonb, 1, plan_id FROM plan_version
   WHERE state = 'published' AND effective_from <= $2 ORDER BY plan_id, number DESC)
) ruling ORDER BY place, rank LIMIT 1
"""


async def scale_of(referrer_id: int) -> Scale | None:
    """The plan of the contract in force, else the one that a contract would be written on today."""
    return scale(await db.row(RULING_PLAN, referrer_id, today()))


def scale(found: Any) -> Scale | None:
    """Of a row of RULING_PLAN."""
    return Scale(overridden(found["body"], found["overrides"]), found["products"]) if found else None


@lru_cache(maxsize=2048)
def _worth(body: bytes, products: tuple[str, ...], net_cents: Cents, on: date) -> Worth | None:
    plan = msgspec.json.decode(body)
    tried = (_earned(plan, net_cents, product, on) for product in products or ("",))
    earned = [amount for amount in tried if amount]
    return Worth(min(earned), max(earned), plan["unit"]) if earned else None


def _earned(plan: dict[str, Any], net_cents: Cents, product: str, on: date) -> int:
    """Nothing where the plan asks for more than an amount, the margin for instance."""
    try:
        return plans.would_earn(plan, net_cents, on, product or None)
    except Refused:
        return 0
