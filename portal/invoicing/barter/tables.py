"""Barters; their papers stand among the other papers. Append-only."""

from piccolo.columns import BigInt, BigSerial, Date, Timestamptz
from piccolo.table import Table


class Barter(Table, tablename="barter"):
    id = BigSerial(primary_key=True)
    order_id = BigInt(unique=True)  # → reward_order
    legal_entity_id = BigInt()
    referrer_id = BigInt()
    value_cents = BigInt()
    made_on = Date(default=None)
    made_at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)  # → app_user
