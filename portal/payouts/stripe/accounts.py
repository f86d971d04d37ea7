"""A referrer's account with Stripe: opened by them, and what Stripe says of it."""

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.payouts.stripe import access
from portal.payouts.stripe.client import connected
from portal.payouts.stripe.rules import Account
from portal.referrers.rules import Status

OF_A_PERSON = frozenset({Status.INDIVIDUAL, Status.MICRO, Status.PARTNER_EMPLOYEE})


async def opened(referrer: db.Row, status: str | None) -> Account:
    """Outside of any deed. The same key however often it is asked: one account a referrer."""
    async with connected() as stripe:
        return await stripe.open_account(
            f"entremise-{referrer['ref']}", email=referrer["email"], country=referrer["country"] or "FR",
            business_type="company" if status and status not in OF_A_PERSON else "individual", number=referrer["number"],
        )  # fmt: skip


async def look_at(account: str) -> Account:
    """Outside of any deed: as it stands with Stripe now, whatever the event said."""
    async with connected() as stripe:
        return await stripe.account(account)


async def keep(referrer_id: int, account: Account) -> None:
    """The first account stays; twice is once."""
    at = now()
    await db.execute(
        """INSERT INTO stripe_account (referrer_id, account, state, lacks, opened_at, checked_at)
           VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (referrer_id) DO NOTHING""",
        referrer_id, account.account, account.state, account.lacks, at,
    )  # fmt: skip
    await record("payouts.stripe_opened", "referrer", referrer_id)


async def take(account: Account) -> bool:
    """Whether it is one of ours."""
    known = await access.account_by(account.account)
    if known is None:
        return False
    await db.execute(
        "UPDATE stripe_account SET state = $2, lacks = $3, checked_at = $4 WHERE id = $1",
        known["id"], account.state, account.lacks, now(),
    )  # fmt: skip
    if known["state"] != account.state:
        await record(
            "payouts.stripe_account", "referrer", known["referrer_id"], was=known["state"], now=account.state
        )
    return True
