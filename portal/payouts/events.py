"""What happens to runs and their lines."""

from dataclasses import dataclass

from portal.kit.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPrepared(Event):
    run_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunApproved(Event):
    run_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSaid(Event):
    """A yes that does not suffice: above the limit of who said it."""

    run_id: int
    user_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSent(Event):
    run_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSettled(Event):
    line_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFailed(Event):
    line_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferTroubled(Event):
    """Stripe did not pay, or took back: finance decides."""

    run_id: int
    code: str
