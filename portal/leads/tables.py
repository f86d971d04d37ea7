"""Recommendations, their moves and the words exchanged about them."""

from piccolo.columns import (
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
