"""Gifts, who outside the network got them, and the lines of their VAT. Gifts and lines are append-only."""

from decimal import Decimal

from piccolo.columns import BigInt, BigSerial, Boolean, Date, ForeignKey, Numeric, OnDelete, Text, Timestamptz
from piccolo.table import Table

from portal.kit.tables import reference


class GiftOutsider(Table, tablename="gift_outsider"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    legal_entity_id = BigInt()
    name = Text()
    organisation = Text()
    recorded_at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)  # → app_user
    erased_at = Timestamptz(null=True, default=None)


class Gift(Table, tablename="gift"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    legal_entity_id = BigInt()
    referrer_id = BigInt(null=True, default=None)
    outsider_id = ForeignKey(GiftOutsider, null=True, on_delete=OnDelete.restrict)
    order_id = BigInt(null=True, default=None)  # → reward_order
    character = Text()
    nature = Text()
    sold = Boolean(default=False)
    advertising = Boolean(default=False)
    what = Text()
    given_on = Date(default=None)
    price_cents = BigInt()
    packaging_cents = BigInt()
    shipping_cents = BigInt()
    cost_cents = BigInt()  # generated
    value_cents = BigInt()
    vat_rate = Numeric(default=Decimal(0))
    vat_cents = BigInt()
    reason = Text()
    reverses_id = ForeignKey("self", null=True, on_delete=OnDelete.restrict)
    recorded_at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)  # → app_user


class GiftVat(Table, tablename="gift_vat"):
    id = BigSerial(primary_key=True)
    gift_id = ForeignKey(Gift, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    falls_on = Date(default=None)
    cents = BigInt()
    cause_id = ForeignKey(Gift, null=False, on_delete=OnDelete.restrict)
    year_cents = BigInt()
    threshold_cents = BigInt()
    figure = Text()
    at = Timestamptz(default=None)
