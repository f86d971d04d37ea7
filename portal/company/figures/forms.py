"""What an administrator says of a figure."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field, ValidationInfo, field_validator

from portal.kit.forms import Form
from portal.kit.text import N_

Line = Annotated[str, Field(min_length=1, max_length=300)]


class DateForm(Form):
    """Another value from a day on. An empty value says that there is none."""

    SENTENCES: ClassVar = {
        "since.missing": N_("Indiquez à partir de quel jour."),
        "source.missing": N_("Indiquez le texte ou la page qui le dit."),
        "reason.missing": N_("Dites en quelques mots pourquoi : c'est gardé avec le chiffre."),
    }
    value: Annotated[str, Field(max_length=500)] = ""
    since: date
    until: date | None = None
    source: Line
    reason: Line

    @field_validator("until")
    @classmethod
    def _until(cls, until: date | None, known: ValidationInfo) -> date | None:
        if until and (since := known.data.get("since")) and until < since:
            raise ValueError(N_("La fin vient après le début."))
        return until


class ConfirmForm(Form):
    SENTENCES: ClassVar = {"checked.missing": N_("Indiquez le texte ou la page que vous avez relu.")}
    checked: Line
