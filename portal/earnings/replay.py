"""Reckoning again from nothing, in the order in which the plans saw the facts: what differs from what is kept."""

from dataclasses import dataclass

from portal.deals.histories import histories
from portal.earnings import access, qualified
from portal.earnings.evaluation import Memory, Rows, compiled, evaluate, groups_of
from portal.kit.days import today


@dataclass(frozen=True, slots=True)
class Difference:
    """Amounts of one earning; None: it is not there."""

    key: str
    kept: int | None
    reckoned: int | None


async def replay(deal_id: int) -> list[Difference]:
    """Of one deal. With bands over a year all other deals under the same plan are reckoned too."""
    reckoned: dict[str, int] = {}
    for _, key, _, _ in groups_of(await access.shares_of([deal_id])):
        reckoned |= {row["key"]: row["amount"] for row in await _again(key) if row["deal_id"] == deal_id}
    kept = await access.kept_of(deal_id)
    return [
        Difference(key, kept.get(key), reckoned.get(key))
        for key in sorted(kept.keys() | reckoned.keys())
        if kept.get(key) != reckoned.get(key)
    ]


async def _again(key: str) -> Rows:
    facts = await access.facts_of_plan(key)
    shares = await access.shares_of(sorted({fact["deal_id"] for fact in facts if fact["deal_id"]}))
    leads = await qualified.leads([fact["lead_id"] for fact in facts if fact["lead_id"]])
    first = {share.lead_id: share.deal_id for share in reversed(shares)}
    groups = {group[0]: group for group in groups_of(shares) if group[1] == key}
    told = await histories(list(groups), today())
    contract_id = next((group[2][0].contract_id for group in groups.values()), 0)
    contract_id = contract_id or next(lead["contract_id"] for lead in leads.values())
    plan = compiled(*(await access.figures_of([contract_id or 0]))[contract_id or 0])
    memory, rows = Memory(), []
    for fact in facts:
        if lead := leads.get(fact["lead_id"]):
            deal, made = qualified.evaluate(memory, lead, qualified.share_of(lead))
            memory.deals[first.get(fact["lead_id"]) or 0, key] = deal
            rows += made
        else:
            rows += evaluate(
                memory, groups[fact["deal_id"]], plan, told.get(fact["deal_id"], []), {fact["event"]}
            )
    return rows
