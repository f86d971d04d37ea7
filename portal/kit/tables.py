"""What the kit itself keeps: deeds done once, files named by a row."""

from piccolo.columns import BigInt, BigSerial, Bytea, JSONB, Text, Timestamptz
from piccolo.table import Table


class DeedOnce(Table, tablename="deed_once"):
    actor = Text()
    route = Text()
    key = Text(primary_key=True)
    digest = Bytea()
    answer = JSONB()
    at = Timestamptz(default=None)


class StoredFile(Table, tablename="stored_file"):
    id = BigSerial(primary_key=True)
    ref = Text()
    store = Text()
    key = Text()
    sha256 = Bytea()
    size = BigInt()
    media_type = Text()
    name = Text()
    subject_kind = Text()
    subject_id = BigInt()
    uploaded_by = BigInt(null=True, default=None)
    at = Timestamptz(default=None)
    erased_at = Timestamptz(null=True, default=None)
