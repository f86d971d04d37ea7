"""What happens to years."""

from dataclasses import dataclass

from portal.kit.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class YearControlled(Event):
    closing_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class YearClosed(Event):
    closing_id: int
