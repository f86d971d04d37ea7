"""How large suppliers are, what the directory said, what went to the platform and came from it, what was told of purchases."""

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

from portal.invoicing.received.tables import ReceivedInvoice
from portal.invoicing.tables import Invoice
from portal.kit.tables import reference


class SupplierSize(Table, tablename="supplier_size"):
    id = BigSerial(primary_key=True)
    referrer_id = BigInt()
    size = Text()
    recorded_at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)


class DirectoryAnswer(Table, tablename="directory_answer"):
    id = BigSerial(primary_key=True)
    referrer_id = BigInt()
    number = Text()
    result = Text()
    address = Text()
    name = Text()
    asked_at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)


class VatReport(Table, tablename="vat_report"):
    """Purchases from abroad of one period, as told to the administration."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    legal_entity_id = BigInt()
    begins_on = Date(default=None)
    ends_on = Date(default=None)
    position = Integer()
    papers = Integer()
    net_cents = BigInt()
    xml = Bytea()
    made_at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)


class PlatformFlow(Table, tablename="platform_flow"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    direction = Text()
    content = Text()
    invoice_id = ForeignKey(Invoice, null=True, on_delete=OnDelete.restrict)
    report_id = ForeignKey(VatReport, null=True, on_delete=OnDelete.restrict)
    answers_id = ForeignKey("self", null=True, on_delete=OnDelete.restrict)
    code = Text()
    tracking_id = Text(null=True, default=None)
    external_id = Text(null=True, default=None)
    name = Text()
    body = Bytea(null=True, default=None)
    sha256 = Bytea(null=True, default=None)
    state = Text()
    fault = Text()
    tries = Integer(default=0)
    tried_at = Timestamptz(null=True, default=None)
    queued_at = Timestamptz(default=None)
    moved_at = Timestamptz(default=None)


class PlatformArrival(Table, tablename="platform_arrival"):
    flow_id = ForeignKey(PlatformFlow, null=False, on_delete=OnDelete.restrict, primary_key=True)
    received_id = ForeignKey(ReceivedInvoice, null=False, unique=True, on_delete=OnDelete.restrict)


class PaperStatus(Table, tablename="paper_status"):
    """What a platform told of a paper, or what we told."""

    id = BigSerial(primary_key=True)
    invoice_id = ForeignKey(Invoice, null=False, on_delete=OnDelete.restrict)
    flow_id = ForeignKey(PlatformFlow, null=False, on_delete=OnDelete.restrict)
    code = Text()
    said_at = Timestamptz(default=None)
    reason_code = Text()
    reason = Text()
    ours = Boolean(default=False)
    received_at = Timestamptz(default=None)


class PlatformHook(Table, tablename="platform_hook"):
    id = BigSerial(primary_key=True)
    external_id = Text(unique=True)
    key_sealed = Bytea()
    made_at = Timestamptz(default=None)
