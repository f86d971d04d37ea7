"""Referrers, who they are in law from a day on, where they are paid, what they hand in."""

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
    SmallInt,
    Text,
    Timestamptz,
)
from piccolo.table import Table

from portal.kit.tables import reference


class Referrer(Table, tablename="referrer"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    number = Text(unique=True)
    legal_entity_id = BigInt()
    state = Text()
    first_name = Text()
    last_name = Text()
    company_name = Text()
    legal_form = Text()
    rcs_city = Text()
    siret = Text()
    vat_number = Text()
    street = Text()
    postcode = Text()
    city = Text()
    country = Text(default="FR")
    email = Text()
    phone = Text()
    electronic_address = Text()
    represented_by = Text()
    represented_as = Text()
    employer_name = Text()
    employer_position = Text()
    employer_siren = Text()
    employer_consent_file = BigInt(null=True, default=None)  # → stored_file
    sales_user_id = BigInt(null=True, default=None)  # → app_user
    alias_of = ForeignKey("self", null=True, on_delete=OnDelete.restrict, default=None)
    created_at = Timestamptz(default=None)
    signatures_needed = Integer(default=1)
    version = Integer(default=1)


class ReferrerStanding(Table, tablename="referrer_standing"):
    """What the law sees in them from a day on. Append-only."""

    id = BigSerial(primary_key=True)
    referrer_id = ForeignKey(Referrer, null=False, on_delete=OnDelete.restrict)
    since = Date(default=None)
    status = Text()
    vat_regime = Text()
    vat_on_debits = Boolean(default=False)
    source = Text()
    recorded_at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)
    proof_file = BigInt(null=True, default=None)  # → stored_file


class StandingConfirmation(Table, tablename="standing_confirmation"):
    """Asked each January, or near a ceiling, whether all that is on file still holds."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    referrer_id = ForeignKey(Referrer, null=False, on_delete=OnDelete.restrict)
    reason = Text()
    asked_on = Date(default=None)
    reminded = SmallInt(default=0)
    confirmed_at = Timestamptz(null=True, default=None)
    by_user = BigInt(null=True, default=None)  # → app_user


class RegisterAnswer(Table, tablename="register_answer"):
    """What a register answered. Append-only."""

    id = BigSerial(primary_key=True)
    referrer_id = ForeignKey(Referrer, null=False, on_delete=OnDelete.restrict)
    register = Text()
    number = Text()
    result = Text()
    consultation = Text()
    name = Text()
    address = Text()
    asked_at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)


class ElectronicAddress(Table, tablename="electronic_address"):
    """Where electronic invoices went. Append-only."""

    id = BigSerial(primary_key=True)
    referrer_id = ForeignKey(Referrer, null=False, on_delete=OnDelete.restrict)
    address = Text()
    recorded_at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)


class Payee(Table, tablename="payee"):
    """Who is paid in the place of the referrer."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    referrer_id = ForeignKey(Referrer, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    state = Text()
    name = Text()
    iban_sealed = Bytea()
    iban_blind = Bytea()
    last4 = Text()
    bic = Text()
    act = Text()
    since = Date(default=None)
    until = Date(null=True, default=None)
    ceiling_cents = BigInt(null=True, default=None)
    file_id = BigInt()  # → stored_file
    proposed_by = BigInt()  # → app_user
    proposed_at = Timestamptz(default=None)
    approved_by = BigInt(null=True, default=None)  # → app_user
    approved_at = Timestamptz(null=True, default=None)
    ended_by = BigInt(null=True, default=None)  # → app_user
    ended_at = Timestamptz(null=True, default=None)


class ReferrerTrait(Table, tablename="referrer_trait"):
    """Dated attributes that plans read. Append-only."""

    id = BigSerial(primary_key=True)
    referrer_id = ForeignKey(Referrer, null=False, on_delete=OnDelete.restrict)
    name = Text()
    value = Text()
    since = Date(default=None)
    recorded_at = Timestamptz(default=None)


class BankDetail(Table, tablename="bank_detail"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    referrer_id = ForeignKey(Referrer, null=False, on_delete=OnDelete.restrict)
    holder = Text()
    iban_sealed = Bytea()
    iban_blind = Bytea()
    last4 = Text()
    bic = Text()
    state = Text()
    proposed_at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)
    usable_from = Timestamptz(null=True, default=None)
    vouched_by = BigInt(null=True, default=None)  # → app_user
    replaced_at = Timestamptz(null=True, default=None)
    doubts = Array(base_column=Text())


class BankCode(Table, tablename="bank_code"):
    """A code mailed before an account is changed."""

    id = BigSerial(primary_key=True)
    referrer_id = ForeignKey(Referrer, null=False, on_delete=OnDelete.restrict)
    user_id = BigInt()  # → app_user
    code_hash = Bytea()
    sent_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    tries = Integer(default=0)
    used_at = Timestamptz(null=True, default=None)


