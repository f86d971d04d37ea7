"""How programmes count in points, lots of points, what became of them."""

from piccolo.columns import (
    Array,
    BigInt,
    BigSerial,
    Boolean,
    Date,
    ForeignKey,
    Integer,
    Numeric,
    OnDelete,
    Text,
    Timestamptz,
)
from piccolo.table import Table

from portal.kit.tables import reference


class ProgrammePoints(Table, tablename="programme_points"):
    programme_id = BigInt(primary_key=True)  # → programme
    one_fr = Text()
    many_fr = Text()
    one_en = Text()
    many_en = Text()
    worth_cents = Integer(default=100)
    valid_months = Integer(null=True, default=None)
    choice = Text(default="none")
    choosers = Array(base_column=Text())
    gifts = Boolean(default=False)
    version = Integer(default=1)


class PointTransfer(Table, tablename="point_transfer"):
    """Append-only."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    legal_entity_id = BigInt()  # → legal_entity
    from_id = BigInt()  # → referrer
    to_id = BigInt()  # → referrer
    kind = Text()
    points = BigInt()
    reason = Text()
    on_day = Date(default=None)
    at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)  # → app_user


class PointLot(Table, tablename="point_lot"):
    """Nothing of it changes but the day of its end, which is only ever put off."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    legal_entity_id = BigInt()  # → legal_entity
    referrer_id = BigInt()  # → referrer
    programme_id = BigInt()  # → programme
    earning_id = BigInt(null=True, default=None, unique=True)  # → earning
    transfer_id = ForeignKey(PointTransfer, null=True, on_delete=OnDelete.restrict)
    from_lot_id = ForeignKey("self", null=True, on_delete=OnDelete.restrict)
    points = BigInt()
    worth_cents = Integer()
    opened_on = Date(default=None)
    expires_on = Date(null=True, default=None)
    at = Timestamptz(default=None)


class PointMove(Table, tablename="point_move"):
    """Append-only: what became of the points of a lot."""

    id = BigSerial(primary_key=True)
    lot_id = ForeignKey(PointLot, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    points = BigInt()
    order_id = BigInt(null=True, default=None)  # → reward_order
    earning_id = BigInt(null=True, default=None)  # → earning
    transfer_id = ForeignKey(PointTransfer, null=True, on_delete=OnDelete.restrict)
    on_day = Date(default=None)
    at = Timestamptz(default=None)


class PointsProvision(Table, tablename="points_provision"):
    """Append-only: what the points still out will cost, as reckoned for a day."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    legal_entity_id = BigInt()  # → legal_entity
    on_day = Date(default=None)
    points = BigInt()
    reserved = BigInt()
    cost_cents = Numeric(digits=(12, 4))
    probability_percent = Numeric(digits=(5, 2))
    amount_cents = BigInt()
    before_cents = BigInt()
    reason = Text()
    at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)  # → app_user
