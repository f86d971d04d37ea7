"""Recommendations, their moves and the words exchanged about them."""

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
