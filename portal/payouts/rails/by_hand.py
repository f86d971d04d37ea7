"""Paid by a person, by cheque or on the bank's own site: nothing goes out from here, each line is proved."""

from collections.abc import Mapping, Sequence

from portal.payouts.rails.rail import Rail, Where
from portal.payouts.rails.rules import RailName


async def where(referrer_ids: Sequence[int]) -> Mapping[int, Where]:
    """A cheque needs no account."""
    return {referrer_id: Where() for referrer_id in referrer_ids}


HAND = Rail(name=RailName.HAND, where=where)
