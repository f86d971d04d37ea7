"""All the rails there are."""

from portal.kit.text import _
from portal.payouts.rails.by_bank import SEPA
from portal.payouts.rails.by_hand import HAND
from portal.payouts.rails.rail import Rail
from portal.payouts.rails.rules import RAIL_HINTS, RAIL_LABELS, RailName
from portal.payouts.stripe.rail import STRIPE

RAILS: dict[RailName, Rail] = {rail.name: rail for rail in (SEPA, STRIPE, HAND)}


def offered() -> list[tuple[str, str, str]]:
    """Name, label, hint of each that may be chosen."""
    return [(name, _(RAIL_LABELS[name]), _(RAIL_HINTS[name])) for name, one in RAILS.items() if one.is_on()]


def rail(name: str) -> Rail:
    return RAILS[RailName(name)]
