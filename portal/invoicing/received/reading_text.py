"""What can be read from the words of a PDF: proposed to the referrer, who confirms. A miss is empty, never a guess."""

import re
from collections.abc import Iterator
from datetime import date

from portal.invoicing.received.told import CREDIT_NOTE, INVOICE, Party, Told
from portal.kit.cells import parse_amount, parse_date
from portal.kit.identifiers import parse_iban, parse_siren, parse_vat
from portal.kit.invalid import Invalid
from portal.kit.money import Cents

LONGEST = 20_000
SPACES = re.compile(r"[\u00a0\u202f\u2009\t]")
AMOUNT = re.compile(r"(?<![\d,.])\d{1,3}(?:[ .]\d{3})*[.,]\d{2}(?!\d)|(?<![\d,.])\d+[.,]\d{2}(?!\d)")
DAY = re.compile(
    r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[/.-]\d{1,2}[/.-]\d{4}\b|\b\d{1,2}(?:er)? [^\W\d]{3,9}\.? \d{4}\b"
)
NUMBER = re.compile(
    r"(?:facture|invoice|avoir|rechnung|fattura|factuur)\s*(?:n[°ºo.]*|num[ée]ro|number|nummer|nr\.?|#)?\s*[:#]?\s*"
    r"((?=[\w./-]*\d)[A-Z0-9][\w./-]*)", re.IGNORECASE,
)  # fmt: skip
CREDIT = re.compile(r"^\s*(?:avoir|note de cr[ée]dit|credit note|gutschrift)\b", re.IGNORECASE | re.MULTILINE)
CREDITED = re.compile(
    r"(?:corrige|annule|sur|de) la facture\s*(?:n[°ºo.]*)?\s*:?\s*([A-Z0-9][\w./-]*\d[\w./-]*)", re.IGNORECASE
)
ISSUED = re.compile(r"date(?! d['’]?\s?[ée]ch)|[ée]mise? le|(?<!avant )le ", re.IGNORECASE)
DUE = re.compile(r"[ée]ch[ée]ance|payer avant|due date|payable", re.IGNORECASE)
TOTALS = {
    "net": re.compile(r"total (?:net )?h\.?\s?t|montant h\.?\s?t|net h\.?\s?t|sous-total|total hors tax|subtotal|net amount", re.IGNORECASE),
    "vat": re.compile(r"(?:total |montant )?(?:de la )?\bt\.?v\.?a\b(?! non| intra|\s*(?:n°|:\s*[a-z]{2}))|\bvat\b", re.IGNORECASE),
    "total": re.compile(r"total t\.?\s?t\.?\s?c|net [àa] payer|total [àa] payer|montant ttc|toutes taxes|grand total|amount due", re.IGNORECASE),
}  # fmt: skip
CURRENCIES = re.compile(r"\b(USD|GBP|CHF)\b|[$£]")
SIGNS = {"$": "USD", "£": "GBP"}


def read(text: str, ours: Party) -> Told:
    """`ours`: who the invoice is to; the other numbers on it are the seller's."""
    plain = SPACES.sub(" ", text)
    sums = {name: _amount(plain, label) for name, label in TOTALS.items()}
    return Told(
        kind=CREDIT_NOTE if CREDIT.search(plain) else INVOICE,
        number=_first(NUMBER, plain),
        issued_on=_labelled_day(plain, ISSUED) or next(_days(plain), None),
        due_on=_labelled_day(plain, DUE),
        currency=_currency(plain),
        seller=Party(siren=_siren(plain, ours.siren, other=True), vat_number=_vat(plain, ours.vat_number, other=True)),
        buyer=Party(siren=_siren(plain, ours.siren), vat_number=_vat(plain, ours.vat_number)),
        ibans=tuple(_ibans(plain)),
        net_cents=sums["net"], vat_cents=sums["vat"], total_cents=sums["total"],
        credits=_first(CREDITED, plain),
        text=plain[:LONGEST],
    )  # fmt: skip


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1].strip(".-/")[:60] if found else ""


def _amount(text: str, label: re.Pattern[str]) -> Cents | None:
    """The last amount of the line that has the label, else the first of the next line; the last such line counts."""
    lines = text.splitlines()
    for place in range(len(lines) - 1, -1, -1):
        if label.search(lines[place]):
            here = AMOUNT.findall(lines[place])
            below = AMOUNT.findall(lines[place + 1]) if place + 1 < len(lines) else []
            if here or below:
                return _cents(here[-1] if here else below[0])
    return None


def _cents(text: str) -> Cents | None:
    """1.234,50 as 1,234.50: what stands before the last two digits only groups."""
    return parse_amount(f"{re.sub(r'[ .,]', '', text[:-3])},{text[-2:]}")


def _labelled_day(text: str, label: re.Pattern[str]) -> date | None:
    for line in text.splitlines():
        found = label.search(line)
        day = next(_days(line[found.start() :]), None) if found else None
        if day:
            return day
    return None


def _days(text: str) -> Iterator[date]:
    for found in DAY.findall(text):
        try:
            yield parse_date(found.replace("-", "/") if found[2:3] == "-" else found)
        except Invalid:
            continue


def _currency(text: str) -> str:
    found = None if "€" in text or "EUR" in text else CURRENCIES.search(text)
    return SIGNS.get(found[0], found[0]) if found else "EUR"


def _siren(text: str, ours: str, other: bool = False) -> str:
    for found in re.findall(r"\b\d{3} ?\d{3} ?\d{3}(?: ?\d{5})?\b", text):
        digits = found.replace(" ", "")[:9]
        if (digits != ours) == other and _valid(parse_siren, digits):
            return digits
    return ""


def _vat(text: str, ours: str, other: bool = False) -> str:
    for found in re.findall(r"\b[A-Z]{2} ?\d{2}(?: ?\d{3}){3}\b|\b[A-Z]{2}[A-Z0-9]{8,12}\b", text):
        number = found.replace(" ", "")
        if (number != ours) == other and _valid(parse_vat, number):
            return number
    return ""


def _ibans(text: str) -> Iterator[str]:
    """Also a wrong one, so that it is said."""
    for found in dict.fromkeys(
        re.findall(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b", text)
    ):
        number = found.replace(" ", "")
        if _valid(parse_iban, number) or re.search(rf"IBAN[^\n]{{0,20}}{re.escape(found)}", text):
            yield number


def _valid(parse: object, text: str) -> bool:
    assert callable(parse)
    try:
        parse(text)
    except Invalid:
        return False
    return True
