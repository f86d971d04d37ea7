"""A month of finance: opened, looked at, issued, paid, read by the referrer, closed by another; then a letter of the URSSAF."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from playwright.async_api import expect
from pypdf import PdfReader

from portal.books.month.rules import first_day
from portal.contracts import access as contracts
from portal.contracts.signature import vouching
from portal.kit import db, files
from portal.kit.days import at, clock_at, today
from portal.kit.deed import deed
from tests.earnings.scene import TEN_PERCENT
from tests.invoicing.books import IBANS, Books, books_of
from tests.journeys import steps
from tests.journeys.papers import statement_of, transfers
from tests.journeys.town import Town
from tests.journeys.window import Window
from tests.kit.test_files import pdf

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]
WAITS = 60_000  # for the worker, on however slow a machine
# 3 600 × 10 % and its VAT; 1 000 × 10 %, an individual: no VAT; 3 000 × 10 %, held for thirty days
REMI, VAT, RACHEL, NEXT = 360_00, 72_00, 100_00, 300_00


async def earned_last_month(town: Town) -> Books:
    """Confirmed on the twentieth of last month; what a client paid today is for later."""
    cast = town.cast
    books = await books_of(cast, TEN_PERCENT)
    with clock_at(at(first_day(today()) - timedelta(10), 9)):
        await books.earns(cast.remi, REMI, days_ago=35)
        await books.earns(cast.rachel, RACHEL, days_ago=35)
    await books.earns(cast.remi, NEXT, days_ago=0)
    await is_scanned(town)
    return books


async def is_scanned(town: Town) -> None:
    """The contract that Rémi signed on paper is in the house as a picture."""
    ref = await db.value("SELECT id FROM contract WHERE referrer_id = $1", town.cast.remi.referrer_id)
    kept = await files.keep(files.Store.UPLOADS, pdf(), media_type="application/pdf", name="contrat.pdf")
    async with deed(town.cast.sam.person):
        await vouching.vouch(await contracts.contract(ref), kept, "Rémi Morin et Alice Ferrand")


async def test_a_month_from_its_opening_to_the_dossier_de_controle(town, opens):
    cast = town.cast
    await earned_last_month(town)
    fanny = await opens(town, cast.fanny)
    fred = await opens(town, cast.fred, device="phone")
    remi = await opens(town, cast.remi, device="phone", scheme="dark")

    month = await opens_the_month(fanny)
    await answers_its_cards(fanny)
    await issues_its_papers(fanny, month)
    await is_transferred(fanny, fred)
    await reads_the_transfer(remi)
    await is_closed_by_two(fanny, fred, month)
    await takes_the_pack(fanny, month)
    await takes_the_dossier(fanny)
    verified = town.run("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


async def opens_the_month(fanny: Window) -> str:
    """The one that is over: it is the first, so nothing opened it yet."""
    await fanny.opens("/arretes")
    await fanny.fills(month=f"{first_day(today()) - timedelta(1):%Y-%m}")
    await fanny.presses("Ouvrir")
    await fanny.sees("2 commissions, HT", fanny.money(REMI + RACHEL), "2 à regarder")
    await fanny.sees("Nouveau bénéficiaire", "Morin Conseil", "Rachel Vidal")
    return fanny.path


async def answers_its_cards(fanny: Window) -> None:
    """Each says why it is there, by when the law wants it, and has its buttons."""
    await fanny.sees("Aucun virement ne lui a encore été fait.", "date légale", "Laisser au mois suivant")
    for left in (1, 0):
        await fanny.presses("Inclure")
        await expect(fanny.page.get_by_role("button", name="Inclure", exact=True)).to_have_count(left)
    await fanny.sees("Décidé", "2 sans remarque, 0 à regarder")


async def issues_its_papers(fanny: Window, month: str) -> None:
    await fanny.presses("Établir les 2 documents sans remarque")
    await fanny.town.settled()
    await fanny.opens(month)
    await fanny.sees("Écart 0,00")
    await fanny.page.locator("a[href$='vue=pieces']").first.click()
    await fanny.page.wait_for_url("**/lignes?vue=pieces")
    await fanny.looks()
    await fanny.sees("Morin Conseil", fanny.money(REMI), fanny.money(VAT))


async def is_transferred(fanny: Window, fred: Window) -> None:
    """Approved on a phone, sent, settled by what the bank says."""
    run = await steps.prepares_a_run(fanny)
    await fred.opens(run)
    await fred.sees("À regarder", "Morin Conseil", "Rachel Vidal")
    await steps.approves(fred, run)
    file = await steps.sends(fanny, run)
    assert sorted(transfers(file)) == [
        (f"{RACHEL / 100:.2f}", IBANS["rachel"]),
        (f"{(REMI + VAT) / 100:.2f}", IBANS["remi"]),
    ]
    await fanny.opens("/virements/banque/ajout")
    await fanny.page.locator("[name=file]").set_input_files(
        {"name": "releve.xml", "mimeType": "application/xml", "buffer": statement_of(file)}
    )
    await fanny.presses("Lire ce fichier")
    await fanny.sees("Reconnu par sa référence", "Morin Conseil", "Rachel Vidal")
    await fanny.opens(run)
    await fanny.sees("Réglée")


async def reads_the_transfer(remi: Window) -> None:
    """One card from top to bottom, and below it what comes next; each of its links is open to him."""
    await remi.opens("/virements")
    await remi.page.locator("table tbody a").first.click()
    await remi.page.wait_for_url("**/virements/*")
    await remi.looks()
    await remi.sees(
        f"Arrivé sur votre compte …{IBANS['remi'][-4:]}", remi.money(REMI + VAT), remi.money(3_600_00), "10"
    )
    await remi.sees("Le client a payé le", "Article", "Prochaine : environ", remi.money(NEXT))
    proofs = {await link.get_attribute("href") or "" for link in await remi.page.locator("main a").all()}
    kinds = {re.split("[/#]", path)[1] for path in proofs}
    assert {"commissions", "factures", "contrats"} <= kinds, proofs
    for path in sorted(proofs):
        await remi.opens(path)


async def is_closed_by_two(fanny: Window, fred: Window, month: str) -> None:
    await fanny.opens(month)
    await fanny.presses("Clore le mois")
    await fanny.sees("Contrôlé, à clore", "Préparé par vous. Une autre personne doit approuver.")
    await fred.opens(month)
    await fred.sees("Approuver clôt le mois")
    await fred.presses("Approuver")
    await fred.sees("Clos", "Fred Aubin", "Écart 0,00")


async def takes_the_pack(fanny: Window, month: str) -> None:
    """SEPA, journal, VAT, accruals, what agrees, who was reminded."""
    await fanny.town.settled()
    await fanny.opens(month)
    pack = zipfile.ZipFile(io.BytesIO(await fanny.fetches("Dossier du mois")))
    names = set(pack.namelist())
    assert {"sommaire.txt", "rapprochement.csv", "tva.csv", "charges-a-payer.csv", "relances.csv"} <= names
    assert [name for name in names if name.startswith("sepa/")], names


async def takes_the_dossier(fanny: Window) -> None:
    """Asked for in one tap, it comes by itself; its cover says that nothing is missing."""
    await fanny.opens("/comptabilite/dossiers")
    row = fanny.page.locator("tr", has_text="Morin Conseil")
    await expect(row).to_contain_text("Complet")
    await fanny.presses("Préparer", within=row)
    link = fanny.page.get_by_role("link", name="Télécharger")
    await expect(link).to_be_visible(timeout=WAITS)
    await fanny.sees("Le dossier est complet.")
    pack = zipfile.ZipFile(io.BytesIO(await fanny.fetches("Télécharger")))
    cover = " ".join(PdfReader(io.BytesIO(pack.read("couverture.pdf"))).pages[0].extract_text().split())
    assert "Complet" in cover
    assert "Morin" in cover
    names = {name.partition("/")[2] for name in pack.namelist()}
    assert {"virements.csv", "pieces.csv", "journal.csv", "das2.csv", "cadeaux.csv"} <= names
    assert [name for name in names if name.startswith("contrats/")]
    await fanny.opens(fanny.path)
    await fanny.sees("Fanny Moreau")
