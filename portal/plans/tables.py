"""Products, programmes, plans and their versions; objectives, campaigns, the client's advantage, trials."""

from piccolo.columns import (
    JSONB,
    BigInt,
    BigSerial,
    Boolean,
    Bytea,
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


class Product(Table, tablename="product"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    key = Text(unique=True)
    name = Text()
    category = Text()
    kind = Text(default="one_off")
    active = Boolean(default=True)
    version = Integer(default=1)


class ProductCategory(Table, tablename="product_category"):
    """What plans name by its key; the label may change."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    key = Text(unique=True)
    label = Text()
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
    budget_cents = BigInt(null=True, default=None)
    prospects = Text(default="business")
    version = Integer(default=1)
    default_sales_id = BigInt(null=True, default=None)  # → app_user


class Plan(Table, tablename="plan"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    name = Text(unique=True)
    programme_id = ForeignKey(Programme, null=False, on_delete=OnDelete.restrict)
    notice_days = Integer(default=30)


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
    version = Integer(default=1)


class PlanExample(Table, tablename="plan_example"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    plan_id = ForeignKey(Plan, null=False, on_delete=OnDelete.restrict)
    facts = JSONB()
    unit = Text()
    expected = BigInt()
    at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)  # → app_user
    dropped_at = Timestamptz(null=True, default=None)
    dropped_by = BigInt(null=True, default=None)  # → app_user


class PlanComparison(Table, tablename="plan_comparison"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    draft_id = ForeignKey(PlanVersion, null=False, on_delete=OnDelete.restrict)
    draft_digest = Bytea()
    against_id = ForeignKey(PlanVersion, null=False, on_delete=OnDelete.restrict)
    since = Date(default=None)
    until = Date(default=None)
    state = Text(default="waiting")
    deals = Integer(default=0)
    done = Integer(default=0)
    result = JSONB(default="{}")
    at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)  # → app_user
    ended_at = Timestamptz(null=True, default=None)


class PlanComparisonDeal(Table, tablename="plan_comparison_deal"):
    comparison_id = BigInt(primary_key=True)  # → plan_comparison
    deal_id = BigInt()  # → deal
    before = BigInt()
    after = BigInt()
    told = JSONB()
    refused = JSONB(null=True, default=None)


class ProgrammeObjective(Table, tablename="programme_objective"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    programme_id = ForeignKey(Programme, null=False, on_delete=OnDelete.restrict)
    measure = Text()
    target = BigInt()
    by_day = Date(default=None)
    at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)  # → app_user
    dropped_at = Timestamptz(null=True, default=None)


class CampaignRow(Table, tablename="campaign"):
    """Its key stands as the rule of what it adds."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    programme_id = ForeignKey(Programme, null=False, on_delete=OnDelete.restrict)
    key = Text(unique=True)
    name = Text()
    body = JSONB()
    spent_cents = BigInt(default=0)
    state = Text(default="drafted")
    notifies = Boolean(default=True)
    drafted_at = Timestamptz(default=None)
    drafted_by = BigInt(null=True, default=None)  # → app_user
    published_at = Timestamptz(null=True, default=None)
    published_by = BigInt(null=True, default=None)  # → app_user
    end_moved_at = Timestamptz(null=True, default=None)
    end_moved_by = BigInt(null=True, default=None)  # → app_user
    version = Integer(default=1)


class ClientAdvantage(Table, tablename="client_advantage"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    programme_id = ForeignKey(Programme, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    rate_percent = Numeric(digits=(5, 2), null=True, default=None)
    amount_cents = BigInt(null=True, default=None)
    text_fr = Text()
    text_en = Text()
    conditions_fr = Text()
    conditions_en = Text()
    until = Date(null=True, default=None)
    offered_at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)  # → app_user
    withdrawn_at = Timestamptz(null=True, default=None)


class AdvantageGrant(Table, tablename="advantage_grant"):
    id = BigSerial(primary_key=True)
    advantage_id = ForeignKey(ClientAdvantage, null=False, on_delete=OnDelete.restrict)
    deal_id = BigInt()  # → deal
    granted_on = Date(default=None)
    at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)  # → app_user
    taken_back_at = Timestamptz(null=True, default=None)


class PlanTrial(Table, tablename="plan_trial"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    programme_id = ForeignKey(Programme, null=False, on_delete=OnDelete.restrict)
    name = Text()
    version_a = ForeignKey(PlanVersion, null=False, on_delete=OnDelete.restrict)
    version_b = ForeignKey(PlanVersion, null=False, on_delete=OnDelete.restrict)
    share_b = Integer()
    seed = Text()
    opened_at = Timestamptz(default=None)
    opened_by = BigInt(null=True, default=None)  # → app_user
    closed_at = Timestamptz(null=True, default=None)
    closed_by = BigInt(null=True, default=None)  # → app_user
    chosen = Text(null=True, default=None)
    version = Integer(default=1)


class PlanTrialDraw(Table, tablename="plan_trial_draw"):
    """Append-only: who drew which plan keeps it."""

    trial_id = BigInt(primary_key=True)  # → plan_trial
    referrer_id = BigInt()  # → referrer
    arm = Text()
    at = Timestamptz(default=None)
