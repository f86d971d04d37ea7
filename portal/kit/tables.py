"""What the kit itself keeps: deeds done once, files named by a row."""

from typing import Any

from piccolo.columns import JSONB, BigInt, BigSerial, Bytea, Text, Timestamptz
from piccolo.table import Table


def reference(**options: Any) -> Any:
    """The column `ref`, a row's name outside. Untyped on purpose: Piccolo's Table has a method of that name, which
    nobody calls here and which the column may well hide."""
    return Text(**options)


class DeedOnce(Table, tablename="deed_once"):
    actor = Text()
    route = Text()
    key = Text(primary_key=True)
    digest = Bytea()
    answer = JSONB()
    at = Timestamptz(default=None)


class StoredFile(Table, tablename="stored_file"):
    id = BigSerial(primary_key=True)
    ref = reference()
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
