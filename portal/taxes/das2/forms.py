"""What is typed about the declaration."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, StringConstraints

from portal.kit.days import today
from portal.kit.forms import Form
from portal.kit.identifiers import parse_email
from portal.kit.text import N_

FUTURE = N_("Cette date n'est pas encore passée.")
TOO_OLD = N_("Vérifiez l'année.")
OLDEST = 1900


def _past(day: date) -> date:
    if day > today():
        raise ValueError(FUTURE)
    return day


def _born(day: date) -> date:
    if day.year < OLDEST:
        raise ValueError(TOO_OLD)
    return _past(day)


class DrawForm(Form):
    """Whom the tax office may ask."""

    contact: Annotated[str, StringConstraints(max_length=50)]
    phone: Annotated[str, StringConstraints(max_length=30)] = ""
    email: Annotated[str, StringConstraints(max_length=60), AfterValidator(parse_email)]
    pays_wages: bool = False


class FilingForm(Form):
    SENTENCES: ClassVar = {"receipt.missing": N_("Donnez le numéro que la plateforme a rendu.")}
    filed_on: Annotated[date, AfterValidator(_past)]
    receipt: Annotated[str, StringConstraints(max_length=100)]


class DecisionForm(Form):
    SENTENCES: ClassVar = {"reason.missing": N_("Dites en quelques mots pourquoi.")}
    declared: Literal["yes", "no"]
    reason: Annotated[str, StringConstraints(max_length=500)]


class BirthForm(Form):
    born_on: Annotated[date, AfterValidator(_born)]
