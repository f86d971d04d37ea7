"""What seems wrong with a number whose key does not hold: its length, a letter, two digits the wrong way round, one digit.

A key proves that something is wrong, and often tells where: each neighbour swapped back and each digit replaced is
tried against it. Places are counted from 1, as one reads them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import InvalidFormat, InvalidLength, ValidationError
from stdnum.fr import siren as fr_siren
from stdnum.fr import siret as fr_siret

from portal.kit.invalid import Invalid
from portal.kit.text import N_, _

DIGITS = "0123456789"
FRENCH_VAT = 13
FEW = 3  # more places than that tell nobody where to look
HEADS = {
    "siren": N_("Ce SIREN ne tombe pas juste."),
    "siret": N_("Ce SIRET ne tombe pas juste."),
    "vat": N_("Ce numéro de TVA ne tombe pas juste."),
    "iban": N_("Cet IBAN ne tombe pas juste."),
}
SAYS = {
    "length": N_("Il s'écrit avec %(due)s caractères : il y en a %(count)s ici."),
    "letter": N_("Le caractère %(place)s (« %(sign)s ») devrait être un chiffre."),
    "swapped": N_("Les chiffres en places %(first)s et %(second)s (« %(seen)s ») semblent inversés."),
    "swapped_among": N_("Deux chiffres voisins semblent inversés, en places %(pairs)s."),
    "digit": N_("Le chiffre en place %(place)s (« %(seen)s ») semble faux."),
    "somewhere": N_("Un chiffre au moins est faux : relisez-le en entier."),
    "tail": N_("Les 9 premiers chiffres sont justes : relisez les 5 derniers."),
    "siren_is_siret": N_("C'est un SIRET : le SIREN en est le début, %(guess)s."),
    "siret_is_siren": N_("C'est un SIREN : ajoutez les 5 chiffres de l'établissement."),
    "vat_country": N_("Il commence par les deux lettres d'un pays de l'Union, FR en France."),
    "vat_length": N_("Il n'a pas la longueur d'un numéro de ce pays (%(country)s)."),
    "vat_format": N_("Un numéro de ce pays (%(country)s) ne s'écrit pas ainsi : un signe est faux."),
    "vat_key": N_("D'après ce SIREN, la clé après FR serait %(guess)s."),
    "iban_country": N_("Il commence par les deux lettres du pays du compte, FR en France."),
    "account_key": N_(
        "La clé de l'IBAN est juste, celle du compte ne l'est pas : relisez les deux derniers chiffres."
    ),
}
Finding = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """How a number of this kind is checked, how long it is, and what is particular to it."""

    holds: Callable[[str], bool]
    length: Callable[[str], int | None]
    digits: Callable[[str], Iterable[int]]  # where only digits stand
    before: Callable[[str], Finding | None] = lambda _typed: None  # found out before its length
    after: Callable[[str], Finding | None] = lambda _typed: None  # when its length is right


class Mistyped(Invalid):
    """What is wrong is worked out when it is said, not when a file of a million lines is read."""

    def __init__(self, code: str, typed: str) -> None:
        super().__init__(code)
        self.typed = typed

    @property
    def sentence(self) -> str:
        what, params = finding(self.code, self.typed)
        return f"{_(HEADS[self.code])} {_(SAYS[what]) % params}"


def finding(code: str, typed: str) -> Finding:
    """A key of SAYS and what its sentence needs. `typed` without spaces, in capitals."""
    kind = KINDS[code]
    return (
        kind.before(typed)
        or _wrong_length(typed, kind.length)
        or _letter(typed, kind.digits(typed))
        or kind.after(typed)
        or _places(typed, kind.holds)
    )


def _wrong_length(typed: str, length: Callable[[str], int | None]) -> Finding | None:
    due = length(typed)
    return ("length", {"due": due, "count": len(typed)}) if due and len(typed) != due else None


def _letter(typed: str, places: Iterable[int]) -> Finding | None:
    for place in places:
        if typed[place - 1] not in DIGITS:
            return "letter", {"place": place, "sign": typed[place - 1]}
    return None


def _places(typed: str, holds: Callable[[str], bool]) -> Finding:
    pairs = [place for place, text in swapped_back(typed) if holds(text)]
    if len(pairs) == 1:
        [first] = pairs
        return "swapped", {"first": first, "second": first + 1, "seen": typed[first - 1 : first + 1]}
    if 1 < len(pairs) <= FEW:
        return "swapped_among", {"pairs": ", ".join(f"{place}-{place + 1}" for place in pairs)}
    digits = {place for place, text in digit_replaced(typed) if holds(text)}
    if len(digits) == 1:
        [place] = digits
        return "digit", {"place": place, "seen": typed[place - 1]}
    return "somewhere", {}


def swapped_back(typed: str) -> Iterator[tuple[int, str]]:
    """Each pair of neighbours that differ, the other way round, with the place of the first."""
    for at in range(len(typed) - 1):
        one, next_one = typed[at], typed[at + 1]
        if one != next_one and one in DIGITS and next_one in DIGITS:
            yield at + 1, typed[:at] + next_one + one + typed[at + 2 :]


def digit_replaced(typed: str) -> Iterator[tuple[int, str]]:
    for at, sign in enumerate(typed):
        if sign in DIGITS:
            for digit in DIGITS.replace(sign, ""):
                yield at + 1, typed[:at] + digit + typed[at + 1 :]


def _a_siret(typed: str) -> Finding | None:
    whole = len(typed) == 14 and fr_siret.is_valid(typed)
    return ("siren_is_siret", {"guess": f"{typed[:3]} {typed[3:6]} {typed[6:9]}"}) if whole else None


def _a_siren(typed: str) -> Finding | None:
    return ("siret_is_siren", {}) if fr_siren.is_valid(typed) else None


def _tail(typed: str) -> Finding | None:
    """The SIREN within holds by itself, and no two neighbours were swapped: the establishment is to be read again."""
    if not fr_siren.is_valid(typed[:9]) or any(fr_siret.is_valid(text) for _at, text in swapped_back(typed)):
        return None
    return "tail", {}


def _vat_country(typed: str) -> Finding | None:
    country = "GR" if typed[:2] == "EL" else typed[:2]
    return ("vat_country", {}) if country.lower() not in (*eu_vat.MEMBER_STATES, "xi") else None


def _vat_after(typed: str) -> Finding | None:
    return _vat_key(typed) if typed[:2] == "FR" else _vat_abroad(typed)


def _vat_abroad(typed: str) -> Finding | None:
    """The library knows how each country writes its numbers, not we."""
    try:
        eu_vat.validate(typed)
    except InvalidLength:
        return "vat_length", {"country": typed[:2]}
    except InvalidFormat:
        return "vat_format", {"country": typed[:2]}
    except ValidationError:
        return None
    return None


def _vat_key(typed: str) -> Finding | None:
    """The SIREN holds: what does not is the key before it."""
    siren = typed[4:]
    if not fr_siren.is_valid(siren):
        return None
    return "vat_key", {"guess": f"{(12 + 3 * (int(siren) % 97)) % 97:02d}"}


def _iban_country(typed: str) -> Finding | None:
    try:
        IBAN(typed, allow_invalid=True).spec  # noqa: B018
    except SchwiftyException:
        return "iban_country", {}
    return None


def _iban_length(typed: str) -> int:
    return IBAN(typed, allow_invalid=True).spec.iban_length


def _iban_digits(typed: str) -> Iterator[int]:
    """The two of the key, then as the country has it: '5!n5!n11!c2!n'."""
    yield from (3, 4)
    place = 5
    for many, kind in re.findall(r"([0-9]+)!?([nac])", IBAN(typed, allow_invalid=True).spec.bban_spec):
        if kind == "n":
            yield from range(place, place + int(many))
        place += int(many)


def _account_key(typed: str) -> Finding | None:
    return ("account_key", {}) if _sum_holds(typed) and typed[:2] in ("FR", "MC") else None


def _sum_holds(iban: str) -> bool:
    """ISO 7064: the remainder of 97 is 1."""
    turned = iban[4:] + iban[:4]
    return (
        turned.isascii()
        and turned.isalnum()
        and int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1
    )


def _iban_holds(iban: str) -> bool:
    if not _sum_holds(iban):  # a hundred times as fast as the library, and true of one in 97 only
        return False
    try:
        IBAN(iban, validate_bban=True)
    except SchwiftyException:
        return False
    return True


KINDS = {
    "siren": Kind(fr_siren.is_valid, lambda _typed: 9, lambda _typed: range(1, 10), before=_a_siret),
    "siret": Kind(fr_siret.is_valid, lambda _typed: 14, lambda _typed: range(1, 15), before=_a_siren, after=_tail),
    "vat": Kind(
        eu_vat.is_valid,
        lambda typed: FRENCH_VAT if typed[:2] == "FR" else None,
        lambda typed: range(5, FRENCH_VAT + 1) if typed[:2] == "FR" else (),
        before=_vat_country, after=_vat_after,
    ),
    "iban": Kind(_iban_holds, _iban_length, _iban_digits, before=_iban_country, after=_account_key),
}  # fmt: skip
