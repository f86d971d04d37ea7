"""What is typed about runs."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, StringConstraints

from portal.kit.cells import parse_date
from portal.kit.days import today
from portal.kit.forms import Form
from portal.kit.text import N_

Day = Annotated[date, BeforeValidator(lambda typed: parse_date(str(typed)))]


class PrepareForm(Form):
    executes_on: Day = Field(default_factory=today)


class SettleForm(Form):
    on: Day = Field(default_factory=today)


class RefuseForm(Form):
    SENTENCES: ClassVar = {"reason.missing": N_("Dites en quelques mots pourquoi.")}
    reason: Annotated[str, StringConstraints(max_length=500)]
