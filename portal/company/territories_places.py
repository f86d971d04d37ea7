"""The places of a territory as people write them: 69, 2A, 690, BE, BE 10. Pure."""

import re
from typing import NamedTuple

from babel import Locale

from portal.kit.identifiers import bare
from portal.kit.text import N_, _

MOST = 300
TOO_MANY = N_("Un territoire tient 300 lieux au plus.")
FRANCE = "FR"

# Corsica: one postcode begins like the other's, so a department is several prefixes.
CORSICA = {"2A": ("200", "201"), "2B": ("202", "204", "206")}
_CORSICAN = {prefix: name for name, prefixes in CORSICA.items() for prefix in prefixes}

_POSTCODE_START = re.compile("[0-9]{2,5}")
# A town is no prefix: letters alone are two at most, as in GB EH.
_ABROAD = re.compile("([A-Z]{2})(?: ([A-Z]{0,2}[0-9][0-9A-Z]{0,7}|[A-Z]{1,2}))?")
_BETWEEN = re.compile(r"[,;\n\t]+")

COUNTRIES = frozenset(str(code) for code in Locale.parse("en").territories if len(str(code)) == 2) - {
    "EU",
    "EZ",
    "UN",
    "ZZ",
}


class Unreadable(ValueError):
    """One of the places as typed."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word[:20]

    @property
    def sentence(self) -> str:
        said = _("« %(word)s » n'est pas un lieu connu. Écrivez par exemple 69, 01, 2A, 75008 ou BE.")
        return said % {"word": self.word}


class Place(NamedTuple):
    """Postcodes of a country that begin so; '' is all of them."""

    country: str
    prefix: str


def parse_places(typed: str) -> list[Place]:
    """Separated by commas, semicolons or new lines; French numbers by spaces too. Each once. Raises a ValueError."""
    found = [place for word in _words(typed) for place in _read(word)]
    if len(found) > MOST:
        raise ValueError(TOO_MANY)
    return sorted(set(found))


def _words(typed: str) -> list[str]:
    words = []
    for piece in _BETWEEN.split(bare(typed).upper()):
        plain = piece.strip()
        words += plain.split() if re.fullmatch(r"[0-9AB ]+", plain) else [plain] if plain else []
    return words


def _read(word: str) -> list[Place]:
    if word in CORSICA:
        return [Place(FRANCE, prefix) for prefix in CORSICA[word]]
    if _POSTCODE_START.fullmatch(word):
        return [Place(FRANCE, word)]
    if (abroad := _ABROAD.fullmatch(word)) and abroad[1] in COUNTRIES:
        return [Place(abroad[1], abroad[2] or "")]
    raise Unreadable(word)


def written(places: list[Place]) -> str:
    """As it can be typed again."""
    return ", ".join(dict.fromkeys(_written(place, places) for place in places))


def _written(place: Place, among: list[Place]) -> str:
    department = _CORSICAN.get(place.prefix, "") if place.country == FRANCE else ""
    if department and all(Place(FRANCE, prefix) in among for prefix in CORSICA[department]):
        return department
    return place.prefix if place.country == FRANCE and place.prefix else " ".join(filter(None, place))
