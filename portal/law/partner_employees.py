"""Rewards to employees of partner companies: slices of the third-party contribution (CSS L242-1-4)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.kit.money import Cents, percentage_of, round_half_away
from portal.law.figures import Dated, Figure, Figures

REVIEWED = date(2026, 11, 21)
SMIC = "partner_employees.smic_monthly_eur"
EXEMPT_PERCENT = "partner_employees.exempt_percent_of_smic"
FLAT_PERCENT = "partner_employees.flat_percent_of_smic"
CONTRIBUTION_PERCENT = "partner_employees.contribution_percent"

FIGURES: dict[str, Dated] = {
    SMIC: (
        Figure(date(2024, 1, 1), Decimal("1766.92"), "décret SMIC 2024", REVIEWED, to_confirm=False),
        Figure(date(2024, 11, 1), Decimal("1801.80"), "décret SMIC novembre 2024", REVIEWED, False),
        Figure(
            date(2026, 1, 1),
            Decimal("1823.03"),
            "décret 2025-1228 du 17 décembre 2025 (12,02 € l'heure)",
            REVIEWED,
            to_confirm=False,
            until=date(2026, 12, 31),
        ),
        # 2027: to be published in December 2026; nothing is assumed.
    ),
    "partner_employees.smic_hourly_eur": (
        Figure(date(2026, 1, 1), Decimal("12.02"), "décret 2025-1228", REVIEWED, False, date(2026, 12, 31)),
    ),
    "partner_employees.smic_monthly_mayotte_eur": (
        Figure(date(2026, 1, 1), Decimal("1415.05"), "décret 2025-1228", REVIEWED, False, date(2026, 12, 31)),
    ),
    EXEMPT_PERCENT: (Figure(date(2011, 1, 1), Decimal(15), "CSS L242-1-4", REVIEWED, to_confirm=False),),
    FLAT_PERCENT: (Figure(date(2011, 1, 1), Decimal(150), "CSS L242-1-4", REVIEWED, to_confirm=False),),
    CONTRIBUTION_PERCENT: (
        Figure(date(2011, 1, 1), Decimal(20), "CSS L242-1-4 ; D242-2-2", REVIEWED, to_confirm=False),
    ),
    # Not found: the accountant enters it.
    "partner_employees.dsn_code": (),
}


@dataclass(frozen=True, slots=True)
class Slices:
    """A yearly total cut in three; the contribution is the third party's, on the flat slice."""

    exempt_cents: Cents
    flat_cents: Cents
    ordinary_cents: Cents
    contribution_cents: Cents

    @property
    def total_cents(self) -> Cents:
        return self.exempt_cents + self.flat_cents + self.ordinary_cents


def slices(year_total_cents: Cents, year: int, figures: Figures, *, customary: bool = True) -> Slices:
    """`customary`: in contact with customers, in a trade where such rewards are usual.

    Otherwise ordinary contributions are owed from the first euro.
    """
    if year_total_cents < 0:
        raise ValueError("a yearly total is not negative")
    if not customary:
        return Slices(0, 0, year_total_cents, 0)
    exempt_limit = limit_cents(EXEMPT_PERCENT, year, figures)
    flat_limit = limit_cents(FLAT_PERCENT, year, figures)
    exempt = min(year_total_cents, exempt_limit)
    flat = min(year_total_cents, flat_limit) - exempt
    rate = figures.number(CONTRIBUTION_PERCENT, date(year, 1, 1))
    return Slices(exempt, flat, year_total_cents - exempt - flat, percentage_of(flat, rate))


def limit_cents(percent_code: str, year: int, figures: Figures) -> Cents:
    """A percentage of the monthly SMIC of 1 January: a rise during the year changes nothing."""
    first = date(year, 1, 1)
    return round_half_away(figures.number(SMIC, first) * figures.number(percent_code, first))


def contribution_on(
    paid_before_cents: Cents, amount_cents: Cents, year: int, figures: Figures, *, customary: bool = True
) -> Cents:
    """What one more payment adds to the contribution; the parts sum to that of the year."""
    after = slices(paid_before_cents + amount_cents, year, figures, customary=customary)
    before = slices(paid_before_cents, year, figures, customary=customary)
    return after.contribution_cents - before.contribution_cents
