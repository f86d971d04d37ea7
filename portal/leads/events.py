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
