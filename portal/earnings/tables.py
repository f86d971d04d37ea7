"""Earnings, how they went on, and where the evaluation stands."""

from piccolo.columns import JSONB, BigInt, BigSerial, Date, ForeignKey, Integer, OnDelete, Text, Timestamptz
from piccolo.table import Table

from portal.kit.tables import reference


class Earning(Table, tablename="earning"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    key = Text(unique=True)
    legal_entity_id = BigInt()
    deal_id = BigInt(null=True)
    lead_id = BigInt(null=True)
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
    deal_id = BigInt(null=True)
    lead_id = BigInt(null=True)
    plan_key = Text()
    event = Text()
    at = Timestamptz(default=None)


class EarningDealState(Table, tablename="earning_deal_state"):
    deal_id = BigInt(primary_key=True)
    plan_key = Text()
    state = JSONB()
    refused = Text()


class EarningLeadState(Table, tablename="earning_lead_state"):
    lead_id = BigInt(primary_key=True)
    plan_key = Text()
    state = JSONB()


class EarningPeriodState(Table, tablename="earning_period_state"):
    referrer_id = BigInt(primary_key=True)
    plan_key = Text()
    state = JSONB()


class Claim(Table, tablename="claim"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    referrer_id = BigInt()
    earning_id = ForeignKey(Earning, null=True, on_delete=OnDelete.restrict, unique=True)
    deal_id = BigInt(null=True)
    lead_id = BigInt(null=True)
    reason = Text()
    state = Text()
    outcome = Text()
    opened_at = Timestamptz(default=None)
    due_at = Timestamptz(default=None)
    answered_by = BigInt(null=True)
    answered_at = Timestamptz(null=True, default=None)
    appealed_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class ClaimMessage(Table, tablename="claim_message"):
    id = BigSerial(primary_key=True)
    claim_id = ForeignKey(Claim, null=False, on_delete=OnDelete.restrict)
    author_id = BigInt()
    kind = Text()
    outcome = Text()
    body = Text()
    at = Timestamptz(default=None)
    told_at = Timestamptz(null=True, default=None)
    erased_at = Timestamptz(null=True, default=None)


class Adjustment(Table, tablename="adjustment"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    referrer_id = BigInt()
    deal_id = BigInt(null=True)
    lead_id = BigInt(null=True)
    contract_id = BigInt()
    earning_id = ForeignKey(Earning, null=True, on_delete=OnDelete.restrict)
    claim_id = ForeignKey(Claim, null=True, on_delete=OnDelete.restrict)
    message_id = ForeignKey(ClaimMessage, null=True, on_delete=OnDelete.restrict)
    unit = Text()
    amount = BigInt()
    reason = Text()
    state = Text()
    by_user = BigInt()
    at = Timestamptz(default=None)
    posted_id = ForeignKey(Earning, null=True, on_delete=OnDelete.restrict, unique=True)
