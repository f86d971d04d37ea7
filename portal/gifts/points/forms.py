"""What is typed about points."""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, field_validator, model_validator

from portal.gifts.points.provision_rules import PLACES
from portal.gifts.points.terms import CHOOSERS, Terms
from portal.kit.cells import parse_amount, parse_date
from portal.kit.days import today
from portal.kit.forms import Form
from portal.kit.text import N_

Amount = Annotated[int, BeforeValidator(lambda typed: parse_amount(str(typed)))]
Number = Annotated[
    Decimal, BeforeValidator(lambda typed: str(typed).replace(",", ".").replace(" ", "").rstrip("%€"))
]
Day = Annotated[date, BeforeValidator(lambda typed: parse_date(str(typed)))]
Name = Annotated[str, StringConstraints(max_length=30)]


class HandOverForm(Form):
    SENTENCES: ClassVar = {
        "reason.missing": N_("Un mot d'explication est nécessaire."),
        "to.missing": N_("Indiquez à qui, par le numéro de la fiche."),
    }
    to: Annotated[str, StringConstraints(max_length=20)]
    points: Annotated[int, Field(ge=1, le=10_000_000)]
    reason: Annotated[str, StringConstraints(min_length=1, max_length=300)]


class TermsForm(Form):
    SENTENCES: ClassVar = {"worth.missing": N_("Indiquez ce que vaut un point, par exemple 1,00.")}
    one_fr: Name = ""
    many_fr: Name = ""
    one_en: Name = ""
    many_en: Name = ""
    worth: Annotated[Amount, Field(ge=1, le=1_000_00)]
    valid_months: Annotated[int, Field(ge=1, le=120)] | None = None
    choice: Literal["none", "contract", "deal"] = "none"
    who: Literal["individuals", "persons", "everybody"] = "individuals"
    gifts: bool = False
    version: int = 0

    @model_validator(mode="after")
    def _named_or_not(self) -> Self:
        names = (self.one_fr, self.many_fr, self.one_en, self.many_en)
        if any(names) and not all(names):
            raise ValueError(
                N_(
                    "Donnez le nom au singulier et au pluriel, dans les deux langues, ou laissez les quatre vides."
                )
            )
        return self

    def said(self) -> Terms:
        return Terms(
            self.one_fr, self.many_fr, self.one_en, self.many_en, self.worth, self.valid_months, self.choice,
            tuple(CHOOSERS[self.who][0]), self.gifts, self.version,
        )  # fmt: skip


class ProvisionForm(Form):
    """`cost` of one point, in euros with up to six decimals; `percent` of the points that are expected to be used."""

    on_day: Day
    cost: Annotated[Number, Field(gt=0, le=1_000)]
    percent: Annotated[Number, Field(ge=0, le=100)]
    reason: Annotated[str, StringConstraints(max_length=300)] = ""

    @field_validator("on_day")
    @classmethod
    def _past(cls, day: date) -> date:
        if day > today():
            raise ValueError(N_("Ce jour n'est pas encore passé."))
        return day

    @property
    def cost_cents(self) -> Decimal:
        return (self.cost * 100).quantize(PLACES)
