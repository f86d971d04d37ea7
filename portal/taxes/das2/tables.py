"""What the declaration asks, decides, draws and files. Append-only, but the birth date, which is erased."""

from piccolo.columns import (
    Array,
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


class BirthDate(Table, tablename="birth_date"):
    id = BigSerial(primary_key=True)
    referrer_id = BigInt(unique=True)
    born_on = Date(null=True, default=None)
    given_at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)


class Das2Asking(Table, tablename="das2_asking"):
    id = BigSerial(primary_key=True)
    legal_entity_id = BigInt()
    year = Integer()
    referrer_id = BigInt()
    lacks = Array(base_column=Text())
    asked_at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)


class Das2Decision(Table, tablename="das2_decision"):
    id = BigSerial(primary_key=True)
    legal_entity_id = BigInt()
    year = Integer()
    referrer_id = BigInt()
    declared = Boolean()
    reason = Text()
    decided_at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)


class Das2Run(Table, tablename="das2_run"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    legal_entity_id = BigInt()
    year = Integer()
    turn = Integer()
    rectifies_id = ForeignKey("self", null=True, default=None, on_delete=OnDelete.restrict)
    threshold_cents = BigInt()
    people = Integer()
    online = Integer()
    commissions_eur = BigInt()
    benefits_eur = BigInt()
    withheld_eur = BigInt()
    pays_wages = Boolean()
    contact = Text()
    phone = Text()
    email = Text()
    sha256 = Bytea()
    drawn_at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)


class Das2Line(Table, tablename="das2_line"):
    """Its primary key is the run and the position."""

    run_id = ForeignKey(Das2Run, null=False, on_delete=OnDelete.restrict, primary_key=True)
    position = Integer(primary_key=True)
    referrer_id = BigInt()
    status = Text()
    route = Text()
    commission_cents = BigInt()
    benefit_cents = BigInt()
    withheld_cents = BigInt()
    lacks = Array(base_column=Text())
    shortened = Array(base_column=Text())
    record_sha256 = Bytea(null=True, default=None)


class Das2Filing(Table, tablename="das2_filing"):
    id = BigSerial(primary_key=True)
    run_id = ForeignKey(Das2Run, null=False, on_delete=OnDelete.restrict, unique=True)
    filed_on = Date(default=None)
    receipt = Text()
    recorded_at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)
