"""The mentions that the law asks of each paper, as a table: what, on which papers, since when, and where it stands. Pure.

What becomes an obligation on a later day is printed from the first day on: a mention too early harms nobody, and the
size of the company, which decides of the day, may change."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from portal.invoicing.papers import (
    CREDIT_NOTES,
    INVOICES,
    NAMES_ANOTHER,
    RECEIPTS,
    SELF_BILLED,
    Kind,
    Paper,
    Party,
    day,
    euros,
    percent,
    siren,
)
from portal.law.figures import LONG_SINCE

REFORM = date(2026, 9, 1)  # of large and mid-size companies; small ones a year later
ALL = frozenset(Kind)
INVOICED = INVOICES | CREDIT_NOTES - RECEIPTS

Said = Callable[[Paper], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Mention:
    """`said`: the texts that stand on the paper; an empty one is missing, none at all: not asked of this paper."""

    code: str
    kinds: frozenset[Kind]
    said: Said
    law: str
    since: date = LONG_SINCE


def _party(who: Party) -> Iterator[str]:
    yield who.name
    yield " ".join(who.address)
    yield f"{who.postcode} {who.city}".strip()


def _seller(paper: Paper) -> Iterator[str]:
    yield from _party(paper.seller)


def _buyer(paper: Paper) -> Iterator[str]:
    yield from _party(paper.buyer)


def _seller_register(paper: Paper) -> Iterator[str]:
    if paper.seller.country == "FR" and paper.seller.siren:
        yield paper.seller.register or siren(paper.seller.siret)  # an association stands in neither register


def _sole_trader(paper: Paper) -> Iterator[str]:
    if paper.seller.legal_form == "Entrepreneur individuel":
        yield paper.seller.name if paper.seller.name.endswith(" EI") else ""


def _seller_vat_number(paper: Paper) -> Iterator[str]:
    if paper.shows_vat:
        yield paper.seller.vat_number


def _buyer_vat_number(paper: Paper) -> Iterator[str]:
    if _reverse_charge(paper):
        yield paper.buyer.vat_number


def _reverse_charge(paper: Paper) -> bool:
    return any(line.vat_category == "AE" for line in paper.lines)


def _buyer_siren(paper: Paper) -> Iterator[str]:
    if paper.buyer.country == "FR":
        yield siren(paper.buyer.siren)


def _number(paper: Paper) -> Iterator[str]:
    yield paper.number or "à l'émission"  # a receipt takes its number when it is issued


def _issued_on(paper: Paper) -> Iterator[str]:
    yield day(paper.issued_on)


def _supplied_on(paper: Paper) -> Iterator[str]:
    if paper.period:
        yield day(paper.supplied_on)


def _lines(paper: Paper) -> Iterator[str]:
    for line in paper.lines:
        yield line.label
        yield euros(line.net_cents)


def _rates(paper: Paper) -> Iterator[str]:
    for total in paper.vat_totals:
        if total.category == "S":
            yield percent(total.rate)
            yield euros(total.base_cents)
            yield euros(total.vat_cents)


def _totals(paper: Paper) -> Iterator[str]:
    yield euros(paper.net_cents)
    yield euros(paper.gross_cents)


def _nature(paper: Paper) -> Iterator[str]:
    yield paper.nature


def _exemption(paper: Paper) -> Iterator[str]:
    if not paper.shows_vat:
        yield paper.exemption_text


def _reverse_charge_word(paper: Paper) -> Iterator[str]:
    if _reverse_charge(paper):
        yield _stated(paper, "Autoliquidation")


def _debits(paper: Paper) -> Iterator[str]:
    if paper.vat_point == "5":
        yield _stated(paper, "débits")


def _self_billed(paper: Paper) -> Iterator[str]:
    yield _stated(paper, "Autofacturation")


def _stated(paper: Paper, word: str) -> str:
    return next((text for text in paper.statements if word in text), "")


def _due(paper: Paper) -> Iterator[str]:
    yield day(paper.due_on) if paper.due_on else ""


def _note(code: str) -> Said:
    def said(paper: Paper) -> Iterator[str]:
        yield paper.notes.get(code, "")

    return said


def _corrected(paper: Paper) -> Iterator[str]:
    yield paper.corrects.number if paper.corrects else ""
    yield day(paper.corrects.issued_on) if paper.corrects else ""


def _purchase_order(paper: Paper) -> Iterator[str]:
    if paper.purchase_order:
        yield paper.purchase_order


def _withheld(paper: Paper) -> Iterator[str]:
    if paper.withheld:
        yield _stated(paper, "182 B") or ("" if paper.kind not in CREDIT_NOTES else paper.number)
        yield euros(paper.withheld.cents)
        yield euros(paper.transfer_cents)


def _not_taxable(paper: Paper) -> Iterator[str]:
    yield _stated(paper, "non assujettie")


def _third_party(paper: Paper) -> Iterator[str]:
    if paper.employment:
        yield _stated(paper, "L. 242-1-4")


CGI = "CGI ann. II 242 nonies A I"
MENTIONS = (
    Mention("seller", ALL, _seller, f"{CGI}-1°"),
    Mention("buyer", ALL, _buyer, f"{CGI}-1°"),
    Mention("buyer_siren", ALL, _buyer_siren, f"{CGI}-1°, décret 2022-1299", REFORM),
    Mention("seller_register", INVOICED, _seller_register, "C. com. R123-237 et R123-238"),
    Mention("sole_trader", INVOICED, _sole_trader, "C. com. R526-27", date(2022, 5, 15)),
    Mention("seller_vat_number", INVOICED, _seller_vat_number, f"{CGI}-2°"),
    Mention("buyer_vat_number", INVOICED, _buyer_vat_number, f"{CGI}-3°"),
    Mention("issued_on", ALL, _issued_on, f"{CGI}-6°"),
    Mention("number", ALL, _number, f"{CGI}-7°"),
    Mention("lines", ALL, _lines, f"{CGI}-8°"),
    Mention("nature", INVOICED, _nature, f"{CGI}-8° bis", REFORM),
    Mention("supplied_on", INVOICED, _supplied_on, f"{CGI}-10°"),
    Mention("rates", INVOICED, _rates, f"{CGI}-11°"),
    Mention("totals", ALL, _totals, f"{CGI}-11°"),
    Mention("debits", INVOICED, _debits, f"{CGI}-11° bis", REFORM),
    Mention("exemption", INVOICED, _exemption, f"{CGI}-12°"),
    Mention("reverse_charge", INVOICED, _reverse_charge_word, f"{CGI}-13°"),
    Mention("self_billed", SELF_BILLED, _self_billed, f"{CGI}-14°"),
    Mention("due_on", INVOICES, _due, "C. com. L441-9"),
    Mention("late_payment", INVOICED, _note("PMD"), "C. com. L441-10 II"),
    Mention("recovery_indemnity", INVOICED, _note("PMT"), "C. com. D441-5"),
    Mention("discount", INVOICED, _note("AAB"), "C. com. L441-9"),
    Mention("purchase_order", INVOICED, _purchase_order, "C. com. L441-9", date(2019, 10, 1)),
    Mention("corrected", NAMES_ANOTHER, _corrected, "CGI 289 I-5"),
    Mention("withheld", ALL, _withheld, "CGI 182 B"),
    Mention("not_taxable", RECEIPTS, _not_taxable, "CGI 289 I-1"),
    Mention("third_party", RECEIPTS, _third_party, "CSS L242-1-4"),
)


def mentions_of(kind: Kind) -> tuple[Mention, ...]:
    return tuple(mention for mention in MENTIONS if kind in mention.kinds)


def duties_on(kind: Kind, on: date) -> tuple[Mention, ...]:
    """Those that the law asks already on that day."""
    return tuple(mention for mention in mentions_of(kind) if mention.since <= on)


def stands(paper: Paper) -> dict[str, tuple[str, ...]]:
    """By mention the texts that the page shows; those not asked of this paper are left out."""
    found = {mention.code: tuple(mention.said(paper)) for mention in mentions_of(paper.kind)}
    return {code: texts for code, texts in found.items() if texts}


def missing_mentions(paper: Paper) -> tuple[str, ...]:
    return tuple(code for code, texts in stands(paper).items() if not all(texts))
