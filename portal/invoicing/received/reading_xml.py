"""What an invoice in XML says: CII (alone, or inside a Factur-X) and UBL 2.1, whatever its prefixes.

Amounts are read as they stand; nothing is computed here, so that a wrong sum is seen as one."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] compiled, without stubs

from portal.invoicing.received.opening import CII_ROOT
from portal.invoicing.received.told import CREDIT_NOTE, INVOICE, Party, Told, VatTold
from portal.invoicing.received.words import Unreadable
from portal.kit.money import Cents

CII = {
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
UBL = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
}
SIREN, SIRET = "0002", "0009"
MOST_CENTS = 10**12
LONGEST = 20_000  # signs of text that are kept
SHORT = 200


def read(root: etree._Element) -> Told:
    """Raises Unreadable where an amount or a date is none."""
    return _cii(root) if root.tag == CII_ROOT else _ubl(root)


class _Node:
    """An element asked by short paths; what is absent is empty."""

    def __init__(self, element: etree._Element, names: dict[str, str]) -> None:
        self.element, self.names = element, names

    def texts(self, path: str) -> list[str]:
        found = self.element.xpath(path, namespaces=self.names)
        return [
            text
            for each in found
            if (text := (each if isinstance(each, str) else "".join(each.itertext())).strip())
        ]

    def text(self, path: str) -> str:
        return " ".join(next(iter(self.texts(path)), "").split())[:SHORT]

    def cents(self, path: str) -> Cents | None:
        return _cents(found) if (found := self.text(path)) else None

    def all(self, path: str) -> list["_Node"]:
        return [_Node(each, self.names) for each in self.element.xpath(path, namespaces=self.names)]

    def one(self, path: str) -> "_Node":
        return next(iter(self.all(path)), _Node(etree.Element("nothing"), self.names))


def _cii(root: etree._Element) -> Told:
    top = _Node(root, CII)
    deal = top.one("rsm:SupplyChainTradeTransaction")
    agreed = deal.one("ram:ApplicableHeaderTradeAgreement")
    settled = deal.one("ram:ApplicableHeaderTradeSettlement")
    sums = settled.one("ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    head = top.one("rsm:ExchangedDocument")
    currency = settled.text("ram:InvoiceCurrencyCode")
    taxes = sums.all("ram:TaxTotalAmount")
    own = [tax for tax in taxes if tax.text("@currencyID") in ("", currency)] or taxes[:1]
    return Told(
        kind=head.text("ram:TypeCode") or INVOICE,
        number=head.text("ram:ID"),
        issued_on=_cii_day(head.text("ram:IssueDateTime/udt:DateTimeString")),
        due_on=_cii_day(settled.text("ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString")),
        currency=currency or "EUR",
        seller=_cii_party(agreed.one("ram:SellerTradeParty")),
        buyer=_cii_party(agreed.one("ram:BuyerTradeParty")),
        ibans=_ibans(settled.texts(".//ram:PayeePartyCreditorFinancialAccount/ram:IBANID")),
        net_cents=sums.cents("ram:TaxBasisTotalAmount"),
        vat_cents=own[0].cents(".") if own else None,
        total_cents=sums.cents("ram:GrandTotalAmount"),
        vats=tuple(_cii_vat(tax) for tax in settled.all("ram:ApplicableTradeTax")),
        lines=len(deal.all("ram:IncludedSupplyChainTradeLineItem")),
        credits=settled.text("ram:InvoiceReferencedDocument/ram:IssuerAssignedID"),
        profile=top.text("rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID"),
        text=_joined(
            top.texts(".//ram:Content | .//ram:ExemptionReason | .//ram:ExemptionReasonCode | .//ram:Description | .//ram:Name")
        ),
    )  # fmt: skip


def _cii_party(party: _Node) -> Party:
    legal = party.text(f"ram:SpecifiedLegalOrganization/ram:ID[@schemeID='{SIREN}' or not(@schemeID)]")
    siret = party.text(
        f"ram:SpecifiedLegalOrganization/ram:ID[@schemeID='{SIRET}'] | ram:GlobalID[@schemeID='{SIRET}']"
    )
    return Party(
        name=party.text("ram:Name"),
        siren=_siren(legal, siret),
        vat_number=_compact(party.text("ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']")),
        country=party.text("ram:PostalTradeAddress/ram:CountryID"),
    )  # fmt: skip


def _cii_vat(tax: _Node) -> VatTold:
    return VatTold(
        category=tax.text("ram:CategoryCode"),
        rate=_rate(tax.text("ram:RateApplicablePercent")),
        base_cents=tax.cents("ram:BasisAmount") or 0,
        vat_cents=tax.cents("ram:CalculatedAmount") or 0,
    )


def _ubl(root: etree._Element) -> Told:
    top = _Node(root, UBL)
    credit = etree.QName(root).localname == "CreditNote"
    sums = top.one("cac:LegalMonetaryTotal")
    currency = top.text("cbc:DocumentCurrencyCode")
    totals = [
        one for one in top.all("cac:TaxTotal") if one.text("cbc:TaxAmount/@currencyID") in ("", currency)
    ]
    total = totals[0] if totals else top.one("cac:TaxTotal")
    return Told(
        kind=top.text("cbc:CreditNoteTypeCode" if credit else "cbc:InvoiceTypeCode") or (CREDIT_NOTE if credit else INVOICE),
        number=top.text("cbc:ID"),
        issued_on=_day(top.text("cbc:IssueDate")),
        due_on=_day(top.text("cbc:DueDate | cac:PaymentMeans/cbc:PaymentDueDate")),
        currency=currency or "EUR",
        seller=_ubl_party(top.one("cac:AccountingSupplierParty/cac:Party")),
        buyer=_ubl_party(top.one("cac:AccountingCustomerParty/cac:Party")),
        ibans=_ibans(top.texts("cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID")),
        net_cents=sums.cents("cbc:TaxExclusiveAmount"),
        vat_cents=total.cents("cbc:TaxAmount"),
        total_cents=sums.cents("cbc:TaxInclusiveAmount"),
        vats=tuple(_ubl_vat(part) for part in total.all("cac:TaxSubtotal")),
        lines=len(top.all("cac:InvoiceLine | cac:CreditNoteLine")),
        credits=top.text("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"),
        profile=top.text("cbc:CustomizationID"),
        text=_joined(
            top.texts(".//cbc:Note | .//cbc:TaxExemptionReason | .//cbc:TaxExemptionReasonCode | .//cbc:RegistrationName"
                      " | .//cbc:CompanyLegalForm | .//cac:Item/cbc:Name | .//cac:Item/cbc:Description")
        ),
    )  # fmt: skip


def _ubl_party(party: _Node) -> Party:
    legal = party.one("cac:PartyLegalEntity")
    siret = party.text(f"cac:PartyIdentification/cbc:ID[@schemeID='{SIRET}']")
    return Party(
        name=legal.text("cbc:RegistrationName") or party.text("cac:PartyName/cbc:Name"),
        siren=_siren(legal.text(f"cbc:CompanyID[@schemeID='{SIREN}' or not(@schemeID)]"), siret or legal.text(f"cbc:CompanyID[@schemeID='{SIRET}']")),
        vat_number=_compact(party.text("cac:PartyTaxScheme[cac:TaxScheme/cbc:ID = 'VAT']/cbc:CompanyID")),
        country=party.text("cac:PostalAddress/cac:Country/cbc:IdentificationCode"),
    )  # fmt: skip


def _ubl_vat(part: _Node) -> VatTold:
    return VatTold(
        category=part.text("cac:TaxCategory/cbc:ID"),
        rate=_rate(part.text("cac:TaxCategory/cbc:Percent")),
        base_cents=part.cents("cbc:TaxableAmount") or 0,
        vat_cents=part.cents("cbc:TaxAmount") or 0,
    )


def _cents(text: str) -> Cents:
    try:
        exact = Decimal(text) * 100
    except InvalidOperation as wrong:
        raise Unreadable("amount", text[:40]) from wrong
    if not exact.is_finite() or exact != exact.to_integral_value() or abs(exact) > MOST_CENTS:
        raise Unreadable("amount", text[:40])
    return int(exact)


def _rate(text: str) -> Decimal | None:
    try:
        rate = Decimal(text) if text else None
    except InvalidOperation as wrong:
        raise Unreadable("amount", text[:40]) from wrong
    if rate is not None and not (rate.is_finite() and 0 <= rate <= 100):
        raise Unreadable("amount", text[:40])
    return rate


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError as wrong:
        raise Unreadable("date", text[:40]) from wrong


def _cii_day(text: str) -> date | None:
    """Format 102: 20260312."""
    return _day(f"{text[:4]}-{text[4:6]}-{text[6:8]}") if re.fullmatch(r"\d{8}", text) else _day(text)


def _siren(*candidates: str) -> str:
    digits = (re.sub(r"\D", "", one) for one in candidates)
    return next((one[:9] for one in digits if len(one) in (9, 14)), "")


def _compact(text: str) -> str:
    return re.sub(r"[\s.-]", "", text).upper()


def _ibans(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_compact(one)[:34] for one in found))


def _joined(texts: Iterable[str]) -> str:
    return "\n".join(" ".join(text.split()) for text in texts)[:LONGEST]
