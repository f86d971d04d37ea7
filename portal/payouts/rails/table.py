"""All the rails there are."""

from portal.payouts.rails.by_bank import SEPA
from portal.payouts.rails.by_hand import HAND
from portal.payouts.rails.rail import Rail
from portal.payouts.rails.rules import RailName
from portal.payouts.stripe.rail import STRIPE

RAILS: dict[RailName, Rail] = {rail.name: rail for rail in (SEPA, STRIPE, HAND)}


def rail(name: str) -> Rail:
    return RAILS[RailName(name)]
