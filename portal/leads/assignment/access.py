"""The only doors to rules, absences, who follows what and since when."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from portal.kit import db
from portal.kit.days import today
from portal.kit.problems import NotFound
from portal.leads.assignment.rules import Away, Choice, House, Rule, conditions_of
from portal.leads.rules import OPEN
from portal.people.access import staff_with
from portal.people.rules import Role

OPEN_STATES = ", ".join(
    f"'{state}'" for state in sorted(OPEN)
)  # literals, so that the partial index is found
RULES = """
SELECT rule.*, array(SELECT user_id FROM assignment_rule_user WHERE rule_id = rule.id ORDER BY position) AS users
FROM assignment_rule rule WHERE rule.retired_at IS NULL
"""
FACTS = """
SELECT lead.programme_id AS programme, lead.referrer_id AS referrer, lead.source, lead.estimate_cents AS estimate,
       CASE WHEN lead.postcode = '' THEN NULL WHEN lead.country = 'FR' THEN lead.postcode ELSE lead.country || ' ' || lead.postcode END AS place,
       territory_of(lead.postcode, lead.country) AS territory,
       referrer.sales_user_id AS contact, programme.default_sales_id,
       coalesce((SELECT jsonb_object_agg(asked.key, given.text_value) FROM lead_field_value given
                 JOIN lead_field asked ON asked.id = given.field_id
                 WHERE given.lead_id = lead.id AND given.text_value IS NOT NULL), '{}') AS fields
