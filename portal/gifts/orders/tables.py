"""Orders of rewards, what suppliers were told, codes of cards and who may read them."""

from decimal import Decimal

from piccolo.columns import (
    BigInt,
    BigSerial,
    Bytea,
    Date,
    ForeignKey,
    Integer,
    Numeric,
    OnDelete,
    Text,
    Timestamptz,
)
from piccolo.table import Table

from portal.kit.tables import reference


class SupplierExport(Table, tablename="supplier_export"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    legal_entity_id = BigInt()
    supplier = Text()
    orders = Integer()
    made_at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)


class RewardOrder(Table, tablename="reward_order"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    legal_entity_id = BigInt()
    referrer_id = BigInt()
    reward_id = BigInt()  # → reward
    state = Text()
    title = Text()
    supplier = Text()
    nature = Text()
    points = BigInt()
    price_cents = BigInt()
    packaging_cents = BigInt()
    shipping_cents = BigInt()
    vat_rate = Numeric(default=Decimal(0))
    vat_cents = BigInt()
    recipient = Text()
    street = Text()
    postcode = Text()
    city = Text()
    country = Text()
    phone = Text()
    requested_at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    decided_by = BigInt(null=True, default=None)
    reason_code = Text()
    reason = Text()
    export_id = ForeignKey(SupplierExport, null=True, on_delete=OnDelete.restrict)
    sent_at = Timestamptz(null=True, default=None)
    sent_by = BigInt(null=True, default=None)
    carrier = Text()
    tracking_number = Text()
    tracking_url = Text()
    missing_at = Timestamptz(null=True, default=None)
    received_at = Timestamptz(null=True, default=None)
    received_by = BigInt(null=True, default=None)
    version = Integer(default=1)


class CodeLoad(Table, tablename="code_load"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    reward_id = BigInt()
    loaded_at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)


class RewardCode(Table, tablename="reward_code"):
    id = BigSerial(primary_key=True)
    load_id = ForeignKey(CodeLoad, null=False, on_delete=OnDelete.restrict)
    reward_id = BigInt()
    code_sealed = Bytea()
    code_blind = Bytea(unique=True)
    pin_sealed = Bytea(null=True, default=None)
    last4 = Text()
    valid_until = Date(null=True, default=None)
    order_id = ForeignKey(RewardOrder, null=True, unique=True, on_delete=OnDelete.restrict)
    taken_out_at = Timestamptz(null=True, default=None)


class CodeReading(Table, tablename="code_reading"):
    id = BigSerial(primary_key=True)
    code_id = ForeignKey(RewardCode, null=False, on_delete=OnDelete.restrict)
    allowed_at = Timestamptz(default=None)
    allowed_by = BigInt(null=True, default=None)
    reason = Text()
    read_at = Timestamptz(null=True, default=None)
    read_by = BigInt(null=True, default=None)
