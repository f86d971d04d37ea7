"""Invoices as other software writes them: UBL by any prefix, CII by profile, PDFs drawn by hand. Nothing of ours makes them."""

import io
from dataclasses import dataclass, replace
from decimal import Decimal

import pikepdf

UBL_INVOICE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
UBL_CREDIT = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
RSM = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
EN16931 = "urn:cen.eu:en16931:2017"
PROFILES = {
    "minimum": "urn:factur-x.eu:1p0:minimum",
    "basicwl": "urn:factur-x.eu:1p0:basicwl",
    "basic": "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic",
    "en16931": EN16931,
    "extended": "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended",
}
NOTES = (
    ("PMT", "Indemnité forfaitaire pour frais de recouvrement : 40 €"),
    ("PMD", "Pénalités de retard : taux BCE majoré de 10 points"),
    ("AAB", "Pas d'escompte pour paiement anticipé"),
)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Of Rémi's invoice to Lumen; cents."""

    number: str = "F2026-001"
    day: str = "2026-11-20"
    due: str = ""
    kind: str = "380"
    currency: str = "EUR"
    seller: str = "Morin Conseil"
    siren: str = "404833048"
    vat_number: str = "FR83404833048"
    country: str = "FR"
    buyer: str = "Lumen Conseil"
    buyer_siren: str = "732829320"
    buyer_vat: str = "FR44732829320"
    net: int = 360_00
    vat: int | None = None
    total: int | None = None
    rate: str = "20.00"
    category: str = "S"
    reason: str = ""
    iban: str = "FR7630004028370000001654611"
    credits: str = ""
    profile: str = EN16931
    notes: tuple[tuple[str, str], ...] = NOTES
    more_vat: tuple[tuple[str, int], ...] = ()  # rate and net of further lines

    @property
    def vat_cents(self) -> int:
        return self.net * int(Decimal(self.rate) * 100) // 10_000 if self.vat is None else self.vat

    @property
    def total_cents(self) -> int:
        return self.net + self.vat_cents if self.total is None else self.total


MORIN = Facts()


def euros(cents: int) -> str:
    return f"{Decimal(cents) / 100:.2f}"


# UBL 2.1


def ubl(facts: Facts = MORIN, a: str = "cac", b: str = "cbc", root: str = "") -> bytes:
    """`a`, `b`, `root`: the prefixes; an empty `b` makes the basic components the default namespace."""
    credit = facts.kind == "381"
    name, space = ("CreditNote", UBL_CREDIT) if credit else ("Invoice", UBL_INVOICE)
    top = f"{root}:{name}" if root else name
    own = f'xmlns:{root}="{space}"' if root else f'xmlns="{space}"'
    body = _ubl_body(facts, credit).replace("<A:", f"<{a}:").replace("</A:", f"</{a}:")
    body = body.replace("<B:", f"<{b}:").replace("</B:", f"</{b}:")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{top} {own} xmlns:{a}="{CAC}" xmlns:{b}="{CBC}">{body}</{top}>'.encode()


