"""Statuses as platforms exchange them: CDAR (UN/CEFACT Cross Domain Acknowledgement and Response D22B), French rules 1.4.0."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] compiled, without stubs

from portal.invoicing.platform.rules import STATUSES, TRANSMISSION
from portal.kit.days import PARIS
from portal.kit.money import Cents

NS = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossDomainAcknowledgementAndResponse:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
GUIDELINE, REGULATED = "urn.cpro.gouv.fr:1p0:CDV:invoice", "REGULATED"
TREATMENT = "23"  # a status of treatment; 305 is one of transmission, told by platforms alone
MOST_BYTES = 1_000_000
SIREN, ADDRESS = "0002", "0225"
PORTAL_SCHEME, PORTAL_NUMBER = "0238", "0000"
# What goes with it in UNTDID 1373: paid, accepted…
STATUS_CODES = {
    "204": "45",
    "205": "1",
    "206": "49",
    "207": "46",
    "208": "39",
    "210": "50",
    "211": "47",
    "212": "47",
}


class Unreadable(Exception):
    """No status in it; the message says why, for us."""


@dataclass(frozen=True, slots=True)
class Status:
    """What is told of one invoice."""

    number: str
    code: str
    said_at: datetime
    seller_siren: str = ""
    issued_on: date | None = None
    reason_code: str = ""
    reason: str = ""


# Reading


def read(body: bytes) -> list[Status]:
    """Every status of the message. Raises Unreadable. XML from outside: no entities, no network, bounded."""
    document = _opened(body)
    sent = _instant(_text(document, "rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString"))
    found = [
        _status(reference, sent)
        for reference in document.iterfind("rsm:AcknowledgementDocument/ram:ReferenceReferencedDocument", NS)
    ]
    if not found:
        raise Unreadable("no invoice is named")
    return found


def _opened(body: bytes) -> etree._Element:
    if len(body) > MOST_BYTES:
        raise Unreadable("too long")
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        document = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as broken:
        raise Unreadable("no XML") from broken
    if document.getroottree().docinfo.doctype:
        raise Unreadable("a document type declaration")
    if document.tag != f"{{{NS['rsm']}}}CrossDomainAcknowledgementAndResponse":
        raise Unreadable("another kind of document")
    return document


def _status(reference: etree._Element, sent: datetime) -> Status:
    code = _text(reference, "ram:ProcessConditionCode")
    number = _text(reference, "ram:IssuerAssignedID")
    if code not in STATUSES or not number:
        raise Unreadable("an unknown status, or of no invoice")
    told = "ram:SpecifiedDocumentStatus/"
    return Status(
        number=number,
        code=code,
        said_at=sent,
        seller_siren=_text(reference, f"ram:IssuerTradeParty/ram:GlobalID[@schemeID='{SIREN}']"),
        issued_on=_day(_text(reference, "ram:FormattedIssueDateTime/qdt:DateTimeString")),
        reason_code=_text(reference, f"{told}ram:ReasonCode")[:40],
        reason=(
            _text(reference, f"{told}ram:Reason") or _text(reference, f"{told}ram:IncludedNote/ram:Content")
        )[:500],
    )


def _text(element: etree._Element, path: str) -> str:
    return " ".join((element.findtext(path, "", NS) or "").split())


def _instant(text: str) -> datetime:
    """Format 204, in Paris as the platforms write it. Raises Unreadable."""
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=PARIS).astimezone(UTC)
    except ValueError as odd:
        raise Unreadable("no date") from odd


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 8 and text.isdigit() else None
    except ValueError:
        return None


# Writing


@dataclass(frozen=True, slots=True)
class Party:
    role: str  # UNTDID 3035: BY buyer, SE seller, DFH the public portal
    siren: str
    name: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Cashed:
    """What came in, at one rate of VAT."""

    total_cents: Cents
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Message:
    """One status that we tell of one invoice."""

    identifier: str
    status: Status
    type_code: str  # of the invoice: 389, 380…
    sender: Party
    issuer: Party  # in whose name it is told
    recipients: Sequence[Party]
    seller: Party
    cashed: Sequence[Cashed] = ()


def write(message: Message) -> bytes:
    status = message.status
    if status.code in TRANSMISSION:
        raise ValueError("told by platforms alone")
    root = etree.Element(_tag("rsm:CrossDomainAcknowledgementAndResponse"), nsmap=NS)
    context = _add(root, "rsm:ExchangedDocumentContext")
    _add(_add(context, "ram:BusinessProcessSpecifiedDocumentContextParameter"), "ram:ID", REGULATED)
    _add(_add(context, "ram:GuidelineSpecifiedDocumentContextParameter"), "ram:ID", GUIDELINE)
    exchanged = _add(root, "rsm:ExchangedDocument")
    _add(exchanged, "ram:ID", message.identifier)
    _moment(exchanged, status.said_at)
    _party(exchanged, "ram:SenderTradeParty", message.sender)
    _party(exchanged, "ram:IssuerTradeParty", message.issuer)
    for recipient in message.recipients:
        _party(exchanged, "ram:RecipientTradeParty", recipient)
    _acknowledgement(root, message)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _acknowledgement(root: etree._Element, message: Message) -> None:
    status = message.status
    document = _add(root, "rsm:AcknowledgementDocument")
    _add(_add(document, "ram:MultipleReferencesIndicator"), "udt:Indicator", "false")
    _add(document, "ram:TypeCode", TREATMENT)
    _moment(document, status.said_at)
    reference = _add(document, "ram:ReferenceReferencedDocument")
    _add(reference, "ram:IssuerAssignedID", status.number)
    _add(reference, "ram:StatusCode", STATUS_CODES[status.code])
    _add(reference, "ram:TypeCode", message.type_code)
    if status.issued_on:
        issued = _add(reference, "ram:FormattedIssueDateTime")
        _add(issued, "qdt:DateTimeString", f"{status.issued_on:%Y%m%d}", format="102")
    _add(reference, "ram:ProcessConditionCode", status.code)
    _party(reference, "ram:IssuerTradeParty", message.seller)
    if status.reason_code or message.cashed:
        _detail(reference, message)


def _detail(reference: etree._Element, message: Message) -> None:
    status = message.status
    detail = _add(reference, "ram:SpecifiedDocumentStatus")
    if status.reason_code:
        _add(detail, "ram:ReasonCode", status.reason_code)
    if status.reason:
        _add(detail, "ram:Reason", status.reason)
    _add(detail, "ram:SequenceNumeric", "1")
    for cashed in message.cashed:
        amount = _add(detail, "ram:SpecifiedDocumentCharacteristic")
        _add(amount, "ram:TypeCode", "MEN")
        _add(amount, "ram:ValueAmount", str(Decimal(cashed.total_cents).scaleb(-2)), currencyID="EUR")
        _add(amount, "ram:ValuePercent", f"{cashed.rate:.2f}")


def _party(parent: etree._Element, name: str, party: Party) -> None:
    made = _add(parent, name)
    if party.siren:
        scheme = PORTAL_SCHEME if party.role == "DFH" else SIREN
        _add(made, "ram:GlobalID", party.siren, schemeID=scheme)
    if party.name:
        _add(made, "ram:Name", party.name)
    _add(made, "ram:RoleCode", party.role)
    if party.address:
        _add(_add(made, "ram:URIUniversalCommunication"), "ram:URIID", party.address, schemeID=ADDRESS)


def _moment(parent: etree._Element, instant: datetime) -> None:
    local = instant.astimezone(PARIS)
    _add(_add(parent, "ram:IssueDateTime"), "udt:DateTimeString", f"{local:%Y%m%d%H%M%S}", format="204")


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    made = etree.SubElement(parent, _tag(name), attributes)
    if text:
        made.text = text
    return made


def _tag(name: str) -> str:
    prefix, local = name.split(":")
    return f"{{{NS[prefix]}}}{local}"
