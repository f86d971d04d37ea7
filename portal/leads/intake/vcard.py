"""A visiting card (vCard 2.1, 3.0, 4.0), read as far as a recommendation needs it. Pure.

What a card says wrong or strangely is left out: a hostile card gives little, never a fault."""

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from portal.kit.identifiers import bare, parse_email, parse_phone
from portal.kit.invalid import Invalid

MOST_BYTES = 2_000_000  # a card may hold a photograph
MOST_LINES = 20_000
LONGEST = 200  # of what is shown; the rest of a value is left out
LONGEST_VALUE = 1_000
WANTED = frozenset({"BEGIN", "END", "FN", "N", "ORG", "TEL", "EMAIL"})

_CONTENT = re.compile(rb'((?:[\w-]+\.)?([\w-]+))((?:;(?:[^":;]|"[^"]*")*)*):(.*)', re.DOTALL)
_ENDS = re.compile(rb"\r\n|\r|\n")
_PARTS = re.compile(r"((?:\\.|[^\\;])*)(?:;|\\?$)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_MOBILE = ("CELL", "MOBILE", "IPHONE")


@dataclass(frozen=True, slots=True)
class Card:
    contact: str = ""
    company: str = ""
    phone: str = ""  # as on the card where it is no number that exists
    email: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    params: str  # in capitals
    value: str


def read_card(body: bytes) -> Card:
    """The first card that says something. Raises Invalid when there is none."""
    if len(body) > MOST_BYTES:
        raise Invalid("file_too_big", {"limit": MOST_BYTES // 1_000_000})
    lines = [line for raw in _unfolded(_as_utf8(body)) if (line := _line(raw))]
    for card in map(_card, _cards(lines)):
        if card != Card():
            return card
    raise Invalid("vcard")


def _as_utf8(body: bytes) -> bytes:
    """Some address books write in two bytes a sign."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace").encode()
    return body.removeprefix(b"\xef\xbb\xbf")


def _unfolded(body: bytes) -> Iterator[bytes]:
    """A line that begins with a space goes on with the one before; so does quoted-printable after a last `=`."""
    current = b""
    for raw in _ENDS.split(body)[:MOST_LINES]:
        if current.endswith(b"=") and b"QUOTED-PRINTABLE" in current[:LONGEST_VALUE].upper():
            current = current[:-1] + raw  # a space that follows belongs to the value
        elif raw[:1] in (b" ", b"\t"):
            current += raw[1:]
        else:
            yield current
            current = raw
        current = current[:MOST_LINES]
    yield current


def _line(raw: bytes) -> Line | None:
    """None for what is no line of a card, or not one that is wanted: the photograph is not looked at."""
    found = _CONTENT.fullmatch(raw[:LONGEST_VALUE])
    if not found or (name := found[2].decode().upper()) not in WANTED:
        return None
    params = found[3].decode("ascii", "replace").upper()
    value = found[4]
    if "QUOTED-PRINTABLE" in params:
        value = quopri.decodestring(value)
    return Line(name, params, _decoded(value, params))


def _decoded(value: bytes, params: str) -> str:
    """As the card says, else as most are written."""
    said = re.search(r"CHARSET=\"?([\w-]{1,20})", params)
    for charset in (said[1] if said else "utf-8", "utf-8", "cp1252"):
        try:
            return value.decode(charset)
        except (LookupError, ValueError):
            continue
    return value.decode("latin-1")


def _cards(lines: list[Line]) -> Iterator[list[Line]]:
    inside: list[Line] | None = None
    for line in lines:
        edge = line.value.strip().upper() == "VCARD"
        if line.name == "BEGIN" and edge:
            inside = []
        elif line.name == "END" and edge and inside is not None:
            yield inside
            inside = None
        elif inside is not None:
            inside.append(line)


def _card(lines: list[Line]) -> Card:
    named = next((name for line in lines if line.name == "FN" and (name := _said(line.value))), "")
    card = Card(
        contact=named or next((_full_name(line.value) for line in lines if line.name == "N"), ""),
        company=next((_said(_parts(line.value)[0]) for line in lines if line.name == "ORG"), ""),
        phone=_phone([line for line in lines if line.name == "TEL"]),
        email=_email([line for line in lines if line.name == "EMAIL"]),
    )
    return replace(card, contact="") if card.contact == card.company else card  # a card of a company


def _full_name(value: str) -> str:
    """Family; given; … → given family."""
    family, given, *_ = [*_parts(value), "", ""]
    return " ".join(part for part in (_said(given), _said(family)) if part)


def _phone(lines: list[Line]) -> str:
    """A mobile before others, the preferred first; the first as it stands where none exists."""
    lines = sorted(
        lines, key=lambda line: (not any(word in line.params for word in _MOBILE), "PREF" not in line.params)
    )
    numbers = [_said(line.value).removeprefix("tel:").partition(";")[0] for line in lines]
    return next(filter(None, map(_read_phone, numbers)), numbers[0][:30] if numbers else "")


def _email(lines: list[Line]) -> str:
    lines = sorted(lines, key=lambda line: "PREF" not in line.params)
    addresses = [_said(line.value).removeprefix("mailto:") for line in lines]
    return next(filter(None, map(_read_email, addresses)), "")


def _read_phone(text: str) -> str:
    try:
        return parse_phone(text)
    except Invalid:
        return ""


def _read_email(text: str) -> str:
    try:
        return parse_email(text)
    except Invalid:
        return ""


def _parts(value: str) -> list[str]:
    return [part[1] for part in _PARTS.finditer(value)]


def _said(value: str) -> str:
    """Without escapes, on one line, without what the eye does not see."""
    plain = _ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], value)
    return bare(" ".join(_CONTROLS.sub(" ", plain).split()))[:LONGEST].strip()
