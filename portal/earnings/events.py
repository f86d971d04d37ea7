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


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimOpened(Event):
    """Also when it is opened again: an appeal."""

    claim_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimWritten(Event):
    """A word of either side, between question and answer."""

    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimAnswered(Event):
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentWaits(Event):
    """It is above the limit of one person."""

    adjustment_id: int
