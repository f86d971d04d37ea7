"""What happens to a referrer."""

from dataclasses import dataclass

from portal.kit.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferrerInvited(Event):
    referrer_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferrerApplied(Event):
    referrer_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferrerActivated(Event):
    referrer_id: int
