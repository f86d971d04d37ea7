"""The plans of a programme with all their versions, as those see them who write and read them."""

from portal.kit import db
from portal.kit.days import today
from portal.kit.problems import NotFound
from portal.people.rules import Person, Role

VERSION = """
SELECT plan_version.*, plan.name AS plan_name, plan.ref AS plan_ref, plan.programme_id, plan.notice_days,
       programme.ref AS programme_ref, programme.name AS programme_name, author.name AS author,
       ruling.id AS ruling_id, ruling.ref AS ruling_ref, ruling.number AS ruling_number,
       (SELECT ref FROM plan_version draft WHERE draft.plan_id = plan.id AND draft.state = 'drafted') AS draft_ref,
       EXISTS (SELECT FROM plan_version earlier WHERE earlier.plan_id = plan.id AND earlier.state = 'published') AS is_offered
FROM plan_version JOIN plan ON plan.id = plan_version.plan_id JOIN programme ON programme.id = plan.programme_id
LEFT JOIN app_user author ON author.id = plan_version.by_user
LEFT JOIN LATERAL (
  SELECT id, ref, number FROM plan_version newest WHERE newest.plan_id = plan.id AND newest.state = 'published'
  AND newest.effective_from <= $1 ORDER BY number DESC LIMIT 1) ruling ON true
"""


async def version_for(person: Person, ref: str) -> db.Row:
    """Published versions are read by the whole staff, drafts by the administration."""
    found = await db.row(
        f"{VERSION} WHERE plan_version.ref = $2 AND (plan_version.state <> 'drafted' OR $3)",
        today(), ref, person.may(Role.ADMIN),
    )  # fmt: skip
    if found is None:
        raise NotFound("plan_version")
    return found


async def draft_for(person: Person, ref: str) -> db.Row:
    found = await version_for(person, ref)
    if found["state"] != "drafted":
        raise NotFound("plan_version")
    return found


async def version(version_id: int) -> db.Row:
    found = await db.row(f"{VERSION} WHERE plan_version.id = $2", today(), version_id)
    assert found is not None
    return found


async def versions_of(person: Person, programme_id: int) -> list[db.Row]:
    """The newest of each plan first."""
    return await db.rows(
        f"""{VERSION} WHERE plan.programme_id = $2 AND (plan_version.state <> 'drafted' OR $3)
            ORDER BY plan.id, plan_version.number DESC""",
        today(), programme_id, person.may(Role.ADMIN),
    )  # fmt: skip


async def examples_of(plan_id: int) -> list[db.Row]:
    return await db.rows(
        "SELECT * FROM plan_example WHERE plan_id = $1 AND dropped_at IS NULL ORDER BY id", plan_id
    )


async def example_of(plan_id: int, ref: str) -> db.Row:
    found = await db.row(
        "SELECT * FROM plan_example WHERE plan_id = $1 AND ref = $2 AND dropped_at IS NULL", plan_id, ref
    )
    if found is None:
        raise NotFound("plan_example")
    return found


async def plan_known(name: str) -> bool:
    return await db.value("SELECT EXISTS (SELECT FROM plan WHERE name = $1)", name)


async def traits() -> dict[str, list[str]]:
    """Tiers and segments that referrers have: what conditions may name."""
    found = await db.rows(
        "SELECT DISTINCT name, value FROM referrer_trait WHERE name IN ('tier', 'segment') ORDER BY name, value"
    )
    return {name: [row["value"] for row in found if row["name"] == name] for name in ("tier", "segment")}
