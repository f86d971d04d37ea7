"""Papers, their lines, their printed file, what the referrer said of them; the series of their numbers."""

from decimal import Decimal

from piccolo.columns import (
    JSONB,
    BigInt,
    BigSerial,
    Boolean,
    Bytea,
    Date,
    ForeignKey,
    Integer,
    Numeric,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
)
from piccolo.table import Table

from portal.kit.tables import reference


class NumberSeries(Table, tablename="number_series"):
    id = BigSerial(primary_key=True)
    legal_entity_id = BigInt()
    key = Text()
    prefix = Text()
    last = Integer(default=0)
    last_on = Date(null=True, default=None)


class Invoice(Table, tablename="invoice"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    legal_entity_id = BigInt()
    referrer_id = BigInt()
    contract_id = BigInt()
    kind = Text()
    type_code = Text()
    series_id = ForeignKey(NumberSeries, null=True, on_delete=OnDelete.restrict)
    series_position = Integer(null=True)
    number = Text()
    issued_on = Date(default=None)
    due_on = Date(default=None)
    net_cents = BigInt()
    vat_cents = BigInt()
    total_cents = BigInt()
    vat_regime = Text()
    vat_rate = Numeric(default=Decimal(0))
    vat_on_debits = Boolean()
    paper = JSONB()
    xml = Bytea(null=True, default=None)
    xml_sha256 = Bytea(null=True, default=None)
    credits_id = ForeignKey("self", null=True, on_delete=OnDelete.restrict)
    leaves_debt = Boolean()
    barter_id = BigInt(null=True, default=None)  # → barter: with its other paper nothing is left to pay
    sign = SmallInt()  # generated: how it counts in a sum
    withheld_cents = BigInt(default=0)
    mandate = Text(default="")
    issued_at = Timestamptz(default=None)
    by_user = BigInt(null=True)


class InvoiceLine(Table, tablename="invoice_line"):
    invoice_id = ForeignKey(Invoice, null=False, on_delete=OnDelete.restrict, primary_key=True)
    position = Integer()
    earning_id = BigInt()
    turn = Integer(default=1)  # odd: on a paper; even: taken off it
    follows = Integer(null=True)  # generated: the turn before
    net_cents = BigInt()
    vat_cents = BigInt()


class InvoiceFile(Table, tablename="invoice_file"):
    invoice_id = ForeignKey(Invoice, null=False, on_delete=OnDelete.restrict, primary_key=True)
    file_id = BigInt()
    at = Timestamptz(default=None)
    renderer = Text(default="")
    brand = JSONB()


class EmployerLetter(Table, tablename="employer_letter"):
    """What the employer of a partner's employee is told of a payment. Append-only."""

    invoice_id = ForeignKey(Invoice, null=False, on_delete=OnDelete.restrict, primary_key=True)
    file_id = BigInt()
    renderer = Text()
    brand = JSONB()
    at = Timestamptz(default=None)


class TacitMandate(Table, tablename="tacit_mandate"):
    """Few invoices a year, each expressly accepted. Append-only."""

    referrer_id = BigInt(primary_key=True)
    by_user = BigInt(null=True, default=None)
    at = Timestamptz(default=None)


class PaperToRectify(Table, tablename="paper_to_rectify"):
    """Its status or VAT regime turned out to be another, or a platform ended it: finance decides."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    standing_id = BigInt(null=True, default=None)  # → referrer_standing
    invoice_id = ForeignKey(Invoice, null=False, on_delete=OnDelete.restrict)
    cause = Text()
    state = Text()
    reason = Text()
    listed_at = Timestamptz(default=None)
    settled_by = BigInt(null=True, default=None)  # → app_user
    settled_at = Timestamptz(null=True, default=None)


class InvoiceAcceptance(Table, tablename="invoice_acceptance"):
    id = BigSerial(primary_key=True)
    invoice_id = ForeignKey(Invoice, null=False, on_delete=OnDelete.restrict)
    state = Text()
    reason = Text()
    by_user = BigInt(null=True)
    at = Timestamptz(default=None)
