"""What is typed about recommendations."""

import re
from datetime import date, datetime, time
from typing import Annotated, ClassVar, Literal

from litestar.datastructures import UploadFile
from pydantic import BeforeValidator, Field, StringConstraints, ValidationInfo, field_validator

from portal.kit.cells import parse_amount, parse_date
from portal.kit.days import at, today
from portal.kit.forms import Form
from portal.kit.identifiers import parse_email, parse_phone, parse_postcode, parse_siren
from portal.kit.money import Cents
from portal.kit.text import N_, _

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
    postcode: Annotated[str, BeforeValidator(lambda typed: parse_postcode(str(typed)))] = ""
    city: Annotated[str, StringConstraints(max_length=100)] = ""

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


class CardForm(Form):
    SENTENCES: ClassVar = {"card.missing": N_("Choisissez une carte de visite (.vcf).")}
    card: UploadFile


class MessageForm(Form):
    SENTENCES: ClassVar = {"text.missing": N_("Collez le message reçu.")}
    text: Annotated[str, StringConstraints(max_length=20_000)]


Phone = Annotated[str, BeforeValidator(lambda typed: typed and parse_phone(str(typed)))]
HowLong = Annotated[str, StringConstraints(max_length=100)]


class SharedForm(Form):
    """On a referrer's own page: the prospect types their own details. `accepts` is their own click."""

    SENTENCES: ClassVar = {
        "contact.missing": N_("Indiquez votre nom."),
        "phone.missing": N_("Indiquez votre numéro de téléphone."),
        "wished.missing": N_("Dites quand vous souhaitez être appelé."),
    }
    contact: Named
    phone: Phone
    email: Annotated[str, BeforeValidator(lambda typed: typed and parse_email(str(typed)))] = ""
    company: Line = ""
    need: Annotated[str, StringConstraints(max_length=500)] = ""
    wished: HowLong = ""
    accepts: bool = False

    def check_for(self, prospects: str) -> None:
        """What is wanted of a company, of a person, of a person with works to do."""
        if prospects == "business" and not self.company:
            self.refuse("company", _("Indiquez le nom de l'entreprise."))
        if prospects != "business" and not self.accepts:
            self.refuse(
                "accepts", _("Cochez cette case pour être appelé : sans elle, personne ne vous appellera.")
            )
        if prospects == "energy" and not self.wished:
            self.refuse("wished", _("Dites quand vous souhaitez être appelé."))


class CallBackForm(Form):
    wished: HowLong = ""


class PhoneForm(Form):
    phone: Phone


def _time(typed: str) -> time:
    """14:02, 14h02, 14h."""
    found = re.fullmatch(r"([01]?[0-9]|2[0-3]) ?[:hH] ?([0-5][0-9])?", typed.strip())
    if not found:
        raise ValueError(N_("Une heure est attendue, par exemple 14:02."))
    return time(int(found[1]), int(found[2] or 0))


Hour = Annotated[time, BeforeValidator(lambda typed: _time(str(typed)))]


class CallForm(RecommendForm):
    """What a referrer said on the telephone, typed by sales."""

    called_on: Day = Field(default_factory=today)
    called_time: Hour

    @field_validator("called_on")
    @classmethod
    def _has_called(cls, on: date) -> date:
        if on > today():
            raise ValueError(N_("Ce jour est encore à venir."))
        return on

    @property
    def called_at(self) -> datetime:
        return at(self.called_on, self.called_time.hour, self.called_time.minute)


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
