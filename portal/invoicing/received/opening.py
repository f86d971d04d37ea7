"""What was sent, opened: which format, the structured part, the words. Nothing of it is trusted.

A PDF is opened by a process of its own (portal.kit.uploads); XML without entities, without network, within a bound."""

from dataclasses import dataclass
from enum import StrEnum

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] compiled, without stubs

from portal.invoicing.received.words import Unreadable
from portal.kit.invalid import Invalid
from portal.kit.uploads import JPEG, MOST_MEGABYTES, PDF, PNG, WEBP, opened_pdf, sniffed

XML = "application/xml"
MOST_XML_MEGABYTES = 5
CII_ROOT = "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice"
UBL_ROOTS = {
    "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice",
    "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote",
}
SAID_WITHOUT_NAMESPACE = {"CrossIndustryInvoice", "Invoice", "CreditNote"}
PICTURES = {PNG, JPEG, WEBP}
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")  # of UTF-8 and UTF-16


class Format(StrEnum):
    PDF = "pdf"
    FACTURX = "facturx"
    CII = "cii"
    UBL = "ubl"


@dataclass(frozen=True)
class Opened:
    format: Format
    media_type: str
    xml: bytes | None = None
    root: etree._Element | None = None
    text: str = ""


async def opened(body: bytes) -> Opened:
    """Raises Unreadable or Invalid, each with a sentence for who sent it."""
    if not body:
        raise Invalid("file_empty")
    if len(body) > MOST_MEGABYTES * 1_000_000:
        raise Invalid("file_too_big", {"limit": MOST_MEGABYTES})
    kind = sniffed(body)
    if kind == PDF:
        return await _pdf(body)
    if kind in PICTURES:
        raise Unreadable("picture")
    if not _looks_like_xml(body):
        raise Unreadable("kind")
    root = parsed(body)
    return Opened(_format(root), XML, body, root)


def _looks_like_xml(body: bytes) -> bool:
    return body.startswith(MARKS) or body.lstrip()[:1] == b"<" or body.startswith((b"<\0", b"\0<"))


async def _pdf(body: bytes) -> Opened:
    pdf = await opened_pdf(body)
    if any(_acting(content) for _, content in pdf.attached):
        raise Invalid("upload_active")
    found = [content for name, content in pdf.attached if _is_invoice(name, content)]
    if len(found) > 1:
        raise Unreadable("two_xmls")
    if not found:
        return Opened(Format.PDF, PDF, text=pdf.text)
    root = parsed(found[0])
    if root.tag != CII_ROOT:
        raise Unreadable("not_an_invoice")
    return Opened(Format.FACTURX, PDF, found[0], root, pdf.text)


def _acting(content: bytes) -> bool:
    """Proofs may be attached to an invoice; programmes may not."""
    return not _looks_like_xml(content) and sniffed(content) is None


def _is_invoice(name: str, content: bytes) -> bool:
    """By its root, or by its name where it does not parse: a broken invoice must not pass for none."""
    try:
        return parsed(content).tag in {CII_ROOT, *UBL_ROOTS} if _looks_like_xml(content) else False
    except Unreadable:
        return name.lower().endswith(".xml")


def parsed(body: bytes) -> etree._Element:
    """Raises Unreadable."""
    if len(body) > MOST_XML_MEGABYTES * 1_000_000:
        raise Invalid("file_too_big", {"limit": MOST_XML_MEGABYTES})
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as broken:
        raise Unreadable("xml_broken") from broken
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("entities")
    return root


def _format(root: etree._Element) -> Format:
    if root.tag == CII_ROOT:
        return Format.CII
    if root.tag in UBL_ROOTS:
        return Format.UBL
    if root.tag in SAID_WITHOUT_NAMESPACE:
        raise Unreadable("no_namespace")
    raise Unreadable("not_an_invoice")
