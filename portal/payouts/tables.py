"""Runs of transfers, one line per referrer, and the papers that a line pays."""

from piccolo.columns import (
    BigInt,
    BigSerial,
    Boolean,
    Bytea,
    Date,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
)
from piccolo.table import Table

from portal.kit.tables import reference


class PayoutRun(Table, tablename="payout_run"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    number = Text(unique=True)
    legal_entity_id = BigInt()
    state = Text()
    executes_on = Date(default=None)
    digest = Bytea()
    prepared_by = BigInt()
    prepared_at = Timestamptz(default=None)
    approved_by = BigInt(null=True)
    approved_at = Timestamptz(null=True, default=None)
    sent_at = Timestamptz(null=True, default=None)
    settled_at = Timestamptz(null=True, default=None)
    settled_on = Date(null=True, default=None)
    cancelled_at = Timestamptz(null=True, default=None)
    file_id = BigInt(null=True)
    version = Integer(default=1)


class PayoutLine(Table, tablename="payout_line"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    run_id = ForeignKey(PayoutRun, null=False, on_delete=OnDelete.restrict)
    referrer_id = BigInt()
    bank_detail_id = BigInt()
    net_cents = BigInt()
    vat_cents = BigInt()
    total_cents = BigInt()
    end_to_end_id = Text(unique=True)
    state = Text()


class PayoutInvoice(Table, tablename="payout_invoice"):
    line_id = ForeignKey(PayoutLine, null=False, on_delete=OnDelete.restrict, primary_key=True)
    invoice_id = BigInt()
    released = Boolean(default=False)
