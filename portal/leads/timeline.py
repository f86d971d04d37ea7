"""What happened to a recommendation, in the order in which it happened and in words for who reads."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from portal.kit import db
from portal.kit.days import now
from portal.kit.rows import Row
from portal.kit.text import N_, _, deadline
from portal.leads.fields import reasons
from portal.leads.priority.rules import line_is_told
from portal.leads.rules import BY_NAME, LABELS, NEXT, TONES, LeadState

RECEIVED = N_("Recommandation reçue")
NUDGED = N_("L'apporteur demande des nouvelles")
NUDGED_TOLD = N_("Vous avez demandé des nouvelles")
ANSWER_LATE = N_("Réponse attendue depuis le %(day)s")
NEWS_PROMISED = N_("Réponse à votre relance avant le %(day)s")


@dataclass(frozen=True, slots=True)
class Moment:
    """As parts/timeline.html draws it."""

    when: datetime
    title: str
    text: str = ""
    who: str = ""
    tone: str = "plain"
    quote: bool = False


def moments(lead: Row, told: Iterable[db.Row], *, staff: bool) -> list[Moment]:
    """Moves, askings for news and private words; shared words stand in the conversation."""
    happened = [
        _happened(row, staff) for row in told if row["move"] != "word" and (staff or _is_told(row, lead))
    ]
    noted = [_noted(row) for row in told if row["move"] == "word" and not row["shared"]]
    return sorted([*happened, *noted, *_promised(lead)], key=lambda moment: moment.when)


def _is_told(row: db.Row, lead: Row) -> bool:
    """That somebody came before, and went, is told when answers are due."""
    return row["move"] != "advance" or line_is_told(lead, now())


def _happened(row: db.Row, staff: bool) -> Moment:
    return Moment(
        row["at"], _title(row, staff), text=_reason(row, staff), who=row["who"] or "",
        tone="wait" if row["move"] == "nudge" else TONES.get(row["to_state"], "plain"),
    )  # fmt: skip


def _reason(row: db.Row, staff: bool) -> str:
    """None was given, or it is none of the list."""
    if row["label_fr"] is None or not row["code"]:
        return ""
    return reasons.label(row) if staff else reasons.told(row)


def _title(row: db.Row, staff: bool) -> str:
    if row["move"] == "nudge":
        return _(NUDGED) if staff else _(NUDGED_TOLD)
    if row["move"] not in BY_NAME:
        return _(RECEIVED)
    told = BY_NAME[row["move"]].told
    return _(LABELS[row["to_state"]]) if staff or not told else _(told)


def _noted(row: db.Row) -> Moment:
    return Moment(row["at"], _("Note de l'équipe"), text=row["body"], who=row["who"], quote=True)


def _promised(lead: Row) -> Iterator[Moment]:
    if lead["state"] == LeadState.SUBMITTED:
        yield Moment(lead["answer_due_at"], _("Réponse attendue au plus tard"), tone="next")
    if lead["nudge_due_at"]:
        yield Moment(lead["nudge_due_at"], _("Nouvelles promises au plus tard"), tone="next")


def next_step(lead: Row) -> str:
    """What comes next, for the referrer; nothing once it is over."""
    if lead["nudge_due_at"]:
        return _(NEWS_PROMISED) % {"day": deadline(lead["nudge_due_at"])}
    said = NEXT.get(lead["state"])
    if lead["state"] == LeadState.SUBMITTED and lead["answer_due_at"] < now():
        said = ANSWER_LATE
    return _(said) % {"day": deadline(lead["answer_due_at"])} if said else ""
