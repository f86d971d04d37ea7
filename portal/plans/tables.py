"""Products, programmes, plans and their versions."""

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


class Product(Table, tablename="product"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    key = Text(unique=True)
    name = Text()
    category = Text()
    kind = Text(default="one_off")
    active = Boolean(default=True)
    version = Integer(default=1)


class Programme(Table, tablename="programme"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    name = Text(unique=True)
    legal_entity_id = BigInt()  # → legal_entity
    words = Text(default="apporteur")
    starts_on = Date(default=None)
    ends_on = Date(null=True, default=None)
    priority_months = Integer(default=6)
    answer_days = Integer(default=2)
    version = Integer(default=1)


class Plan(Table, tablename="plan"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    name = Text(unique=True)
    programme_id = ForeignKey(Programme, null=False, on_delete=OnDelete.restrict)


class PlanVersion(Table, tablename="plan_version"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    plan_id = ForeignKey(Plan, null=False, on_delete=OnDelete.restrict)
    number = Integer()
    body = JSONB()
    digest = Bytea()
    state = Text()
    effective_from = Date(null=True, default=None)
    created_at = Timestamptz(default=None)
    published_at = Timestamptz(null=True, default=None)
    by_user = BigInt(null=True, default=None)
