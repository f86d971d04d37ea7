"""What happened to a recommendation, in the order in which it happened and in words for who reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.kit import db
from portal.kit.text import N_, _, deadline
from portal.leads import access
from portal.leads.fields import reasons
from portal.leads.rules import BY_NAME, LABELS, NEXT, TONES, LeadState

RECEIVED = N_("Recommandation reçue")


@dataclass(frozen=True, slots=True)
class Moment:
    """As parts/timeline.html draws it."""

    when: datetime
    title: str
    text: str = ""
    who: str = ""
    tone: str = "plain"
    quote: bool = False


async def moments(lead: db.Row, *, staff: bool) -> list[Moment]:
    """Moves and words; a referrer reads what is told to them, and the shared words alone."""
    made = await access.moves_of(lead["id"])
    said = await reasons.words(staff=staff) if any(row["reason"] for row in made) else {}
    moves = [_moved(row, staff, said) for row in made]
    words = [_said(row, staff) for row in await access.notes_of(lead["id"], shared_only=not staff)]
    return sorted([*moves, *words, *_promised(lead)], key=lambda moment: moment.when)


def _moved(row: db.Row, staff: bool, said: Mapping[tuple[str, str], str]) -> Moment:
    return Moment(
        row["at"], _title(row, staff), text=said.get((row["move"], row["reason"]), ""), who=row["who"] or "",
        tone=TONES.get(row["to_state"], "plain"),
    )  # fmt: skip


def _title(row: db.Row, staff: bool) -> str:
    if row["move"] not in BY_NAME:
        return _(RECEIVED)
    told = BY_NAME[row["move"]].told
    return _(LABELS[row["to_state"]]) if staff or not told else _(told)


def _said(row: db.Row, staff: bool) -> Moment:
    title = N_("Note de l'équipe") if not row["shared"] else N_("Message partagé") if staff else N_("Message")
    return Moment(row["at"], _(title), text=row["body"], who=row["who"], quote=True)


def _promised(lead: db.Row) -> Iterator[Moment]:
    if lead["state"] == LeadState.SUBMITTED:
        yield Moment(lead["answer_due_at"], _("Réponse attendue au plus tard"), tone="next")


def next_step(lead: db.Row) -> str:
    """What comes next, for the referrer; nothing once it is over."""
    said = NEXT.get(lead["state"])
    return _(said) % {"day": deadline(lead["answer_due_at"])} if said else ""
