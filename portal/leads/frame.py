"""What the company says around one recommendation, asked at once: what its programme asks and promises, why one may end,
its figures of law, whom to call while nobody follows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.company.access import OVERRIDES, figures_above
from portal.kit import db
from portal.law.figures import Figures
from portal.leads.fields import reasons
from portal.leads.fields.answers import IN_ORDER, OF_LEAD
from portal.people.rules import Person
from portal.plans.programme.advantages import TO_LEAD

REASONS = "SELECT coalesce(jsonb_agg(to_jsonb(one) ORDER BY position, id), '[]') FROM lead_reason one WHERE active AND $3"
ENTITY = "SELECT to_jsonb(one) FROM (SELECT name, brand_name, phone, email FROM legal_entity ORDER BY id LIMIT 1) one"
# One row a field, which keeps the type of its answer; the rest beside each, and once where nothing is asked.
FRAME = f"""
SELECT field.*, company.* FROM (
  SELECT ({REASONS}) AS reasons, (SELECT to_jsonb(one) FROM ({TO_LEAD}) one) AS advantage,
         ({OVERRIDES}) AS overrides, ({ENTITY}) AS entity FROM lead WHERE lead.id = $1) company
LEFT JOIN ({OF_LEAD}) field ON true ORDER BY {IN_ORDER}
"""


@dataclass(frozen=True, slots=True)
class Frame:
    answers: list[db.Row]  # fields with their answers
    offered: list[Mapping[str, Any]]
    advantage: Mapping[str, Any] | None
    figures: Figures
    entity: Mapping[str, str] | None

    def reasons(self, moves: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
        return reasons.by_move(self.offered, moves)


async def of_lead(person: Person, lead: db.Row) -> Frame:
    rows = await db.rows(
        FRAME, lead["id"], lead["programme_id"], person.is_staff, reaches(person, lead)
    )  # fmt: skip
    company = rows[0]
    return Frame(
        [row for row in rows if row["id"]], company["reasons"], company["advantage"],
        figures_above(company["overrides"]), company["entity"],
    )  # fmt: skip


def reaches(person: Person, lead: db.Row) -> bool:
    """Who told the company alone how to be reached is not told of to the referrer."""
    return person.is_staff or not lead["heard_at"]
