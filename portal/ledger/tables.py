"""The ledger's tables. Read only: what writes them is the function `ledger_post`."""

from piccolo.columns import (
    BigInt,
    BigSerial,
    Boolean,
    Bytea,
    Date,
    ForeignKey,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
)
from piccolo.table import Table


class LedgerRole(Table, tablename="ledger_role"):
    name = Text(primary_key=True)
    unit = Text()
    side = Text()
    floor_at_zero = Boolean()
    personal = Boolean()


class LedgerAccount(Table, tablename="ledger_account"):
    id = BigSerial(primary_key=True)
    code = Text(unique=True)
    role = ForeignKey(LedgerRole, null=False, on_delete=OnDelete.restrict)
    unit = Text()
    side = Text()
    floor_at_zero = Boolean()
    legal_entity_id = BigInt()
    referrer_id = BigInt(null=True)
    sums_into = Text()
    opened_at = Timestamptz(default=None)


class LedgerEntry(Table, tablename="ledger_entry"):
    id = BigSerial(primary_key=True)
    kind = Text()
    idempotency_key = Text(unique=True)
    digest = Bytea()
    occurred_on = Date(default=None)
    concerns_on = Date(null=True, default=None)
    recorded_at = Timestamptz(default=None)
    actor = Text()
    reason = Text()
    subject_kind = Text()
    subject_id = BigInt()
    reverses_id = ForeignKey("self", null=True, on_delete=OnDelete.restrict, unique=True)


class LedgerLine(Table, tablename="ledger_line"):
    entry_id = ForeignKey(LedgerEntry, null=False, on_delete=OnDelete.restrict, primary_key=True)
    position = SmallInt()
    account_id = ForeignKey(LedgerAccount, null=False, on_delete=OnDelete.restrict)
    unit = Text()
    amount = BigInt()


class LedgerBalance(Table, tablename="ledger_balance"):
    account_id = ForeignKey(LedgerAccount, null=False, on_delete=OnDelete.restrict, primary_key=True)
    balance = BigInt()


class LedgerDayTotal(Table, tablename="ledger_day_total"):
    code = Text(primary_key=True)
    day = Date(default=None)
    amount = BigInt()


class LedgerCursor(Table, tablename="ledger_cursor"):
    only = Boolean(primary_key=True)
    last_entry = BigInt()


class LedgerClosing(Table, tablename="ledger_closing"):
    id = BigSerial(primary_key=True)
    legal_entity_id = BigInt()
    closed_until = Date(default=None)
    actor = Text()
    at = Timestamptz(default=None)
