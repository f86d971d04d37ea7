"""XML that a bank sends, ISO 20022: opened without entities, network or surprise; read by local names, so that versions and prefixes do not matter. Pure."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] compiled, without stubs

from portal.kit.invalid import Invalid
from portal.kit.money import Cents, round_half_away

MOST_MEGABYTES = 10
PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ")
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
AMOUNT = re.compile(r"\d{1,13}(\.\d{1,5})?")
Element = Any  # lxml's own has no stubs


def looks_like_xml(data: bytes) -> bool:
    return data.startswith(MARKS) or data.lstrip()[:1] == b"<" or data.startswith((b"<\0", b"\0<"))


def opened(data: bytes) -> Element:
    """The document's root. Raises Invalid."""
    if data.startswith(PACKED):
        raise Invalid("bank_packed")
    if len(data) > MOST_MEGABYTES * 1_000_000:
        raise Invalid("file_too_big", {"limit": MOST_MEGABYTES})
    if not data.strip():
        raise Invalid("file_empty")
    if not looks_like_xml(data):
        raise Invalid("bank_not_xml")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as broken:
        raise Invalid("bank_broken") from broken
    if root.getroottree().docinfo.internalDTD is not None:
        raise Invalid("bank_entities")
    return root


def name_of(element: Element) -> str:
    """Its local name; what is no element has none."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def each(element: Element | None, path: str) -> Iterator[Element]:
    """All at a path of local names, one step at a time: « NtryDtls/TxDtls »."""
    step, _, rest = path.partition("/")
    for child in () if element is None else element:
        if name_of(child) == step:
            yield from each(child, rest) if rest else (child,)


def first(element: Element | None, *paths: str) -> Element | None:
    return next((found for path in paths for found in each(element, path)), None)


def text(element: Element | None, *paths: str) -> str:
    """Of the first path that says something, on one line."""
    for path in paths:
        for found in each(element, path):
            if said := " ".join((found.text or "").split()):
                return said
    return ""


def day(element: Element | None, *paths: str) -> date | None:
    """Of « Dt » or « DtTm » alike; the day as the bank writes it. Raises Invalid."""
    said = text(element, *paths)
    if not said:
        return None
    try:
        return date.fromisoformat(said[:10])
    except ValueError as wrong:
        raise Invalid("bank_broken") from wrong


def cents(element: Element | None, *paths: str) -> Cents | None:
    """Raises Invalid where it is no amount, or not whole cents."""
    said = text(element, *paths)
    if not said:
        return None
    if not AMOUNT.fullmatch(said):
        raise Invalid("bank_broken")
    try:
        exact = Decimal(said).scaleb(2)
    except InvalidOperation as wrong:
        raise Invalid("bank_broken") from wrong
    if exact != exact.to_integral_value():
        raise Invalid("bank_broken")
    return round_half_away(exact)
