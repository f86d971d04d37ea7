"""What is typed about a client."""

import re
from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, StringConstraints, ValidationInfo, field_validator

from portal.kit.cells import parse_date, plain_words
from portal.kit.days import today
from portal.kit.forms import Form
from portal.kit.identifiers import parse_email, parse_phone, parse_postcode, parse_siren
from portal.kit.text import N_

Line = Annotated[str, StringConstraints(max_length=200)]
Day = Annotated[date, BeforeValidator(lambda typed: parse_date(str(typed)))]
MOST_TAGS = 20
LONGEST_TAG = 60
RESERVED = {"country", "is_new"}  # the language's own
HOW = N_("Écrivez un renseignement par ligne, par exemple secteur : santé.")


class ClientForm(Form):
    SENTENCES: ClassVar = {"name.missing": N_("Indiquez le nom de l'entreprise.")}
    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    siren: Annotated[str, BeforeValidator(lambda typed: typed and parse_siren(str(typed)))] = ""
    email: Annotated[str, BeforeValidator(lambda typed: typed and parse_email(str(typed)))] = ""
    phone: Annotated[str, BeforeValidator(lambda typed: typed and parse_phone(str(typed)))] = ""
    street: Line = ""
    country: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")] = "FR"
    postcode: Annotated[str, StringConstraints(max_length=12)] = ""
    city: Annotated[str, StringConstraints(max_length=100)] = ""
    since: Day | None = None
    tags: Annotated[str, StringConstraints(max_length=3000)] = ""
    version: int = 0

    @field_validator("postcode")
    @classmethod
    def _of_its_country(cls, typed: str, known: ValidationInfo) -> str:
        return parse_postcode(typed, known.data.get("country", "FR")) if typed else ""

    @field_validator("since")
    @classmethod
    def _not_to_come(cls, day: date | None) -> date | None:
        if day and day > today():
            raise ValueError(N_("Ce jour est encore à venir."))
        return day

    @field_validator("tags")
    @classmethod
    def _readable(cls, typed: str) -> str:
        read_tags(typed)
        return typed

    @property
    def columns(self) -> dict[str, Any]:
        names = ("name", "siren", "email", "phone", "street", "postcode", "city", "country", "since")
        return {name: getattr(self, name) for name in names}


class MergeForm(Form):
    """Which stays, and which becomes another name of it."""

    other: Annotated[str, StringConstraints(max_length=20)]
    version: int


class AliasForm(Form):
    other: Annotated[str, StringConstraints(max_length=20)]


def read_tags(typed: str) -> dict[str, str]:
    """secteur : santé → {"secteur": "santé"}, as `customer.secteur` in plans. Raises ValueError(msgid)."""
    found: dict[str, str] = {}
    for line in filter(str.strip, typed.splitlines()):
        said, _sign, value = line.partition(":") if ":" in line else line.partition("=")
        name = plain_words(said).replace(" ", "_")
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,29}", name) or not 0 < len(value.strip()) <= LONGEST_TAG:
            raise ValueError(HOW)
        if name in RESERVED:
            raise ValueError(
                N_("Le pays et la nouveauté du client se règlent déjà : choisissez un autre nom.")
            )
        if name in found:
            raise ValueError(N_("Un renseignement figure deux fois."))
        found[name] = value.strip()
    if len(found) > MOST_TAGS:
        raise ValueError(N_("Vingt renseignements suffisent."))
    return found


def written_tags(tags: dict[str, str]) -> str:
    return "\n".join(f"{name} : {value}" for name, value in tags.items())
