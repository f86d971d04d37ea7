"""Who did what when, and the blocks that seal it. Append-only."""

from piccolo.columns import JSONB, BigInt, BigSerial, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table


class HistoryEvent(Table, tablename="history_event"):
    id = BigSerial(primary_key=True)
    at = Timestamptz(default=None)
    actor = Text()
    user_id = BigInt(null=True, default=None)
    what = Text()
    subject_kind = Text()
    subject_id = BigInt()
    data = JSONB()
    chain = Text(null=True, default=None)
    position = Integer(null=True, default=None)
    previous = Bytea(null=True, default=None)
    digest = Bytea(null=True, default=None)


class HistoryBlock(Table, tablename="history_block"):
    id = BigSerial(primary_key=True)
    first_event = BigInt()
    last_event = BigInt()
    events = Integer()
    previous = Bytea(null=True, default=None)
    digest = Bytea()
    at = Timestamptz(default=None)
