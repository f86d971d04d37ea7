"""A company that nobody has set up: installed, moved in with its spreadsheets, looked at, paid out."""

from datetime import date

import pytest
import pytest_asyncio

from portal.imports.checks import Known
from portal.imports.reading import learned, read
from portal.kit import db
from portal.kit.days import today
from portal.kit.sheets import xlsx_bytes
from tests.imports.scene import DATA, FILES
from tests.journeys import moving
from tests.journeys.moving import FANNY, FRED
from tests.journeys.town import built

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(900)]
SINCE = date(2023, 1, 1)
SIGNED = {"signed_on_paper": "yes", "mandate": "1"}
FIRST_ROWS = 150  # of each file; tests/imports and the command take them whole


def first_rows(kind: str) -> bytes:
    return b"".join((DATA / FILES[kind]).read_bytes().splitlines(keepends=True)[: FIRST_ROWS + 1])


REFERRERS = xlsx_bytes([
    ["Réseau d’apporteurs"], [],
    ["Matricule", "Forme juridique", "NOM Prénom", "N° de SIRET", "Régime TVA", "Courriel", "Fichu", "RIB / IBAN", "Date contrat",
     "Adresse", "Code postal", "Commune"],
    ["R1", "particulier", "ROUX Paul", "", "", "paul@roux.example", "0612345678", "FR7630006000010000000000152", date(2025, 1, 15), "3 rue des Lilas", 69003, "Lyon"],
    ["R2", "EI", "HADDAD Lina", 55210055400013, "293 B", "lina@atelier.example", "", "FR7630003036200002021690750", date(2025, 1, 20), "3 rue des Lilas", 69003, "Lyon"],
    ["R3", "EI", "NOËL Zoë", 40483304800022, "293 B", "zoe@noel.example", "", "FR7630004028370000001654611", date(2025, 2, 3), "3 rue des Lilas", 69003, "Lyon"],
    ["Total", "", "", "", "", "", "", "", ""],
])  # fmt: skip
LEADS = """Suivi 2025

N° dossier|Reçu le|Apporté par|Société cliente|Validation|Issue|Conclu le|Total HT
D1|31 janv. 2025|Lina Haddad|Garage Petit|oui|Signé|15 févr. 2025|10,000.00
D2|1er févr. 2025|R1|Boulangerie Roy|oui|Signé|20 févr. 2025|2,500.50
D3|3 févr. 2025|R3|Cabinet Noir|oui|à suivre||
""".encode("mac_roman")
PAYMENTS = "N° pièce\tDossier\tDate règlement\tRéglé TTC\nB-1\tD1\t31-03-25\t1 200,00 €\nB-2\tD2\t30-04-25\t600,50\nB-3\tD2\t30-06-25\t(60,00)\n".encode(
    "cp1252"
)


@pytest_asyncio.fixture(loop_scope="session")
async def empty(cluster, company, tmp_path):
    async with built(cluster, company, tmp_path, template="template_portal") as running:
        yield running


async def test_two_years_of_a_company_move_in_and_are_paid(empty, opens):
    claire, fanny, fred = [await opens(empty) for _ in range(3)]
    await moving.opens_the_first_account(empty, claire)
    await moving.describes_the_company(claire)
    await moving.opens_a_programme_with_a_plan(claire, SINCE)
    known = Known(today())
    for kind in FILES:
        reading = read(kind, first_rows(kind), known)
        known = learned(known, kind, reading)
        await moving.brings(claire, kind, FILES[kind], first_rows(kind))
        await moving.confirms(claire, **(SIGNED if kind == "referrers" else {}))
        assert (await moving.counts(claire))["Nouvelles"] == len(reading.good) > 50
    await corrects_a_date(claire)
    for colleague, window in ((FANNY, fanny), (FRED, fred)):
        await moving.invites_a_colleague(claire, window, colleague)
    await fanny.opens("/")
    await fanny.sees("À verser sous 30 jours", fanny.money(await moving.earned_cents()))
    await moving.issues_all_papers(fanny)
    await moving.pays_by_a_run(fanny, fred)
    await moving.is_clean(empty)


async def test_another_company_explains_its_columns_once(empty, opens):
    claire, fanny, fred = [await opens(empty) for _ in range(3)]
    await moving.opens_the_first_account(empty, claire)
    await moving.brings(claire, "referrers", "reseau.xlsx", REFERRERS)
    await claire.sees("L'entreprise n'est pas encore décrite.", "Aucun programme n'est ouvert")
    await moving.describes_the_company(claire)
    await moving.opens_a_programme_with_a_plan(claire, SINCE)
    await moving.brings(claire, "referrers", "reseau.xlsx", REFERRERS)
    await claire.sees("Reprendre 1 ligne", "EI", "Fichu")
    await moving.explains(claire, EI="micro", Fichu="phone")
    await claire.sees("Reprendre 3 lignes")
    await moving.confirms(claire, **SIGNED)
    await moving.brings(claire, "leads", "affaires.csv", LEADS)
    await claire.sees("La colonne « Accord du prospect » manque.")
    await moving.explains(claire, Validation="consent")
    await moving.confirms(claire)
    await moving.brings(claire, "payments", "banque.csv", PAYMENTS)
    await claire.sees("Ces montants portent la TVA : dites à quel taux, pour la colonne.")
    await moving.explains(claire, Réglé_TTC="gross_cents|20")
    await moving.confirms(claire)
    assert (await moving.counts(claire))["Nouvelles"] == 3
    await moving.brings(claire, "payments", "banque-2.csv", PAYMENTS.replace(b"B-", b"C-"))
    await claire.sees("Reprendre 3 lignes")  # nothing is asked a second time
    for colleague, window in ((FANNY, fanny), (FRED, fred)):
        await moving.invites_a_colleague(claire, window, colleague)
    await moving.issues_all_papers(fanny)
    await moving.pays_by_a_run(fanny, fred)
    await moving.is_clean(empty)
    # 1 200,00 + 600,50 − 60,00 TTC, ÷ 1,2, × 10 %: 100,00 + 50,04 − 5,00
    assert await db.value("SELECT sum(amount)::bigint FROM earning") == 145_04


async def corrects_a_date(claire) -> None:
    """Of the recommendations that were left out, those without a day are given one and come in alone."""
    await moving.brings(claire, "leads", FILES["leads"], first_rows("leads"))
    rows = await moving.rows_to_correct(claire)
    undated = [row | {"Date": "15/10/2026"} for row in rows if row["Date"] == "courant mars"]
    await moving.brings(claire, "leads", "corrigees.csv", moving.written(undated))
    await moving.confirms(claire)
    assert (await moving.counts(claire))["Nouvelles"] > 0
