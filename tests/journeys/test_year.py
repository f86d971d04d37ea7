"""A year told: what an individual reads on a phone, what an employee of a partner and their employer know, and finance."""

import pytest

from portal.kit.days import today
from tests.invoicing.books import books_of
from tests.journeys.town import Town
from tests.taxes.partners import is_employed, is_given
from tests.taxes.stories import is_paid
from tests.taxes.test_pages import ref_of

pytestmark = [pytest.mark.asyncio(loop_scope="session")]


async def test_finance_follows_an_employee_of_a_partner_who_sees_what_the_employer_knows(town: Town, opens):
    """200 paid and 300 given: 273.45 exempt, 226.55 × 20 % = 45.31."""
    books, year = await books_of(town.cast), today().year
    await is_employed(town.cast.rachel)
    await is_given(town.cast, town.cast.rachel, 300_00)
    await is_paid(books, town.cast.rachel, 200_00)
    await town.settled()
    fanny = await opens(town, town.cast.fanny)
    await fanny.opens("/fiscalite")
    await fanny.follows("Salariés de partenaires")
    await fanny.sees("Transports Berthier", "45,31", "Contribution libératoire")
    await fanny.looks()
    await fanny.follows("Rachel Vidal")
    await fanny.sees("Les tranches de l'année", "273,45", "226,55")
    await fanny.looks()
    await fanny.presses("Établir l'attestation et la lettre de l'année")
    await town.settled()
    await fanny.opens(f"/apporteurs/{await ref_of(town.cast.rachel)}/fiscalite/{year}/salarie")
    await fanny.sees("Attestation de l'année", "Lettre de l'année à l'employeur")
    await fanny.opens(f"/fiscalite/salaries/{year}/declaration")
    await fanny.sees("Contributions à déclarer", "Récompense")
    await fanny.looks()
    rachel = await opens(town, town.cast.rachel, device="phone")
    await rachel.opens(f"/fiscalite/{year}")
    await rachel.follows("Ce que sait votre employeur")
    await rachel.sees("500,00", "Lettre à l'employeur")
    await rachel.looks()


async def test_an_individual_reads_what_the_year_changes_in_large_type(town: Town, opens):
    """900 paid and 100 given: 1 000 in box 5KU; a third less counts."""
    books, year = await books_of(town.cast), today().year
    await is_paid(books, town.cast.rachel, 900_00)
    await is_given(town.cast, town.cast.rachel, 100_00)
    rachel = await opens(town, town.cast.rachel, device="phone")
    await rachel.opens(f"/fiscalite/{year}")
    await rachel.sees("Carte cadeau", "1 000,00")
    await rachel.looks()
    await rachel.follows("Ce que cela change, en clair")
    await rachel.sees("À écrire dans la case 5KU", "déclarant 2", "660,00", "France Travail")
    await rachel.looks()
