"""An invoice that came in beside what is due: every difference, with both values. Pure.

What forbids acceptance forbids it for everybody; what asks wants a reason of finance; what is only said needs nothing."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from portal.invoicing.received.mentions import Mention, absent
from portal.invoicing.received.opening import Format
from portal.invoicing.received.told import CREDIT_NOTE, INVOICE, Party, Told
from portal.kit.identifiers import iban_end, parse_iban
from portal.kit.invalid import Invalid
from portal.kit.money import Cents, percentage_of
from portal.referrers.banking_rules import same_name

NOBODY = Party()
OVERSIZED = 35  # BR-FR-01
WITHOUT_LINES = ("minimum", "basicwl")


@dataclass(frozen=True, kw_only=True)
class Ours:
    """What is due, and what is known of both parties. Amounts in cents, positive also for a credit note."""

    today: date
    buyer: Party
    seller: Party = NOBODY
    net_cents: Cents = 0  # of the commissions that it pays; 0: nothing is due
    all_cents: Cents = 0  # of all that is due in this regime
    vat_cents: Cents = 0
    rate: Decimal = Decimal(0)
    due_on: date | None = None
    earned_on: date | None = None  # when the latest of them became payable
    iban: str = ""
    mandated: bool = False  # their contract has us draw up their invoices
    blocks: tuple[str, ...] = ()  # why no paper can be made: codes of invoicing.rules.BLOCKS
    used: Collection[tuple[str, int]] = ()  # number and year of those accepted before
    waiting: Collection[str] = ()  # numbers that wait for an answer
    credited: str = ""  # the number of the invoice for which a credit note is expected
    mentions: tuple[Mention, ...] = ()
    broken: tuple[str, ...] = ()  # rules of the standard that its XML breaks

    def kept(self) -> dict[str, Any]:
        """What is shown beside the invoice, and stays when what is due has moved on."""
        said = {
            "seller": self.seller, "buyer": self.buyer, "net_cents": self.net_cents, "vat_cents": self.vat_cents,
            "total_cents": self.net_cents + self.vat_cents, "rate": self.rate, "due_on": self.due_on,
            "iban": iban_end(self.iban) if self.iban else "", "credits": self.credited,
        }  # fmt: skip
        return msgspec.to_builtins(said)


@dataclass(frozen=True)
class Difference:
    """`code` is a key of differences.DIFFERENCES; the values are cents, ISO days or words, as that table says."""

    code: str
    theirs: Any = ""
    ours: Any = ""


Check = Callable[[Told, Ours], Iterator[Difference]]


def compare(told: Told, format: Format, ours: Ours) -> tuple[Difference, ...]:
    """In the order in which they are told: what is not due first."""
    checks: tuple[Check, ...] = (_due, _document, _parties, _amounts, _vat, _numbers, _days, _bank)
    found = [difference for check in checks for difference in check(told, ours)]
    return (*found, *_form(told, format, ours))


def _due(told: Told, ours: Ours) -> Iterator[Difference]:
    if ours.mandated:
        yield Difference("mandated")
    elif not ours.net_cents:
        yield Difference("nothing_due", told.total_cents or 0)
    for block in ours.blocks:
        yield Difference("blocked", "", block)


def _document(told: Told, ours: Ours) -> Iterator[Difference]:
    if told.kind not in (INVOICE, CREDIT_NOTE):
        yield Difference("kind", told.kind)
    if told.is_credit and not ours.credited:
        yield Difference("credit_unasked", told.credits)
    elif told.is_credit and _bare(told.credits) != _bare(ours.credited):
        yield Difference("credits_other", told.credits, ours.credited)
    if told.currency != "EUR":
        yield Difference("currency", told.currency, "EUR")


def _parties(told: Told, ours: Ours) -> Iterator[Difference]:
    yield from _party("seller", told.seller, ours.seller)
    yield from _party("buyer", told.buyer, ours.buyer)
    if not told.seller.vat_number and ours.rate:
        yield Difference("seller_vat_missing", "", ours.seller.vat_number)


def _party(role: str, theirs: Party, ours: Party) -> Iterator[Difference]:
    if theirs.siren and ours.siren and theirs.siren != ours.siren:
        yield Difference(f"{role}_siren", theirs.siren, ours.siren)
    if not theirs.siren and ours.siren:
        yield Difference(f"{role}_siren_missing", "", ours.siren)
    if theirs.vat_number and ours.vat_number and theirs.vat_number != ours.vat_number:
        yield Difference(f"{role}_vat", theirs.vat_number, ours.vat_number)
    if theirs.name and ours.name and not same_name(theirs.name, ours.name):
        yield Difference(f"{role}_name", theirs.name, ours.name)


def _amounts(told: Told, ours: Ours) -> Iterator[Difference]:
    net, vat, total = told.net_cents, told.vat_cents, told.total_cents
    if net is None or total is None or vat is None:
        yield Difference("amounts_missing")
        return
    if min(net, total) <= 0 or vat < 0:
        yield Difference("below_zero", total)
        return
    if net + vat != total:
        yield Difference("sums", total, net + vat)
    if told.currency == "EUR" and ours.net_cents:
        yield from _net(net, ours)


def _net(net: Cents, ours: Ours) -> Iterator[Difference]:
    if net > ours.net_cents:
        yield Difference("over", net, ours.net_cents)
    elif net < ours.net_cents:
        yield Difference("under", net, ours.net_cents)
    elif net < ours.all_cents:
        yield Difference("partial", net, ours.all_cents)


def _vat(told: Told, ours: Ours) -> Iterator[Difference]:
    vat, net = told.vat_cents, told.net_cents
    if vat is None or net is None or not ours.net_cents:
        return
    expected = ours.vat_cents if net == ours.net_cents else percentage_of(net, ours.rate)
    if len(told.rates) > 1:
        yield Difference("rates", " %, ".join(f"{rate:f}" for rate in told.rates), f"{ours.rate:f}")
    elif told.rates and told.rates[0] != ours.rate:
        yield Difference("rate", f"{told.rates[0]:f}", f"{ours.rate:f}")
    elif vat and not ours.rate:
        yield Difference("vat_charged", vat)
    elif expected and not vat:
        yield Difference("vat_missing", 0, expected)
    elif vat != expected:
        near = abs(vat - expected) <= max(1, told.lines)  # each line rounded by itself
        yield Difference("vat_rounding" if near else "vat_amount", vat, expected)


def _numbers(told: Told, ours: Ours) -> Iterator[Difference]:
    if not told.number:
        yield Difference("number_missing")
        return
    if len(told.number) > OVERSIZED:
        yield Difference("number_long", told.number, str(OVERSIZED))
    years = {year for number, year in ours.used if _bare(number) == _bare(told.number)}
    if told.issued_on and told.issued_on.year in years:
        yield Difference("number_used", told.number)
    elif years:
        yield Difference("number_used_before", told.number, str(max(years)))
    if told.number in ours.waiting:
        yield Difference("number_waiting", told.number)


def _days(told: Told, ours: Ours) -> Iterator[Difference]:
    if told.issued_on is None:
        yield Difference("date_missing")
        return
    if told.issued_on > ours.today:
        yield Difference("date_future", told.issued_on.isoformat(), ours.today.isoformat())
    if ours.earned_on and told.issued_on < ours.earned_on:
        yield Difference("date_early", told.issued_on.isoformat(), ours.earned_on.isoformat())
    if told.due_on and ours.due_on and told.due_on != ours.due_on and not told.is_credit:
        yield Difference("due_on", told.due_on.isoformat(), ours.due_on.isoformat())


def _bank(told: Told, ours: Ours) -> Iterator[Difference]:
    """The money goes where the file says, whatever stands here."""
    for iban in told.ibans:
        if not _is_iban(iban):
            yield Difference("iban_wrong", iban, iban_end(ours.iban))
        elif iban != ours.iban:
            yield Difference("iban_other", iban, iban_end(ours.iban))


def _is_iban(text: str) -> bool:
    try:
        parse_iban(text)
    except Invalid:
        return False
    return True


def _form(told: Told, format: Format, ours: Ours) -> Iterator[Difference]:
    if format is Format.PDF and not told.text.strip():
        yield Difference("picture")
    elif format is not Format.UBL and any(told.profile.lower().endswith(short) for short in WITHOUT_LINES):
        yield Difference("without_lines", told.profile.rpartition(":")[2].upper())
    if told.text.strip():
        for mention in absent(ours.mentions, told.text):
            yield Difference("mention", "", mention.text)
    if ours.broken:
        yield Difference("standard", ", ".join(ours.broken[:8]))


def _bare(number: str) -> str:
    """Without what is typed differently: spaces, case."""
    return re.sub(r"\s", "", number).upper()
