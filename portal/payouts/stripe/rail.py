"""Stripe as one of the rails."""

from collections.abc import Mapping, Sequence

from portal.payouts.rails.rail import Rail, Where
from portal.payouts.rails.rules import RailName


async def where(referrer_ids: Sequence[int]) -> Mapping[int, Where]:
    return {referrer_id: Where("stripe_off") for referrer_id in referrer_ids}


STRIPE = Rail(name=RailName.STRIPE, where=where)
