"""The table of rules and the absences, as sales managers keep them. A rule that has chosen is retired, never deleted."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.problems import NotFound, Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.leads.assignment import access
from portal.leads.assignment.assigning import NOT_SALES, sells

NOBODY = N_("Choisissez au moins un collègue.")
Conditions = Sequence[Mapping[str, Any]]


async def add(name: str, conditions: Conditions, choice: str, users: Sequence[int]) -> db.Row:
    """At the end of the table."""
    await _lock_table()
    ref = new_ref()
    rule_id = await db.insert(
        "assignment_rule",
        ref=ref, name=name, conditions=list(conditions), choice=choice, made_at=now(),
        position=1 + (await db.value("SELECT max(position) FROM assignment_rule WHERE retired_at IS NULL") or 0),
    )  # fmt: skip
    await _give_to(rule_id, users)
    await record("leads.rule_added", "assignment_rule", rule_id)
    return await access.rule_row(ref)


async def change(rule: db.Row, name: str, conditions: Conditions, choice: str, users: Sequence[int]) -> None:
    """A new rule in the same place: what the former one chose goes on naming it as it was."""
    made = await add(name, conditions, choice, users)
    await db.execute(
        "UPDATE assignment_rule SET position = $2, last_user_id = $3 WHERE id = $1",
        made["id"], rule["position"], rule["last_user_id"],
    )  # fmt: skip
    await retire(rule)


async def retire(rule: db.Row) -> None:
    retired = await db.execute(
        "UPDATE assignment_rule SET retired_at = $2, version = version + 1 WHERE id = $1 AND retired_at IS NULL", rule["id"], now()
    )  # fmt: skip
    if not retired:
        raise NotFound("assignment_rule")
    await record("leads.rule_retired", "assignment_rule", rule["id"])


async def rank(rule: db.Row, step: int) -> None:
    """One place up (−1) or down (+1); at the end of the table nothing moves."""
    await _lock_table()
    order = [row["id"] for row in await access.rule_rows()]
    here = order.index(rule["id"])
    there = min(max(here + step, 0), len(order) - 1)
    order.insert(there, order.pop(here))
    await db.execute(
        """UPDATE assignment_rule SET position = placed.position
           FROM unnest($1::bigint[]) WITH ORDINALITY AS placed (id, position) WHERE assignment_rule.id = placed.id""",
        order,
    )
    await record("leads.rule_ranked", "assignment_rule", rule["id"], place=there + 1)


async def go_away(user_id: int, from_day: date, until_day: date, replaced_by: int | None) -> str:
    """Both days included; what comes meanwhile goes to whoever replaces them. The reference."""
    if not await sells(user_id):
        raise Refused("not_sales", NOT_SALES)
    ref = new_ref()
    absence_id = await db.insert(
        "absence",
        ref=ref, user_id=user_id, from_day=from_day, until_day=until_day, replaced_by=replaced_by,
        made_by=current().actor.user_id, made_at=now(),
    )  # fmt: skip
    await record("leads.away", "absence", absence_id, user=user_id, replaced_by=replaced_by)
    return ref


async def come_back(absence: db.Row) -> None:
    """The absence is called off."""
    await db.execute(
        "UPDATE absence SET called_off_at = $2 WHERE id = $1 AND called_off_at IS NULL", absence["id"], now()
    )
    await record("leads.back", "absence", absence["id"])


async def _give_to(rule_id: int, users: Sequence[int]) -> None:
    if not users:
        raise Refused("nobody", NOBODY)
    for place, user_id in enumerate(dict.fromkeys(users)):
        if not await sells(user_id):
            raise Refused("not_sales", NOT_SALES)
        await db.insert("assignment_rule_user", rule_id=rule_id, user_id=user_id, position=place)


async def _lock_table() -> None:
    """Two who reorder at once wait for each other."""
    await db.execute("SELECT pg_advisory_xact_lock(hashtextextended('assignment_rules', 0))")
