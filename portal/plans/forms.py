"""What an administrator types about programmes, products and simple plans."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, StringConstraints, ValidationInfo, field_validator

from portal.kit.cells import parse_date, plain_words
from portal.kit.days import today
from portal.kit.forms import Form
from portal.kit.text import N_

Line = Annotated[str, StringConstraints(max_length=80)]
Day = Annotated[date, BeforeValidator(lambda typed: parse_date(str(typed)))]
Rate = Annotated[
    Decimal, BeforeValidator(lambda typed: str(typed).replace(",", ".").replace(" ", "").rstrip("%"))
]
FURTHEST = timedelta(days=366)


class ProgrammeForm(Form):
    name: Line
    starts_on: Day = Field(default_factory=today)
    ends_on: Day | None = None
    priority_months: int = Field(6, ge=1, le=36)
    answer_days: int = Field(2, ge=1, le=30)

    @field_validator("ends_on")
    @classmethod
    def _after_the_start(cls, ends: date | None, known: ValidationInfo) -> date | None:
        if ends and "starts_on" in known.data and ends <= known.data["starts_on"]:
            raise ValueError(N_("La fin vient après le début."))
        return ends


class ProductForm(Form):
    name: Line
    key: Line = Field("", validate_default=True)
    category: Line = ""
    kind: Literal["one_off", "recurring"] = "one_off"

    @field_validator("key")
    @classmethod
    def _word(cls, typed: str, known: ValidationInfo) -> str:
        """The word that plans use: from the name unless another is typed."""
        word = plain_words(typed or known.data.get("name", "")).replace(" ", "-")
        if not word and "name" in known.data:
            raise ValueError(N_("Donnez un mot de lettres et de chiffres."))
        return word


class SimplePlanForm(Form):
    """The same rate on all that the client pays, for some months, held and taken back for some days."""

    SENTENCES: ClassVar = {"rate.missing": N_("Indiquez un taux, par exemple 10.")}
    name: Line
    rate: Annotated[Rate, Field(gt=0, le=100, decimal_places=2)]
    recurs: Literal["once", "months", "always"] = "once"
    recurs_for_months: int = Field(12, ge=1, le=120)
    hold_days: int = Field(30, ge=0, le=365)
    clawback_days: int = Field(180, ge=0, le=3650)
    effective_from: Day = Field(default_factory=today)

    @field_validator("effective_from")
    @classmethod
    def _not_before_today(cls, day: date) -> date:
        if not today() <= day <= today() + FURTHEST:
            raise ValueError(N_("Choisissez un jour entre aujourd'hui et dans un an."))
        return day

    def body(self) -> dict[str, Any]:
        """In the format of plans."""
        recurs = {"once": None, "months": self.recurs_for_months, "always": "always"}[self.recurs]
        return {
            "name": self.name, "unit": "EUR", "pays_on": "client_paid", "base": "net", "choose": "first",
            "rules": [{"key": "tout", "when": [], "pay": {"kind": "percent", "rate": f"{self.rate.normalize():f}"}}],
            "limits": {"per_event": None, "per_deal": None, "per_calendar_year": None, "minimum": "0.00"},
            "recurs_for_months": recurs, "hold_days": self.hold_days, "clawback_days": self.clawback_days,
        }  # fmt: skip
