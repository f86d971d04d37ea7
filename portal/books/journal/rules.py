"""The ledger told as a bookkeeper writes it: accounts of the PCG, journals, lettering, axes. Pure.

A ledger entry becomes one accounting entry or none. Lines of one account and one referrer are netted: what moves only
from one of our own accounts to another of the same PCG account (held → due, invoiced → in transit) is no entry."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from portal.kit.money import Cents
from portal.kit.text import N_
from portal.law import Figures


class Journal(StrEnum):
    PURCHASES = "AC"
    BANK = "BQ"
    OTHERS = "OD"


# In the files of law as they stand, on a page in the reader's language.
JOURNAL_NAMES = {
    Journal.PURCHASES: N_("Achats"),
    Journal.BANK: N_("Banque"),
    Journal.OTHERS: N_("Opérations diverses"),
}
JOURNALS = {
    "invoice_issued": Journal.PURCHASES,
    "credit_note_issued": Journal.PURCHASES,
    "vat_self_assessed": Journal.PURCHASES,
    "payout_sent": Journal.BANK,
    "payout_settled": Journal.BANK,
    "payout_returned": Journal.BANK,
    "barter_bought": Journal.PURCHASES,
}
"""By kind of ledger entry; all others are OD. What undoes an entry stands where the entry stood."""


class Axis(StrEnum):
    PROGRAMME = "programme"
    CATEGORY = "category"
    TERRITORY = "territory"
    SALES = "sales"


class Place(NamedTuple):
    """Where a role of the ledger stands: the figure that names its account, and whether it is kept by referrer."""

    figure: str
    auxiliary: bool = False


SUPPLIERS = Place("accounts.suppliers", auxiliary=True)
COMMISSIONS, EARNED = Place("accounts.commissions"), Place("accounts.commissions_earned")
PLACES: Mapping[str, Place | None] = {
    "earned": COMMISSIONS,
    "taken_back": COMMISSIONS,
    "held": EARNED,
    "due": EARNED,
    "invoiced": SUPPLIERS,
    "in_transit": SUPPLIERS,
    "owes": SUPPLIERS,
    "vat_invoiced": SUPPLIERS,
    "vat_in_transit": SUPPLIERS,
    "vat_owes": SUPPLIERS,
    "written_off": Place("accounts.written_off"),
    "bank": Place("accounts.bank"),
    "vat_pending": Place("accounts.vat_waiting_for_payment"),
    "vat_deductible": Place("accounts.vat_deductible"),
    "vat_self_assessed": Place("accounts.vat_self_assessed"),
    "withholding": Place("accounts.withholding"),
    "contributions_expense": Place("accounts.contributions"),
    "contributions_due": Place("accounts.contributions_due"),
    "rewards_cost": COMMISSIONS,  # what was earned is no gift (LAW §13.5)
    "gifts_bought": Place("accounts.gifts"),
    "barter": SUPPLIERS,
    "sales": Place("accounts.sales"),
    "vat_collected": Place("accounts.vat_collected"),
    "goods_sold": Place("accounts.goods_sold"),
    "points_provided": Place("accounts.points_provided"),
    "points_provision": Place("accounts.points_provision"),
    "points_written_back": Place("accounts.points_written_back"),
    "paid": None,  # what was paid, in money or in kind, told twice: to the referrer and over all
    "paid_out": None,
    "benefits": None,
    "benefits_expense": None,
}
"""By role of the ledger, in euros. Points are no money: they have no account here."""
ACCOUNT_NAMES = {
    "accounts.bank": "Banques",
    "accounts.commissions": "Commissions et courtages sur ventes",
    "accounts.commissions_earned": "Fournisseurs, factures non parvenues",
    "accounts.contributions": "Cotisations à l'URSSAF",
    "accounts.contributions_due": "Sécurité sociale",
    "accounts.gifts": "Cadeaux à la clientèle",
    "accounts.goods_sold": "Achats de marchandises",
    "accounts.points_provided": "Dotations aux provisions d'exploitation",
    "accounts.points_provision": "Autres provisions pour risques",
    "accounts.points_written_back": "Reprises sur provisions d'exploitation",
    "accounts.sales": "Ventes de marchandises",
    "accounts.suppliers": "Fournisseurs",
    "accounts.vat_collected": "TVA collectée",
    "accounts.vat_deductible": "TVA déductible sur autres biens et services",
    "accounts.vat_self_assessed": "TVA due intracommunautaire",
    "accounts.vat_waiting_for_payment": "TVA déductible en attente de paiement",
    "accounts.withholding": "État, retenues à la source",
    "accounts.written_off": "Pertes sur créances irrécouvrables",
}
"""As the chart calls them: books are kept in French."""


class Account(NamedTuple):
    number: str
    name: str


def account_at(figure: str, figures: Figures, day: date) -> Account:
    """An account without a number of its own is that of the commissions: nothing moves before the paper."""
    number = figures.text(figure, day)
    return Account(number, ACCOUNT_NAMES[figure]) if number else account_at(COMMISSIONS.figure, figures, day)


@dataclass(frozen=True, slots=True)
class Auxiliary:
    """The account of one referrer within 401."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Part:
    """What one commission weighs in an entry, and where it belongs."""

    cents: Cents
    axes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """What an entry is about, for the words beside it."""

    piece: str
    piece_on: date
    label: str
    href: str = ""  # where it is shown
    letter: str = ""
    lettered_on: date | None = None
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """A line of the ledger: `+` debit."""

    role: str
    referrer_id: int | None
    cents: Cents