class ReferrerDocument(Table, tablename="referrer_document"):
    """Handed in: a file, or a statement made by one click."""

    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    referrer_id = ForeignKey(Referrer, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    file_id = BigInt(null=True, default=None)  # → stored_file
    declared = Text()
    state = Text()
    given_at = Timestamptz(default=None)
    given_by = BigInt(null=True, default=None)  # → app_user
    issued_on = Date(null=True, default=None)
    valid_until = Date(null=True, default=None)
    next_check_on = Date(null=True, default=None)
    code = Text()
    checked_by = BigInt(null=True, default=None)  # → app_user
    checked_at = Timestamptz(null=True, default=None)
    reason = Text()
    version = Integer(default=1)


class DocumentRequest(Table, tablename="document_request"):
    id = BigSerial(primary_key=True)
    referrer_id = ForeignKey(Referrer, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    reason = Text()
    asked_at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)  # → app_user
    due_on = Date(default=None)
    told = SmallInt(default=0)
    closed_at = Timestamptz(null=True, default=None)


class ReferrerWatch(Table, tablename="referrer_watch"):
    """The figure of the day of whatever comes near a threshold."""

    id = BigSerial(primary_key=True)
    referrer_id = ForeignKey(Referrer, null=False, on_delete=OnDelete.restrict)
    what = Text()
    year = Integer()
    level = SmallInt()
    value = BigInt()
    ceiling = BigInt()
    figure = Text()
    since = Date(default=None)
    seen_on = Date(default=None)
    told = SmallInt(default=0)


class ReferrerTurnover(Table, tablename="referrer_turnover"):
    """What they say to have turned over elsewhere. Append-only."""

    id = BigSerial(primary_key=True)
    referrer_id = ForeignKey(Referrer, null=False, on_delete=OnDelete.restrict)
    year = Integer()
    cents = BigInt()
    at = Timestamptz(default=None)
    by_user = BigInt(null=True, default=None)  # → app_user


class ApplicationPage(Table, tablename="application_page"):
    id = BigSerial(primary_key=True)
    programme_id = BigInt(unique=True)  # → programme
    slug = Text(unique=True)
    opened = Boolean()
    statuses = Array(base_column=Text())
    countries = Array(base_column=Text())
    invited_only = Boolean()
    most = Integer(null=True, default=None)
    automatic = Boolean()
    sales_user_id = BigInt(null=True, default=None)  # → app_user
    version = Integer(default=1)


class InvitationLink(Table, tablename="invitation_link"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    name = Text()
    programme_id = BigInt()  # → programme
    sales_user_id = BigInt(null=True, default=None)  # → app_user
    expires_at = Timestamptz(default=None)
    most = Integer(null=True, default=None)
    used = Integer(default=0)
    revoked_at = Timestamptz(null=True, default=None)
    by_user = BigInt()  # → app_user
    at = Timestamptz(default=None)


class Application(Table, tablename="application"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    programme_id = BigInt()  # → programme
    link_id = ForeignKey(InvitationLink, null=True, on_delete=OnDelete.restrict, default=None)
    state = Text()
    email_blind = Bytea(null=True, default=None)
    email = Text()
    first_name = Text()
    last_name = Text()
    phone = Text()
    status = Text()
    country = Text()
    public_agent = Boolean(default=False)
    knows = Text()
    language = Text()
    token_sha256 = Bytea(null=True, default=None)
    submitted_at = Timestamptz(default=None)
    confirmed_at = Timestamptz(null=True, default=None)
    decided_at = Timestamptz(null=True, default=None)
    decided_by = BigInt(null=True, default=None)  # → app_user
    reason = Text()
    words = Text()
    referrer_id = ForeignKey(Referrer, null=True, on_delete=OnDelete.restrict, default=None)
    erased_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)


class InvitationList(Table, tablename="invitation_list"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    name = Text()
    programme_id = BigInt(null=True, default=None)  # → programme
    sales_user_id = BigInt(null=True, default=None)  # → app_user
    language = Text()
    state = Text()
    by_user = BigInt()  # → app_user
    at = Timestamptz(default=None)
    version = Integer(default=1)


class InvitationLine(Table, tablename="invitation_line"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    list_id = ForeignKey(InvitationList, null=False, on_delete=OnDelete.restrict)
    line = Integer()
    email = Text()
    first_name = Text()
    last_name = Text()
    state = Text()
    fault = Text()
    referrer_id = ForeignKey(Referrer, null=True, on_delete=OnDelete.restrict, default=None)
    reminded_at = Timestamptz(null=True, default=None)
    withdrawn_at = Timestamptz(null=True, default=None)


class ReferrerOrigin(Table, tablename="referrer_origin"):
    referrer_id = ForeignKey(Referrer, null=False, on_delete=OnDelete.restrict, primary_key=True)
    source = Text()
    programme_id = BigInt(null=True, default=None)  # → programme
    at = Timestamptz(default=None)


class PartnerEmployment(Table, tablename="partner_employment"):
    id = BigSerial(primary_key=True)
    referrer_id = ForeignKey(Referrer, null=False, on_delete=OnDelete.restrict, unique=True)
    state = Text()
    answers = JSONB()
    employer_name = Text()
    employer_siren = Text()
    contact_name = Text()
    contact_email = Text()
    customary = Boolean(null=True, default=None)
    reason = Text()
    authorisation_file = BigInt(null=True, default=None)  # → stored_file
    agreed_at = Timestamptz(null=True, default=None)
    agreed_sha256 = Bytea(null=True, default=None)
    version = Integer(default=1)


class EmployerConsent(Table, tablename="employer_consent"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    referrer_id = ForeignKey(Referrer, null=False, on_delete=OnDelete.restrict)
    state = Text()
    employer_name = Text()
    contact_name = Text()
    email = Text()
    language = Text()
    asked_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None)
    code_hash = Bytea(null=True, default=None)
    code_expires_at = Timestamptz(null=True, default=None)
    code_tries = Integer(default=0)
    signer_name = Text()
    capacity = Text()
    words = Text()
    words_sha256 = Bytea()
    address = Text()
    agent = Text()
    given_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    reminded_at = Timestamptz(null=True, default=None)
    file_id = BigInt(null=True, default=None)  # → stored_file
    version = Integer(default=1)
