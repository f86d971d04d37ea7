"""DAS2: the yearly declaration of commissions paid to third parties."""

from datetime import date, timedelta
from decimal import Decimal

from portal.kit.money import Cents
from portal.law.figures import LONG_SINCE, Figure, Figures, NoFigure
from portal.law.holidays import add_working_days

REVIEWED = date(2026, 11, 21)
THRESHOLD = "das2.threshold_ttc_eur"

FIGURES = {
    THRESHOLD: (
        Figure(date(2007, 1, 1), Decimal(600), "CGI 240", REVIEWED, to_confirm=False),
        Figure(date(2014, 1, 1), Decimal(1200), "CGI 240", REVIEWED, to_confirm=False),
        Figure(
            date(2024, 1, 1), Decimal(2400), "BOI-BIC-DECLA-30-70-20 ; BOFiP ACTU-2024-00154", REVIEWED, False
        ),
    ),
    "das2.tele_filing_extra_days": (
        Figure(LONG_SINCE, Decimal(15), "tolérance, à vérifier chaque année", REVIEWED, to_confirm=True),
    ),
    "das2.odd_financial_year_days": (
        Figure(LONG_SINCE, Decimal(90), "tolérance, environ trois mois après la clôture", REVIEWED, True),
    ),
    "das2.cessation_days": (Figure(LONG_SINCE, Decimal(60), "CGI 201 et 202", REVIEWED, to_confirm=False),),
    "das2.omission_fine_percent": (
        Figure(LONG_SINCE, Decimal(50), "CGI 1736 I-1", REVIEWED, to_confirm=False),
    ),
    "das2.inaccuracy_fine_eur": (Figure(LONG_SINCE, Decimal(15), "CGI 1729 B", REVIEWED, to_confirm=False),),
    "das2.missing_return_fine_eur": (
        Figure(LONG_SINCE, Decimal(150), "CGI 1729 B", REVIEWED, to_confirm=False),
    ),
    "das2.waiver_years_without_offence": (
        Figure(LONG_SINCE, Decimal(3), "CGI 1736 I-1", REVIEWED, to_confirm=False),
    ),
    "das2.category": (Figure(LONG_SINCE, "commissions", "BOI-BIC-DECLA-30-70-20", REVIEWED, False),),
    "das2.record_characters": (
        Figure(date(2023, 1, 1), Decimal(672), "cahier des charges TD/bilatéral", REVIEWED, to_confirm=False),
    ),
    "das2.encoding": (
        Figure(LONG_SINCE, "iso-8859-1", "cahier des charges TD/bilatéral", REVIEWED, to_confirm=False),
        Figure(date(2025, 1, 1), "utf-8", "cahier des charges TD/bilatéral 2025", REVIEWED, to_confirm=False),
    ),
    "das2.file_name": (
        Figure(
            date(2023, 8, 30),
            "DSAL_{year}_{siren}_000_{stamp}.txt.gz.gpg",
            "cahier des charges TD/bilatéral",
            REVIEWED,
            to_confirm=False,
        ),
    ),
    # The key of the platform: the campaign of 2027 has not been published yet.
    "das2.key_fingerprint": (
        Figure(
            date(2023, 8, 30),
            "3AE282C69675932A19D3245BD155B53F9EFF7A61",
            "DGFIP_TIERSDECLARANTS_PROD",
            REVIEWED,
            to_confirm=False,
            until=date(2026, 12, 31),
        ),
        Figure(
            date(2027, 1, 1),
            "3AE282C69675932A19D3245BD155B53F9EFF7A61",
            "DGFIP_TIERSDECLARANTS_PROD, campagne 2027 non vérifiée",
            REVIEWED,
            to_confirm=True,
            until=date(2028, 8, 28),
        ),
    ),
    # Required of natural persons who live in another State of the Union; by the day of the campaign.
    "das2.birth_date_required": (
        Figure(date(2026, 1, 1), "UE", "cahier des charges TD/bilatéral 2026", REVIEWED, to_confirm=False),
    ),
    # "fichier", or "en ligne" where the platform refuses them.
    "das2.individual_without_siret": (
        Figure(
            LONG_SINCE,
            "fichier",
            "traitement non publié : SIRET à blanc, nom, prénoms, adresse",
            REVIEWED,
            True,
        ),
    ),
}


def must_be_declared(year_total_ttc_cents: Cents, year: int, figures: Figures) -> bool:
    """All sums of the civil year to one person, TTC, benefits in kind included; strictly above."""
    return year_total_ttc_cents > figures.number(THRESHOLD, date(year, 12, 31)) * 100


def filing_day(year: int) -> date:
    """The second working day after 1 May of the next year, for what was paid in `year`."""
    return add_working_days(date(year + 1, 5, 1), 2)


def tele_filing_day(year: int, figures: Figures) -> date:
    ordinary = filing_day(year)
    return ordinary + timedelta(days=figures.whole("das2.tele_filing_extra_days", ordinary))


def campaign_day(year: int) -> date:
    """On which the figures of the return are read that follows payments of `year`."""
    return date(year + 1, 5, 1)


def asks_birth_date(year: int, figures: Figures) -> bool:
    try:
        figures.at("das2.birth_date_required", campaign_day(year))
    except NoFigure:
        return False
    return True


def individuals_in_file(year: int, figures: Figures) -> bool:
    """A French individual has no SIRET: whether the file takes them without one."""
    return figures.text("das2.individual_without_siret", campaign_day(year)) == "fichier"