FROM lead JOIN referrer ON referrer.id = lead.referrer_id JOIN programme ON programme.id = lead.programme_id
WHERE lead.id = $1
"""
FEW = 10
KNOWN = ("programme", "referrer", "source", "estimate", "place", "territory")


async def rule_rows() -> list[db.Row]:
    """In the order in which they are asked."""
    return await db.rows(f"{RULES} ORDER BY rule.position, rule.id")


async def rule_row(ref: str) -> db.Row:
    found = await db.row(f"{RULES} AND rule.ref = $1", ref)
    if found is None:
        raise NotFound("assignment_rule")
    return found


def rule_of(row: db.Row) -> Rule:
    return Rule(
        row["id"], row["name"], conditions_of(row["conditions"]), Choice(row["choice"]), tuple(row["users"]), row["last_user_id"]
    )  # fmt: skip


async def facts_of(lead_id: int) -> dict[str, Any]:
    """What rules ask about a recommendation, with `contact` and `default` beside them."""
    found = await db.row(FACTS, lead_id)
    assert found is not None
    fields = {f"field:{key}": value for key, value in found["fields"].items()}
    return {
        **{name: found[name] for name in KNOWN}, **fields,
        "contact": found["contact"], "default": found["default_sales_id"],
    }  # fmt: skip


async def house(rules: Collection[Rule], day: date | None = None) -> House:
    """Who is there; loads are counted only for rules that ask for them."""
    on = day or today()
    weighed = {user for rule in rules if rule.choice == Choice.LEAST_LOADED for user in rule.users}
    return House(
        on,
        frozenset(user["id"] for user in await staff_with(Role.SALES)),
        tuple(await absences_on(on)),
        await loads(weighed) if weighed else {},
    )


async def absences_on(day: date) -> list[Away]:
    rows = await db.rows(
        """SELECT * FROM absence WHERE called_off_at IS NULL AND until_day >= $1 AND from_day <= $1 ORDER BY id""", day
    )  # fmt: skip
    return [Away(row["user_id"], row["from_day"], row["until_day"], row["replaced_by"]) for row in rows]


async def loads(users: Collection[int]) -> dict[int, int]:
    """How many open recommendations each follows."""
    rows = await db.rows(
        f"""SELECT sales_user_id, count(*) AS many FROM lead
            WHERE sales_user_id = ANY ($1::bigint[]) AND state IN ({OPEN_STATES}) GROUP BY 1""",
        list(users),
    )  # fmt: skip
    return {row["sales_user_id"]: row["many"] for row in rows}


async def nobodys(after: int, limit: int) -> list[int]:
    """Open recommendations that nobody follows, from the oldest."""
    rows = await db.rows(
        f"SELECT id FROM lead WHERE sales_user_id IS NULL AND state IN ({OPEN_STATES}) AND id > $1 ORDER BY id LIMIT $2",
        after, limit,
    )  # fmt: skip
    return [row["id"] for row in rows]


COLLEAGUES = """SELECT app_user.id, app_user.ref, app_user.name FROM membership JOIN app_user ON app_user.id = membership.user_id
WHERE membership.role = 'sales' AND membership.ended_at IS NULL AND app_user.state = 'active'"""
CHANGES = """
SELECT change.at, change.why, rule.name AS rule, giver.name AS by_name, away.name AS for_name, former.name AS from_name, follows.name AS to_name
FROM lead_assignment change LEFT JOIN assignment_rule rule ON rule.id = change.rule_id
LEFT JOIN app_user giver ON giver.id = change.by_user LEFT JOIN app_user away ON away.id = change.for_user
LEFT JOIN app_user former ON former.id = change.from_user LEFT JOIN app_user follows ON follows.id = change.to_user
WHERE change.lead_id = $1
"""


async def colleagues() -> list[db.Row]:
    """Who may follow recommendations, by name."""
    return await db.rows(f"{COLLEAGUES} ORDER BY lower(app_user.name)")


async def changes_of(lead_id: int) -> list[db.Row]:
    """Every change of hands, the latest first: since when, why, and for whom."""
    return await db.rows(f"{CHANGES} ORDER BY change.id DESC", lead_id)


async def last_change(lead_id: int) -> db.Row | None:
    return await db.row(f"{CHANGES} ORDER BY change.id DESC LIMIT 1", lead_id)


async def around_lead(lead_id: int) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """The last changes of hands and the colleagues to choose from, in one question."""
    found = await db.row(
        f"""SELECT (SELECT coalesce(jsonb_agg(one), '[]') FROM ({CHANGES} ORDER BY change.id DESC LIMIT {FEW}) one) AS changes,
                   (SELECT jsonb_agg(one) FROM ({COLLEAGUES} ORDER BY lower(app_user.name)) one) AS colleagues""",
        lead_id,
    )
    assert found is not None
    return found["changes"], found["colleagues"] or []


async def change(assignment_id: int) -> db.Row:
    found = await db.row("SELECT * FROM lead_assignment WHERE id = $1", assignment_id)
    assert found is not None
    return found


async def absences(day: date) -> list[db.Row]:
    """Of today and to come, with names."""
    return await db.rows(
        """SELECT absence.*, away.name, stands.name AS replaced_name FROM absence JOIN app_user away ON away.id = absence.user_id
           LEFT JOIN app_user stands ON stands.id = absence.replaced_by
           WHERE called_off_at IS NULL AND until_day >= $1 ORDER BY from_day, absence.id""",
        day,
    )


async def absence(ref: str) -> db.Row:
    found = await db.row("SELECT * FROM absence WHERE ref = $1", ref)
    if found is None:
        raise NotFound("absence")
    return found


async def how_many_nobodys() -> int:
    """Up to a thousand."""
    return await db.value(
        f"SELECT count(*) FROM (SELECT FROM lead WHERE sales_user_id IS NULL AND state IN ({OPEN_STATES}) LIMIT 1000) few"
    )


async def looks_after(user_id: int) -> bool:
    """Whether referrers or open recommendations are theirs: before an account closes, they go to somebody."""
    return await db.value(
        f"""SELECT EXISTS (SELECT FROM referrer WHERE sales_user_id = $1 AND state <> 'merged')
              OR EXISTS (SELECT FROM lead WHERE sales_user_id = $1 AND state IN ({OPEN_STATES}))""",
        user_id,
    )
