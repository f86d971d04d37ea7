"""Accounts with Stripe, and what was asked of it: one living attempt a line."""

from piccolo.columns import BigInt, BigSerial, ForeignKey, Integer, OnDelete, Text, Timestamptz
from piccolo.table import Table

from portal.payouts.tables import PayoutLine


class StripeAccount(Table, tablename="stripe_account"):
    id = BigSerial(primary_key=True)
    referrer_id = BigInt(unique=True)
    account = Text(unique=True)
    state = Text()
    lacks = Integer(default=0)
    opened_at = Timestamptz(default=None)
    checked_at = Timestamptz(default=None)


class StripeTransfer(Table, tablename="stripe_transfer"):
    id = BigSerial(primary_key=True)
    line_id = ForeignKey(PayoutLine, null=False, on_delete=OnDelete.restrict)
    attempt = Integer()
    key = Text(unique=True)
    account = Text()
    amount_cents = BigInt()
    state = Text()
    transfer = Text(null=True, unique=True)
    code = Text(default="")
    tries = Integer(default=0)
    reversed_cents = BigInt(default=0)
    written_at = Timestamptz(default=None)
    first_asked_at = Timestamptz(null=True, default=None)
    next_try_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)
