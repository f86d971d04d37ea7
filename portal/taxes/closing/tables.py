"""Closings of years, what each was paid and given."""

from piccolo.columns import (
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


class YearClosing(Table, tablename="year_closing"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    legal_entity_id = BigInt()
    year = Integer()
    state = Text()
    opened_at = Timestamptz(default=None)
    controlled_by = BigInt(null=True)
    controlled_at = Timestamptz(null=True, default=None)
    digest = Bytea(null=True, default=None)
    closed_by = BigInt(null=True)
    closed_at = Timestamptz(null=True, default=None)
    alone = Boolean(default=False)
    version = Integer(default=1)


class YearClosingLine(Table, tablename="year_closing_line"):
    """Append-only."""

    closing_id = ForeignKey(YearClosing, null=False, on_delete=OnDelete.restrict, primary_key=True)
    referrer_id = BigInt()
    status = Text()
    payments = Integer()
    net_cents = BigInt()
    vat_cents = BigInt()
    benefits = Integer()
    benefits_cents = BigInt()
