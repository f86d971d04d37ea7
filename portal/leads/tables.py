"""Recommendations, their moves and the words exchanged about them."""

from piccolo.columns import (
    JSONB,
    Array,
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
    Time,
    Timestamptz,
)
from piccolo.table import Table

from portal.kit.tables import reference


class ReferralLink(Table, tablename="referral_link"):
    """A referrer's own short address."""

    id = BigSerial(primary_key=True)
    code = Text(unique=True)
    referrer_id = BigInt()  # → referrer
    made_by = BigInt(null=True, default=None)  # → app_user
    made_at = Timestamptz(default=None)
    revoked_at = Timestamptz(null=True, default=None)


class Lead(Table, tablename="lead"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    external_id = Text(null=True, default=None, unique=True)
    referrer_id = BigInt()
    programme_id = BigInt()
    contract_id = BigInt(null=True, default=None)
    state = Text()
    company_name = Text()
    siren = Text()
    contact_name = Text()
    contact_email = Text()
    contact_phone = Text()
    need = Text()
    consent = Text()
    source = Text()
    estimate_cents = BigInt(null=True, default=None)
    recommended_on = Date(default=None)
    submitted_at = Timestamptz(default=None)
    answer_due_at = Timestamptz(null=True, default=None)
    accepted_at = Timestamptz(null=True, default=None)
    priority_until = Date(null=True, default=None)
    behind_lead_id = ForeignKey("self", null=True, on_delete=OnDelete.restrict, default=None)
    earns = Text(default="yes")
    sales_user_id = BigInt(null=True, default=None)
    reason = Text()
    moved_at = Timestamptz(default=None)
    version = Integer(default=1)
    link_id = ForeignKey(ReferralLink, null=True, on_delete=OnDelete.restrict, default=None)
    typed_by = BigInt(null=True, default=None)  # → app_user
    called_at = Timestamptz(null=True, default=None)
    heard_at = Timestamptz(null=True, default=None)
    call_asked_at = Timestamptz(null=True, default=None)
    call_wished = Text()
    objected_at = Timestamptz(null=True, default=None)
    erased_at = Timestamptz(null=True, default=None)
    postcode = Text()
    city = Text()
    country = Text(default="FR")
    said_at = Timestamptz(null=True, default=None)
    asked_at = Timestamptz(null=True, default=None)
    nudged_at = Timestamptz(null=True, default=None)
    nudge_due_at = Timestamptz(null=True, default=None)
    merged_into_id = ForeignKey("self", null=True, on_delete=OnDelete.restrict, default=None)
    claimed_on = Date(null=True, default=None)
    in_points = Boolean(null=True, default=None)


class LeadMove(Table, tablename="lead_move"):
    id = BigSerial(primary_key=True)
    lead_id = ForeignKey(Lead, null=False, on_delete=OnDelete.restrict)
    move = Text()
    from_state = Text()
    to_state = Text()
    reason = Text()
    by_user = BigInt(null=True, default=None)
    at = Timestamptz(default=None)
    on_day = Date(default=None)


class LeadNote(Table, tablename="lead_note"):
    id = BigSerial(primary_key=True)
    lead_id = ForeignKey(Lead, null=False, on_delete=OnDelete.restrict)
    author_id = BigInt()
    body = Text()
    shared = Boolean(default=False)
    at = Timestamptz(default=None)
    erased_at = Timestamptz(null=True, default=None)
    side = Text(default="staff")
    ref = reference(null=True, default=None, unique=True)
    salt = Bytea()
    corrected_at = Timestamptz(null=True, default=None)


class LeadNudge(Table, tablename="lead_nudge"):
    """A referrer asked for news."""

    id = BigSerial(primary_key=True)
    lead_id = ForeignKey(Lead, null=False, on_delete=OnDelete.restrict)
    by_user = BigInt()  # → app_user
    at = Timestamptz(default=None)
    due_at = Timestamptz(default=None)


class LeadDraft(Table, tablename="lead_draft"):
    """What somebody was typing when they left the page."""

    id = BigSerial(primary_key=True)
    referrer_id = BigInt()  # → referrer
    user_id = BigInt()  # → app_user
    typed = JSONB()
    kept_at = Timestamptz(default=None)


class ConsentProof(Table, tablename="consent_proof"):
    """Word for word what was agreed to."""

    id = BigSerial(primary_key=True)
    lead_id = ForeignKey(Lead, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    via = Text()
    words = Text()
    language = Text()
    sha256 = Bytea()
    subject_mac = Bytea()
    at = Timestamptz(default=None)


class Objection(Table, tablename="objection"):
    """Who does not want to be contacted, as a keyed hash."""

    id = BigSerial(primary_key=True)
    kind = Text()
    key = Bytea()
    at = Timestamptz(default=None)
    kept_until = Date(default=None)


class AssignmentRule(Table, tablename="assignment_rule"):
    """Which recommendations go to whom; the first that fits decides."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    position = Integer()
    name = Text()
    conditions = JSONB()
    choice = Text()
    last_user_id = BigInt(null=True, default=None)  # → app_user
    made_at = Timestamptz(default=None)
    retired_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class AssignmentRuleUser(Table, tablename="assignment_rule_user"):
    id = BigSerial(primary_key=True)
    rule_id = ForeignKey(AssignmentRule, null=False, on_delete=OnDelete.restrict)
    user_id = BigInt()  # → app_user
    position = Integer()


class Absence(Table, tablename="absence"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    user_id = BigInt()  # → app_user
    from_day = Date(default=None)
    until_day = Date(default=None)
    replaced_by = BigInt(null=True, default=None)  # → app_user
    made_by = BigInt(null=True, default=None)  # → app_user
    made_at = Timestamptz(default=None)
    called_off_at = Timestamptz(null=True, default=None)


class Handover(Table, tablename="handover"):
    """A portfolio changes hands, from a day."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    from_user = BigInt()  # → app_user
    on_day = Date(default=None)
    state = Text()
    tells = Boolean(default=False)
    message = Text()
    made_by = BigInt()  # → app_user
    made_at = Timestamptz(default=None)
    ended_at = Timestamptz(null=True, default=None)


class HandoverItem(Table, tablename="handover_item"):
    """One referrer of it, with what goes with them."""

    id = BigSerial(primary_key=True)
    handover_id = ForeignKey(Handover, null=False, on_delete=OnDelete.restrict)
    referrer_id = BigInt()  # → referrer
    to_user = BigInt()  # → app_user
    was_contact = Boolean(null=True, default=None)
    task_ids = Array(base_column=BigInt(), default=None)
    done_at = Timestamptz(null=True, default=None)
    undone_at = Timestamptz(null=True, default=None)


class LeadAssignment(Table, tablename="lead_assignment"):
    """A recommendation changed hands."""

    id = BigSerial(primary_key=True)
    lead_id = ForeignKey(Lead, null=False, on_delete=OnDelete.restrict)
    from_user = BigInt(null=True, default=None)  # → app_user
    to_user = BigInt(null=True, default=None)  # → app_user
    why = Text()
    rule_id = ForeignKey(AssignmentRule, null=True, on_delete=OnDelete.restrict, default=None)
    for_user = BigInt(null=True, default=None)  # → app_user
    handover_item_id = ForeignKey(HandoverItem, null=True, on_delete=OnDelete.restrict, default=None)
    by_user = BigInt(null=True, default=None)  # → app_user
    at = Timestamptz(default=None)


class SalesCall(Table, tablename="sales_call"):
    """One of the calls of a day, and what came of it."""

    id = BigSerial(primary_key=True)
    user_id = BigInt()  # → app_user
    why = Text()
    lead_id = ForeignKey(Lead, null=True, on_delete=OnDelete.restrict, default=None)
    referrer_id = BigInt()  # → referrer
    outcome = Text()
    again_on = Date(null=True, default=None)
    note = Text()
    on_day = Date(default=None)
    at = Timestamptz(default=None)
    erased_at = Timestamptz(null=True, default=None)


class LeadButton(Table, tablename="lead_button"):
    """A link in a mail to a colleague: what it opens has one effect, once."""

    id = BigSerial(primary_key=True)
    token_blind = Bytea(unique=True)
    user_id = BigInt()  # → app_user
    lead_id = ForeignKey(Lead, null=False, on_delete=OnDelete.restrict)
    held_by = BigInt(null=True, default=None)  # → app_user
    move_id = BigInt()  # the last when it was made
    made_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)
    used_for = Text()


class LeadReason(Table, tablename="lead_reason"):
    """Why a recommendation ends; those that came with the portal have no label of their own."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    move = Text()
    code = Text()
    label_fr = Text()
    label_en = Text()
    told_fr = Text()
    told_en = Text()
    position = Integer(default=0)
    active = Boolean(default=True)
    version = Integer(default=1)


class LeadField(Table, tablename="lead_field"):
    """What a programme asks beside the usual."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    programme_id = BigInt()  # → programme
    key = Text()
    label_fr = Text()
    label_en = Text()
    hint_fr = Text()
    hint_en = Text()
    kind = Text()
    choices = JSONB()
    required = Boolean(default=False)
    filled_by = Text()
    seen_by = Text()
    personal = Boolean(default=True)
    position = Integer(default=0)
    active = Boolean(default=True)
    version = Integer(default=1)


class LeadFieldValue(Table, tablename="lead_field_value"):
    """One answer, in the column of its kind; recommendation and field together are the primary key."""

    lead_id = BigInt(primary_key=True)  # → lead
    field_id = BigInt(primary_key=True)  # → lead_field
    text_value = Text(null=True, default=None)
    number_value = Numeric(null=True, default=None)
    cents_value = BigInt(null=True, default=None)
    day_value = Date(null=True, default=None)
    yes_value = Boolean(null=True, default=None)
    by_user = BigInt(null=True, default=None)  # → app_user
    at = Timestamptz(default=None)


class Task(Table, tablename="task"):
    """What somebody has to do by a day, about a recommendation, a deal or a referrer."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    lead_id = ForeignKey(Lead, null=True, on_delete=OnDelete.restrict, default=None)
    deal_id = BigInt(null=True, default=None)  # → deal
    referrer_id = BigInt(null=True, default=None)  # → referrer
    kind = Text()
    title = Text()
    user_id = BigInt(null=True, default=None)  # → app_user
    due_on = Date(default=None)
    due_time = Time(null=True, default=None)
    made_by = BigInt(null=True, default=None)  # → app_user
    made_at = Timestamptz(default=None)
    done_at = Timestamptz(null=True, default=None)
    done_by = BigInt(null=True, default=None)  # → app_user
    version = Integer(default=1)


class Attachment(Table, tablename="attachment"):
    """A quote, a plan, a photo."""

    id = BigSerial(primary_key=True)
    lead_id = ForeignKey(Lead, null=True, on_delete=OnDelete.restrict, default=None)
    deal_id = BigInt(null=True, default=None)  # → deal
    file_id = BigInt(null=True, default=None, unique=True)  # → stored_file
    shared = Boolean(default=False)
    given_by = BigInt()  # → app_user
    at = Timestamptz(default=None)
    removed_at = Timestamptz(null=True, default=None)
    removed_by = BigInt(null=True, default=None)  # → app_user


class LeadMerge(Table, tablename="lead_merge"):
    """Two recommendations of one prospect made one, until they are separated again."""

    id = BigSerial(primary_key=True)
    lead_id = ForeignKey(Lead, null=False, on_delete=OnDelete.restrict)
    into_id = ForeignKey(Lead, null=False, on_delete=OnDelete.restrict)
    was_state = Text()
    claimed_on = Date(null=True, default=None)
    priority_until = Date(null=True, default=None)
    at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)  # → app_user
    separated_at = Timestamptz(null=True, default=None)
    separated_by = BigInt(null=True, default=None)  # → app_user


class LeadView(Table, tablename="lead_view"):
    """Filters and order under a name."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    owner_id = BigInt()  # → app_user
    name = Text()
    place = Text()
    asked = JSONB()
    shared = Boolean()
    made_at = Timestamptz(default=None)
    version = Integer(default=1)


class LeadViewFirst(Table, tablename="lead_view_first"):
    """What somebody sees first at a place."""

    id = BigSerial(primary_key=True)
    user_id = BigInt()  # → app_user
    place = Text()
    view_id = ForeignKey(LeadView, null=False, on_delete=OnDelete.restrict)


class LeadBulk(Table, tablename="lead_bulk"):
    """Something done to many at once."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    by_user = BigInt()  # → app_user
    gesture = Text()
    notify = Boolean()
    done = Integer()
    refused = JSONB()
    at = Timestamptz(default=None)
