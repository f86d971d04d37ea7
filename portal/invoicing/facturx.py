"""The structured twin of a paper: Factur-X, profile EN 16931, as French e-invoicing wants it."""

from decimal import Decimal
from typing import Any

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from portal.invoicing.papers import RECEIPTS, Paper, PaperLine, PaperRefused, Party, VatTotal
from portal.kit.money import Cents
from portal.kit.pdf import Attached
from portal.kit.pdf_xmp import XmpSchema

FILE_NAME = "factur-x.xml"
GOODS, SERVICES = "B", "S"  # BT-23, with what was paid before it was issued
TO_PAY, PAID = "1", "2"
CREDIT_TRANSFER, CLEARING = "58", "97"
SIREN, SIRET = "0002", "0009"
OUTSIDE_VAT = "O"
MENTION = "REG"
TREATMENT = "BAR"

XMP = XmpSchema(
    title="Factur-X PDFA Extension Schema",
    uri="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#",
    prefix="fx",
    values={
        "DocumentType": "INVOICE",
        "DocumentFileName": FILE_NAME,
        "Version": "1.0",
        "ConformanceLevel": "EN 16931",
    },
)


def attached(xml: bytes) -> Attached:
    return Attached(name=FILE_NAME, content=xml, description="Facture électronique Factur-X")


def final_xml(paper: Paper) -> bytes:
    """XML valid against the schema (XSD); the business rules are checked by conformity.faults."""
    _refuse(paper)
    from facturx.generate_xml import generate_xml  # a second of imports that only a paper needs

    return generate_xml(_without_blanks(_terms(paper)), level="en16931", check_schematron="")


def _refuse(paper: Paper) -> None:
    if paper.kind in RECEIPTS:
        raise PaperRefused("a receipt is no invoice")
    if paper.gross_cents <= 0:
        raise PaperRefused("an invoice or credit note needs a positive total")
    if paper.iban:
        try:
            IBAN(paper.iban, validate_bban=True)
        except SchwiftyException as error:
            raise PaperRefused("the IBAN of the seller is wrong") from error


def _terms(paper: Paper) -> dict[str, Any]:
    """The business terms of EN 16931, by number."""
    return {
        "BT-1": paper.number,
        "BT-2": paper.issued_on,
        "BT-3": paper.kind.value,
        "BT-5": "EUR",
        "BT-8": paper.vat_point,
        "BT-9": paper.due_on,
        "BT-12": paper.contract,
        "BT-13": paper.purchase_order,
        "BT-20": paper.payment_terms,
        "BT-23": (GOODS if paper.is_goods else SERVICES) + (PAID if paper.set_off else TO_PAY),
        "BT-72": paper.supplied_on,
        "BT-73": paper.period and paper.period[0],
        "BT-74": paper.period and paper.period[1],
        "BT-81": CLEARING if paper.set_off else paper.iban and CREDIT_TRANSFER,
        "BT-84": paper.iban,
        "BT-85": paper.iban and paper.seller.name,
        "BG-1": _notes(paper),
        "BG-3": [{"BT-25": paper.corrects.number, "BT-26": paper.corrects.issued_on}]
        if paper.corrects
        else [],
        "BG-4": _party(paper.seller, paper.seller.legal_form, paper.seller.register)
        | _tax_identifier(paper.seller),
        "BG-7": _party(paper.buyer),
        "BG-13": _delivery(paper.delivered_to) if paper.delivered_to else {},
        "BG-23": [_vat(paper, total) for total in paper.vat_totals],
        "BG-25": [_line(position, line) for position, line in enumerate(paper.lines, 1)],
        "BT-106": _euros(paper.net_cents),
        "BT-109": _euros(paper.net_cents),
        "BT-110": _euros(paper.vat_cents),
        "BT-112": _euros(paper.gross_cents),
        "BT-113": _euros(paper.gross_cents) if paper.set_off else "",
        "BT-115": _euros(0 if paper.set_off else paper.gross_cents),
    }


def _notes(paper: Paper) -> list[dict[str, str]]:
    coded = [*paper.notes.items(), *((MENTION, text) for text in paper.statements)]
    if paper.treatment:
        coded.append((TREATMENT, paper.treatment))
    return [{"BT-21": code, "BT-22": text} for code, text in coded]


def _party(party: Party, *legal: str) -> dict[str, Any]:
    return _without_blanks(
        {
            "name": party.name,
            "identifiers": {SIRET: party.siret} if party.siret else {},
            "legal_identifier": party.siren,
            "legal_identifier_schemeid": party.siren and SIREN,
            "legal_info": " – ".join(filter(None, legal)),
            "vat_identifier": party.vat_number,
            "einvoicing_addr": party.electronic_address,
            "einvoicing_addr_schemeid": party.electronic_address and party.electronic_scheme,
            "postcode": party.postcode,
            "city": party.city,
            "country_code": party.country,
            **{f"addr_l{n}": text for n, text in enumerate(party.address, 1)},
        }
    )


def _delivery(where: Party) -> dict[str, Any]:
    kept = ("name", "postcode", "city", "country_code")
    told = _party(where)
    return {name: value for name, value in told.items() if name in kept or name.startswith("addr_l")}


def _tax_identifier(seller: Party) -> dict[str, str]:
    """A seller without VAT number is still known to the tax office: BR-E-02 wants one of the two."""
    return {} if seller.vat_number or not seller.siren else {"tax_identifier": seller.siren}


def _vat(paper: Paper, total: VatTotal) -> dict[str, Any]:
    terms = {
        "BT-116": _euros(total.base_cents),
        "BT-117": _euros(total.vat_cents),
        "BT-118": total.category,
        "BT-119": _rate(total.category, total.rate),
    }
    exempt = {"BT-120": paper.exemption_text, "BT-121": paper.exemption_code}
    return _without_blanks(terms if total.category == "S" else terms | exempt)


def _line(position: int, line: PaperLine) -> dict[str, Any]:
    return _without_blanks(
        {
            "BT-126": str(position),
            "BT-153": line.label,
            "BT-154": " – ".join(filter(None, (line.client, line.deal, _basis(line), line.clause))),
            "BT-129": _plain(line.signed_quantity),
            "BT-130": line.unit,
            "BT-146": _plain(line.unit_price),
            "BT-131": _euros(line.net_cents),
            "BT-151": line.vat_category,
            "BT-152": _rate(line.vat_category, line.vat_rate),
        }
    )


def _rate(category: str, rate: Decimal) -> str:
    """What is outside VAT has no rate, not even none (BR-O-05)."""
    return "" if category == OUTSIDE_VAT else _plain(rate)


def _basis(line: PaperLine) -> str:
    if line.base_cents is None:
        return line.basis
    return f"{_plain(line.rate)} % de {_euros(line.base_cents)} EUR" if line.rate is not None else line.basis


def _euros(cents: Cents) -> str:
    return f"{Decimal(cents) / 100:.2f}"


def _plain(value: Decimal) -> str:
    """Two decimals at least, no exponent, at most the six that a unit price may have."""
    text = f"{value:.6f}".rstrip("0")
    whole, _, decimals = text.partition(".")
    return f"{whole}.{decimals:0<2}"


def _without_blanks(terms: dict[str, Any]) -> dict[str, Any]:
    return {term: value for term, value in terms.items() if value not in ("", None, [], {}, ())}
