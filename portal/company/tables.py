"""The company: legal entities, dated overrides of figures, options."""

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


class LegalEntity(Table, tablename="legal_entity"):
    id = BigSerial(primary_key=True)
    ref = reference()
    name = Text()
    legal_form = Text()
    capital_cents = BigInt(null=True, default=None)
    siren = Text()
    siret = Text()
    vat_number = Text()
    rcs_city = Text()
    ape = Text()
    street = Text()
    postcode = Text()
    city = Text()
    country = Text()
    place = Text()
    size = Text()
    email = Text()
    phone = Text()
    represented_by = Text()
    represented_as = Text()
    privacy_contact = Text()
    iban_sealed = Bytea(null=True, default=None)
    iban_last4 = Text()
    bic = Text()
    electronic_address = Text()
    brand_name = Text()
    accent = Text()
    logo_file = BigInt(null=True, default=None)
    signatures_needed = Integer(default=1)
    version = Integer()


class SealCertificate(Table, tablename="seal_certificate"):
    """Append-only."""

    id = BigSerial(primary_key=True)
    legal_entity_id = ForeignKey(LegalEntity, null=False, on_delete=OnDelete.restrict)
    ring_key = Integer(null=True, default=None)
    sha256 = Bytea()
    certificate = Bytea()
    name = Text()
    since = Timestamptz(default=None)
    until = Timestamptz(default=None)


class FigureOverride(Table, tablename="figure_override"):
    id = BigSerial(primary_key=True)
    code = Text()
    value = Text()
    since = Date(default=None)
    until = Date(null=True, default=None)
    source = Text()
    reason = Text()
    by_user = BigInt()
    at = Timestamptz(default=None)


class CompanyOption(Table, tablename="company_option"):
    key = Text(primary_key=True)
    value = JSONB()
    by_user = BigInt(null=True, default=None)
    at = Timestamptz(default=None)


class Territory(Table, tablename="territory"):
    id = BigSerial(primary_key=True)
    ref = reference(unique=True)
    name = Text(unique=True)
    active = Boolean(default=True)
    version = Integer(default=1)


class TerritoryPlace(Table, tablename="territory_place"):
    """A prefix of postcodes of a country; both together are the primary key."""

    territory_id = ForeignKey(Territory, null=False, on_delete=OnDelete.restrict)
    country = Text(primary_key=True)
    prefix = Text(primary_key=True)
