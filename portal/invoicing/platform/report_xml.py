"""Purchases from abroad as the administration takes them: flow 10.1 (Report), by the published rules of annex 7, v1.8. À confirmer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] compiled, without stubs

from portal.kit.days import PARIS
from portal.kit.money import Cents
from portal.kit.rows import Row

PROFILE, SERVICE = "urn.cpro.gouv.fr:1p0:ereporting", "S1"
INITIAL, CORRECTING = "IN", "RE"
SIREN, IN_THE_UNION, OUTSIDE = "0002", "0223", "0227"
PLATFORM_SCHEME = "0238"
LONGEST_NUMBER = 18


@dataclass(frozen=True, slots=True)
class Period:
    begins_on: date
    ends_on: date


def write(
    identifier: str,
    period: Period,
    papers: Sequence[Row],
    entity: Row,
    platform: str,
    made_at: datetime,
    *,
    first: bool,
) -> bytes:
    """`platform`: its registration number, by which it is the sender."""
    root = etree.Element("Report")
    head = _add(root, "ReportDocument")
    _add(head, "Id", identifier)
    _add(_add(head, "IssueDateTime"), "DateTimeString", f"{made_at.astimezone(PARIS):%Y%m%d%H%M%S}")
    _add(head, "TypeCode", INITIAL if first else CORRECTING)
    _actor(head, "Sender", platform, PLATFORM_SCHEME, "", "WK")
    _actor(head, "Issuer", entity["siren"], SIREN, entity["name"], "BY")
    report = _add(root, "TransactionsReport")
    _period(report, period)
    for paper in papers:
        _invoice(report, paper, entity)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _actor(parent: etree._Element, tag: str, number: str, scheme: str, name: str, role: str) -> None:
    made = _add(parent, tag)
    _add(made, "Id", number, schemeId=scheme)
    if name:
        _add(made, "Name", name)
    _add(made, "RoleCode", role)


def _period(parent: etree._Element, period: Period) -> None:
    made = _add(parent, "ReportPeriod")
    _add(made, "StartDate", _day(period.begins_on))
    _add(made, "EndDate", _day(period.ends_on))


def _invoice(report: etree._Element, paper: Row, entity: Row) -> None:
    said = paper["paper"]
    made = _add(report, "Invoice")
    _add(made, "ID", paper["number"])
    _add(made, "IssueDate", _day(paper["issued_on"]))
    _add(made, "TypeCode", paper["type_code"])
    _add(made, "CurrencyCode", "EUR")
    process = _add(made, "BusinessProcess")
    _add(process, "ID", SERVICE)
    _add(process, "TypeID", PROFILE)
    if paper["credited_number"]:
        before = _add(made, "ReferencedDocument")
        _add(before, "ID", paper["credited_number"])
        _add(before, "IssueDate", _day(paper["credited_on"]))
    _party(
        made,
        "Seller",
        *seller_number(said["seller"]),
        said["seller"].get("vat_number", ""),
        said["seller"]["country"],
    )
    _party(made, "Buyer", entity["siren"], SIREN, entity["vat_number"], entity["country"])
    total = _add(made, "MonetaryTotal")
    _add(total, "TaxExclusiveAmount", _amount(paper["net_cents"]))
    _add(total, "TaxAmount", _amount(paper["vat_cents"]), CurrencyCode="EUR")
    _vat(made, paper)


def seller_number(seller: Mapping[str, Any]) -> tuple[str, str]:
    """With its scheme: the VAT number in the Union; outside, the country and the first signs of the name."""
    vat = seller.get("vat_number", "")
    if vat:
        return vat[:LONGEST_NUMBER], IN_THE_UNION
    plain = "".join(sign for sign in seller["name"].upper() if sign.isalnum())
    return f"{seller['country']}{plain}"[:LONGEST_NUMBER], OUTSIDE


def _party(parent: etree._Element, tag: str, number: str, scheme: str, vat: str, country: str) -> None:
    made = _add(parent, tag)
    _add(made, "CompanyId", number, schemeId=scheme)
    if vat:
        _add(made, "TaxRegistrationId", vat, qualifyingId="VAT")
    _add(_add(made, "PostalAddress"), "CountryId", country)


def _vat(parent: etree._Element, paper: Row) -> None:
    said = paper["paper"]
    made = _add(parent, "TaxSubTotal")
    _add(made, "TaxableAmount", _amount(paper["net_cents"]))
    _add(made, "TaxAmount", _amount(paper["vat_cents"]))
    category = _add(made, "TaxCategory")
    _add(category, "Code", said["lines"][0]["vat_category"])
    _add(category, "Percent", f"{Decimal(paper['vat_rate']):.2f}")
    if said.get("exemption_code"):
        _add(category, "TaxExemptionReasonCode", said["exemption_code"])
    if said.get("exemption_text"):
        _add(category, "TaxExemptionReason", said["exemption_text"])


def _amount(cents: Cents) -> str:
    return str(Decimal(cents).scaleb(-2))


def _day(value: date) -> str:
    return f"{value:%Y%m%d}"


def _add(parent: etree._Element, tag: str, text: str = "", **attributes: str) -> etree._Element:
    made = etree.SubElement(parent, tag, attributes)
    if text:
        made.text = text
    return made
