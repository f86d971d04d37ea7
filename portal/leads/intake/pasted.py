"""A message in which somebody introduces somebody: name, telephone, e-mail, company. Pure; what was read is shown to be confirmed."""

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberMatcher, PhoneNumberType

from portal.clients.keys import domain_key
from portal.kit.identifiers import bare, parse_email, parse_siren
from portal.kit.invalid import Invalid

LONGEST = 8_000  # signs; an introduction is shorter
LONGEST_LINE = 400
MOST_TRIES = 200  # digits that are no telephone
LONGEST_NAME = 60

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_HEADER = re.compile(
    r"^(?:de|from|expéditeur)\s*:\s*\"?([^\"<@\n]{2,60}?)\"?\s*<", re.IGNORECASE | re.MULTILINE
)
_SIREN = re.compile(r"(?:siren|siret|rcs)\D{0,40}?((?:\d[ .]?){8}\d)", re.IGNORECASE)
_LABELLED = re.compile(
    r"^\s*(?:société|entreprise|company|raison sociale|organisation)\s*:\s*(.{2,80}?)\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_NAMED = re.compile(
    r"^\s*(?:nom|contact|name|prénom et nom)\s*:\s*(.{2,60}?)\s*$", re.IGNORECASE | re.MULTILINE
)
_FORM = r"(?:SARL|SAS|SASU|EURL|SA|SCI|SNC|SCOP|SELARL|EIRL|EARL|GIE|Ltd|GmbH|LLC|Inc)"
_WITH_FORM = re.compile(
    rf"(?:\b{_FORM}\s+((?:[A-ZÀ-Ý0-9][\w'’&.-]*[ ]?){{1,5}}))|(?:((?:[A-ZÀ-Ý0-9][\w'’&.-]*[ ]){{1,5}}){_FORM}\b)"
)
_AT = re.compile(
    r"\b(?:chez|de la société|l['’]entreprise|la société|gérante? d[eu']|directrice? de|at)\s+((?:[A-ZÀ-Ý][\w'’&.-]*[ ]?){1,4})"
)
_WORD = r"[A-ZÀ-Ý][a-zà-ÿ'’]+(?:-[A-ZÀ-Ý][a-zà-ÿ'’]+)*"
_PERSON = re.compile(
    rf"(?:(?:M\.|Mr|Mme|Monsieur|Madame)\s+)?({_WORD}(?:[ ](?:{_WORD}|[A-ZÀ-Ý]{{2,}}|de|du|le|la)){{1,3}})"
)
_TITLED = re.compile(rf"\b(?:M\.|Mr|Mme|Monsieur|Madame)\s+({_WORD}(?:[ ](?:{_WORD}|[A-ZÀ-Ý]{{2,}}))?)")
_POLITE = frozenset(
    {
        "bonjour",
        "bonsoir",
        "cordialement",
        "merci",
        "bien",
        "belle",
        "bonne",
        "hello",
        "dear",
        "cher",
        "chère",
        "objet",
        "envoyé",
        "date",
        "best",
        "kind",
    }
)


@dataclass(frozen=True, slots=True)
class Found:
    contact: str = ""
    company: str = ""
    phone: str = ""
    email: str = ""
    siren: str = ""


def read_message(text: str) -> Found:
    """What could be read; empty where nothing could."""
    plain = "\n".join(line[:LONGEST_LINE].rstrip() for line in bare(text)[:LONGEST].splitlines())
    email = _email(plain)
    company = _company(plain, email)
    return Found(_contact(plain, email, company), company, _phone(plain), email, _siren(plain))


def _email(text: str) -> str:
    for typed in _EMAIL.findall(text):
        try:
            return parse_email(typed)
        except Invalid:
            continue
    return ""


def _phone(text: str) -> str:
    """A mobile before others, else the first that exists."""
    numbers = [match.number for match in PhoneNumberMatcher(text, "FR", max_tries=MOST_TRIES)]
    mobile = [one for one in numbers if phonenumbers.number_type(one) == PhoneNumberType.MOBILE]
    first = next(iter([*mobile, *numbers]), None)
    return phonenumbers.format_number(first, PhoneNumberFormat.E164) if first else ""


def _siren(text: str) -> str:
    """Only where the word stands before it: nine digits alone may be anything."""
    for typed in _SIREN.findall(text):
        try:
            return parse_siren(typed)
        except Invalid:
            continue
    return ""


def _company(text: str, email: str) -> str:
    if found := _LABELLED.search(text):
        return _tidy(found[1])
    if found := _WITH_FORM.search(text):
        return _tidy(found[0])
    if found := _AT.search(text):
        return _tidy(found[1])
    domain = domain_key(email.rpartition("@")[2])
    return " ".join(part.capitalize() for part in re.split("[-_]", domain.partition(".")[0]) if part)


def _contact(text: str, email: str, company: str) -> str:
    for pattern in (_HEADER, _NAMED, _TITLED):
        if found := pattern.search(text):
            return _tidy(found[1])
    return _like_the_address(email, text) or _signed(text, company) or _of_address(email)


def _like_the_address(email: str, text: str) -> str:
    """Written as it stands in the text: claire.morin@… and « Claire Morin »."""
    first, _dot, last = email.partition("@")[0].partition(".")
    if not last.isalpha() or not first.isalpha():
        return ""
    found = re.search(rf"\b({re.escape(first)}\s+{re.escape(last)})\b", text, re.IGNORECASE)
    return _tidy(found[1]) if found else ""


def _signed(text: str, company: str) -> str:
    """The last line that is a name and nothing else."""
    for line in reversed(text.splitlines()):
        found = _PERSON.fullmatch(line.strip(" ,;-–")) if len(line) <= LONGEST_NAME else None
        if found and found[1] != company and found[1].split()[0].lower() not in _POLITE:
            return _tidy(found[1])
    return ""


def _of_address(email: str) -> str:
    first, dot, last = email.partition("@")[0].partition(".")
    return f"{first.capitalize()} {last.capitalize()}" if dot and first.isalpha() and last.isalpha() else ""


def _tidy(text: str) -> str:
    return " ".join(text.split()).strip(" ,;:.-–\"'")[: LONGEST_NAME + 20].strip()
