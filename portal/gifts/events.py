"""What happens to points, to orders of rewards and to gifts."""

from dataclasses import dataclass

from portal.kit.events import Event

# Orders of rewards


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardOrdered(Event):
    order_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardApproved(Event):
    """For good: its points are spent."""

    order_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardRefused(Event):
    order_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardSent(Event):
    """On its way, or its code may be read: it is given on this day."""

    order_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardReceived(Event):
    order_id: int


# Gifts


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftTakenBack(Event):
    """Its line of the register was cancelled by another."""

    gift_id: int


# Rewards


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardAvailable(Event):
    """It can be ordered now and could not be a moment ago."""

    reward_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WishMade(Event):
    """A referrer described what they would like."""

    wish_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WishAnswered(Event):
    """Priced, or refused."""

    wish_id: int
