"""What happens to books."""

from dataclasses import dataclass

from portal.kit.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthControlled(Event):
    settlement_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthClosed(Event):
    settlement_id: int
