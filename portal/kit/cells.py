"""What stands in a cell or a field, as French people type it: amounts, dates, yes and no.

Each `parse_x` answers or raises Invalid with the code of its name; nothing is rounded, nothing guessed."""

import re
import unicodedata
from datetime import date

from portal.kit.identifiers import bare
from portal.kit.invalid import Invalid
from portal.kit.money import Cents

_SPACES = re.compile(r"\s+")
# At the ends only: 1€50 is not 150.
_CURRENCY = re.compile(r"^(€|eur(os?)?)\s*|\s*(€|eur(os?)?)?\s*(h\.?t\.?)?$", re.IGNORECASE)
_SIGNED = re.compile(r"([-+(]?) ?(.*?) ?([-)]?)", re.DOTALL)
_SIGNS = {"": 1, "+": 1, "-": -1, "()": -1}
# 18 000,00 · 18.000,00 · 18000,5 — a comma is always the decimal sign, unless a point follows later.
_FRENCH = re.compile(r"([0-9]{1,3}(?:[ .'][0-9]{3})+|[0-9]+)(?:,([0-9]{1,2}))?")
_ENGLISH = re.compile(r"([0-9]{1,3}(?:[ ,'][0-9]{3})+|[0-9]+)\.([0-9]{1,2})")
MOST_CENTS = 10**12

_DATES = (
    re.compile(r"(?P<d>[0-9]{1,2})[/.\- ](?P<m>[0-9]{1,2})[/.\- ](?P<y>[0-9]{4}|[0-9]{2})"),
    re.compile(r"(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})"),
    re.compile(
        r"(?P<y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?"
    ),
)
_EXCEL_DAY_ZERO = date(1899, 12, 30).toordinal()
_EXCEL_SERIALS = range(32_874, 73_051)  # 1990 to 2099

_YES = {"oui", "o", "yes", "y", "vrai", "true", "1", "x"}
_NO = {"non", "n", "no", "faux", "false", "0"}


# Letters that do not come apart by themselves.
_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l"}
)


def plain_words(text: str) -> str:
    """N° de pièce, n° de PIECE → n de piece: how titles and key words are compared."""
    apart = unicodedata.normalize("NFKD", text.translate(_LIGATURES)).lower()
    letters = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join(re.findall("[a-z0-9]+", letters))


def parse_amount(text: str) -> Cents:
    """18 000,00 € · 1.234,50 · -12 · (12,50): whole cents. Three decimals are refused, not rounded."""
    typed = _SPACES.sub(" ", _CURRENCY.sub("", bare(text).replace("−", "-"))).strip()
    before, digits, after = _SIGNED.fullmatch(typed).groups()  # pyright: ignore[reportOptionalMemberAccess]
    match = _FRENCH.fullmatch(digits) or _ENGLISH.fullmatch(digits)
    if not match or len(match[1]) > 20 or before + after not in _SIGNS:
        raise Invalid("amount")
    cents = int(re.sub("[^0-9]", "", match[1])) * 100 + int((match[2] or "").ljust(2, "0"))
    if cents > MOST_CENTS:
        raise Invalid("amount")
    return _SIGNS[before + after] * cents


def parse_date(text: str) -> date:
    """12/03/2027 · 12.03.27 · 2027-03-12 · the day number of Excel; a year of two digits is from 1970 on."""
    typed = bare(text)
    if re.fullmatch("[0-9]{5}", typed) and int(typed) in _EXCEL_SERIALS:
        return date.fromordinal(_EXCEL_DAY_ZERO + int(typed))
    match = next((found for pattern in _DATES if (found := pattern.fullmatch(typed))), None)
    if not match:
        raise Invalid("date")
    year = int(match["y"])
    if len(match["y"]) == 2:
        year += 1900 if year >= 70 else 2000
    try:
        return date(year, int(match["m"]), int(match["d"]))
    except ValueError as error:
        raise Invalid("date") from error


def parse_whole(text: str) -> int:
    digits = _SPACES.sub("", bare(text))
    if not re.fullmatch("-?[0-9]{1,15}", digits):
        raise Invalid("whole")
    return int(digits)


def parse_yes_no(text: str) -> bool:
    word = plain_words(text)
    if word not in _YES | _NO:
        raise Invalid("yes_no")
    return word in _YES


def parse_text(text: str) -> str:
    """Kept as it is, ends trimmed; a formula is text like any other."""
    return text.strip()
