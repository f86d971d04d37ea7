"""What is watched as it comes near a threshold of the law: one table, read with the figures of the day. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from portal.kit.money import Cents
from portal.law import Figures, NoFigure, figure_id
from portal.law.das2 import THRESHOLD as DAS2
from portal.law.franchise import ASSOCIATION, SERVICES_BASE, SERVICES_UPPER
from portal.law.individuals import CEILING, CHECK_AMOUNT, CHECK_DEALS, OCCASIONAL_DEALS
from portal.law.partner_employees import EXEMPT_PERCENT, FLAT_PERCENT, SMIC, limit_cents
from portal.referrers.rules import Regime, Status
from portal.referrers.vigilance.lines import Line
from portal.referrers.vigilance.rules import Kind, Need

WATCHED_FROM = "vat.ceiling_watch_percent"
MICRO_SERVICES = "individuals.micro_bic_services_ceiling_eur"


class What(StrEnum):
    OCCASIONAL = "occasional"  # deals in twelve months
    OCCASIONAL_AMOUNT = "occasional_amount"
    MICRO = "micro"
    FRANCHISE = "franchise"
    FRANCHISE_UPPER = "franchise_upper"
    ASSOCIATION = "association"
    PARTNER_EXEMPT = "partner_exempt"
    PARTNER_FLAT = "partner_flat"
    DAS2 = "das2"  # identifiers missing
    RESIDENCE = "residence"
    CONSENT = "consent"
    DOCUMENTS = "documents"


class Level(IntEnum):
    FAR = 0
    NEAR = 1
    REACHED = 2


CEILINGS = frozenset(What) - {What.RESIDENCE, What.CONSENT, What.DOCUMENTS, What.DAS2}
"""Told to the referrer, who is asked to confirm their status; the others have mails of their own, or none."""
CONFIRMS = CEILINGS - {What.PARTNER_EXEMPT, What.PARTNER_FLAT}


@dataclass(frozen=True, slots=True)
class Situation:
    """Cents HT of this calendar year, but `paid_total_cents`, TTC. `elsewhere`: as the referrer says; `rewards`: given to an
    employee of a partner."""

    status: Status | None
    regime: Regime | None
    deals: int = 0  # in twelve months
    paid_cents: Cents = 0
    paid_total_cents: Cents = 0
    elsewhere_cents: Cents = 0
    identified: bool = True
    lines: tuple[Line, ...] = ()
    rewards_cents: Cents = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """The figure of the day: cents, deals, or documents missing. No ceiling: the law's figure is not known yet."""

    what: What
    level: Level
    value: int
    ceiling: int
    figure: str = ""


