"""What stands on a paper, with its totals, and how it is printed.

The line is law: each line's net is already whole cents and is never computed again. VAT is computed once
per category and rate on the sum of those nets, half away from zero, as EN 16931 asks (BR-CO-17); it is not
the sum of VAT rounded line by line. A credit note carries positive amounts: its kind says that they are deducted.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.kit.money import Cents, percentage_of

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
FRENCH = Locale("fr", "FR")
ACCENT = "#1f4a3a"


class PaperRefused(Exception):
    """A paper without what its kind needs, or one that cannot become an invoice; the message says why."""


class Kind(StrEnum):
    """The UNTDID 1001 code (BT-3); a receipt is for an individual and is no invoice."""

    INVOICE = "380"
    CREDIT_NOTE = "381"
    SELF_BILLED = "389"
    SELF_BILLED_CREDIT_NOTE = "261"
    SELF_BILLED_CORRECTIVE = "471"
    RECEIPT = "receipt"
    RECEIPT_CREDIT = "receipt_credit"  # takes a receipt back


INVOICES = frozenset({Kind.INVOICE, Kind.SELF_BILLED, Kind.SELF_BILLED_CORRECTIVE})
CREDIT_NOTES = frozenset({Kind.CREDIT_NOTE, Kind.SELF_BILLED_CREDIT_NOTE, Kind.RECEIPT_CREDIT})
SELF_BILLED = frozenset({Kind.SELF_BILLED, Kind.SELF_BILLED_CREDIT_NOTE, Kind.SELF_BILLED_CORRECTIVE})
RECEIPTS = frozenset({Kind.RECEIPT, Kind.RECEIPT_CREDIT})  # no invoice: no VAT, no XML
DRAWN_UP = {
    Kind.SELF_BILLED_CREDIT_NOTE: "Avoir établi",
    Kind.SELF_BILLED_CORRECTIVE: "Facture rectificative établie",
}
NAMES_ANOTHER = CREDIT_NOTES | {Kind.SELF_BILLED_CORRECTIVE}
PAGES = {
    Kind.INVOICE: "papers/invoice.html",
    Kind.SELF_BILLED: "papers/invoice.html",
    Kind.CREDIT_NOTE: "papers/credit_note.html",
    Kind.SELF_BILLED_CREDIT_NOTE: "papers/credit_note.html",
    Kind.SELF_BILLED_CORRECTIVE: "papers/invoice.html",
    Kind.RECEIPT: "papers/receipt.html",
    Kind.RECEIPT_CREDIT: "papers/receipt.html",
}
LETTER = "papers/employer_letter.html"


@dataclass(frozen=True, kw_only=True)
class Party:
    name: str
    address: tuple[str, ...]  # at most three lines, without postcode and city
    postcode: str
    city: str
    country: str = "FR"
    legal_form: str = ""  # "SAS au capital de 50 000 €", "Entrepreneur individuel"
    register: str = ""  # "RCS Lyon 123 456 789"
    siren: str = ""
    siret: str = ""
    vat_number: str = ""
    electronic_address: str = ""
    electronic_scheme: str = "0225"


@dataclass(frozen=True, kw_only=True)
class PaperLine:
    label: str
    net_cents: Cents  # negative: taken back in the same settlement
    vat_category: str = "S"
    vat_rate: Decimal = Decimal(0)
    quantity: Decimal = Decimal(1)
    unit: str = "C62"
    client: str = ""
    deal: str = ""
    base_cents: Cents | None = None
    rate: Decimal | None = None
    basis: str = "forfait"  # said in place of a rate when there is none
    clause: str = ""

    @property
    def signed_quantity(self) -> Decimal:
        """A unit price is never negative in EN 16931 (BR-27): what is taken back counts backwards."""
        return self.quantity if self.net_cents >= 0 else -self.quantity

    @property
    def unit_price(self) -> Decimal:
        """In euros."""
        return abs(Decimal(self.net_cents)) / 100 / self.quantity


@dataclass(frozen=True)
class VatTotal:
    category: str
    rate: Decimal
    base_cents: Cents
    vat_cents: Cents


@dataclass(frozen=True)
class Corrected:
    number: str
    issued_on: date


@dataclass(frozen=True, kw_only=True)
class Withheld:
    """Kept back for the tax office of what is paid to someone without a base in France (CGI 182 B)."""

    cents: Cents
    base_cents: Cents
    rate: Decimal


@dataclass(frozen=True, kw_only=True)
class Employment:
    """Of a partner's employee: who employs him, and the contributions of this payment within the year (CSS L242-1-4).
    The slices are those of all that the year has brought him, this payment included."""

    employer: str
    year: int
    employer_siren: str = ""
    contact: str = ""
    customary: bool = True
    total_cents: Cents
    exempt_cents: Cents
    flat_cents: Cents
    ordinary_cents: Cents
    rate: Decimal
    contribution_cents: Cents  # what this payment adds
    year_contribution_cents: Cents


@dataclass(frozen=True, kw_only=True)
class VatCheck:
    """What VIES said of the seller's VAT number, the last time that it was asked before the paper."""

    number: str
    result: str
    asked_on: date
    consultation: str = ""


