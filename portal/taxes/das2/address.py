"""An address as the file wants it: number, kind and name of the street apart, 129 characters in capitals without accents."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from text_unidecode import unidecode

from portal.taxes.das2.countries import COG, FRANCE, name_of
from portal.taxes.das2.records import ADDRESS
from portal.taxes.das2.street_types import KINDS, MOST_WORDS

STREET, COMPLEMENT, TOWN = 21, 32, 26
NUMBER = 4
REPEATS = {"BIS": "B", "TER": "T", "QUATER": "Q", "QUARTER": "Q"}
NO_COMMUNE = "00000"  # the number of the commune is not asked where the postcode stands
_UNWRITABLE = re.compile(r"[^A-Z0-9 &'()+/@_-]+")
_HOUSE = re.compile(r"\s*\d+\s*(?:bis|ter|quater|[a-z])?\b", re.IGNORECASE)


class Street(NamedTuple):
    number: int
    repeat: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Block:
    """`shortened`: the parts of which the file holds a piece only."""

    text: str
    shortened: tuple[str, ...] = ()


def plain(text: str) -> str:
    """Capitals without accents: each character is one byte in every encoding that the file may have."""
    return " ".join(_UNWRITABLE.sub(" ", bare(text).upper()).split()) if text else ""


def bare(text: str) -> str:
    """Without accents, its letters as they are."""
    return text if text.isascii() else unidecode(text)


def street_of(line: str) -> Street:
    """12 bis, avenue des Ternes → 12, B, AV, DES TERNES. A number of five digits is no house number: the line stays whole."""
    digits, rest = _number(plain(line))
    if len(digits) > NUMBER:
        return Street(0, "", "", plain(line))
    repeat, rest = _repeat(rest) if digits else ("", rest)
    kind, name = _kind(rest)
    return Street(int(digits or 0), repeat, kind, name)


def _number(line: str) -> tuple[str, str]:
    rest = line.lstrip("0123456789")
    return line[: len(line) - len(rest)], rest.strip()


def _repeat(rest: str) -> tuple[str, str]:
    word, _, behind = rest.partition(" ")
    if behind and word in REPEATS:
        return REPEATS[word], behind
    if behind and len(word) == 1 and word.isalpha():
        return word, behind
    return "", rest


def _kind(rest: str) -> tuple[str, str]:
    """The longest known beginning: a "chemin rural" is no "chemin"."""
    words = rest.split(" ")
    for many in range(min(MOST_WORDS, len(words) - 1), 0, -1):
        if code := KINDS.get(" ".join(words[:many])):
            return code, " ".join(words[many:])
    return "", rest


def lines_of(street: str) -> tuple[str, str]:
    """What stands before the house number is the complement: a building, a floor, somebody's house."""
    pieces = [piece.strip() for piece in re.split(r"[\n,]", street) if piece.strip()]
    for place, piece in enumerate(pieces[1:], 1):
        if _HOUSE.match(piece) and not pieces[place - 1].isdigit():
            return " ".join(pieces[:place]), " ".join(pieces[place:])
    return "", " ".join(pieces)


def block(street: str, postcode: str, city: str, country: str) -> Block:
    before, line = lines_of(street)
    found, complement, town = street_of(line), plain(before), plain(city)
    where = _at_home(postcode, town) if country in FRANCE else _abroad(postcode, town, country)
    text = ADDRESS.format(
        complement=complement, number=found.number, repeat=found.repeat, kind=found.kind,
        street=found.name[-STREET:], **where,
    )  # fmt: skip
    long = (
        ("street", len(found.name) > STREET), ("complement", len(complement) > COMPLEMENT),
        ("city", len(where["town"]) > TOWN or len(where["office"]) > TOWN),
    )  # fmt: skip
    return Block(text, tuple(part for part, cut in long if cut))


def _at_home(postcode: str, town: str) -> dict[str, str]:
    return {"insee": NO_COMMUNE, "town": "", "postcode": plain(postcode), "office": town}


def _abroad(postcode: str, town: str, country: str) -> dict[str, str]:
    code = COG.get(country, "")
    return {
        "insee": code, "town": f"{plain(postcode)} {town}".strip(), "postcode": code, "office": plain(name_of(country)),
    }  # fmt: skip
