"""The schema and its Piccolo tables are the same thing; money has no float, a reference is never deleted away."""

from piccolo.columns import ForeignKey
from piccolo.columns.base import OnDelete
from piccolo.table import Table

from portal.database import tables
from portal.kit import db

NOT_OURS = "name NOT LIKE 'pgqueuer%' AND name <> 'migration'"
COLUMNS = f"""
SELECT name, column_name, data_type, is_nullable = 'YES' AS may_be_null FROM (
  SELECT table_name::text AS name, column_name::text, data_type::text, is_nullable FROM information_schema.columns
  JOIN information_schema.tables USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
) columns WHERE {NOT_OURS}
"""
TYPES = {
    "Text": {"text", "USER-DEFINED"}, "Varchar": {"text", "character varying"}, "BigInt": {"bigint"}, "BigSerial": {"bigint"},
    "Integer": {"integer"}, "SmallInt": {"smallint"}, "Serial": {"integer"}, "Boolean": {"boolean"}, "Date": {"date"},
    "Time": {"time without time zone"}, "Timestamptz": {"timestamp with time zone"}, "JSONB": {"jsonb"}, "Bytea": {"bytea"}, "Numeric": {"numeric"},
    "ForeignKey": {"bigint", "integer", "text"}, "Array": {"ARRAY"}, "Interval": {"interval"},
}  # fmt: skip


async def schema() -> dict[str, dict[str, tuple[str, bool]]]:
    found: dict[str, dict[str, tuple[str, bool]]] = {}
    for row in await db.rows(COLUMNS):
        found.setdefault(row["name"], {})[row["column_name"]] = (row["data_type"], row["may_be_null"])
    return found


def drawn() -> dict[str, type[Table]]:
    return {table._meta.tablename: table for table in tables()}


async def test_no_column_is_a_float(base):
    floats = [
        f"{table}.{column}"
        for table, columns in (await schema()).items()
        for column, (data_type, _null) in columns.items()
        if data_type in ("real", "double precision", "money")
    ]
    assert floats == []


async def test_every_reference_restricts(base):
    loose = await db.rows(
        "SELECT conrelid::regclass::text AS name, conname FROM pg_constraint WHERE contype = 'f' AND confdeltype <> 'r'"
    )
    assert [row["conname"] for row in loose if not row["name"].startswith("pgqueuer")] == []


def test_every_foreign_key_of_a_table_class_restricts():
    loose = [
        f"{name}.{column._meta.name}"
        for name, table in drawn().items()
        for column in table._meta.foreign_key_columns
        if column._foreign_key_meta.on_delete != OnDelete.restrict
    ]
    assert loose == []


async def test_every_table_has_its_class(base):
    assert set(await schema()) - set(drawn()) == set()


async def test_no_class_draws_a_table_that_is_not_there(base):
    assert set(drawn()) - set(await schema()) == set()


async def test_classes_and_schema_have_the_same_columns(base):
    real = await schema()
    differing = [
        f"{name}: {sorted(set(real[name]) ^ {column._meta.db_column_name for column in table._meta.columns})}"
        for name, table in drawn().items()
        if name in real and set(real[name]) != {column._meta.db_column_name for column in table._meta.columns}
    ]
    assert differing == []


async def test_classes_and_schema_have_the_same_types(base):
    real = await schema()
    differing = [
        f"{name}.{column._meta.db_column_name}: {type(column).__name__} is {real[name][column._meta.db_column_name]}"
        for name, table in drawn().items()
        for column in table._meta.columns
        if column._meta.db_column_name in real.get(name, {})
        and not fits(
            type(column).__name__,
            isinstance(column, ForeignKey),
            *real[name][column._meta.db_column_name],
            column._meta.null,
        )
    ]
    assert differing == []


def fits(kind: str, is_reference: bool, data_type: str, may_be_null: bool, null: bool) -> bool:
    return data_type in TYPES["ForeignKey" if is_reference else kind] and may_be_null == null
