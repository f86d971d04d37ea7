"""What is typed about contracts."""

from datetime import date, timedelta
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, StringConstraints, field_validator

from portal.kit.cells import parse_date
from portal.kit.days import today
from portal.kit.forms import Form
from portal.kit.text import N_

FURTHEST = timedelta(days=366)


class DraftForm(Form):
    SENTENCES: ClassVar = {"offer.missing": N_("Choisissez un barème.")}
    offer: str
    starts_on: Annotated[date, BeforeValidator(lambda typed: parse_date(str(typed)))] = Field(
        default_factory=today
    )

    @field_validator("starts_on")
    @classmethod
    def _not_before_today(cls, day: date) -> date:
        if not today() <= day <= today() + FURTHEST:
            raise ValueError(N_("Choisissez un jour entre aujourd'hui et dans un an."))
        return day


class SignForm(Form):
    SENTENCES: ClassVar = {"code.missing": N_("Recopiez le code reçu par e-mail.")}
    code: Annotated[str, StringConstraints(max_length=20)]
    consent: bool = Field(False, validate_default=True)

    @field_validator("consent")
    @classmethod
    def _consents(cls, consent: bool) -> bool:
        if not consent:
            raise ValueError(N_("Cochez cette case pour signer."))
        return consent


class RefuseForm(Form):
    SENTENCES: ClassVar = {
        "reason.missing": N_("Dites en quelques mots ce qui ne va pas : nous pourrons y répondre.")
    }
    reason: Annotated[str, StringConstraints(max_length=500)]
