"""Won business: deals, shares, lines and why they changed, client invoices, client payments, cancellations."""

from decimal import Decimal

from piccolo.columns import (
    JSONB,
    Array,
    BigInt,
    BigSerial,
    Boolean,
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


class Deal(Table, tablename="deal"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    external_id = Text(null=True, default=None, unique=True)
    lead_id = BigInt()
    client_id = BigInt()
    legal_entity_id = BigInt()
    state = Text()
    title = Text()
    signed_on = Date(default=None)
    net_cents = BigInt()
    facts = JSONB(default="{}")
    created_at = Timestamptz(default=None)
    version = Integer(default=1)
    priority_ended_on = Date(null=True, default=None)
    earns = Boolean(default=True)


class DealShare(Table, tablename="deal_share"):
    """Deal and position together are the primary key."""

    deal_id = ForeignKey(Deal, null=False, on_delete=OnDelete.restrict, primary_key=True)
    position = Integer(primary_key=True)
    referrer_id = BigInt()
    contract_id = BigInt(null=True, default=None)
    weight = Numeric()
    in_points = Boolean(default=False)


class DealLine(Table, tablename="deal_line"):
    id = BigSerial(primary_key=True)
    deal_id = ForeignKey(Deal, null=False, on_delete=OnDelete.restrict)
    generation = Integer(default=1)
    position = Integer()
    product_id = BigInt(null=True, default=None)
    label = Text()
    net_cents = BigInt()
    cost_cents = BigInt(null=True, default=None)
    quantity = Numeric(default=Decimal(1))
    discount_rate = Numeric()
    since = Date(default=None)


class DealChange(Table, tablename="deal_change"):
    """Deal and generation together are the primary key."""

    deal_id = ForeignKey(Deal, null=False, on_delete=OnDelete.restrict, primary_key=True)
    generation = Integer(primary_key=True)
    kind = Text()
    corrects = Integer(null=True, default=None)
    on_day = Date(default=None)
    reason = Text()
    by_user = BigInt(null=True, default=None)
    at = Timestamptz(default=None)


class ClientInvoice(Table, tablename="client_invoice"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    external_id = Text(null=True, default=None, unique=True)
    deal_id = ForeignKey(Deal, null=False, on_delete=OnDelete.restrict)
    number = Text()
    issued_on = Date(default=None)
    net_cents = BigInt()
    vat_cents = BigInt()
    total_cents = BigInt()
    line_positions = Array(base_column=Integer())
    vat_by_rate = JSONB(default="[]")
    at = Timestamptz(default=None)


class ClientCredit(Table, tablename="client_credit"):
    """What a client owes less: a credit note of an invoice, or the discount of who pays early."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    external_id = Text(null=True, default=None, unique=True)
    client_invoice_id = ForeignKey(ClientInvoice, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    number = Text()
    issued_on = Date(default=None)
    net_cents = BigInt()
    vat_cents = BigInt()
    total_cents = BigInt()
    reason = Text()
    by_user = BigInt(null=True, default=None)
    at = Timestamptz(default=None)


class ClientPayment(Table, tablename="client_payment"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    external_id = Text(null=True, default=None, unique=True)
    deal_id = ForeignKey(Deal, null=False, on_delete=OnDelete.restrict)
    client_invoice_id = ForeignKey(ClientInvoice, null=True, on_delete=OnDelete.restrict, default=None)
    kind = Text()
    paid_on = Date(default=None)
    total_cents = BigInt(null=True, default=None)
    net_cents = BigInt()
    refunds_id = ForeignKey("self", null=True, on_delete=OnDelete.restrict, default=None)
    cause = Text(default="client")
    line_positions = Array(base_column=Integer())
    counts_on = Date(default=None)
    warnings = Array(base_column=Text())
    source = Text()
    nature = Text(default="ordinary")
    reason = Text()
    corrects_id = ForeignKey("self", null=True, on_delete=OnDelete.restrict, default=None)
    client_credit_id = ForeignKey(ClientCredit, null=True, on_delete=OnDelete.restrict, default=None)
    by_user = BigInt(null=True, default=None)
    at = Timestamptz(default=None)


class DealCancellation(Table, tablename="deal_cancellation"):
    deal_id = ForeignKey(Deal, null=False, on_delete=OnDelete.restrict, primary_key=True)
    cancelled_on = Date(default=None)
    cause = Text()
    reason = Text()
    by_user = BigInt(null=True, default=None)
    at = Timestamptz(default=None)


class DealSharePast(Table, tablename="deal_share_past"):
    """Who had which part until the lines got this generation; the first three are the primary key."""

    deal_id = ForeignKey(Deal, null=False, on_delete=OnDelete.restrict, primary_key=True)
    until_generation = Integer(primary_key=True)
    position = Integer(primary_key=True)
    referrer_id = BigInt()
    weight = Numeric()


class IncomingPayment(Table, tablename="incoming_payment"):
    """Money that came in, as whoever brought it told it."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    external_id = Text(null=True, default=None, unique=True)
    source = Text()
    paid_on = Date(default=None)
    total_cents = BigInt(null=True, default=None)
    net_cents = BigInt(null=True, default=None)
    payer = Text()
    label = Text()
    invoice_number = Text()
    account_end = Text()
    nature = Text(default="ordinary")
    state = Text()
    words = Text()
    at = Timestamptz(default=None)
    version = Integer(default=1)


class IncomingMove(Table, tablename="incoming_move"):
    id = BigSerial(primary_key=True)
    incoming_id = ForeignKey(IncomingPayment, null=False, on_delete=OnDelete.restrict)
    move = Text()
    automatic = Boolean()
    reason = Text()
    by_user = BigInt(null=True, default=None)
    at = Timestamptz(default=None)


class IncomingPart(Table, tablename="incoming_part"):
    """A client payment that was made of it."""

    client_payment_id = ForeignKey(ClientPayment, null=False, on_delete=OnDelete.restrict, primary_key=True)
    incoming_id = ForeignKey(IncomingPayment, null=False, on_delete=OnDelete.restrict)
