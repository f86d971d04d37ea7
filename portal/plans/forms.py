"""What an administrator types about programmes."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints, ValidationInfo, field_validator

from portal.kit.cells import parse_date
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
