"""A call was made: what came of it is kept, and the call leaves the list of the day."""

from datetime import date

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.problems import Refused
from portal.kit.text import N_, _
from portal.leads import access, actions
from portal.leads.nudges.calls_rules import ABOUT_A_LEAD, OUTCOMES, Candidate
from portal.leads.rules import LeadState

LATER_WHEN = N_("Dites quel jour rappeler.")
NOT_PAST = N_("Choisissez un jour à venir.")


async def log(call: Candidate, outcome: str, note: str, again_on: date | None) -> None:
    """A word about a recommendation stands on its page, between colleagues. Whoever was reached was contacted."""
    if outcome == "later" and again_on is None:
        raise Refused("again_missing", LATER_WHEN)
    if outcome == "later" and again_on and again_on <= today():
        raise Refused("again_past", NOT_PAST)
    lead = await access.lead(call.lead_id) if call.lead_id else None
    about_lead = lead is not None and call.why in ABOUT_A_LEAD
    await db.insert(
        "sales_call",
        user_id=current().actor.user_id, why=call.why, lead_id=call.lead_id if about_lead else None,
        referrer_id=call.referrer_id, outcome=outcome, again_on=again_on if outcome == "later" else None,
        note="" if about_lead else note, on_day=today(), at=now(),
    )  # fmt: skip
    await record("leads.called", "lead" if about_lead else "referrer", call.lead_id if about_lead and call.lead_id else call.referrer_id, outcome=outcome)  # fmt: skip
    if lead is not None and about_lead:
        await _on_its_page(lead, outcome, note, reached_prospect=call.name != call.referrer)


async def _on_its_page(lead: db.Row, outcome: str, note: str, *, reached_prospect: bool) -> None:
    said = _(OUTCOMES[outcome]).rstrip("…")
    await actions.note(lead, f"{said}. {note}".strip(), shared=False)
    if outcome == "reached" and reached_prospect and lead["state"] == LeadState.ACCEPTED:
        await actions.move(lead, "contact")


async def erase_of(user_id: int) -> None:
    """What was noted about a referrer who asks to be forgotten."""
    await db.execute(
        """UPDATE sales_call SET note = '', erased_at = $2 WHERE erased_at IS NULL AND referrer_id IN (
             SELECT referrer_id FROM membership WHERE user_id = $1 AND seat = 'owner')""",
        user_id, now(),
    )  # fmt: skip
