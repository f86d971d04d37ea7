"""Invoices that referrers sent."""

from piccolo.columns import (
    JSONB,
    Array,
    BigInt,
    BigSerial,
    Bytea,
    Date,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
)
from piccolo.table import Table

from portal.invoicing.tables import Invoice
from portal.kit.tables import reference


class ReceivedInvoice(Table, tablename="received_invoice"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    legal_entity_id = BigInt()
    referrer_id = BigInt()
    state = Text()
    format = Text()
    via = Text()
    file_id = BigInt()  # → stored_file
    sha256 = Bytea()
    xml = Bytea(null=True, default=None)
    told = JSONB()
    picked = Array(base_column=BigInt())
    expected = JSONB()
    differences = JSONB()
    number = Text()
    issued_on = Date(null=True, default=None)
    net_cents = BigInt(null=True, default=None)
    vat_cents = BigInt(null=True, default=None)
    total_cents = BigInt(null=True, default=None)
    earning_ids = Array(base_column=BigInt())
    invoice_id = ForeignKey(Invoice, null=True, unique=True, on_delete=OnDelete.restrict)
    received_by = BigInt(null=True, default=None)
    received_at = Timestamptz(default=None)
    compared_at = Timestamptz(null=True, default=None)
    decided_by = BigInt(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    reason_code = Text()
    reason = Text()
    version = Integer(default=1)
