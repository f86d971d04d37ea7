"""What stands in a cell or a field, as French people type it: amounts, dates, yes and no.

Each `parse_x` answers or raises Invalid with the code of its name; nothing is rounded, nothing guessed."""

import re
import unicodedata
from datetime import date

from portal.kit.identifiers import bare
from portal.kit.invalid import Invalid
from portal.kit.money import Cents

_WORDS = re.compile("[a-z0-9]+")
_SPACES = re.compile(r"\s+")
# At the ends only: 1€50 is not 150.
_CURRENCY = re.compile(r"^(€|eur(os?)?)\s*|\s*(€|eur(os?)?)?\s*(h\.?t\.?)?$", re.IGNORECASE)
_SIGNED = re.compile(r"([-+(]?) ?(.*?) ?([-)]?)", re.DOTALL)
_SIGNS = {"": 1, "+": 1, "-": -1, "()": -1}
# 18 000,00 · 18.000,00 · 18000,5: without a word about it, a comma is the decimal sign, unless a point follows later.
_FRENCH = r"([0-9]{1,3}(?:[ .'][0-9]{3})+|[0-9]+)(?:,([0-9]{1,2}))"
_ENGLISH = r"([0-9]{1,3}(?:[ ,'][0-9]{3})+|[0-9]+)(?:\.([0-9]{1,2}))"
_BY_SIGN = {
    "comma": (re.compile(f"{_FRENCH}?"), re.compile(_ENGLISH)),
    "point": (re.compile(f"{_ENGLISH}?"), re.compile(_FRENCH)),
}
_EITHER = re.compile("[0-9]{1,3}[.,][0-9]{3}")  # 12.500: twelve thousand and a half, or twelve and a half
MOST_CENTS = 10**12

_TIME = r"(?:[T ] ?(?:à )?[0-9]{1,2}[:h][0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?)?"
_NUMBERS = re.compile(rf"([0-9]{{1,4}})([/.\- ])([0-9]{{1,2}})[/.\- ]([0-9]{{1,4}}){_TIME}")
_IN_WORDS = re.compile(
    rf"(?:[a-z]+\.?,? )?([0-9]{{1,2}})(?:er)?[ \-/.]+([a-z]{{3,9}})\.?[ \-/.]+([0-9]{{4}}|[0-9]{{2}}){_TIME}"
)
_COMPACT = re.compile("(199[0-9]|20[0-9]{2})([0-9]{2})([0-9]{2})")
_SERIAL = re.compile("([0-9]{5})(?:[.,][0-9]+)?")
_MONTHS = (  # French and English, whole or by their beginnings
    ("janvier", "january"), ("fevrier", "february"), ("mars", "march"), ("avril", "april"), ("mai", "may"),
    ("juin", "june"), ("juillet", "july"), ("aout", "august"), ("septembre", "september"), ("octobre", "october"),
    ("novembre", "november"), ("decembre", "december"),
)  # fmt: skip
_ORDERS = {"dmy": (2, 1, 0), "mdy": (2, 0, 1), "ymd": (0, 1, 2)}  # where year, month and day stand
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
    if text.isascii():  # most of a large file
        return " ".join(_WORDS.findall(text.lower()))
    apart = unicodedata.normalize("NFKD", text.translate(_LIGATURES)).lower()
    letters = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join(_WORDS.findall(letters))


def parse_amount(text: str, decimal: str = "comma") -> Cents:
    """18 000,00 € · 1.234,50 · -12 · (12,50): whole cents. Three decimals are refused, not rounded.

    `decimal`: comma, point, or nothing when it is not known; 12.500 and 12,500 are then refused."""
    typed = _SPACES.sub(" ", _CURRENCY.sub("", bare(text).replace("−", "-"))).strip()
    before, digits, after = _SIGNED.fullmatch(typed).groups()  # pyright: ignore[reportOptionalMemberAccess]
    digits = _CURRENCY.sub("", digits).strip()  # (12,50 €)
    if not decimal and _EITHER.fullmatch(digits):
        raise Invalid("amount_sign")
    usual, other = _BY_SIGN[decimal or "comma"]
    match = usual.fullmatch(digits) or other.fullmatch(digits)
    if not match or len(match[1]) > 20 or before + after not in _SIGNS:
        raise Invalid("amount")
    cents = int(re.sub("[^0-9]", "", match[1])) * 100 + int((match[2] or "").ljust(2, "0"))
    if cents > MOST_CENTS:
        raise Invalid("amount")
    return _SIGNS[before + after] * cents


def parse_date(text: str, order: str = "dmy") -> date:
    """12/03/2027 · 12.03.27 · 2027-03-12 · 12 mars 2027 · the day number of Excel; two digits of a year are from 1970 on.

    `order`: dmy, mdy, ymd, or nothing when it is not known; what can then be read in two ways is refused."""
    typed = bare(text)
    if (serial := _SERIAL.fullmatch(typed)) and int(serial[1]) in _EXCEL_SERIALS:
        return date.fromordinal(_EXCEL_DAY_ZERO + int(serial[1]))
    parts = date_parts(typed)
    if parts is None:
        return _date_in_words(typed)
    if len(parts[0]) == 4:
        return _date_of(parts, "ymd")
    if order:
        return _date_of(parts, "dmy" if order == "ymd" and len(parts[2]) == 4 else order)
    possible = {found for one in _ORDERS if (found := _possible(parts, one))}
    if len(possible) > 1:
        raise Invalid("date_order")
    return _date_of(parts, "dmy") if not possible else possible.pop()


def date_parts(text: str) -> tuple[str, str, str] | None:
    """The three numbers of a day, in the order in which they stand."""
    if found := _NUMBERS.fullmatch(text):
        return found[1], found[3], found[4]
    return (found[1], found[2], found[3]) if (found := _COMPACT.fullmatch(text)) else None


def _possible(parts: tuple[str, str, str], order: str) -> date | None:
    try:
        return _date_of(parts, order)
    except Invalid:
        return None


def _date_of(parts: tuple[str, str, str], order: str) -> date:
    year, month, day = (parts[place] for place in _ORDERS[order])
    return _day(year, int(month), day)


def _day(year: str, month: int, day: str) -> date:
    if len(year) not in (2, 4):
        raise Invalid("date")
    full = int(year) + (0 if len(year) == 4 else 1900 if int(year) >= 70 else 2000)
    try:
        return date(full, month, int(day))
    except ValueError as error:
        raise Invalid("date") from error


def _date_in_words(typed: str) -> date:
    apart = unicodedata.normalize("NFKD", typed).lower()
    found = _IN_WORDS.fullmatch("".join(sign for sign in apart if not unicodedata.combining(sign)))
    if not found:
        raise Invalid("date")
    months = [
        number for number, names in enumerate(_MONTHS, 1) if any(name.startswith(found[2]) for name in names)
    ]
    if len(months) != 1:
        raise Invalid("date")
    return _day(found[3], months[0], found[1])


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
