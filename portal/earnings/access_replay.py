"""What a replay reads: the facts in the order in which the plans saw them, and what was kept of them.

`keys` are the plan keys that are reckoned; None is all of them."""

from collections.abc import Sequence
from datetime import date

from portal.kit import db
from portal.kit.problems import NotFound

Subject = tuple[str, int]
"""('deal', 12), or ('lead', 7) for what a qualified recommendation earned."""
IN_KEYS = "($1::text[] IS NULL OR plan_key = ANY ($1))"
BY_PLANS = "cause <> 'adjustment'"  # what people adjusted is no plan's doing


async def plan_id(ref: str) -> int:
    """By the reference of a plan or of one of its versions, or by the plan's name."""
    found = await db.value(
        """SELECT plan.id FROM plan LEFT JOIN plan_version version ON version.plan_id = plan.id
           WHERE plan.ref = upper($1) OR version.ref = upper($1) OR plan.name = $1 LIMIT 1""",
        ref,
    )
    if found is None:
        raise NotFound("plan")
    return found


async def keys_beside(plan: int | None, deal: int | None) -> list[str] | None:
    """The plans of the same programmes: they share the budgets of its campaigns."""
    if plan is None and deal is None:
        return None
    found = await db.rows(
        """WITH beside AS (
             SELECT programme_id FROM plan WHERE id = $1 UNION
             SELECT contract.programme_id FROM deal_share JOIN contract ON contract.id = contract_id WHERE deal_id = $2
           ), version AS (SELECT version.id FROM plan_version version JOIN plan ON plan.id = plan_id JOIN beside USING (programme_id))
           SELECT id::text AS key FROM version UNION ALL
           SELECT version.id || ':' || contract.id || counted FROM contract JOIN version ON version.id = plan_version_id
           CROSS JOIN (VALUES (''), (':points')) AS each (counted)""",
        plan, deal,
    )  # fmt: skip
    return [row["key"] for row in found]


async def versions_of(plan: int) -> set[int]:
    return {row["id"] for row in await db.rows("SELECT id FROM plan_version WHERE plan_id = $1", plan)}


async def count_of(keys: list[str] | None) -> int:
    return await db.value(f"SELECT count(*) FROM earning_fact WHERE {IN_KEYS}", keys)


async def facts_after(fact_id: int, keys: list[str] | None, limit: int) -> list[db.Row]:
    """(id, deal or recommendation, plan key, event)"""
    return await db.rows(
        f"""SELECT id, deal_id, lead_id, plan_key, event FROM earning_fact
            WHERE {IN_KEYS} AND id > $2 ORDER BY id LIMIT $3""",
        keys, fact_id, limit,
    )  # fmt: skip


async def ended(deal_ids: Sequence[int], fact_id: int, keys: list[str] | None) -> list[int]:
    """Those of which no later fact is told."""
    found = await db.rows(
        f"SELECT deal_id FROM earning_fact WHERE {IN_KEYS} AND deal_id = ANY ($2::bigint[]) GROUP BY 1 HAVING max(id) <= $3",
        keys, list(deal_ids), fact_id,
    )  # fmt: skip
    return [row["deal_id"] for row in found]


async def first_deals(lead_ids: Sequence[int]) -> dict[int, int]:
    found = await db.rows(
        "SELECT lead_id, min(id) AS id FROM deal WHERE lead_id = ANY ($1::bigint[]) GROUP BY 1",
        list(lead_ids),
    )
    return {row["lead_id"]: row["id"] for row in found}


async def kept_of(subjects: Sequence[Subject]) -> dict[Subject, list[db.Row]]:
    found = await db.rows(
        f"""SELECT deal_id, lead_id, key, amount, unit, plan_version_id, occurred_on FROM earning
            WHERE {BY_PLANS} AND (deal_id = ANY ($1::bigint[]) OR lead_id = ANY ($2::bigint[]))""",
        *([one for kind, one in subjects if kind == wanted] for wanted in ("deal", "lead")),
    )
    kept: dict[Subject, list[db.Row]] = {}
    for row in found:
        subject = ("deal", row["deal_id"]) if row["deal_id"] else ("lead", row["lead_id"])
        kept.setdefault(subject, []).append(row)
    return kept


async def kept_without_fact(versions: set[int] | None, since: date | None, deal: int | None) -> list[db.Row]:
    """Earnings of deals and recommendations of which no plan has seen anything."""
    return await db.rows(
        f"""SELECT key, amount, unit FROM earning
            WHERE {BY_PLANS} AND ($1::bigint[] IS NULL OR plan_version_id = ANY ($1)) AND ($2::date IS NULL OR occurred_on >= $2)
              AND ($3::bigint IS NULL OR deal_id = $3)
              AND NOT EXISTS (SELECT FROM earning_fact fact WHERE fact.deal_id = earning.deal_id OR fact.lead_id = earning.lead_id)""",
        versions and sorted(versions), since, deal,
    )  # fmt: skip


async def named(keys: Sequence[str]) -> dict[str, db.Row]:
    """For the report: by key of an earning ('deal:12:payment:34:referrer:5:rule:an-1'), the references outside."""
    found = await db.rows(
        """SELECT asked.key, deal.ref AS deal, lead.ref AS lead, referrer.number AS referrer, word[3] AS event, word[5] AS rule,
                  earning.ref AS earning
           FROM unnest($1::text[]) AS asked (key)
           CROSS JOIN regexp_match(asked.key, '^(deal|lead):(\\d+):(.*):referrer:(\\d+):rule:(.*)$') AS word
           LEFT JOIN deal ON word[1] = 'deal' AND deal.id = word[2]::bigint
           LEFT JOIN lead ON word[1] = 'lead' AND lead.id = word[2]::bigint
           LEFT JOIN referrer ON referrer.id = word[4]::bigint
           LEFT JOIN earning ON earning.key = asked.key""",
        list(keys),
    )
    return {row["key"]: row for row in found}
