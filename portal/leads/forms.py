"""What is typed about recommendations."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, StringConstraints, ValidationInfo, field_validator

from portal.kit.cells import parse_amount, parse_date
from portal.kit.days import today
from portal.kit.forms import Form
from portal.kit.identifiers import parse_email, parse_phone, parse_siren
from portal.kit.money import Cents
from portal.kit.text import N_

Day = Annotated[date, BeforeValidator(lambda typed: parse_date(str(typed)))]
Amount = Annotated[Cents, BeforeValidator(lambda typed: parse_amount(str(typed)))]
Line = Annotated[str, StringConstraints(max_length=200)]
Named = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Words = Annotated[str, StringConstraints(max_length=2000)]


class RecommendForm(Form):
    SENTENCES: ClassVar = {
        "company.missing": N_("Indiquez le nom de l'entreprise."),
        "company.string_too_short": N_("Indiquez le nom de l'entreprise."),
        "agreed.missing": N_("Dites comment votre contact a donné son accord."),
    }
    company: Named
    contact: Line = ""
    email: Annotated[str, BeforeValidator(lambda typed: parse_email(str(typed)))] = ""
    phone: Annotated[str, BeforeValidator(lambda typed: typed and parse_phone(str(typed)))] = Field(
        "", validate_default=True
    )
    need: Annotated[str, StringConstraints(max_length=500)] = ""
    amount: Annotated[Amount, Field(ge=0)] | None = None
    agreed: Literal["spoken", "written"]
    agreed_on: Day = Field(default_factory=today)
    siren: Annotated[str, BeforeValidator(lambda typed: parse_siren(str(typed)))] = ""

    @field_validator("phone")
    @classmethod
    def _one_way_to_reach_them(cls, phone: str, known: ValidationInfo) -> str:
        """Silent while the address itself is wrong: one fault, one message."""
        if not phone and known.data.get("email") == "":
            raise ValueError(N_("Donnez un numéro de téléphone ou une adresse e-mail."))
        return phone

    @field_validator("agreed_on")
    @classmethod
    def _has_agreed(cls, on: date) -> date:
        if on > today():
            raise ValueError(N_("Ce jour est encore à venir."))
        return on


class MoveForm(Form):
    """Carries the version of the recommendation that its page showed."""

    version: int
    reason: Annotated[str, StringConstraints(max_length=40)] = ""
    note: Words = ""


class NoteForm(Form):
    SENTENCES: ClassVar = {
        "body.missing": N_("Écrivez quelques mots."),
        "body.string_too_short": N_("Écrivez quelques mots."),
    }
    body: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    shared: bool = False


class EarnsForm(Form):
    version: int
    earns: Literal["yes", "no"]
