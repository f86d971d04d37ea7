"""What programmes have cost by the end of a month, beside their budgets."""

from dataclasses import dataclass
from datetime import timedelta

from portal.books.month.rules import last_day
from portal.kit import db
from portal.kit.money import Cents
from portal.kit.rows import Row


@dataclass(frozen=True, slots=True)
class Budget:
    """Cents HT: commissions earned, less what was taken back."""

    ref: str
    name: str
    budget: Cents | None
    cost: Cents
    in_month: Cents

    @property
    def left(self) -> Cents | None:
        """Below zero when it is spent."""
        return None if self.budget is None else self.budget - self.cost


BUDGETS = """
SELECT programme.ref, programme.name, programme.budget_cents, coalesce(sum(earning.amount), 0)::bigint AS cost,
       coalesce(sum(earning.amount) FILTER (WHERE earning.occurred_on > $3), 0)::bigint AS in_month
FROM programme LEFT JOIN contract ON contract.programme_id = programme.id
LEFT JOIN earning ON earning.contract_id = contract.id AND earning.unit = 'EUR' AND earning.occurred_on <= $2 AND earning.legal_entity_id = $1
GROUP BY programme.id HAVING programme.budget_cents IS NOT NULL OR count(earning.id) > 0 ORDER BY programme.name, programme.id
"""


async def budgets_of(settlement: Row) -> list[Budget]:
    first = settlement["month"]
    found = await db.rows(BUDGETS, settlement["legal_entity_id"], last_day(first), first - timedelta(1))
    return [
        Budget(row["ref"], row["name"], row["budget_cents"], row["cost"], row["in_month"]) for row in found
    ]
