"""Lists of codes as suppliers of cards send them: a code, perhaps a PIN, perhaps the last day on which it is valid. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.kit.cells import parse_date, plain_words
from portal.kit.invalid import Invalid
from portal.kit.text import N_

MOST, LONGEST = 5_000, 100
TITLES = ("code", "codes", "numero", "carte", "card", "number", "cheque", "bon")
FAULTS = {
    "empty": N_("le code manque"),
    "long": N_("le code dépasse 100 caractères"),
    "date": N_("la date de fin ne se lit pas"),
    "past": N_("la date de fin est passée"),
    "twice": N_("ce code est déjà plus haut dans la liste"),
}


@dataclass(frozen=True, slots=True)
class CardCode:
    code: str
    pin: str = ""
    valid_until: date | None = None

    @property
    def last4(self) -> str:
        """At most half of a short one."""
        return self.code[-min(4, len(self.code) // 2) :] if len(self.code) > 1 else ""


@dataclass(frozen=True, slots=True)
class Read:
    """`faults`: line and code of FAULTS; with one of them nothing is kept."""

    codes: tuple[CardCode, ...]
    faults: tuple[tuple[int, str], ...]


def read_codes(lines: Iterable[tuple[int, Sequence[str]]], day: date) -> Read:
    """`lines`: number and cells; the first may hold titles."""
    codes: dict[str, CardCode] = {}
    faults: list[tuple[int, str]] = []
    for place, (number, cells) in enumerate(lines):
        if place == 0 and _is_title(cells):
            continue
        fault, read = _read(cells, day)
        if fault or read is None:
            faults.append((number, fault))
        elif read.code in codes:
            faults.append((number, "twice"))
        else:
            codes[read.code] = read
    return Read(tuple(codes.values()), tuple(faults))


def _is_title(cells: Sequence[str]) -> bool:
    words = plain_words(cells[0]).split() if cells else []
    return bool(words) and words[0] in TITLES and not any(sign.isdigit() for sign in cells[0])


def _read(cells: Sequence[str], day: date) -> tuple[str, CardCode | None]:
    code, pin, until = ([cell.strip() for cell in cells] + ["", "", ""])[:3]
    if not code:
        return "empty", None
    if len(code) > LONGEST or len(pin) > LONGEST:
        return "long", None
    try:
        valid_until = parse_date(until) if until else None
    except Invalid:
        return "date", None
    if valid_until is not None and valid_until < day:
        return "past", None
    return "", CardCode(code, pin, valid_until)
