"""What a field of a programme may ask, and how an answer is read. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from portal.kit.cells import parse_amount, parse_date, plain_words
from portal.kit.identifiers import bare, parse_email, parse_phone, parse_postcode
from portal.kit.invalid import MESSAGES, Invalid
from portal.kit.text import N_

Value = str | Decimal | int | date | bool


class Asked(Protocol):
    """A field, with or without its answer: a row, or what stands for one."""

    def __getitem__(self, name: str, /) -> Any: ...


PREFIX = "champ_"  # of its control in a form
MOST = 20  # of a programme
MOST_REQUIRED = 3  # of a referrer: recommending takes forty seconds
MOST_CHOICES = 30
LONGEST_CHOICE = 80

FILLED_BY = {
    "referrer": N_("L'apporteur, quand il recommande"),
    "prospect": N_("La personne recommandée, sur le lien personnel"),
    "sales": N_("L'équipe, sur la fiche"),
}
SEEN_BY = {"everybody": N_("L'apporteur et l'équipe"), "staff": N_("L'équipe seulement")}

TOO_LONG = N_("Ce texte est trop long (%(most)s caractères au plus).")
NO_NUMBER = N_("Un nombre est attendu, par exemple 12,5.")
NO_CHOICE = N_("Choisissez une des réponses proposées.")
NEGATIVE = N_("Un montant positif est attendu.")
MISSING = N_("Ce champ est nécessaire.")

_NUMBER = re.compile(r"-?[0-9]{1,12}([.,][0-9]{1,4})?")
_YES_NO = {"1": True, "0": False}


class Wrong(ValueError):
    """An answer that cannot be kept; a msgid and its figures."""

    def __init__(self, sentence: str, **params: int) -> None:
        super().__init__(sentence)
        self.sentence, self.params = sentence, params


@dataclass(frozen=True, slots=True)
class Kind:
    """`column`: where the answer is kept; `control`: as parts/form.html draws it; `personal`: it always goes with the prospect."""

    label: str
    column: str
    control: str
    read: Callable[[str], Value]
    personal: bool = False


def _text(most: int) -> Callable[[str], str]:
    def read(typed: str) -> str:
        if len(typed) > most:
            raise Wrong(TOO_LONG, most=most)
        return typed

    return read


def _number(typed: str) -> Decimal:
    plain = re.sub(r"\s", "", bare(typed))
    if not _NUMBER.fullmatch(plain):
        raise Wrong(NO_NUMBER)
    return Decimal(plain.replace(",", "."))


def _amount(typed: str) -> int:
    cents = parse_amount(typed)
    if cents < 0:
        raise Wrong(NEGATIVE)
    return cents


def _yes(typed: str) -> bool:
    if typed not in _YES_NO:
        raise Wrong(NO_CHOICE)
    return _YES_NO[typed]


KINDS = {
    "text": Kind(N_("Une ligne"), "text_value", "text", _text(200)),
    "long": Kind(N_("Plusieurs lignes"), "text_value", "textarea", _text(500)),
    "number": Kind(N_("Un nombre"), "number_value", "number", _number),
    "amount": Kind(N_("Un montant en euros"), "cents_value", "money", _amount),
    "day": Kind(N_("Un jour"), "day_value", "date", parse_date),
    "choice": Kind(N_("Un choix dans une liste"), "text_value", "select", str),
    "yes": Kind(N_("Oui ou non"), "yes_value", "radio", _yes),
    "phone": Kind(N_("Un numéro de téléphone"), "text_value", "tel", parse_phone, personal=True),
    "email": Kind(N_("Une adresse e-mail"), "text_value", "email", parse_email, personal=True),
    "postcode": Kind(N_("Un code postal"), "text_value", "text", parse_postcode),
}


def read(field: Asked, typed: str) -> Value | None:
    """What is kept; None for nothing. Raises Wrong with what to say under the field."""
    plain = typed.strip()
    if not plain:
        if field["required"]:
            raise Wrong(MISSING)
        return None
    if field["kind"] == "choice" and plain not in {choice["key"] for choice in field["choices"]}:
        raise Wrong(NO_CHOICE)
    try:
        return KINDS[field["kind"]].read(plain)
    except Invalid as wrong:
        raise Wrong(MESSAGES[wrong.code]) from wrong


def parse_choices(typed: str, before: Sequence[Mapping[str, str]] = ()) -> list[dict[str, str]]:
    """One a line, its English after a bar: « Neuf | New ». One that was there keeps its key. Raises ValueError(msgid)."""
    known = {choice["fr"]: choice["key"] for choice in before}
    found: dict[str, dict[str, str]] = {}
    for line in typed.splitlines():
        french, _bar, english = (part.strip() for part in line.partition("|"))
        if not french:
            continue
        if max(len(french), len(english)) > LONGEST_CHOICE or not plain_words(french):
            raise ValueError(N_("Un choix tient en 80 signes, avec des lettres ou des chiffres."))
        key = known.get(french) or _free(
            plain_words(french).replace(" ", "_")[:30], {*found, *known.values()}
        )
        if any(choice["fr"] == french for choice in found.values()):
            raise ValueError(N_("Un choix figure deux fois."))
        found[key] = {"key": key, "fr": french, "en": english}
    if not 2 <= len(found) <= MOST_CHOICES:
        raise ValueError(N_("Donnez de deux à trente choix, un par ligne."))
    return list(found.values())


def written_choices(choices: Sequence[Mapping[str, str]]) -> str:
    """As it can be typed again."""
    return "\n".join(" | ".join(filter(None, (choice["fr"], choice["en"]))) for choice in choices)


def key_from(label: str, taken: set[str]) -> str:
    """The word by which other software names the field; it stays."""
    return _free(plain_words(label).replace(" ", "_")[:40] or "champ", taken)


def _free(stem: str, taken: set[str]) -> str:
    number, key = 1, stem
    while key in taken:
        number += 1
        key = f"{stem}_{number}"
    return key
