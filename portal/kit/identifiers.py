"""Numbers by which companies, accounts and people are known: read as typed, kept normalised, shown grouped.

Each `parse_x` returns the normalised text or raises Invalid with the code of its name."""

import re

import phonenumbers
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberFormat
from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.fr import siren as fr_siren
from stdnum.fr import siret as fr_siret

from portal.kit.invalid import Invalid
from portal.kit.mistyped import Mistyped

LONGEST = 254  # of an e-mail address; everything else is shorter

# Numbers typed without their country: France first, then the territories that dial like it.
_PHONE_REGIONS = ("FR", "RE", "GP", "MQ", "GF", "YT")
_FRENCH_POSTCODE = re.compile(r"(?!00)[0-9]{5}")
_FOREIGN_POSTCODE = re.compile(r"[0-9A-Z]{2,10}")
_FULL_WIDTH = {0xFF01 + place: 0x21 + place for place in range(94)}
# An address that nobody can dispute, which is nearly every one of a large file: the library is asked about the others.
_PLAIN_EMAIL = re.compile(
    r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+([a-z]{2,})", re.ASCII
)
_SPECIAL_ENDS = {name.rpartition(".")[2] for name in SPECIAL_USE_DOMAIN_NAMES}
_LABEL = 63
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff]")


def bare(text: str) -> str:
    """As meant: without what the eye does not see, full-width signs made plain."""
    return _INVISIBLE.sub("", text).translate(_FULL_WIDTH).strip()


def _compact(text: str, code: str) -> str:
    """Without spaces, dots and dashes, in capitals."""
    if len(text) > LONGEST:
        raise Invalid(code)
    return re.sub(r"[\s.\-_/]", "", bare(text)).upper()


def parse_siren(text: str) -> str:
    typed = _compact(text, "siren")
    try:
        return fr_siren.validate(typed)
    except ValidationError as error:
        raise Mistyped("siren", typed) from error


def parse_siret(text: str) -> str:
    """La Poste, whose establishments follow another sum, included."""
    typed = _compact(text, "siret")
    try:
        return fr_siret.validate(typed)
    except ValidationError as error:
        raise Mistyped("siret", typed) from error


def siren_of(siret: str) -> str:
    return siret[:9]


def parse_vat(text: str) -> str:
    """Of any State of the Union, country first: FR44732829320."""
    typed = _compact(text, "vat")
    try:
        return eu_vat.validate(typed)
    except ValidationError as error:
        raise Mistyped("vat", typed) from error


def french_vat(siren: str) -> str:
    """The number that the tax office derives from a SIREN."""
    key = (12 + 3 * (int(siren) % 97)) % 97
    return f"FR{key:02d}{siren}"


def parse_iban(text: str) -> str:
    """Both keys are checked: that of the IBAN and, in France, that of the account."""
    typed = _compact(text, "iban")
    try:
        return str(IBAN(typed, validate_bban=True))
    except SchwiftyException as error:
        raise Mistyped("iban", typed) from error


def is_sepa(iban: str) -> bool:
    """Whether its country takes part in SEPA. French accounts in the Pacific begin with FR too: an address tells those."""
    return bool(IBAN(iban).in_sepa_zone)


def parse_bic(text: str) -> str:
    try:
        return str(BIC(_compact(text, "bic")))
    except SchwiftyException as error:
        raise Invalid("bic") from error


def bic_of(iban: str) -> str | None:
    """Known for the banks of the directory only."""
    bic = IBAN(iban).bic
    return str(bic) if bic else None


def parse_email(text: str) -> str:
    """In small letters; whether the box exists is found out by writing to it."""
    plain = text.strip().lower()
    if len(plain) <= _LABEL and (found := _PLAIN_EMAIL.fullmatch(plain)) and found[1] not in _SPECIAL_ENDS:
        return plain
    try:
        return validate_email(bare(text), check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise Invalid("email") from error


def parse_phone(text: str) -> str:
    """E.164: 06 12 34 56 78 → +33612345678."""
    typed = bare(text)
    for region in _PHONE_REGIONS if len(typed) <= LONGEST else ():
        try:
            number = phonenumbers.parse(typed, region)
        except NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, PhoneNumberFormat.E164)
    raise Invalid("phone")


def parse_postcode(text: str, country: str = "FR") -> str:
    """A French one that has lost its leading zero is refused, not guessed."""
    code = _compact(text, "postcode")
    pattern = _FRENCH_POSTCODE if country == "FR" else _FOREIGN_POSTCODE
    if not pattern.fullmatch(code):
        raise Invalid("postcode")
    return code


def show_siren(siren: str) -> str:
    return f"{siren[:3]} {siren[3:6]} {siren[6:]}"


def show_siret(siret: str) -> str:
    return f"{show_siren(siret[:9])} {siret[9:]}"


def show_vat(number: str) -> str:
    """FR 44 732 829 320; elsewhere country and number."""
    country, rest = number[:2], number[2:]
    return f"FR {rest[:2]} {show_siren(rest[2:])}" if country == "FR" else f"{country} {rest}"


def show_iban(iban: str) -> str:
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def iban_end(iban: str) -> str:
    """All that a list or a mail shows of an account."""
    return f"…{iban[-4:]}"


def shown_phone(number: str) -> str:
    """For pages: grouped where it can be read, else as it was given."""
    try:
        return show_phone(number)
    except NumberParseException:
        return number


def show_phone(number: str) -> str:
    """As dialled: national in France and its territories, international elsewhere."""
    parsed = phonenumbers.parse(number)
    home = phonenumbers.region_code_for_number(parsed) in _PHONE_REGIONS
    style = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, style)
