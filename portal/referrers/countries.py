"""The countries from which a referrer may come: a person from the Union, a company from anywhere."""

import re

from babel import Locale

from portal.kit.cells import plain_words
from portal.kit.text import LOCALES, language

UNION = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT",
    "NL", "PL", "PT", "RO", "SE", "SI", "SK",
)  # fmt: skip
_CODE = re.compile(r"[A-Z]{2}")
_NOT_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
WORLD = tuple(
    code
    for code in map(str, Locale("fr").territories)
    if _CODE.fullmatch(code) and code not in _NOT_COUNTRIES
)
ABROAD = tuple(code for code in WORLD if code != "FR")


def named(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    """Code and name in the reader's language, France first, then by name."""
    names = Locale.parse(LOCALES[language()]).territories
    return sorted(
        ((code, names[code]) for code in codes), key=lambda pair: (pair[0] != "FR", plain_words(pair[1]))
    )
