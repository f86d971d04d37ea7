"""Rules at work: a recommendation that comes in, and those that nobody follows, get somebody."""

from collections.abc import Sequence
from dataclasses import replace

from portal.kit import db
from portal.leads import access as leads
from portal.leads.assignment import access
from portal.leads.assignment.assigning import assign
from portal.leads.assignment.rules import Choice, Decision, Rule, decide
from portal.leads.events import LeadSubmitted

AT_ONCE = 200


async def assign_new(events: list[LeadSubmitted]) -> None:
    """Before anybody is told. Whom the form, the call or the file named keeps it; an import is as its file says."""
    for lead_id in await leads.not_imported([event.lead_id for event in events]):
        await _assign(await leads.lead(lead_id), await _rules(), tells=False)


async def assign_nobodys(after: int = 0) -> int | None:
    """Some of those that nobody follows; the last looked at, None once all are."""
    found, rules = await access.nobodys(after, AT_ONCE), await _rules()
    for lead_id in found:
        await _assign(await leads.lead(lead_id), rules, tells=True)
    return found[-1] if len(found) == AT_ONCE else None


async def _rules() -> list[Rule]:
    return [access.rule_of(row) for row in await access.rule_rows()]


async def _assign(lead: db.Row, rules: Sequence[Rule], *, tells: bool) -> None:
    facts = await access.facts_of(lead["id"])
    if lead["sales_user_id"] not in (None, facts["contact"]):
        return
    house = await access.house(rules)
    decision = decide(facts, rules, house, facts["contact"], facts["default"])
    if decision and decision.rule and decision.rule.choice == Choice.IN_TURN:
        held = [await _hold(rule) if rule.id == decision.rule.id else rule for rule in rules]
        decision = decide(facts, held, house, facts["contact"], facts["default"])
    if decision:
        await _follow(lead, decision, tells)


async def _hold(rule: Rule) -> Rule:
    """Whose turn it was last, held until the deed is done: of two at once the second sees what the first took."""
    last = await db.value("SELECT last_user_id FROM assignment_rule WHERE id = $1 FOR NO KEY UPDATE", rule.id)
    return replace(rule, last_user=last)


async def _follow(lead: db.Row, decision: Decision, tells: bool) -> None:
    rule = decision.rule
    if rule and rule.choice == Choice.IN_TURN:
        turn = decision.for_user or decision.user
        await db.execute("UPDATE assignment_rule SET last_user_id = $2 WHERE id = $1", rule.id, turn)
    await assign(
        lead, decision.user, why=decision.why, rule_id=rule.id if rule else None, for_user=decision.for_user,
        tells_colleagues=tells,
    )  # fmt: skip
