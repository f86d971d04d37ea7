"""What is typed about a programme that exists: its terms, objectives, the client's advantage."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, StringConstraints, ValidationInfo, field_validator

from portal.kit.cells import parse_amount
from portal.kit.days import today
from portal.kit.forms import Form
from portal.kit.money import Cents
from portal.kit.text import N_
from portal.plans.forms import Day, ProgrammeForm, Rate
from portal.plans.programme.programmes import IN_MONEY, Measure

Words = Annotated[str, StringConstraints(max_length=300)]
Amount = Annotated[int, BeforeValidator(lambda typed: parse_amount(str(typed)))]
MOST = 1_000_000
WHAT_IT_IS_WORTH = N_("Indiquez ce que le client reçoit, par exemple 10.")


class ProgrammeEditForm(ProgrammeForm):
    words: Literal["apporteur", "parrain"] = "apporteur"
    prospects: Literal["business", "consumer", "energy"] = "business"
    budget: Annotated[Amount, Field(gt=0)] | None = None
    version: int

    def said(self) -> dict[str, Any]:
        """By column."""
        return {
            "name": self.name, "starts_on": self.starts_on, "ends_on": self.ends_on, "words": self.words,
            "priority_months": self.priority_months, "answer_days": self.answer_days, "budget_cents": self.budget,
            "prospects": self.prospects,
        }  # fmt: skip


class ObjectiveForm(Form):
    SENTENCES: ClassVar = {"target.missing": N_("Indiquez le chiffre visé.")}
    measure: Measure
    target: Amount
    by_day: Day

    @field_validator("target")
    @classmethod
    def _to_be_reached(cls, typed: Cents, known: ValidationInfo) -> int:
        """Typed as an amount; a number of recommendations or deals is whole."""
        measure = known.data.get("measure")
        if typed <= 0:
            raise ValueError(N_("Le chiffre visé dépasse zéro."))
        if measure is None or measure in IN_MONEY:
            return typed
        if typed % 100 or typed // 100 > MOST:
            raise ValueError(N_("Un nombre entier est attendu."))
        return typed // 100

    @field_validator("by_day")
    @classmethod
    def _to_come(cls, day: date) -> date:
        if day < today():
            raise ValueError(N_("Choisissez un jour à venir."))
        return day


class AdvantageForm(Form):
    SENTENCES: ClassVar = {"text_fr.missing": N_("Dites en quelques mots ce que le client reçoit.")}
    kind: Literal["percent", "amount", "other"] = "percent"
    rate: Annotated[Rate, Field(gt=0, le=100, decimal_places=2)] | None = Field(None, validate_default=True)
    amount: Annotated[Amount, Field(gt=0)] | None = Field(None, validate_default=True)
    text_fr: Words
    text_en: Words = ""
    conditions_fr: Words = ""
    conditions_en: Words = ""
    until: Day | None = None

    @field_validator("rate")
    @classmethod
    def _a_rate(cls, rate: Decimal | None, known: ValidationInfo) -> Decimal | None:
        return _only_for("percent", rate, known)

    @field_validator("amount")
    @classmethod
    def _an_amount(cls, amount: Cents | None, known: ValidationInfo) -> Cents | None:
        return _only_for("amount", amount, known)

    @field_validator("until")
    @classmethod
    def _to_come(cls, day: date | None) -> date | None:
        if day and day < today():
            raise ValueError(N_("Choisissez un jour à venir."))
        return day

    def said(self) -> dict[str, Any]:
        """By column; without English words the French ones are shown."""
        return {
            "kind": self.kind, "rate_percent": self.rate, "amount_cents": self.amount,
            "text_fr": self.text_fr, "text_en": self.text_en or self.text_fr,
            "conditions_fr": self.conditions_fr, "conditions_en": self.conditions_en or self.conditions_fr,
            "until": self.until,
        }  # fmt: skip


def _only_for(kind: str, value: Any, known: ValidationInfo) -> Any:
    """The figure of the kind that was chosen; what stands in the other field is left out."""
    if known.data.get("kind") != kind:
        return None
    if value is None:
        raise ValueError(WHAT_IT_IS_WORTH)
    return value
