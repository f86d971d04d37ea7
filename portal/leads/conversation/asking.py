"""A referrer asks: for news after days of silence, or a question; and what counts as the answer."""

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.problems import Refused
from portal.kit.text import N_, day
from portal.leads.conversation.rules import Side, may_nudge, nudge_opens_on
from portal.leads.events import LeadMoved, LeadNoted, LeadNudged
from portal.leads.rules import BY_NAME, ENDED, LeadState, answer_due

TOO_EARLY = N_("Les dernières nouvelles sont récentes : vous pourrez relancer à partir du %(day)s.")
NOTHING_AWAITED = N_("Il n'y a plus de nouvelles à attendre pour cette recommandation.")
# The outcome is told: nobody waits for an answer any more.
SETTLES = ENDED | {LeadState.WON, LeadState.MERGED}


async def nudge(lead: db.Row) -> None:
    """News is asked for, and an answer promised. Raises Refused before it is time, also to the second of two at once."""
    opens_on = nudge_opens_on(lead)
    if opens_on is None:
        raise Refused("nothing_awaited", NOTHING_AWAITED)
    if not may_nudge(lead, today()):
        raise Refused("too_early", TOO_EARLY, day=day(opens_on))
    due_at = answer_due(today(), lead["answer_days"])
    nudged = await db.execute(
        """UPDATE lead SET nudged_at = $2, nudge_due_at = $3 WHERE id = $1 AND state = $4 AND moved_at = $5
             AND said_at IS NOT DISTINCT FROM $6 AND nudged_at IS NOT DISTINCT FROM $7""",
        lead["id"], now(), due_at, lead["state"], lead["moved_at"], lead["said_at"], lead["nudged_at"],
    )  # fmt: skip
    if not nudged:
        raise Refused("just_changed", N_("Il vient de se passer quelque chose : rechargez la page."))
    nudge_id = await db.insert(
        "lead_nudge", lead_id=lead["id"], by_user=current().actor.user_id, at=now(), due_at=due_at
    )
    await record("leads.nudged", "lead", lead["id"], nudge=nudge_id)
    emit(LeadNudged(nudge_id=nudge_id, lead_id=lead["id"]))


async def close_question(lead: db.Row) -> None:
    """Answered by telephone, or nothing to answer. Harmless twice."""
    closed = await db.execute(
        "UPDATE lead SET asked_at = NULL, nudge_due_at = NULL WHERE id = $1 AND (asked_at IS NOT NULL OR nudge_due_at IS NOT NULL)",
        lead["id"],
    )
    if closed:
        await db.execute("UPDATE lead SET said_at = $2 WHERE id = $1", lead["id"], now())
        await record("leads.question_closed", "lead", lead["id"])


# A word of the company answers what was asked; one of the referrer waits from then on, unless one waits already.
ANSWERED = """
UPDATE lead SET said_at = note.at, asked_at = NULL, nudge_due_at = NULL FROM lead_note note
WHERE note.id = ANY ($1) AND note.side = $2 AND lead.id = note.lead_id
"""
ASKED = """
UPDATE lead SET asked_at = coalesce(lead.asked_at, note.at) FROM lead_note note
WHERE note.id = ANY ($1) AND note.side = $2 AND lead.id = note.lead_id
"""


async def note_words(events: list[LeadNoted]) -> None:
    notes = [event.note_id for event in events]
    await db.execute(ANSWERED, notes, Side.STAFF.value)
    await db.execute(ASKED, notes, Side.REFERRER.value)


async def note_moves(events: list[LeadMoved]) -> None:
    """A move is news; a question still wants its words, unless nobody is left who waits."""
    settled = [event.lead_id for event in events if BY_NAME[event.move].to in SETTLES]
    await db.execute(
        "UPDATE lead SET nudge_due_at = NULL WHERE id = ANY ($1) AND nudge_due_at IS NOT NULL",
        [event.lead_id for event in events],
    )
    await db.execute("UPDATE lead SET asked_at = NULL WHERE id = ANY ($1) AND asked_at IS NOT NULL", settled)
