"""What is typed about referrers: one form per status, with the fields that it needs and no other."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from portal.kit.cells import parse_date
from portal.kit.days import today
from portal.kit.forms import Form
from portal.kit.identifiers import (
    french_vat,
    is_sepa,
    parse_email,
    parse_iban,
    parse_phone,
    parse_postcode,
    parse_siren,
    parse_siret,
    parse_vat,
    show_vat,
)
from portal.kit.text import N_, _
from portal.referrers.countries import ABROAD, UNION, WORLD
from portal.referrers.einvoicing_rules import belongs, read_address
from portal.referrers.rules import REGIMES, Regime, Standing, Status

Line = Annotated[str, StringConstraints(max_length=120)]
Day = Annotated[date, BeforeValidator(lambda typed: parse_date(str(typed)))]
Email = Annotated[str, AfterValidator(parse_email)]
Phone = Annotated[str, AfterValidator(parse_phone)]
Siret = Annotated[str, AfterValidator(parse_siret)]
FURTHEST = timedelta(days=366)


class Said(ValueError):
    """A sentence with what it speaks of."""

    def __init__(self, msgid: str, **params: str) -> None:
        super().__init__(msgid)
        self.msgid, self.params = msgid, params

    @property
    def sentence(self) -> str:
        return _(self.msgid) % self.params


class InviteForm(Form):
    SENTENCES: ClassVar = {
        "email.missing": N_("Indiquez l'adresse e-mail de cette personne."),
        "first_name.missing": N_("Indiquez le prénom de cette personne."),
        "last_name.missing": N_("Indiquez le nom de cette personne."),
    }
    email: Email
    first_name: Line
    last_name: Line
    language: Literal["fr", "en"] = "fr"
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """How a field is asked for."""

    label: str
    type: str = "text"
    autocomplete: str = ""
    hint: str = ""
    required: bool = True
    numeric: bool = False


INPUTS = {
    "first_name": Input(N_("Prénom"), autocomplete="given-name"),
    "last_name": Input(N_("Nom"), autocomplete="family-name"),
    "company_name": Input(N_("Nom de la société"), autocomplete="organization"),
    "legal_form": Input(N_("Forme juridique"), hint=N_("Par exemple SARL, SAS, EURL, profession libérale.")),
    "rcs_city": Input(
        N_("Ville d'immatriculation au RCS"), hint=N_("Celle du greffe, sur votre extrait Kbis."), required=False
    ),
    "represented_by": Input(
        N_("Qui la représente"), hint=N_("Prénom et nom de qui signe."), autocomplete="name"
    ),
    "represented_as": Input(N_("En qualité de"), hint=N_("Par exemple gérante, président, trésorière.")),
    "siret": Input(
        N_("Numéro SIRET"), hint=N_("14 chiffres, sur votre avis Insee ou votre Kbis."), numeric=True
    ),
    "vat_number": Input(N_("Numéro de TVA"), hint=N_("Seulement si vous facturez la TVA."), required=False),
    "employer_name": Input(N_("Votre employeur"), autocomplete="organization"),
    "employer_siren": Input(N_("Son numéro SIREN"), hint=N_("9 chiffres."), numeric=True),
    "employer_position": Input(
        N_("Votre poste"), hint=N_("Commercial ou en contact avec les clients."), autocomplete="organization-title"
    ),
    "street": Input(N_("Adresse"), autocomplete="address-line1"),
    "postcode": Input(N_("Code postal"), autocomplete="postal-code"),
    "city": Input(N_("Ville"), autocomplete="address-level2"),
    "country": Input(N_("Pays"), type="select", autocomplete="country"),
    "phone": Input(
        N_("Téléphone"), type="tel", autocomplete="tel",
        hint=N_("Pour vous joindre, et vérifier un changement de compte."),
    ),
    "electronic_address": Input(
        N_("Adresse de facturation électronique"), required=False,
        hint=N_("Le plus souvent votre SIREN : laissez vide si vous ne savez pas."),
    ),
}  # fmt: skip


MISSING = {
    "first_name": N_("Indiquez votre prénom."),
    "last_name": N_("Indiquez votre nom."),
    "company_name": N_("Indiquez le nom."),
    "legal_form": N_("Indiquez la forme juridique."),
    "represented_by": N_("Indiquez qui la représente."),
    "represented_as": N_("Indiquez en quelle qualité."),
    "siret": N_("Indiquez votre numéro SIRET : il figure sur votre avis Insee."),
    "vat_number": N_("Indiquez votre numéro de TVA."),
    "employer_name": N_("Indiquez votre employeur."),
    "employer_siren": N_("Indiquez le SIREN de votre employeur."),
    "employer_position": N_("Indiquez votre poste."),
    "street": N_("Indiquez votre adresse."),
    "postcode": N_("Indiquez le code postal."),
    "city": N_("Indiquez la ville."),
    "phone": N_("Indiquez un numéro où vous joindre."),
    "vat_regime": N_("Répondez à la question sur la TVA."),
}


class ProfileForm(Form):
    """Speaks of each field by its name."""

    SENTENCES: ClassVar = {f"{name}.missing": sentence for name, sentence in MISSING.items()}


class PostalForm(ProfileForm):
    """Where they live or are registered, and how to reach them."""

    FIELDS: ClassVar[tuple[tuple[str, ...], ...]] = (("street",), ("postcode", "city"))
    COUNTRIES: ClassVar[tuple[str, ...]] = ("FR",)
    LABELS: ClassVar[dict[str, str]] = {}

    street: Line
    country: str = "FR"
    postcode: str
    city: Line
    phone: Phone
    electronic_address: Annotated[str, AfterValidator(read_address)] = ""

    @field_validator("postcode")
    @classmethod
    def _postcode(cls, typed: str, known: ValidationInfo) -> str:
        return parse_postcode(typed, known.data.get("country", "FR"))

    @field_validator("country")
    @classmethod
    def _country(cls, code: str) -> str:
        if code not in cls.COUNTRIES:
            raise ValueError(N_("Choisissez un pays de la liste."))
        return code

    def identity(self) -> dict[str, Any]:
        """The columns of the referrer that this form fills."""
        return {name: getattr(self, name) for name in type(self).model_fields if name in INPUTS}


class ContactForm(PostalForm):
    """What may change at any time."""

    COUNTRIES = WORLD
    FIELDS = (*PostalForm.FIELDS, ("country",), ("phone",), ("electronic_address",))


class StandingForm(ProfileForm):
    """From when, and what they are for VAT."""

    STATUS: ClassVar[Status]
    since: Day = Field(default_factory=today)
    vat_regime: Regime
    vat_on_debits: bool = False

    @property
    def standing(self) -> Standing:
        return Standing(self.STATUS, self.vat_regime, self.vat_on_debits)

    @field_validator("since")
    @classmethod
    def _since(cls, day: date) -> date:
        first = date(today().year - 1, 1, 1)
        if not first <= day <= today() + FURTHEST:
            raise ValueError(N_("Choisissez un jour entre le début de l'an dernier et dans un an."))
        return day

    @field_validator("vat_regime")
    @classmethod
    def _regime(cls, regime: Regime) -> Regime:
        if regime not in REGIMES[cls.STATUS]:
            raise ValueError(N_("Ce régime de TVA ne va pas avec ce statut."))
        return regime

    @field_validator("vat_on_debits")
    @classmethod
    def _debits(cls, opted: bool, known: ValidationInfo) -> bool:
        if opted and known.data.get("vat_regime") is not Regime.STANDARD:
            raise ValueError(N_("Cette option ne concerne que ceux qui facturent la TVA."))
        return opted


class Unasked(StandingForm):
    """A status with a single regime: nothing is asked about VAT."""

    vat_regime: Regime = Field(default_factory=lambda: Regime.NONE)


class PersonForm(Unasked, PostalForm):
    COUNTRIES = ("FR", *UNION)
    first_name: Line
    last_name: Line
    declared: bool = Field(False, validate_default=True)

    @field_validator("declared")
    @classmethod
    def _declares(cls, declared: bool) -> bool:
        if not declared:
            raise ValueError(N_("Cette déclaration est nécessaire pour être apporteur."))
        return declared


class IndividualForm(PersonForm):
    STATUS = Status.INDIVIDUAL
    FIELDS = (("first_name", "last_name"), ("street",), ("postcode", "city"), ("country",), ("phone",))


class PartnerEmployeeForm(PersonForm):
    STATUS = Status.PARTNER_EMPLOYEE
    FIELDS = (
        ("first_name", "last_name"), ("employer_name",), ("employer_siren", "employer_position"),
        ("street",), ("postcode", "city"), ("country",), ("phone",),
    )  # fmt: skip
    employer_name: Line
    employer_siren: Annotated[str, AfterValidator(parse_siren)]
    employer_position: Line


class RegisteredForm(StandingForm, PostalForm):
    """With a SIRET, and a VAT number where VAT is charged."""

    siret: Siret
    vat_number: str = Field("", validate_default=True)

    @field_validator("siret")
    @classmethod
    def _same_siren(cls, siret: str, known: ValidationInfo) -> str:
        """Where electronic invoices go begins with the SIREN."""
        if not belongs(known.data.get("electronic_address", ""), siret[:9]):
            raise Said(OTHER_ADDRESS)
        return siret

    @field_validator("vat_number")
    @classmethod
    def _vat_number(cls, typed: str, known: ValidationInfo) -> str:
        return checked_vat(typed, known.data.get("siret", ""), known.data.get("vat_regime"))

    def propose(self) -> Self:
        """The VAT number that follows from the SIRET stands in its field, to be checked and sent."""
        if "vat_number" in self.errors and "siret" not in self.errors and not self.values.get("vat_number"):
            self.values["vat_number"] = french_vat(parse_siret(self.values["siret"])[:9])
        return self


def checked_vat(typed: str, siret: str, regime: Regime | None) -> str:
    """The number follows from the SIREN: it is proposed, not guessed. Raises Invalid or Said."""
    number = parse_vat(typed) if typed else ""
    expected = french_vat(siret[:9]) if siret else ""
    if not number and regime is Regime.STANDARD:
        raise Said(PROPOSED, number=show_vat(expected)) if expected else Said(NEEDED)
    if number and expected and number != expected:
        raise Said(OTHER_SIREN, number=show_vat(expected))
    return number


OTHER_ADDRESS = N_(
    "L'adresse de facturation électronique commence par un autre SIREN : corrigez l'un des deux."
)
NEEDED = MISSING["vat_number"]
PROPOSED = N_("D'après votre SIRET, votre numéro de TVA est %(number)s. Vérifiez-le, puis continuez.")
OTHER_SIREN = N_("Ce numéro ne va pas avec votre SIRET, dont le numéro de TVA est %(number)s.")


class MicroForm(RegisteredForm):
    STATUS = Status.MICRO
    FIELDS = (
        ("first_name", "last_name"), ("siret",), ("street",), ("postcode", "city"), ("phone",), ("electronic_address",),
    )  # fmt: skip
    first_name: Line
    last_name: Line


class CompanyForm(RegisteredForm):
    STATUS = Status.COMPANY
    FIELDS = (
        ("company_name",), ("legal_form", "rcs_city"), ("siret",), ("represented_by", "represented_as"),
        ("street",), ("postcode", "city"), ("phone",), ("electronic_address",),
    )  # fmt: skip
    company_name: Line
    legal_form: Line
    rcs_city: Line = ""
    represented_by: Line
    represented_as: Line


class AssociationForm(RegisteredForm):
    STATUS = Status.ASSOCIATION
    LABELS = {"company_name": N_("Nom de l'association")}
    FIELDS = (
        ("company_name",), ("siret",), ("represented_by", "represented_as"),
        ("street",), ("postcode", "city"), ("phone",), ("electronic_address",),
    )  # fmt: skip
    company_name: Line
    represented_by: Line
    represented_as: Line


class EuCompanyForm(StandingForm, PostalForm):
    """Of the Union with its VAT number, or of any other country."""

    STATUS = Status.EU_COMPANY
    COUNTRIES = ABROAD
    FIELDS = (
        ("company_name", "legal_form"), ("represented_by", "represented_as"),
        ("street",), ("postcode", "city"), ("country",), ("vat_number",), ("phone",),
    )  # fmt: skip
    vat_regime: Regime = Regime.REVERSE_CHARGE
    company_name: Line
    legal_form: Line
    vat_number: str = Field("", validate_default=True)
    represented_by: Line
    represented_as: Line

    @field_validator("vat_number")
    @classmethod
    def _of_its_country(cls, typed: str, known: ValidationInfo) -> str:
        """Outside the Union there is none that VIES would know."""
        country = known.data.get("country", "")
        if country and country not in UNION:
            return ""
        if not typed.strip():
            raise ValueError(NEEDED)
        number = parse_vat(typed)
        if country and number[:2] != {"GR": "EL"}.get(country, country):
            raise ValueError(N_("Ce numéro de TVA n'est pas de ce pays."))
        return number


FORMS: dict[Status, type[PostalForm]] = {
    form.STATUS: form
    for form in (IndividualForm, MicroForm, CompanyForm, EuCompanyForm, AssociationForm, PartnerEmployeeForm)
}


class VatForm(StandingForm):
    """A later answer to the question on VAT; the page knows the SIRET."""

    vat_number: str = ""


VAT_FORMS: dict[Status, type[VatForm]] = {
    status: type("VatForm", (VatForm,), {"STATUS": status})
    for status, regimes in REGIMES.items()
    if len(regimes) > 1
}


def in_sepa(iban: str) -> str:
    if not is_sepa(iban):
        raise ValueError(N_("Ce compte est hors de la zone SEPA : donnez-en un en France ou en Europe."))
    return iban


class BankForm(Form):
    SENTENCES: ClassVar = {
        "holder.missing": N_("Indiquez le titulaire, comme sur le RIB."),
        "iban.missing": N_("Indiquez l'IBAN : il figure sur votre RIB."),
    }
    holder: Line
    iban: Annotated[str, AfterValidator(parse_iban), AfterValidator(in_sepa)]
    code: str = ""
    answer: str = ""  # of a passkey


class MergeForm(Form):
    SENTENCES: ClassVar = {"avec.missing": N_("Indiquez le numéro de la fiche qui reste.")}
    avec: Line
