"""The catalogue, hearts and wishes, surveys."""

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


class Reward(Table, tablename="reward"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    legal_entity_id = BigInt()  # → legal_entity
    state = Text()
    kind = Text()
    nature = Text()
    title = Text()
    summary = Text()
    body = Text()
    supplier = Text()
    points = BigInt(null=True, default=None)
    price_cents = BigInt(null=True, default=None)
    packaging_cents = BigInt(null=True, default=None)
    shipping_cents = BigInt(null=True, default=None)
    vat_rate = Numeric(null=True, default=None)
    vat_cents = BigInt(null=True, default=None)
    stock = Integer(null=True, default=None)
    delivery_days = Integer(null=True, default=None)
    until = Date(null=True, default=None)
    tiers = Array(base_column=Text())
    segments = Array(base_column=Text())
    statuses = Array(base_column=Text())
    territories = Array(base_column=Text())
    public_agents = Boolean(default=True)
    for_referrer_id = BigInt(null=True, default=None)  # → referrer
    photo_file = BigInt(null=True, default=None)  # → stored_file
    thumb_file = BigInt(null=True, default=None)  # → stored_file
    made_at = Timestamptz(default=None)
    published_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class RewardWish(Table, tablename="reward_wish"):
    id = BigSerial(primary_key=True)
    reward_id = ForeignKey(Reward, null=False, on_delete=OnDelete.restrict)
    referrer_id = BigInt()  # → referrer
    wished_at = Timestamptz(default=None)
    tell = Boolean(default=False)
    told_at = Timestamptz(null=True, default=None)
    in_reach_told_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)


class OwnWish(Table, tablename="own_wish"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    referrer_id = BigInt()  # → referrer
    state = Text()
    title = Text()
    words = Text()
    link = Text()
    asked_at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)  # → app_user
    answered_at = Timestamptz(null=True, default=None)
    answered_by = BigInt(null=True, default=None)  # → app_user
    reason = Text()
    reward_id = ForeignKey(Reward, null=True, on_delete=OnDelete.restrict, unique=True)
    version = Integer(default=1)


class RewardSurvey(Table, tablename="reward_survey"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    question = Text()
    state = Text()
    opened_at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)  # → app_user
    until = Date(null=True, default=None)
    closed_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class RewardSurveyChoice(Table, tablename="reward_survey_choice"):
    """Append-only."""

    id = BigSerial(primary_key=True)
    survey_id = ForeignKey(RewardSurvey, null=False, on_delete=OnDelete.restrict)
    position = Integer()
    label = Text()


class RewardSurveyAnswer(Table, tablename="reward_survey_answer"):
    """Append-only: one of each referrer."""

    id = BigSerial(primary_key=True)
    survey_id = ForeignKey(RewardSurvey, null=False, on_delete=OnDelete.restrict)
    choice_id = ForeignKey(RewardSurveyChoice, null=False, on_delete=OnDelete.restrict)
    referrer_id = BigInt()  # → referrer
    at = Timestamptz(default=None)
