"""A recommendation changes hands: who follows it from now on, and why. Each change is kept."""

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.problems import Refused, Stale
from portal.kit.text import N_
from portal.leads import access
from portal.leads.assignment.rules import Why
from portal.leads.events import LeadAssigned

NOT_SALES = N_("Cette personne ne suit pas de recommandations : choisissez un collègue des ventes.")


async def assign(
    lead: db.Row, user_id: int | None, *, why: str = Why.BY_HAND, rule_id: int | None = None,
    for_user: int | None = None, handover_item_id: int | None = None,
    tells_colleagues: bool = True, tells_referrer: bool = False,
) -> db.Row:  # fmt: skip
    """Give it to a colleague; `None`: to nobody. Whoever follows it already keeps it.

    `why` is a code of `rules.Why`; a rule that chose is kept even where it changes nothing.
    Raises Refused for somebody who does not sell, Stale when somebody else assigned it meanwhile."""
    before = lead["sales_user_id"]
    changes = before != user_id
    if not changes and rule_id is None:
        return lead
    if user_id is not None and not await sells(user_id):
        raise Refused("not_sales", NOT_SALES)
    if changes:
        await _give(lead, user_id)
    assignment_id = await db.insert(
        "lead_assignment",
        lead_id=lead["id"], from_user=before, to_user=user_id, why=Why(why).value, rule_id=rule_id,
        for_user=for_user, handover_item_id=handover_item_id, by_user=current().actor.user_id, at=now(),
    )  # fmt: skip
    await record(
        "leads.assigned", "lead", lead["id"], before=before, after=user_id, why=Why(why).value, rule=rule_id
    )
    if changes and (tells_colleagues or tells_referrer):
        emit(LeadAssigned(assignment_id=assignment_id, tells_colleagues=tells_colleagues, tells_referrer=tells_referrer))  # fmt: skip
    return await access.lead(lead["id"])


async def _give(lead: db.Row, user_id: int | None) -> None:
    given = await db.execute(
        """UPDATE lead SET sales_user_id = $2, version = version + 1
           WHERE id = $1 AND sales_user_id IS NOT DISTINCT FROM $3""",
        lead["id"], user_id, lead["sales_user_id"],
    )  # fmt: skip
    if not given:
        raise Stale("stale")


async def sells(user_id: int) -> bool:
    """An open account with the role of sales."""
    return await db.value(
        """SELECT EXISTS (SELECT FROM membership JOIN app_user ON app_user.id = membership.user_id
                          WHERE user_id = $1 AND role = 'sales' AND ended_at IS NULL AND app_user.state = 'active')""",
        user_id,
    )  # fmt: skip
