"""What reached an employee of a partner, one sum after the other, as it falls into the slices of the year. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from portal.kit.money import Cents
from portal.kit.text import N_
from portal.law import Figures, NoFigure, figure_id
from portal.law.partner_employees import (
    CONTRIBUTION_PERCENT,
    EXEMPT_PERCENT,
    FLAT_PERCENT,
    SMIC,
    Slices,
    limit_cents,
    slices,
)

NOTHING = Slices(0, 0, 0, 0)


class Kind(StrEnum):
    PAYMENT = "payment"
    REWARD = "reward"
    CORRECTION = "correction"  # of the regime or of a figure: no sum, but other slices


KIND_LABELS = {
    Kind.PAYMENT: N_("Virement"),
    Kind.REWARD: N_("Récompense"),
    Kind.CORRECTION: N_("Calcul repris"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A sum on its day; below zero: what came back."""

    kind: str
    fact_id: int | None
    on: date
    cents: Cents
    ref: str = ""


Key = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Cut:
    """A fact with what it adds to each slice of its year."""

    fact: Fact
    adds: Slices


def still_to_count(facts: Iterable[Fact], counted: Mapping[Key, Cents], last: date) -> list[Fact]:
    """Of one year. What is no fact any more is taken back, on `last`; sums come before what came back."""
    known = {(fact.kind, fact.fact_id): fact for fact in facts}
    wanted = [replace(fact, cents=fact.cents - counted.get(key, 0)) for key, fact in known.items()]
    gone = [Fact(key[0], key[1], last, -cents) for key, cents in counted.items() if key not in known]
    differing = [fact for fact in (*wanted, *gone) if fact.cents]
    return sorted(differing, key=lambda fact: (fact.cents < 0, fact.on, fact.kind, fact.fact_id or 0))


def cut_all(
    facts: Sequence[Fact], counted: Slices, year: int, figures: Figures, *, customary: bool
) -> list[Cut]:
    """Each above what was counted before it: the parts sum to the slices of the year, whatever their order."""
    found, before = [], counted
    for fact in facts:
        after = year_slices(before.total_cents + fact.cents, year, figures, customary=customary)
        found.append(Cut(fact, minus(after, before)))
        before = after
    return found


def correction(counted: Slices, year: int, figures: Figures, on: date, *, customary: bool) -> Cut | None:
    """What was counted under another regime or another figure, cut anew."""
    right = minus(year_slices(counted.total_cents, year, figures, customary=customary), counted)
    return None if right == NOTHING else Cut(Fact(Kind.CORRECTION, None, on, 0), right)


def year_slices(total_cents: Cents, year: int, figures: Figures, *, customary: bool) -> Slices:
    """A year below zero, where a reward of a closed year was corrected, owes nothing."""
    if total_cents >= 0:
        return slices(total_cents, year, figures, customary=customary)
    return Slices(total_cents, 0, 0, 0) if customary else Slices(0, 0, total_cents, 0)


def minus(one: Slices, other: Slices) -> Slices:
    return Slices(
        one.exempt_cents - other.exempt_cents,
        one.flat_cents - other.flat_cents,
        one.ordinary_cents - other.ordinary_cents,
        one.contribution_cents - other.contribution_cents,
    )


def figures_of(year: int, figures: Figures, *, customary: bool) -> dict[str, str]:
    """Id → value of what the slices are reckoned with."""
    if not customary:
        return {}
    codes = (SMIC, EXEMPT_PERCENT, FLAT_PERCENT, CONTRIBUTION_PERCENT)
    found = {code: figures.at(code, date(year, 1, 1)) for code in codes}
    return {figure_id(code, figure): str(figure.value) for code, figure in found.items()}


def day_in(year: int, day: date) -> date:
    """What is found out later belongs to its year still."""
    return min(max(day, date(year, 1, 1)), date(year, 12, 31))


class Reached(StrEnum):
    """The highest slice of the year that holds anything."""

    EXEMPT = "exempt"
    FLAT = "flat"
    ORDINARY = "ordinary"


REACHED_LABELS = {
    Reached.EXEMPT: N_("Exonéré"),
    Reached.FLAT: N_("Contribution libératoire"),
    Reached.ORDINARY: N_("Cotisations de droit commun"),
}
REACHED_TONES = {Reached.EXEMPT: "good", Reached.FLAT: "note", Reached.ORDINARY: "wait"}


@dataclass(frozen=True, slots=True)
class Counter:
    """A person's year: what is counted, what is still to come, how far the next bound is."""

    counted: Slices
    coming: Cents
    more: Cents  # contribution that what is to come adds
    exempt_limit: Cents
    flat_limit: Cents

    @property
    def until_next(self) -> Cents | None:
        """None past the last bound."""
        total = self.counted.total_cents
        return next((limit - total for limit in (self.exempt_limit, self.flat_limit) if total <= limit), None)


def counter_of(
    counted: Slices, coming: Cents, year: int, figures: Figures, *, customary: bool
) -> Counter | None:
    """None while the minimum wage of the year is not known."""
    try:
        after = year_slices(counted.total_cents + coming, year, figures, customary=customary)
        limits = [limit_cents(code, year, figures) for code in (EXEMPT_PERCENT, FLAT_PERCENT)]
    except NoFigure:
        return None
    return Counter(counted, coming, after.contribution_cents - counted.contribution_cents, *limits)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What one more reward makes of the year; no slices while the minimum wage of the year is not known."""

    year_cents: Cents
    adds: Slices | None


def foresee(counted: Slices, cents: Cents, year: int, figures: Figures, *, customary: bool) -> Foreseen:
    after = counted.total_cents + cents
    try:
        return Foreseen(after, minus(year_slices(after, year, figures, customary=customary), counted))
    except NoFigure:
        return Foreseen(after, None)
