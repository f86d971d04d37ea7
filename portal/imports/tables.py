"""Imports: the stored file, what came of its rows, what unusual columns mean."""

from piccolo.columns import (
    JSONB,
    BigInt,
    BigSerial,
    Boolean,
    Bytea,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
)
from piccolo.table import Table

from portal.kit.tables import reference


class ImportFile(Table, tablename="import_file"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    kind = Text()
    name = Text()
    sha256 = Bytea()
    file_id = BigInt(null=True, default=None)
    mapping = JSONB(default="{}")
    columns = JSONB(default="[]")
    options = JSONB(default="{}")
    state = Text()
    rows_read = Integer(default=0)
    rows_good = Integer(default=0)
    rows_faulty = Integer(default=0)
    rows_done = Integer(default=0)
    rows_added = Integer(default=0)
    by_user = BigInt(null=True, default=None)
    at = Timestamptz(default=None)
    read_at = Timestamptz(null=True, default=None)
    applied_at = Timestamptz(null=True, default=None)


class ImportFault(Table, tablename="import_fault"):
    id = BigSerial(primary_key=True)
    import_id = ForeignKey(ImportFile, null=False, on_delete=OnDelete.restrict)
    line = Integer()
    row_ref = Text()
    column_title = Text()
    value = Text()
    code = Text()
    params = JSONB(default="{}")
    warning = Boolean()
    while_taking = Boolean(default=False)


class ImportMapping(Table, tablename="import_mapping"):
    """Kind and title together are the primary key."""

    kind = Text(primary_key=True)
    title = Text(primary_key=True)
    field = Text()
    by_user = BigInt(null=True, default=None)
    at = Timestamptz(default=None)