@dataclass(frozen=True, slots=True)
class Booked:
    """An entry of the ledger; `kind` is that of what it undoes, if it undoes something."""

    id: int
    kind: str
    on: date
    recorded_on: date
    lines: tuple[Moved, ...]
    number: int = 0
    gone: bool = False


@dataclass(frozen=True, slots=True)
class JournalLine:
    account: Account
    cents: Cents  # + debit, − credit
    auxiliary: Auxiliary | None = None
    axes: tuple[str, ...] = ()

    @property
    def debit(self) -> Cents:
        return max(0, self.cents)

    @property
    def credit(self) -> Cents:
        return max(0, -self.cents)


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """`number` is continuous in its journal and financial year. Valid since the day on which the ledger recorded it.
    `gone`: it has left in an export."""

    ledger_id: int
    journal: Journal
    on: date
    recorded_on: date
    fact: Fact
    lines: tuple[JournalLine, ...]
    number: int = 0
    gone: bool = False

    @property
    def debit(self) -> Cents:
        return sum(line.debit for line in self.lines)

    @property
    def credit(self) -> Cents:
        return sum(line.credit for line in self.lines)


@dataclass(frozen=True, slots=True)
class Chart:
    """All that the words and numbers of the accounts come from."""

    figures: Figures
    auxiliaries: Mapping[int, Auxiliary] = field(default_factory=dict)  # by referrer


def told(entry: Booked, fact: Fact, chart: Chart) -> JournalEntry | None:
    """None when nothing moves between accounts."""
    sums: dict[tuple[Account, int | None], Cents] = {}
    for line in entry.lines:
        if place := PLACES[line.role]:
            key = (
                account_at(place.figure, chart.figures, entry.on),
                line.referrer_id if place.auxiliary else None,
            )
            sums[key] = sums.get(key, 0) + line.cents
    lines = [
        part
        for (account, referrer_id), cents in sums.items()
        if cents
        for part in _lines(account, cents, chart.auxiliaries.get(referrer_id or 0), fact)
    ]
    if not lines:
        return None
    journal = JOURNALS.get(entry.kind, Journal.OTHERS)
    lines.sort(key=_as_written)
    return JournalEntry(
        entry.id, journal, entry.on, entry.recorded_on, fact, tuple(lines), entry.number, entry.gone
    )


def _as_written(line: JournalLine) -> tuple[bool, str, str, tuple[str, ...]]:
    """Debits first."""
    return (line.cents < 0, line.account.number, line.auxiliary.code if line.auxiliary else "", line.axes)


def _lines(account: Account, cents: Cents, auxiliary: Auxiliary | None, fact: Fact) -> Iterable[JournalLine]:
    """An expense is split by where its commissions belong."""
    if not account.number.startswith("6") or not fact.parts:
        return [JournalLine(account, cents, auxiliary)]
    if len(places := {part.axes for part in fact.parts}) == 1:
        return [JournalLine(account, cents, auxiliary, places.pop())]
    weight = sum(part.cents for part in fact.parts)
    if abs(weight) != abs(cents):
        return [JournalLine(account, cents, auxiliary)]
    sign = 1 if weight == cents else -1
    return _split(account, sign, fact.parts)


def _split(account: Account, sign: int, parts: Sequence[Part]) -> list[JournalLine]:
    cents: dict[tuple[str, ...], Cents] = {}
    for part in parts:
        cents[part.axes] = cents.get(part.axes, 0) + sign * part.cents
    return [JournalLine(account, amount, None, axes) for axes, amount in cents.items() if amount]


# The financial year


class Year(NamedTuple):
    first: date
    last: date

    @property
    def name(self) -> str:
        """'2026', or '2026-2027' when it is no calendar year."""
        both = (self.first.year, self.last.year)
        return str(both[0]) if both[0] == both[1] else f"{both[0]}-{both[1]}"


DECEMBER = 12


def year_of(day: date, last_month: int = DECEMBER) -> Year:
    """The financial year of this day; it ends with the last day of `last_month`."""
    ends = day.year if day.month <= last_month else day.year + 1
    first = date(ends, 1, 1) if last_month == DECEMBER else date(ends - 1, last_month + 1, 1)
    after = date(ends + 1, 1, 1) if last_month == DECEMBER else date(ends, last_month + 1, 1)
    return Year(first, date.fromordinal(after.toordinal() - 1))


# What an export must be


def in_order(entries: Iterable[JournalEntry]) -> list[JournalEntry]:
    return sorted(entries, key=lambda one: (one.on, one.journal, one.number))


def faults_of(entries: Sequence[JournalEntry]) -> list[str]:
    """What is off in a file of one financial year, as codes: nothing is written while there is one."""
    numbers = [(one.journal, one.number) for one in entries]
    codes = {line.auxiliary.code: line.auxiliary for one in entries for line in one.lines if line.auxiliary}
    found = {
        "unbalanced": any(one.debit != one.credit for one in entries),
        "unsorted": list(entries) != in_order(entries),
        "number_twice": len(set(numbers)) != len(numbers),
        "auxiliary_twice": any(
            line.auxiliary is not None and codes[line.auxiliary.code] != line.auxiliary
            for one in entries
            for line in one.lines
        ),
    }
    return [code for code, wrong in found.items() if wrong]


def gaps_of(numbers: Iterable[int]) -> list[int]:
    """The numbers that are missing from a series that begins with 1."""
    taken = set(numbers)
    return [number for number in range(1, max(taken, default=0) + 1) if number not in taken]
