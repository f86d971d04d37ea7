"""Receipts, extensions of a priority, disputes, and what the public register said of a recommended company."""

from piccolo.columns import BigInt, BigSerial, Date, ForeignKey, Integer, OnDelete, Text, Timestamptz
from piccolo.table import Table

from portal.kit.tables import reference
from portal.leads.tables import Lead


class LeadReceipt(Table, tablename="lead_receipt"):
    lead_id = ForeignKey(Lead, null=False, on_delete=OnDelete.restrict, primary_key=True)
    code = Text()
    at = Timestamptz(default=None)


class CompanyCheck(Table, tablename="company_check"):
    id = BigSerial(primary_key=True)
    lead_id = ForeignKey(Lead, null=False, on_delete=OnDelete.restrict)
    result = Text()
    ended_on = Date(null=True, default=None)
    at = Timestamptz(default=None)


class LeadExtension(Table, tablename="lead_extension"):
    """An extension of a priority that was asked for, granted or refused."""

    id = BigSerial(primary_key=True)
    lead_id = ForeignKey(Lead, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    before = Date(null=True, default=None)
    until = Date(null=True, default=None)
    body = Text()
    by_user = BigInt(null=True, default=None)  # → app_user
    at = Timestamptz(default=None)
    erased_at = Timestamptz(null=True, default=None)


class Dispute(Table, tablename="dispute"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    lead_id = ForeignKey(Lead, null=False, on_delete=OnDelete.restrict)
    against_id = ForeignKey(Lead, null=True, on_delete=OnDelete.restrict, default=None)
    about = Text()
    refused_as = Text()
    state = Text()
    decision = Text()
    share_percent = Integer(null=True, default=None)
    opened_by = BigInt(null=True, default=None)  # → app_user
    opened_at = Timestamptz(default=None)
    due_at = Timestamptz(default=None)
    decided_by = BigInt(null=True, default=None)  # → app_user
    decided_at = Timestamptz(null=True, default=None)
    appeal_until = Date(null=True, default=None)
    appealed_lead_id = ForeignKey(Lead, null=True, on_delete=OnDelete.restrict, default=None)
    appealed_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class DisputeWord(Table, tablename="dispute_word"):
    """What who contests wrote, and what who decided noted; the words alone can be erased."""

    id = BigSerial(primary_key=True)
    dispute_id = ForeignKey(Dispute, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    decision = Text()
    share_percent = Integer(null=True, default=None)
    body = Text()
    author_id = BigInt(null=True, default=None)  # → app_user
    at = Timestamptz(default=None)
    erased_at = Timestamptz(null=True, default=None)
