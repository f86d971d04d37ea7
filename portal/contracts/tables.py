"""Published texts, contracts, the codes that sign them and the proof of who did."""

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
    OnDelete,
    Text,
    Timestamptz,
)
from piccolo.table import Table

from portal.kit.tables import reference


class ContractText(Table, tablename="contract_text"):
    """Append-only."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    key = Text()
    version = Text()
    status = Text()
    title = Text()
    sha256 = Bytea()
    body = Text()
    published_at = Timestamptz(default=None)
    stands_for = Text()
    published_by = BigInt(null=True, default=None)  # → app_user


class TextDraft(Table, tablename="text_draft"):
    """Being written; one for each text at a time."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    stands_for = Text(unique=True)
    started_from = ForeignKey(ContractText, null=False, on_delete=OnDelete.restrict)
    body = Text()
    effective_from = Date(null=True, default=None)
    changed_at = Timestamptz(default=None)
    changed_by = BigInt(null=True, default=None)  # → app_user
    version = Integer(default=1)


class TextWithdrawal(Table, tablename="text_withdrawal"):
    """Append-only."""

    text_id = ForeignKey(ContractText, null=False, on_delete=OnDelete.restrict, primary_key=True)
    at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)  # → app_user


class Contract(Table, tablename="contract"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    number = Text(unique=True)
    referrer_id = BigInt()  # → referrer
    legal_entity_id = BigInt()  # → legal_entity
    programme_id = BigInt()  # → programme
    plan_version_id = BigInt()  # → plan_version
    text_id = ForeignKey(ContractText, null=False, on_delete=OnDelete.restrict)
    joined_texts = Array(base_column=BigInt())
    state = Text()
    overrides = JSONB()
    filled = JSONB()
    html = Text()
    sha256 = Bytea()
    clauses = JSONB()
    priority_months = Integer()
    own_priority_months = Integer(null=True, default=None)
    self_billing = Boolean(default=False)
    starts_no_sooner = Date(null=True, default=None)
    starts_on = Date(null=True, default=None)
    ends_on = Date(null=True, default=None)
    on_paper = Boolean(default=False)
    vouched_by = BigInt(null=True, default=None)  # → app_user
    drafted_at = Timestamptz(default=None)
    sent_at = Timestamptz(null=True, default=None)
    expires_at = Timestamptz(null=True, default=None)
    signed_at = Timestamptz(null=True, default=None)
    signed_by = BigInt(null=True, default=None)  # → app_user
    countersigned_at = Timestamptz(null=True, default=None)
    countersigned_by = BigInt(null=True, default=None)  # → app_user
    refusal = Text()
    pdf_file = BigInt(null=True, default=None)  # → stored_file
    referrer_signatures = Integer(default=1)
    company_signatures = Integer(default=1)
    proof_file = BigInt(null=True, default=None)  # → stored_file
    paper_file = BigInt(null=True, default=None)  # → stored_file
    paper_signers = Text()
    vouched_at = Timestamptz(null=True, default=None)
    amends_id = BigInt(null=True, default=None)  # → contract
    original_id = BigInt(null=True, default=None)  # → contract
    rank = Integer(default=0)
    reason = Text()
    term_on = Date(null=True, default=None)
    version = Integer(default=1)


class ContractSignatory(Table, tablename="contract_signatory"):
    """Append-only."""

    id = BigSerial(primary_key=True)
    contract_id = ForeignKey(Contract, null=False, on_delete=OnDelete.restrict)
    user_id = BigInt()  # → app_user
    name = Text()
    capacity = Text()


class SignatureCode(Table, tablename="signature_code"):
    id = BigSerial(primary_key=True)
    contract_id = ForeignKey(Contract, null=False, on_delete=OnDelete.restrict)
    user_id = BigInt()  # → app_user
    code_hash = Bytea()
    document_sha256 = Bytea()
    sent_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    tries = Integer(default=0)
    used_at = Timestamptz(null=True, default=None)


class SignatureProof(Table, tablename="signature_proof"):
    """Append-only."""

    id = BigSerial(primary_key=True)
    contract_id = ForeignKey(Contract, null=False, on_delete=OnDelete.restrict)
    side = Text()
    user_id = BigInt()  # → app_user
    signer_name = Text()
    signer_email = Text()
    document_sha256 = Bytea()
    consent = Text()
    address = Text()
    agent = Text()
    capacity = Text()
    at = Timestamptz(default=None)


class PresealedSession(Table, tablename="presealed_session"):
    """Signed once by the company for an event."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    name = Text()
    programme_id = BigInt()  # → programme
    plan_version_id = BigInt()  # → plan_version
    statuses = Array(base_column=Text())
    opens_at = Timestamptz(default=None)
    closes_at = Timestamptz(default=None)
    most = Integer()
    signed = Integer(default=0)
    sales_user_id = BigInt(null=True, default=None)  # → app_user
    texts = JSONB()
    digest = Bytea()
    consent = Text()
    signed_by = BigInt()  # → app_user
    signed_at = Timestamptz(default=None)
    address = Text()
    agent = Text()
    closed_at = Timestamptz(null=True, default=None)
    closed_by = BigInt(null=True, default=None)  # → app_user
    version = Integer(default=1)


class PresealedContract(Table, tablename="presealed_contract"):
    contract_id = ForeignKey(Contract, null=False, on_delete=OnDelete.restrict, primary_key=True)
    session_id = ForeignKey(PresealedSession, null=False, on_delete=OnDelete.restrict)
    place = Integer(null=True, default=None)
    begun_at = Timestamptz(default=None)
    signed_at = Timestamptz(null=True, default=None)


class ContractNotice(Table, tablename="contract_notice"):
    """What one side tells the other about a contract that stands."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    contract_id = ForeignKey(Contract, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    side = Text()
    state = Text()
    reason = Text()
    given_at = Timestamptz(default=None)
    given_by = BigInt(null=True, default=None)  # → app_user
    until = Date(null=True, default=None)
    settled_at = Timestamptz(null=True, default=None)
    text_id = ForeignKey(ContractText, null=True, on_delete=OnDelete.restrict)
    filled = JSONB()
    html = Text()
    pdf_file = BigInt(null=True, default=None)  # → stored_file


class AmendmentRound(Table, tablename="amendment_round"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    programme_id = BigInt()  # → programme
    plan_version_id = BigInt()  # → plan_version
    effective_on = Date()
    newest_text = Boolean(default=False)
    reason = Text()
    asked_at = Timestamptz(default=None)
    asked_by = BigInt(null=True, default=None)  # → app_user
    total = Integer()
    after_id = BigInt(default=0)
    finished_at = Timestamptz(null=True, default=None)


class AmendmentRoundContract(Table, tablename="amendment_round_contract"):
    round_id = ForeignKey(AmendmentRound, null=False, on_delete=OnDelete.restrict)
    contract_id = ForeignKey(Contract, null=False, on_delete=OnDelete.restrict, primary_key=True)
    amendment_id = BigInt(null=True, default=None)  # → contract
    left_out = Text()
