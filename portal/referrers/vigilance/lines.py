"""Where each thing that is asked stands: given, good, ending, missing; what waits for it and when it is asked again. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.law import Figures
from portal.referrers.vigilance.rules import Asked, Facts, Kind, Need, State, asked


@dataclass(frozen=True, slots=True)
class Paper:
    """What is on file of a kind; the latest given comes last."""

    kind: Kind
    state: State
    given_on: date
    until: date | None = None  # the earlier of its end and its next check
    reason: str = ""
    ref: str = ""


class Life(StrEnum):
    MISSING = "missing"
    RECEIVED = "received"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    ENDING = "ending"  # good, and soon to be renewed
    EXPIRED = "expired"


RENEWED_AHEAD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Line:
    """What is asked, and how far it has come. `covered`: something accepted is good that day."""

    asked: Asked
    life: Life
    covered: bool
    paper: Paper | None = None
    until: date | None = None

    @property
    def kind(self) -> Kind:
        return self.asked.kind

    @property
    def wanted(self) -> bool:
        """The referrer has to do something."""
        return self.life in (Life.MISSING, Life.REFUSED, Life.EXPIRED, Life.ENDING)


def line_of(asked_: Asked, papers: Iterable[Paper], day: date) -> Line:
    own = [paper for paper in papers if paper.kind is asked_.kind and paper.state is not State.REPLACED]
    accepted = [paper for paper in own if paper.state is State.ACCEPTED]
    good = max(accepted, key=lambda paper: paper.until or date.max, default=None)
    covered = good is not None and (good.until is None or day <= good.until)
    until = good.until if good else None
    latest = own[-1] if own else None
    if latest is None:
        return Line(asked_, Life.MISSING, covered=False)
    if latest.state is State.RECEIVED:
        return Line(asked_, Life.RECEIVED, covered, latest, until)
    if latest.state is State.REFUSED:
        return Line(asked_, Life.REFUSED, covered, latest, until)
    if not covered:
        return Line(asked_, Life.EXPIRED, covered=False, paper=good, until=until)
    life = Life.ENDING if until is not None and until - day <= RENEWED_AHEAD else Life.ACCEPTED
    return Line(asked_, life, covered=True, paper=good, until=until)


def file_of(facts: Facts, papers: Sequence[Paper], day: date, figures: Figures, by_hand: Iterable[Kind] = ()) -> list[Line]:  # fmt: skip
    """All that is asked that day, each with where it stands."""
    return [line_of(one, papers, day) for one in asked(facts, day, figures, by_hand)]


# The light beside a name


class Light(StrEnum):
    COMPLETE = "complete"
    TO_CHECK = "to_check"  # the company's turn
    WANTED = "wanted"  # the referrer's turn, nothing waits for it yet
    MISSING = "missing"  # required, and not there


LIGHT_TONES = {Light.COMPLETE: "good", Light.TO_CHECK: "note", Light.WANTED: "wait", Light.MISSING: "bad"}


def light_of(lines: Iterable[Line]) -> Light:
    lines = list(lines)
    if any(line.asked.need is Need.REQUIRED and not line.covered and line.wanted for line in lines):
        return Light.MISSING
    if any(line.life is Life.RECEIVED for line in lines):
        return Light.TO_CHECK
    return Light.WANTED if any(line.wanted for line in lines) else Light.COMPLETE


def light_by(*, received: int, wanted: int, late: int) -> Light:
    """The same by what was asked and has not come, where the lines are not read."""
    if late:
        return Light.MISSING
    if received:
        return Light.TO_CHECK
    return Light.WANTED if wanted else Light.COMPLETE


# What keeps a paper from being made

PAPERS_MISSING, PAPERS_TO_CHECK, OVER_LIMIT = "papers_missing", "papers_to_check", "over_limit"


def blocks_of(lines: Iterable[Line]) -> list[str]:
    """Only what the contract puts into the due date, and only once it is required. What was given and not yet looked
    at is the company's own delay: its contract says that the due date does not wait for it."""
    open_ = [
        line for line in lines if line.asked.holds and line.asked.need is Need.REQUIRED and not line.covered
    ]
    if any(line.life is not Life.RECEIVED for line in open_):
        return [PAPERS_MISSING]
    return [PAPERS_TO_CHECK] if open_ else []


def complete_since(lines: Iterable[Line]) -> date | None:
    """The day on which the last of what holds was given; None while one is still to come."""
    held = [line for line in lines if line.asked.holds and line.asked.need is Need.REQUIRED]
    days = [
        line.paper.given_on if line.paper and (line.covered or line.life is Life.RECEIVED) else None
        for line in held
    ]
    known = [day for day in days if day is not None]
    return max(known, default=None) if len(known) == len(days) else None


# When it is asked, and asked again

FIRST_ASKED = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Notice:
    """A mail about what is asked, this many days before the day by which it is wanted; None: at once."""

    code: str
    days_before: int | None


NOTICES = (Notice("asked", None), Notice("reminder", 7), Notice("last", 1), Notice("late", -1))


def wanted_by(line: Line, day: date) -> date:
    """A renewal by the end of what it renews, all else within three weeks."""
    ends = line.until
    return ends if line.life is Life.ENDING and ends is not None else day + FIRST_ASKED


def told_by(due_on: date, told: int, day: date) -> int:
    """How many of the NOTICES are to have been told by that day; never fewer than were."""
    reached = [
        place
        for place, notice in enumerate(NOTICES, 1)
        if notice.days_before is None or day >= due_on - timedelta(notice.days_before)
    ]
    return max(told, *reached)
