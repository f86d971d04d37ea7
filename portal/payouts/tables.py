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
    rail = Text(default="sepa")
    four_eyes = Boolean(default=True)


class PayoutLine(Table, tablename="payout_line"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    run_id = ForeignKey(PayoutRun, null=False, on_delete=OnDelete.restrict)
    referrer_id = BigInt()
    bank_detail_id = BigInt(null=True)
    net_cents = BigInt()
    vat_cents = BigInt()
    withheld_cents = BigInt(default=0)
    total_cents = BigInt()
    end_to_end_id = Text(unique=True)
    state = Text()
    settled_on = Date(null=True, default=None)
    came_back_on = Date(null=True, default=None)
    why = Text(default="")
    destination = Text(default="")


class PayoutInvoice(Table, tablename="payout_invoice"):
    line_id = ForeignKey(PayoutLine, null=False, on_delete=OnDelete.restrict, primary_key=True)
    invoice_id = BigInt()
    released = Boolean(default=False)


class PayoutShare(Table, tablename="payout_share"):
    line_id = ForeignKey(PayoutLine, null=False, on_delete=OnDelete.restrict, primary_key=True)
    position = Integer()
    payee_id = BigInt(null=True)
    name = Text()
    last4 = Text()
    amount_cents = BigInt()
    end_to_end_id = Text(unique=True)


class PayoutShareEnd(Table, tablename="payout_share_end"):
    id = BigSerial(primary_key=True)
    line_id = BigInt()
    position = Integer()
    arrived = Boolean()
    on_day = Date(default=None)
    why = Text(default="")
    by_user = BigInt(null=True)
    at = Timestamptz(default=None)


class PayoutSetOff(Table, tablename="payout_set_off"):
    line_id = ForeignKey(PayoutLine, null=False, on_delete=OnDelete.restrict, primary_key=True)
    credit_note_id = BigInt()
    invoice_id = BigInt()
    net_cents = BigInt()
    vat_cents = BigInt()
    letter = Text()


class PayoutLimit(Table, tablename="payout_limit"):
    id = BigSerial(primary_key=True)
    user_id = BigInt()
    line_cents = BigInt(null=True)
    run_cents = BigInt(null=True)
    by_user = BigInt()
    at = Timestamptz(default=None)


class PayoutDelegation(Table, tablename="payout_delegation"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    from_user = BigInt()
    to_user = BigInt()
    since = Date(default=None)
    until = Date(default=None)
    made_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)
    ended_by = BigInt(null=True)


class PayoutSignature(Table, tablename="payout_signature"):
    id = BigSerial(primary_key=True)
    run_id = ForeignKey(PayoutRun, null=False, on_delete=OnDelete.restrict)
    user_id = BigInt()
    for_user = BigInt(null=True)
    digest = Bytea()
    suffices = Boolean()
    at = Timestamptz(default=None)


class PayoutRailChoice(Table, tablename="payout_rail_choice"):
    id = BigSerial(primary_key=True)
    referrer_id = BigInt()
    rail = Text()
    since = Date(default=None)
    reason = Text(default="")
    by_user = BigInt()
    at = Timestamptz(default=None)


class HolderCheck(Table, tablename="holder_check"):
    id = BigSerial(primary_key=True)
    bank_detail_id = BigInt()
    line_id = ForeignKey(PayoutLine, null=True, on_delete=OnDelete.restrict)
    source = Text()
    result = Text()
    said = Text(default="")
    decision = Text()
    reason = Text(default="")
    by_user = BigInt()
    at = Timestamptz(default=None)


class HandPayment(Table, tablename="hand_payment"):
    id = BigSerial(primary_key=True)
    line_id = ForeignKey(PayoutLine, null=False, on_delete=OnDelete.restrict)
    position = Integer(null=True)
    way = Text()
    amount_cents = BigInt()
    paid_on = Date(default=None)
    reference = Text()
    file_id = BigInt()
    by_user = BigInt()
    at = Timestamptz(default=None)


class BankFile(Table, tablename="bank_file"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    legal_entity_id = BigInt()
    sha256 = Bytea(unique=True)
    file_id = BigInt(null=True)
    format = Text()
    message = Text()
    entries = Integer()
    income = Integer()
    foreign_statements = Integer()
    by_user = BigInt(null=True)
    at = Timestamptz(default=None)


class BankStatement(Table, tablename="bank_statement"):
    id = BigSerial(primary_key=True)
    bank_file_id = ForeignKey(BankFile, null=False, on_delete=OnDelete.restrict)
    position = Integer()
    message = Text()
    number = Text(default="")
    last4 = Text()
    opened_on = Date(null=True, default=None)
    opening_cents = BigInt(null=True)
    closed_on = Date(null=True, default=None)
    closing_cents = BigInt(null=True)
    moved_cents = BigInt()


class BankEntry(Table, tablename="bank_entry"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    external_id = Text(unique=True)
    bank_file_id = ForeignKey(BankFile, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    amount_cents = BigInt(null=True)
    currency = Text(default="EUR")
    said_on = Date(default=None)
    end_to_end_id = Text(default="")
    batch = Text(default="")
    transfers = Integer(null=True, db_column_name="count")
    reason = Text(default="")
    name = Text(default="")
    label = Text(default="")
    iban_blind = Bytea(null=True)
    last4 = Text(default="")
    state = Text()
    verdict = Text(default="")
    line_id = ForeignKey(PayoutLine, null=True, on_delete=OnDelete.restrict)
    run_id = ForeignKey(PayoutRun, null=True, on_delete=OnDelete.restrict)
    version = Integer(default=1)


class BankEntryMove(Table, tablename="bank_entry_move"):
    id = BigSerial(primary_key=True)
    bank_entry_id = ForeignKey(BankEntry, null=False, on_delete=OnDelete.restrict)
    move = Text()
    reason = Text(default="")
    by_user = BigInt(null=True)
    at = Timestamptz(default=None)
