"""What is typed about who approves, and how referrers are paid."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field, ValidationInfo, field_validator

from portal.kit.forms import Form
from portal.kit.text import N_
from portal.payouts.forms import Day, Money
from portal.payouts.rails.rules import RailName

Limit = Annotated[Money, Field(ge=0)]
NOT_BELOW = N_("Indiquez un montant positif, ou laissez vide.")


class PolicyForm(Form):
    SENTENCES: ClassVar = {
        "threshold.greater_than_equal": NOT_BELOW,
        "days.greater_than_equal": N_("Indiquez au moins un jour."),
    }
    rail: RailName
    threshold: Limit = 0
    days: Annotated[int, Field(ge=1, le=62)] = 31


class FourEyesForm(Form):
    SENTENCES: ClassVar = {"code.missing": N_("Indiquez le code affiché par votre téléphone.")}
    wanted: bool
    code: str


class LimitForm(Form):
    SENTENCES: ClassVar = {
        "line.greater_than_equal": NOT_BELOW,
        "run.greater_than_equal": NOT_BELOW,
    }
    line: Limit | None = None
    run: Limit | None = None


class DelegateForm(Form):
    SENTENCES: ClassVar = {
        "to.missing": N_("Choisissez qui approuve à votre place."),
        "since.missing": N_("Indiquez à partir de quel jour."),
        "until.missing": N_("Indiquez jusqu'à quel jour."),
    }
    to: str
    since: Day
    until: Day

    @field_validator("until")
    @classmethod
    def _until(cls, until: date, known: ValidationInfo) -> date:
        if (since := known.data.get("since")) and until < since:
            raise ValueError(N_("La fin vient après le début."))
        return until
