"""What is typed about priority."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, StringConstraints

from portal.kit.cells import parse_date
from portal.kit.forms import Form
from portal.kit.text import N_

Day = Annotated[date, BeforeValidator(lambda typed: parse_date(str(typed)))]
Reasons = Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class WhyForm(Form):
    """A few words that explain: a contestation, an appeal, a question, a refusal."""

    SENTENCES: ClassVar = {
        "body.missing": N_("Dites pourquoi en quelques mots."),
        "body.string_too_short": N_("Dites pourquoi en quelques mots."),
    }
    body: Reasons


class ExtendForm(WhyForm):
    SENTENCES: ClassVar = {**WhyForm.SENTENCES, "until.missing": N_("Choisissez le nouveau dernier jour.")}
    until: Day


class DecideForm(WhyForm):
    SENTENCES: ClassVar = {
        **WhyForm.SENTENCES,
        "decision.missing": N_("Choisissez une des décisions proposées."),
    }
    version: int
    decision: Annotated[str, StringConstraints(max_length=40)]
    share: Annotated[int, Field(ge=1, le=99)] | None = None
