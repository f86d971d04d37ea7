"""What happens to an earning."""

from dataclasses import dataclass

from portal.kit.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned(Event):
    """Also when something is taken back."""

    earning_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Released(Event):
    """Confirmed: it may go onto a paper."""

    earning_id: int
