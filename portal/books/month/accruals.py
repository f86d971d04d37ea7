"""What a month owes that no paper says yet, in three layers and with the contribution; taken back on the first of the next
(LAW §13.13). Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from portal.books.month.rules import last_day, next_month
from portal.kit.money import Cents, percentage_of
from portal.kit.text import N_
from portal.law import Figures
from portal.law.figures import NoFigure
from portal.law.partner_employees import contribution_on
from portal.law.vat import standard_rate_percent
from portal.referrers.rules import Regime, Status

DUE, HELD, UNCOLLECTED, CONTRIBUTION = "due", "held", "uncollected", "contribution"
KINDS: Mapping[str, str] = {
    DUE: N_("Due, pas encore facturée"),
    HELD: N_("Gagnée, à confirmer"),
    UNCOLLECTED: N_("Sur ventes facturées, pas encore encaissées"),
    CONTRIBUTION: N_("Contribution sur les sommes versées aux salariés de partenaires"),
}
BOOKED_WHEN_EARNED = "accounts.commissions_earned"
"""A company that names this account books a commission when it is earned: the first two layers stand in its books already."""
IN_THE_BOOKS = (DUE, HELD)


@dataclass(frozen=True, slots=True)
class Owed:
    """A layer of one referrer, HT; who they are in law on the last day of the month."""

    kind: str
    referrer_id: int
    net_cents: Cents
    status: str | None
    vat_regime: str | None
    paid_before: Cents = 0  # this year, for the slices of the contribution
    customary: bool = True  # no favourable regime, no flat contribution


class Accrual(NamedTuple):
    kind: str
    referrer_id: int
    net_cents: Cents
    vat_cents: Cents


def accruals(owed: Iterable[Owed], month: date, place: str, figures: Figures) -> list[Accrual]:
    """In the order of KINDS, then of the referrers. Amounts below zero: a credit note is still to come."""
    known = [one for one in owed if one.net_cents]
    day = last_day(month)
    found = [
        Accrual(one.kind, one.referrer_id, one.net_cents, _vat(one, place, day, figures)) for one in known
    ]
    found += _contributions(known, month.year, figures)
    order = list(KINDS)
    return sorted(found, key=lambda one: (order.index(one.kind), one.referrer_id))


def _vat(owed: Owed, place: str, day: date, figures: Figures) -> Cents:
    """The VAT that their paper will show."""
    rate = standard_rate_percent(place, day, figures) if owed.vat_regime == Regime.STANDARD else None
    return 0 if rate is None else percentage_of(owed.net_cents, rate)


def _contributions(owed: list[Owed], year: int, figures: Figures) -> Iterator[Accrual]:
    """On all three layers together, above what was paid to them this year (CSS L242-1-4)."""
    theirs = sorted(
        (one for one in owed if one.status == Status.PARTNER_EMPLOYEE), key=lambda one: one.referrer_id
    )
    for referrer_id, group in groupby(theirs, key=lambda one: one.referrer_id):
        layers = list(group)
        more = sum(one.net_cents for one in layers)
        contribution = _contribution(layers[0], more, year, figures)
        if contribution:
            yield Accrual(CONTRIBUTION, referrer_id, contribution, 0)


def _contribution(owed: Owed, more: Cents, year: int, figures: Figures) -> Cents:
    """0 while the figures of the year are not published: nothing is guessed."""
    try:
        return contribution_on(
            max(0, owed.paid_before), max(0, more), year, figures, customary=owed.customary
        )
    except NoFigure:
        return 0


# As entries


class EntryLine(NamedTuple):
    """`cents`: + debit, − credit. `account`: the code of the figure that names it."""

    on: date
    account: str
    cents: Cents
    accrual: Accrual
    taken_back: bool = False


EXPENSE = {CONTRIBUTION: "accounts.contributions"}
LIABILITY = {CONTRIBUTION: "accounts.accrued_contributions"}


def entries(found: Iterable[Accrual], month: date, figures: Figures) -> list[EntryLine]:
    """On the last day of the month, and the same with the other sign on the first of the next."""
    day, back = last_day(month), next_month(month)
    booked = bool(figures.text(BOOKED_WHEN_EARNED, day))
    wanted = [one for one in found if not (booked and one.kind in IN_THE_BOOKS)]
    lines = [line for one in wanted for line in _lines(one, day)]
    return [*lines, *(line._replace(on=back, cents=-line.cents, taken_back=True) for line in lines)]


def _lines(one: Accrual, day: date) -> Iterator[EntryLine]:
    total = one.net_cents + one.vat_cents
    yield EntryLine(day, EXPENSE.get(one.kind, "accounts.commissions"), one.net_cents, one)
    if one.vat_cents:
        yield EntryLine(day, "accounts.accrued_vat", one.vat_cents, one)
    yield EntryLine(day, LIABILITY.get(one.kind, "accounts.accrued_suppliers"), -total, one)
