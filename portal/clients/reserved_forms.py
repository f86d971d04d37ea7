"""What is typed about reserved accounts."""

from datetime import date
from typing import Annotated, ClassVar

from litestar.datastructures import UploadFile
from pydantic import BeforeValidator, StringConstraints

from portal.clients.reserved import plain_domain
from portal.kit.cells import parse_date
from portal.kit.forms import Form
from portal.kit.identifiers import parse_siren
from portal.kit.text import N_

Day = Annotated[date, BeforeValidator(lambda typed: parse_date(str(typed)))]
Text = Annotated[str, StringConstraints(max_length=200)]


class AccountForm(Form):
    SENTENCES: ClassVar = {"name.missing": N_("Indiquez le nom de l'entreprise.")}
    name: Text
    siren: Annotated[str, BeforeValidator(lambda typed: parse_siren(str(typed)))] = ""
    domain: Annotated[Text, BeforeValidator(lambda typed: _domain(str(typed)))] = ""
    owner: int | None = None
    since: Day
    until: Day | None = None
    reason: Text = ""


class ListForm(Form):
    file: UploadFile | None = None
    text: Annotated[str, StringConstraints(max_length=200_000)] = ""


def _domain(typed: str) -> str:
    if not (domain := plain_domain(typed)):
        raise ValueError(N_("Donnez un domaine propre à l'entreprise, par exemple dupont.fr."))
    return domain
