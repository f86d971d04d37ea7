"""Earnings, how they went on, and where the evaluation stands."""

from piccolo.columns import JSONB, BigInt, BigSerial, Date, ForeignKey, OnDelete, Text, Timestamptz
from piccolo.table import Table

from portal.kit.tables import reference


class Earning(Table, tablename="earning"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    key = Text(unique=True)
    legal_entity_id = BigInt()
    deal_id = BigInt()
    referrer_id = BigInt()
    contract_id = BigInt()
    plan_version_id = BigInt()
    client_payment_id = BigInt(null=True)
    cause = Text()
    rule = Text()
    clause = Text()
    unit = Text()
    base_cents = BigInt()
    amount = BigInt()
    occurred_on = Date(default=None)
    due_on = Date(default=None)
    takes_back_id = ForeignKey("self", null=True, on_delete=OnDelete.restrict)
    steps = JSONB()
    at = Timestamptz(default=None)


class EarningSettlement(Table, tablename="earning_settlement"):
    id = BigSerial(primary_key=True)
    earning_id = ForeignKey(Earning, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    document_kind = Text()
    document_id = BigInt()
    amount = BigInt()
    on_day = Date(default=None)
    at = Timestamptz(default=None)


class EarningFact(Table, tablename="earning_fact"):
    id = BigSerial(primary_key=True)
    deal_id = BigInt()
    plan_key = Text()
    event = Text()
    at = Timestamptz(default=None)


class EarningDealState(Table, tablename="earning_deal_state"):
    deal_id = BigInt(primary_key=True)
    plan_key = Text()
    state = JSONB()
    refused = Text()


class EarningPeriodState(Table, tablename="earning_period_state"):
    referrer_id = BigInt(primary_key=True)
    plan_key = Text()
    state = JSONB()