@dataclass(frozen=True, kw_only=True)
class Paper:
    kind: Kind
    number: str
    issued_on: date
    seller: Party
    buyer: Party
    lines: tuple[PaperLine, ...]
    due_on: date | None = None
    period: tuple[date, date] | None = None
    corrects: Corrected | None = None
    reason: str = ""  # why a credit note is issued
    payment_terms: str = ""
    iban: str = ""
    contract: str = ""
    purchase_order: str = ""
    vat_point: str = ""  # BT-8: 72 on payment, 5 on débits
    exemption_code: str = ""  # BT-121
    exemption_text: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)  # PMT, PMD, AAB
    treatment: str = ""  # the BAR note: B2B, B2BINT…
    mentions: tuple[str, ...] = ()
    hint: str = ""
    vat_given_cents: Cents | None = None  # of a credit note: what its invoice still has, to the last cent
    nature: str = "Prestation de services"
    withheld: Withheld | None = None
    employment: Employment | None = None
    vat_check: VatCheck | None = None
    set_off: Corrected | None = None  # of a barter: the other paper, which pays this one
    delivered_to: Party | None = None  # goods that go elsewhere than to the buyer's address
    is_goods: bool = False

    def __post_init__(self) -> None:
        if self.kind in NAMES_ANOTHER and self.corrects is None:
            raise PaperRefused("a credit note names the invoice that it corrects")
        if self.kind in INVOICES and self.due_on is None:
            raise PaperRefused("an invoice has a due date")
        if self.vat_given_cents is not None and len({line.vat_rate for line in self.lines}) > 1:
            raise PaperRefused("VAT is given for one rate only")

    @property
    def supplied_on(self) -> date:
        """The end of the period, else the day of issue: the law asks for the date only where it differs."""
        return self.period[1] if self.period else self.issued_on

    @property
    def self_billed(self) -> bool:
        return self.kind in SELF_BILLED

    @property
    def vat_totals(self) -> tuple[VatTotal, ...]:
        bases: dict[tuple[str, Decimal], Cents] = {}
        for line in self.lines:
            key = (line.vat_category, line.vat_rate)
            bases[key] = bases.get(key, 0) + line.net_cents
        return tuple(VatTotal(*key, base, self._vat_on(base, key[1])) for key, base in sorted(bases.items()))

    def _vat_on(self, base: Cents, rate: Decimal) -> Cents:
        return percentage_of(base, rate) if self.vat_given_cents is None else self.vat_given_cents

    @property
    def net_cents(self) -> Cents:
        return sum(line.net_cents for line in self.lines)

    @property
    def vat_cents(self) -> Cents:
        return sum(total.vat_cents for total in self.vat_totals)

    @property
    def gross_cents(self) -> Cents:
        return self.net_cents + self.vat_cents

    @property
    def withheld_cents(self) -> Cents:
        return self.withheld.cents if self.withheld else 0

    @property
    def transfer_cents(self) -> Cents:
        """What arrives, or is deducted: the gross amount without what is withheld; nothing of a barter."""
        return 0 if self.set_off else self.gross_cents - self.withheld_cents

    @property
    def is_reckoned(self) -> bool:
        """Its lines show what they were reckoned from."""
        return any(line.client or line.base_cents is not None or line.rate is not None for line in self.lines)

    @property
    def shows_vat(self) -> bool:
        return any(total.category == "S" for total in self.vat_totals)

    @property
    def statements(self) -> tuple[str, ...]:
        """Every mention in words, the same on the page and in the XML."""
        what = DRAWN_UP.get(self.kind, "Facture établie")
        drawn_up = (
            f"Autofacturation. {what} par {self.buyer.name} au nom et pour le compte de {self.seller.name}."
        )
        return ((drawn_up,) if self.self_billed else ()) + self.mentions


@dataclass(frozen=True, kw_only=True)
class Brand:
    name: str
    accent: str = ACCENT
    logo: str = ""  # the name under which the logo's bytes are given to the press

    def __post_init__(self) -> None:
        if not re.fullmatch(r"#[0-9a-f]{6}", self.accent):
            raise ValueError(f"not a colour: {self.accent}")


def paper_html(paper: Paper, brand: Brand, *, duplicate: bool = False) -> str:
    return _pages.get_template(PAGES[paper.kind]).render(paper=paper, brand=brand, duplicate=duplicate)


def letter_html(paper: Paper, brand: Brand) -> str:
    """What the employer of a partner's employee is told of this payment."""
    if paper.employment is None:
        raise PaperRefused("only what is paid to an employee of a partner is told to an employer")
    return _pages.get_template(LETTER).render(paper=paper, brand=brand, duplicate=False)


def euros(cents: Cents) -> str:
    return format_currency(Decimal(cents) / 100, "EUR", locale=FRENCH)


def price(amount: Decimal) -> str:
    """A unit price keeps up to six decimals, as the XML does."""
    return format_currency(amount, "EUR", format="#,##0.00####\xa0¤", locale=FRENCH, currency_digits=False)


def number(value: Decimal) -> str:
    return format_decimal(value, format="#,##0.####", locale=FRENCH)


def percent(rate: Decimal) -> str:
    return f"{number(rate)}\xa0%"


def day(value: date) -> str:
    text = format_date(value, "d MMMM y", locale=FRENCH)
    return re.sub(r"^1 ", "1er ", text).replace(" ", "\xa0", 1)


def country(code: str) -> str:
    return FRENCH.territories.get(code, code)


def spaced(digits: str) -> str:
    """An IBAN in fours, for the eye."""
    return "\xa0".join(re.findall(".{1,4}", digits))


def siren(digits: str) -> str:
    return "\xa0".join((digits[:3], digits[3:6], digits[6:9], digits[9:])).strip("\xa0")


def french(text: str) -> str:
    """Thin spaces where French typography wants them, in our own sentences."""
    return re.sub(r" (?=[;:!?»%€](?:\s|$|[.,)]))|(?<=«) ", "\u202f", text)


_pages = Environment(
    loader=FileSystemLoader(TEMPLATES),
    undefined=StrictUndefined,
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages.filters |= {
    each.__name__: each for each in (euros, price, number, percent, day, country, spaced, siren, french)
}
