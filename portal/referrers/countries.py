"""The countries from which a referrer may come: France and the other States of the Union."""

from babel import Locale

from portal.kit.text import LOCALES, language

UNION = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT",
    "NL", "PL", "PT", "RO", "SE", "SI", "SK",
)  # fmt: skip


def named(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    """Code and name in the reader's language, France first, then by name."""
    names = Locale.parse(LOCALES[language()]).territories
    return sorted(((code, names[code]) for code in codes), key=lambda pair: (pair[0] != "FR", pair[1]))
