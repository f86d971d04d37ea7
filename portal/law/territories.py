"""Where someone is established, for VAT: by country, and by postcode where France is more than one territory."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from portal.law.figures import LONG_SINCE, Figure, Figures

REVIEWED = date(2026, 11, 21)
REVERSE_CHARGE = "territories.reverse_charge"
VAT_UNION = "territories.vat_union"

FIGURES = {
    # A service bought from there by a company in France: the buyer owes the tax, whatever he is at home.
    REVERSE_CHARGE: (
        Figure(LONG_SINCE, ("collectivity", "union", "third"), "CGI 259-1° et 283-2", REVIEWED, False),
        Figure(
            date(2027, 1, 1), ("collectivity", "union", "third"), "CIBS, à droit constant", REVIEWED, False
        ),
    ),
    # The other member States; the European Economic Area is another circle.
    VAT_UNION: (
        Figure(
            date(2020, 2, 1),
            (
                "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
                "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
            ),
            "directive 2006/112/CE, art. 5", REVIEWED, to_confirm=False,
        ),
    ),
}  # fmt: skip


class Territory(StrEnum):
    MAINLAND = "mainland"
    OVERSEAS = "overseas"  # Martinique, Guadeloupe, La Réunion: French VAT
    OVERSEAS_FREE = "overseas_free"  # Guyane, Mayotte: no VAT is applied there
    COLLECTIVITY = "collectivity"  # of the Republic, outside its VAT: a third territory
    UNION = "union"
    THIRD = "third"


T = Territory
AT_HOME = frozenset({T.MAINLAND, T.OVERSEAS, T.OVERSEAS_FREE})
_COUNTRIES: Mapping[str, Territory] = {
    "FR": T.MAINLAND, "MC": T.MAINLAND, "GP": T.OVERSEAS, "MQ": T.OVERSEAS, "RE": T.OVERSEAS, "GF": T.OVERSEAS_FREE,
    "YT": T.OVERSEAS_FREE, "BL": T.COLLECTIVITY, "MF": T.COLLECTIVITY, "NC": T.COLLECTIVITY, "PF": T.COLLECTIVITY,
    "PM": T.COLLECTIVITY, "TF": T.COLLECTIVITY, "WF": T.COLLECTIVITY,
}  # fmt: skip
# Saint-Barthélemy and Saint-Martin share the postcodes of Guadeloupe: the longer beginning rules.
_POSTCODES: Mapping[str, Territory] = {
    "97133": T.COLLECTIVITY, "97150": T.COLLECTIVITY, "977": T.COLLECTIVITY, "978": T.COLLECTIVITY, "971": T.OVERSEAS,
    "972": T.OVERSEAS, "974": T.OVERSEAS, "973": T.OVERSEAS_FREE, "976": T.OVERSEAS_FREE, "975": T.COLLECTIVITY,
    "984": T.COLLECTIVITY, "986": T.COLLECTIVITY, "987": T.COLLECTIVITY, "988": T.COLLECTIVITY,
}  # fmt: skip


def territory_of(country: str, postcode: str, day: date, figures: Figures) -> Territory:
    if country == "FR":
        found = (where for start, where in _POSTCODES.items() if postcode.startswith(start))
        return next(found, T.MAINLAND)
    if country in _listed(VAT_UNION, day, figures):
        return T.UNION
    return _COUNTRIES.get(country, T.THIRD)


def buyer_owes_the_tax(where: Territory, day: date, figures: Figures) -> bool:
    return where in _listed(REVERSE_CHARGE, day, figures)


def _listed(code: str, day: date, figures: Figures) -> tuple[str, ...]:
    value = figures.at(code, day).value
    assert isinstance(value, tuple)
    return value
