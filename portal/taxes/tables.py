"""The year: sums that count for the contribution of employees of partners, papers that are kept."""

from piccolo.columns import (
    JSONB,
    BigInt,
    BigSerial,
    Boolean,
    Date,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
)
from piccolo.table import Table

from portal.kit.tables import reference


class ThirdPartySum(Table, tablename="third_party_sum"):
    """Append-only."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    legal_entity_id = BigInt()
    referrer_id = BigInt()
    year = Integer()
    kind = Text()
    fact_id = BigInt(null=True, default=None)
    on_day = Date(default=None)
    value_cents = BigInt()
    customary = Boolean()
    exempt_cents = BigInt()
    flat_cents = BigInt()
    ordinary_cents = BigInt()
    contribution_cents = BigInt()
    booked_cents = BigInt()
    figures = JSONB()
    at = Timestamptz(default=None)


class YearPaper(Table, tablename="year_paper"):
    """Append-only."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    legal_entity_id = BigInt()
    referrer_id = BigInt()
    year = Integer()
    kind = Text()
    turn = Integer()
    sum_id = ForeignKey(ThirdPartySum, null=True, default=None, on_delete=OnDelete.restrict)
    money_cents = BigInt()
    in_kind_cents = BigInt()
    figures = JSONB()
    file_id = BigInt()
    at = Timestamptz(default=None)
