"""What happens to a recommendation."""

from dataclasses import dataclass

from portal.kit.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadSubmitted(Event):
    lead_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadMoved(Event):
    lead_id: int
    move_id: int
    move: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadNoted(Event):
    """Somebody wrote for the other side to read."""

    note_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadNudged(Event):
    """Its referrer asks for news."""

    nudge_id: int
    lead_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EarnsDecided(Event):
    """An administrator said whether a recommendation dated before its contract earns."""

    lead_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProspectAnswered(Event):
    """On their own page: objected, call_asked or corrected."""

    lead_id: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadAssigned(Event):
    """Somebody else follows it from now on; whom whoever gave it wishes to be told."""

    assignment_id: int
    tells_colleagues: bool
    tells_referrer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionSaid(Event):
    """An extension of a priority was asked for, granted or refused."""

    extension_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeMoved(Event):
    """What somebody contested was opened, decided or appealed; `word_id`: what was written then."""

    dispute_id: int
    word_id: int
