"""What finance asks of the journal and chooses for it."""

from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from portal.books.journal.auxiliaries import WELL_FORMED
from portal.books.journal.formats import FORMATS
from portal.books.journal.rules import ACCOUNT_NAMES, Axis
from portal.kit.forms import Form
from portal.kit.text import N_

UNKNOWN = N_("Choisissez une des réponses proposées.")
NO_ACCOUNT = N_("Un compte est fait de 3 à 10 chiffres, par exemple 6222.")
NO_AUXILIARY = N_("Des lettres majuscules et des chiffres, treize au plus, par exemple FDURAND.")
NO_CODE = N_("Trois lettres ou chiffres au plus, par exemple ACH.")


def _several(typed: Any) -> Any:
    return [typed] if isinstance(typed, str) else typed


def _format(typed: str) -> str:
    if typed not in FORMATS:
        raise ValueError(UNKNOWN)
    return typed


def _figure(typed: str) -> str:
    if typed not in ACCOUNT_NAMES:
        raise ValueError(UNKNOWN)
    return typed


def _auxiliary(typed: str) -> str:
    if not WELL_FORMED.fullmatch(typed.upper()):
        raise ValueError(NO_AUXILIARY)
    return typed.upper()


class ExportForm(Form):
    format: Annotated[str, AfterValidator(_format)]
    first: date
    last: date
    only_new: bool = False


class AuxiliaryForm(Form):
    code: Annotated[str, AfterValidator(_auxiliary)]


Code = Annotated[str, StringConstraints(to_upper=True, pattern=r"^[A-Z0-9]{1,3}$")]


class ChoicesForm(Form):
    SENTENCES: ClassVar = {f"{name}.string_pattern_mismatch": NO_CODE for name in ("ac", "bq", "od")}
    last_month: Annotated[int, Field(ge=1, le=12)]
    ac: Code = "AC"
    bq: Code = "BQ"
    od: Code = "OD"
    axes: Annotated[list[Axis], BeforeValidator(_several)] = []


class AccountForm(Form):
    SENTENCES: ClassVar = {"number.string_pattern_mismatch": NO_ACCOUNT}
    figure: Annotated[str, AfterValidator(_figure)]
    number: Annotated[str, StringConstraints(pattern=r"^([0-9]{3,10})?$")] = ""
    since: date
