"""Referrers, who they are in law from a day on, where they are paid, what they hand in."""

from piccolo.columns import (
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
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    referrer_id = ForeignKey(Referrer, null=False, on_delete=OnDelete.restrict)
    kind = Text()
    file_id = BigInt()  # → stored_file
    state = Text()
    issued_on = Date(null=True, default=None)
    valid_until = Date(null=True, default=None)
    checked_by = BigInt(null=True, default=None)
    checked_at = Timestamptz(null=True, default=None)
    reason = Text()
