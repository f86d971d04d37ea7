"""What is typed about an arrêté."""

import re
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, StringConstraints

from portal.kit.forms import Form
from portal.kit.identifiers import parse_email
from portal.kit.text import N_

MONTH = re.compile(r"(\d{4})-(\d{2})")
NOT_A_MONTH = N_("Un mois est attendu, par exemple 2026-10.")


def parse_month(typed: str) -> date:
    """'2026-10' → its first day. Raises ValueError."""
    found = MONTH.fullmatch(typed.strip())
    if found is None or not (2000 <= int(found[1]) <= 2100 and 1 <= int(found[2]) <= 12):
        raise ValueError(NOT_A_MONTH)
    return date(int(found[1]), int(found[2]), 1)


def _several(typed: Any) -> Any:
    return [typed] if isinstance(typed, str) else typed


def _addresses(typed: str) -> list[str]:
    """One to a line, or between commas."""
    return [parse_email(one) for one in re.split(r"[\s,;]+", typed.strip()) if one]


class OpenForm(Form):
    month: Annotated[date, BeforeValidator(parse_month)]


class DecideForm(Form):
    """`key`: the cards that it answers."""

    SENTENCES: ClassVar = {"key.missing": N_("Cochez au moins un point.")}
    key: Annotated[list[Annotated[str, StringConstraints(max_length=200)]], BeforeValidator(_several)]
    outcome: Literal["included", "left", "seen", "late", "ask"]
    reason: Annotated[str, StringConstraints(max_length=500)] = ""


class RefuseForm(Form):
    SENTENCES: ClassVar = {"reason.missing": N_("Dites en quelques mots pourquoi.")}
    reason: Annotated[str, StringConstraints(max_length=500)]


class AccountantsForm(Form):
    addresses: Annotated[list[str], BeforeValidator(lambda typed: _addresses(str(typed)))] = []

    @property
    def unique(self) -> list[str]:
        return list(dict.fromkeys(self.addresses))