def _ubl_body(f: Facts, credit: bool) -> str:
    code, line, quantity = (
        ("CreditNoteTypeCode", "CreditNoteLine", "CreditedQuantity") if credit else ("InvoiceTypeCode", "InvoiceLine", "InvoicedQuantity")
    )  # fmt: skip
    due = f"<B:DueDate>{f.due}</B:DueDate>" if f.due and not credit else ""
    refers = (
        f"<A:BillingReference><A:InvoiceDocumentReference><B:ID>{f.credits}</B:ID></A:InvoiceDocumentReference></A:BillingReference>"
        if f.credits
        else ""
    )
    note = "".join(f"<B:Note>#{code}#{text}</B:Note>" for code, text in f.notes)
    terms = "" if f.due else "<A:PaymentTerms><B:Note>30 jours</B:Note></A:PaymentTerms>"
    return f"""<B:CustomizationID>{f.profile}</B:CustomizationID><B:ID>{f.number}</B:ID><B:IssueDate>{f.day}</B:IssueDate>{due}
<B:{code}>{f.kind}</B:{code}>{note}<B:DocumentCurrencyCode>{f.currency}</B:DocumentCurrencyCode>{refers}
<A:AccountingSupplierParty><A:Party>{_ubl_party(f.seller, f.siren, f.vat_number, f.country)}</A:Party></A:AccountingSupplierParty>
<A:AccountingCustomerParty><A:Party>{_ubl_party(f.buyer, f.buyer_siren, f.buyer_vat, "FR")}</A:Party></A:AccountingCustomerParty>
{f"<A:PaymentMeans><B:PaymentMeansCode>30</B:PaymentMeansCode><A:PayeeFinancialAccount><B:ID>{f.iban}</B:ID></A:PayeeFinancialAccount></A:PaymentMeans>" if f.iban else ""}{terms}
<A:TaxTotal><B:TaxAmount currencyID="{f.currency}">{euros(f.vat_cents)}</B:TaxAmount>{"".join(_ubl_vat(f, *one) for one in _vats(f))}</A:TaxTotal>
<A:LegalMonetaryTotal><B:LineExtensionAmount currencyID="{f.currency}">{euros(f.net)}</B:LineExtensionAmount><B:TaxExclusiveAmount currencyID="{f.currency}">{euros(f.net)}</B:TaxExclusiveAmount><B:TaxInclusiveAmount currencyID="{f.currency}">{euros(f.total_cents)}</B:TaxInclusiveAmount><B:PayableAmount currencyID="{f.currency}">{euros(f.total_cents)}</B:PayableAmount></A:LegalMonetaryTotal>
<A:{line}><B:ID>1</B:ID><B:{quantity} unitCode="C62">1</B:{quantity}><B:LineExtensionAmount currencyID="{f.currency}">{euros(f.net)}</B:LineExtensionAmount><A:Item><B:Name>Apport d'affaires</B:Name><A:ClassifiedTaxCategory><B:ID>{f.category}</B:ID><B:Percent>{f.rate}</B:Percent><A:TaxScheme><B:ID>VAT</B:ID></A:TaxScheme></A:ClassifiedTaxCategory></A:Item><A:Price><B:PriceAmount currencyID="{f.currency}">{euros(f.net)}</B:PriceAmount></A:Price></A:{line}>"""


def _ubl_party(name: str, siren: str, vat_number: str, country: str) -> str:
    vat = (
        f"<A:PartyTaxScheme><B:CompanyID>{vat_number}</B:CompanyID><A:TaxScheme><B:ID>VAT</B:ID></A:TaxScheme></A:PartyTaxScheme>"
        if vat_number
        else ""
    )
    legal = f'<B:CompanyID schemeID="0002">{siren}</B:CompanyID>' if siren else ""
    return f"""<A:PostalAddress><A:Country><B:IdentificationCode>{country}</B:IdentificationCode></A:Country></A:PostalAddress>{vat}<A:PartyLegalEntity><B:RegistrationName>{name}</B:RegistrationName>{legal}</A:PartyLegalEntity>"""