Cents_of = Callable[[Situation], Cents]


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A row of the table: an amount of the year, against a figure in euros."""

    what: What
    applies: Callable[[Situation], bool]
    value: Cents_of
    code: str
    limit: Callable[[date, Figures], Cents] | None = None  # where it is not the figure itself


def _turnover(one: Situation) -> Cents:
    return one.paid_cents + one.elsewhere_cents


def _paid(one: Situation) -> Cents:
    return one.paid_cents


def _received(one: Situation) -> Cents:
    return one.paid_cents + one.rewards_cents


def _is(*statuses: Status) -> Callable[[Situation], bool]:
    return lambda one: one.status in statuses


def _exempt_slice(day: date, figures: Figures) -> Cents:
    return limit_cents(EXEMPT_PERCENT, day.year, figures)


def _flat_slice(day: date, figures: Figures) -> Cents:
    return limit_cents(FLAT_PERCENT, day.year, figures)


TABLE = (
    Ceiling(What.OCCASIONAL_AMOUNT, _is(Status.INDIVIDUAL), _paid, CHECK_AMOUNT),
    Ceiling(What.MICRO, _is(Status.INDIVIDUAL), _turnover, CEILING),
    Ceiling(What.MICRO, _is(Status.MICRO), _turnover, MICRO_SERVICES),
    Ceiling(What.FRANCHISE, lambda one: one.regime is Regime.FRANCHISE, _turnover, SERVICES_BASE),
    Ceiling(What.FRANCHISE_UPPER, lambda one: one.regime is Regime.FRANCHISE, _turnover, SERVICES_UPPER),
    Ceiling(What.ASSOCIATION, lambda one: one.status is Status.ASSOCIATION and one.regime in (Regime.NONE, Regime.EXEMPT),
            _turnover, ASSOCIATION),
    Ceiling(What.PARTNER_EXEMPT, _is(Status.PARTNER_EMPLOYEE), _received, SMIC, _exempt_slice),
    Ceiling(What.PARTNER_FLAT, _is(Status.PARTNER_EMPLOYEE), _received, SMIC, _flat_slice),
    Ceiling(What.DAS2, lambda one: not one.identified, lambda one: one.paid_total_cents, DAS2),
)  # fmt: skip


def level_of(value: Cents, ceiling: Cents, watch_percent: int) -> Level:
    """Strictly above, as the thresholds of the law are."""
    if value > ceiling:
        return Level.REACHED
    return Level.NEAR if value * 100 > ceiling * watch_percent else Level.FAR


def watched(one: Situation, day: date, figures: Figures) -> list[Seen]:
    """All that applies to them, also what is far."""
    percent = figures.whole(WATCHED_FROM, day)
    ceilings = [_seen(row, one, day, figures, percent) for row in TABLE if row.applies(one)]
    return [*_often(one, day, figures), *ceilings, *_papers(one)]


def _seen(row: Ceiling, one: Situation, day: date, figures: Figures, percent: int) -> Seen:
    value = row.value(one)
    try:
        # the SMIC of 1 January counts for the year
        on = date(day.year, 1, 1) if row.limit else day
        figure = figures.at(row.code, on)
        ceiling = row.limit(day, figures) if row.limit else int(figures.number(row.code, on) * 100)
    except NoFigure:
        return Seen(row.what, Level.NEAR if value > 0 else Level.FAR, value, 0)
    return Seen(row.what, level_of(value, ceiling, percent), value, ceiling, figure_id(row.code, figure))


def _often(one: Situation, day: date, figures: Figures) -> list[Seen]:
    if one.status is not Status.INDIVIDUAL:
        return []
    near, reached = figures.whole(OCCASIONAL_DEALS, day), figures.whole(CHECK_DEALS, day)
    level = Level.REACHED if one.deals >= reached else Level.NEAR if one.deals >= near else Level.FAR
    figure = figure_id(CHECK_DEALS, figures.at(CHECK_DEALS, day))
    return [Seen(What.OCCASIONAL, level, one.deals, reached, figure)]


OF_ITS_OWN = {Kind.RESIDENCE: What.RESIDENCE, Kind.EMPLOYER_CONSENT: What.CONSENT}


def _papers(one: Situation) -> list[Seen]:
    """Documents: each that has a watch of its own, and the others together."""
    found = [
        Seen(OF_ITS_OWN[line.kind], _level_of_papers([line]), int(line.wanted), 1)
        for line in one.lines
        if line.kind in OF_ITS_OWN
    ]
    rest = [
        line for line in one.lines if line.kind not in (*OF_ITS_OWN, Kind.NON_HABITUAL)
    ]  # the deals tell that
    if rest:
        missing = sum(line.wanted for line in rest)
        found.append(Seen(What.DOCUMENTS, _level_of_papers(rest), missing, len(rest)))
    return found


def _level_of_papers(lines: Iterable[Line]) -> Level:
    wanted = [line for line in lines if line.wanted]
    if any(line.asked.need is Need.REQUIRED and not line.covered for line in wanted):
        return Level.REACHED
    return Level.NEAR if wanted else Level.FAR


def asks_turnover(status: Status | None, regime: str | None) -> bool:
    """Whose thresholds look at what they turn over elsewhere too."""
    return status in (Status.MICRO, Status.ASSOCIATION) or regime == Regime.FRANCHISE
