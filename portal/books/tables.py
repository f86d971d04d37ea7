"""The books: arrêtés of months, accounts of referrers, numbers of entries, exports."""

from piccolo.columns import (
    JSONB,
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


class AuxiliaryAccount(Table, tablename="auxiliary_account"):
    referrer_id = BigInt(primary_key=True)
    code = Text(unique=True)


class JournalExport(Table, tablename="journal_export"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    legal_entity_id = BigInt()
    format = Text()
    first_on = Date(default=None)
    last_on = Date(default=None)
    only_new = Boolean()
    entries = Integer()
    debit_cents = BigInt()
    file_id = BigInt(null=True)
    by_user = BigInt()
    at = Timestamptz(default=None)


class JournalExported(Table, tablename="journal_exported"):
    """Append-only."""

    export_id = ForeignKey(JournalExport, null=False, on_delete=OnDelete.restrict, primary_key=True)
    ledger_entry_id = BigInt()


class JournalNumber(Table, tablename="journal_number"):
    """Append-only."""

    ledger_entry_id = BigInt(primary_key=True)
    legal_entity_id = BigInt()
    journal = Text()
    year = Text()
    number = Integer()


class ControlFile(Table, tablename="control_file"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    legal_entity_id = BigInt()
    referrer_id = BigInt(null=True)
    year = Integer(null=True)
    asked_by = BigInt()
    asked_at = Timestamptz(default=None)
    done = Integer(default=0)
    total = Integer()
    missing = JSONB(null=True, default=None)
    file_id = BigInt(null=True)
    keep_until = Date(default=None)


class PaperCopy(Table, tablename="paper_copy"):
    id = BigSerial(primary_key=True)
    referrer_id = BigInt()
    email = Text()
    by_user = BigInt(null=True, default=None)  # → app_user
    since = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)


class Settlement(Table, tablename="settlement"):
    """The arrêté of a company and a month."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    legal_entity_id = BigInt()
    month = Date(default=None)
    state = Text()
    opened_at = Timestamptz(default=None)
    controlled_by = BigInt(null=True)
    controlled_at = Timestamptz(null=True, default=None)
    digest = Bytea(null=True, default=None)
    closed_by = BigInt(null=True)
    closed_at = Timestamptz(null=True, default=None)
    alone = Boolean(default=False)
    version = Integer(default=1)


class SettlementDecision(Table, tablename="settlement_decision"):
    id = BigSerial(primary_key=True)
    settlement_id = ForeignKey(Settlement, null=False, on_delete=OnDelete.restrict)
    key = Text()
    outcome = Text()
    reason = Text()
    referrer_id = BigInt(null=True)
    legal_on = Date(null=True, default=None)
    by_user = BigInt()
    at = Timestamptz(default=None)


class SettlementAccrual(Table, tablename="settlement_accrual"):
    settlement_id = ForeignKey(Settlement, null=False, on_delete=OnDelete.restrict, primary_key=True)
    position = Integer()
    kind = Text()
    referrer_id = BigInt()
    net_cents = BigInt()
    vat_cents = BigInt()


class SettlementPack(Table, tablename="settlement_pack"):
    settlement_id = ForeignKey(Settlement, null=False, on_delete=OnDelete.restrict, primary_key=True)
    file_id = BigInt()
    at = Timestamptz(default=None)