def _vats(f: Facts) -> list[tuple[str, int, int]]:
    """Rate, base, VAT."""
    more = [(rate, net, net * int(Decimal(rate) * 100) // 10_000) for rate, net in f.more_vat]
    base, vat = f.net - sum(net for _, net, _ in more), f.vat_cents - sum(vat for *_, vat in more)
    return [(f.rate, base, vat), *more]


def _ubl_vat(f: Facts, rate: str, base: int, vat: int) -> str:
    why = f"<B:TaxExemptionReason>{f.reason}</B:TaxExemptionReason>" if f.reason else ""
    return f'<A:TaxSubtotal><B:TaxableAmount currencyID="{f.currency}">{euros(base)}</B:TaxableAmount><B:TaxAmount currencyID="{f.currency}">{euros(vat)}</B:TaxAmount><A:TaxCategory><B:ID>{f.category}</B:ID><B:Percent>{rate}</B:Percent>{why}<A:TaxScheme><B:ID>VAT</B:ID></A:TaxScheme></A:TaxCategory></A:TaxSubtotal>'


# CII, alone or inside a Factur-X


def cii(facts: Facts = MORIN, prefixes: tuple[str, str, str] = ("rsm", "ram", "udt")) -> bytes:
    r, a, u = prefixes
    text = _cii_body(facts, lines=not facts.profile.endswith(("minimum", "basicwl")))
    for short, prefix in (("R:", r), ("A:", a), ("U:", u)):
        text = text.replace(f"<{short}", f"<{prefix}:").replace(f"</{short}", f"</{prefix}:")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{r}:CrossIndustryInvoice xmlns:{r}="{RSM}" xmlns:{a}="{RAM}" xmlns:{u}="{UDT}">{text}</{r}:CrossIndustryInvoice>'.encode()


def _cii_body(f: Facts, lines: bool) -> str:
    notes = "".join(
        f"<A:IncludedNote><A:Content>{text}</A:Content><A:SubjectCode>{code}</A:SubjectCode></A:IncludedNote>"
        for code, text in f.notes
    )
    line = f"""<A:IncludedSupplyChainTradeLineItem><A:AssociatedDocumentLineDocument><A:LineID>1</A:LineID></A:AssociatedDocumentLineDocument><A:SpecifiedTradeProduct><A:Name>Apport d'affaires</A:Name></A:SpecifiedTradeProduct><A:SpecifiedLineTradeAgreement><A:NetPriceProductTradePrice><A:ChargeAmount>{euros(f.net)}</A:ChargeAmount></A:NetPriceProductTradePrice></A:SpecifiedLineTradeAgreement><A:SpecifiedLineTradeDelivery><A:BilledQuantity unitCode="C62">1</A:BilledQuantity></A:SpecifiedLineTradeDelivery><A:SpecifiedLineTradeSettlement><A:ApplicableTradeTax><A:TypeCode>VAT</A:TypeCode><A:CategoryCode>{f.category}</A:CategoryCode><A:RateApplicablePercent>{f.rate}</A:RateApplicablePercent></A:ApplicableTradeTax><A:SpecifiedTradeSettlementLineMonetarySummation><A:LineTotalAmount>{euros(f.net)}</A:LineTotalAmount></A:SpecifiedTradeSettlementLineMonetarySummation></A:SpecifiedLineTradeSettlement></A:IncludedSupplyChainTradeLineItem>"""
    refers = (
        f"<A:InvoiceReferencedDocument><A:IssuerAssignedID>{f.credits}</A:IssuerAssignedID></A:InvoiceReferencedDocument>"
        if f.credits
        else ""
    )
    due = (
        f'<A:DueDateDateTime><U:DateTimeString format="102">{f.due.replace("-", "")}</U:DateTimeString></A:DueDateDateTime>'
        if f.due
        else "<A:Description>30 jours</A:Description>"
    )
    account = (
        f"<A:SpecifiedTradeSettlementPaymentMeans><A:TypeCode>30</A:TypeCode><A:PayeePartyCreditorFinancialAccount><A:IBANID>{f.iban}</A:IBANID></A:PayeePartyCreditorFinancialAccount></A:SpecifiedTradeSettlementPaymentMeans>"
        if f.iban
        else ""
    )
    return f"""<R:ExchangedDocumentContext><A:GuidelineSpecifiedDocumentContextParameter><A:ID>{f.profile}</A:ID></A:GuidelineSpecifiedDocumentContextParameter></R:ExchangedDocumentContext>
<R:ExchangedDocument><A:ID>{f.number}</A:ID><A:TypeCode>{f.kind}</A:TypeCode><A:IssueDateTime><U:DateTimeString format="102">{f.day.replace("-", "")}</U:DateTimeString></A:IssueDateTime>{notes}</R:ExchangedDocument>
<R:SupplyChainTradeTransaction>{line if lines else ""}<A:ApplicableHeaderTradeAgreement><A:SellerTradeParty>{_cii_party(f.seller, f.siren, f.vat_number, f.country)}</A:SellerTradeParty><A:BuyerTradeParty>{_cii_party(f.buyer, f.buyer_siren, f.buyer_vat, "FR")}</A:BuyerTradeParty></A:ApplicableHeaderTradeAgreement><A:ApplicableHeaderTradeDelivery/>
<A:ApplicableHeaderTradeSettlement><A:InvoiceCurrencyCode>{f.currency}</A:InvoiceCurrencyCode>{account}{"".join(_cii_vat(f, *one) for one in _vats(f))}<A:SpecifiedTradePaymentTerms>{due}</A:SpecifiedTradePaymentTerms><A:SpecifiedTradeSettlementHeaderMonetarySummation><A:LineTotalAmount>{euros(f.net)}</A:LineTotalAmount><A:TaxBasisTotalAmount>{euros(f.net)}</A:TaxBasisTotalAmount><A:TaxTotalAmount currencyID="{f.currency}">{euros(f.vat_cents)}</A:TaxTotalAmount><A:GrandTotalAmount>{euros(f.total_cents)}</A:GrandTotalAmount><A:DuePayableAmount>{euros(f.total_cents)}</A:DuePayableAmount></A:SpecifiedTradeSettlementHeaderMonetarySummation>{refers}</A:ApplicableHeaderTradeSettlement></R:SupplyChainTradeTransaction>"""


def _cii_party(name: str, siren: str, vat_number: str, country: str) -> str:
    legal = (
        f'<A:SpecifiedLegalOrganization><A:ID schemeID="0002">{siren}</A:ID></A:SpecifiedLegalOrganization>'
        if siren
        else ""
    )
    vat = (
        f'<A:SpecifiedTaxRegistration><A:ID schemeID="VA">{vat_number}</A:ID></A:SpecifiedTaxRegistration>'
        if vat_number
        else ""
    )
    return f"<A:Name>{name}</A:Name>{legal}<A:PostalTradeAddress><A:CountryID>{country}</A:CountryID></A:PostalTradeAddress>{vat}"


def _cii_vat(f: Facts, rate: str, base: int, vat: int) -> str:
    why = f"<A:ExemptionReason>{f.reason}</A:ExemptionReason>" if f.reason else ""
    return f"<A:ApplicableTradeTax><A:CalculatedAmount>{euros(vat)}</A:CalculatedAmount><A:TypeCode>VAT</A:TypeCode>{why}<A:BasisAmount>{euros(base)}</A:BasisAmount><A:CategoryCode>{f.category}</A:CategoryCode><A:RateApplicablePercent>{rate}</A:RateApplicablePercent></A:ApplicableTradeTax>"


# PDF


def words(facts: Facts = MORIN, *more: str) -> str:
    """What a plain invoice says, line by line."""
    year, month, day = facts.day.split("-")
    said = lambda cents: f"{cents // 100},{cents % 100:02d} EUR"  # noqa: E731 as an office program writes it
    title = "AVOIR" if facts.kind == "381" else "FACTURE"
    return "\n".join((
        f"{title} n° {facts.number}", f"Date : {day}/{month}/{year}", facts.seller, f"SIREN {facts.siren}",
        f"TVA intracommunautaire : {facts.vat_number}", f"Client : {facts.buyer}, SIREN {facts.buyer_siren}",
        f"TVA client : {facts.buyer_vat}", f"Corrige la facture {facts.credits}" if facts.credits else "",
        "Apport d'affaires", f"Total HT {said(facts.net)}", f"TVA {facts.rate} % {said(facts.vat_cents)}",
        f"Total TTC {said(facts.total_cents)}", f"IBAN {facts.iban}" if facts.iban else "",
        *(text for _, text in facts.notes), *more,
    ))  # fmt: skip


def pdf(
    text: str, attached: dict[str, bytes] | None = None, *, password: str = "", act: str = "", pages: int = 1
) -> bytes:
    """One page with these lines; `act`: a script that runs when it is opened."""
    made = pikepdf.new()
    font = made.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica, Encoding=pikepdf.Name.WinAnsiEncoding)
    )  # fmt: skip
    for _ in range(pages):
        page = made.add_blank_page(page_size=(595, 842))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = made.make_stream(_drawn(text))
    for name, content in (attached or {}).items():
        made.attachments[name] = pikepdf.AttachedFileSpec(made, content, filename=name, mime_type="text/xml")
    if act:
        made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=act)
    out = io.BytesIO()
    lock = pikepdf.Encryption(owner=password, user=password) if password else False
    made.save(out, encryption=lock, deterministic_id=not password)
    return out.getvalue()


def _drawn(text: str) -> bytes:
    lines = [line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)") for line in text.splitlines()]
    shown = "".join(f"({line}) Tj T*\n" for line in lines)
    return f"BT /F1 10 Tf 50 800 Td 14 TL\n{shown}ET".encode("cp1252", "replace")


def facturx(facts: Facts = MORIN, *, name: str = "factur-x.xml", shown: Facts | None = None) -> bytes:
    return pdf(words(shown or facts), {name: cii(facts)})


def but(**changed: object) -> Facts:
    return replace(MORIN, **changed)  # type: ignore[arg-type]
