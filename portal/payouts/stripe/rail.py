"""Stripe as one of the rails."""

from collections.abc import Mapping, Sequence

from portal.payouts.rails.rail import Rail, Where
from portal.payouts.rails.rules import RailName
from portal.payouts.stripe import access, outbox
from portal.payouts.stripe.rules import block
from portal.payouts.stripe.switch import is_on


async def where(referrer_ids: Sequence[int]) -> Mapping[int, Where]:
    """To the account that the referrer opened with Stripe, once Stripe has verified it."""
    if not is_on():
        return {referrer_id: Where("stripe_off") for referrer_id in referrer_ids}
    accounts = await access.accounts_of(referrer_ids)
    return {
        referrer_id: Where(block(account["state"]), destination=account["account"])
        if (account := accounts.get(referrer_id))
        else Where(block(None))
        for referrer_id in referrer_ids
    }


STRIPE = Rail(name=RailName.STRIPE, where=where, go=outbox.write, is_on=is_on)
