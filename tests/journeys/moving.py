"""What a company does that moves in: its first accounts, itself, a programme and a plan, its spreadsheets, its first run."""

import csv
import io
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from portal.kit import db
from tests.cast import PASSWORD
from tests.journeys.town import SLOW_SECONDS, Town, nothing_waits, until
from tests.journeys.window import Window

IMPORTS = "/reglages/imports"
ENTITY = {
    "brand_name": "Maison Aubier", "name": "Maison Aubier", "legal_form": "SAS", "capital_cents": "50 000,00", "siren": "732 829 320",
    "siret": "732 829 320 00074", "vat_number": "FR44732829320", "rcs_city": "Nantes", "street": "12 quai de la Fosse",
    "postcode": "44000", "city": "Nantes", "email": "bonjour@aubier.example", "represented_by": "Claire Morvan",
    "represented_as": "présidente", "privacy_contact": "donnees@aubier.example", "iban": "FR7630006000011234567890189",
    "bic": "AGRIFRPPXXX",
}  # fmt: skip
STANDS = """
SELECT (SELECT count(*) FROM pgqueuer WHERE status IN ('queued', 'picked')), (SELECT count(*) FROM invoice_file),
       (SELECT coalesce(sum(rows_done), 0) FROM import_file)
"""


@dataclass(frozen=True)
class Colleague:
    email: str
    name: str
    role: str


CLAIRE = Colleague("claire@aubier.example", "Claire Morvan", "admin")
FANNY = Colleague("fanny@aubier.example", "Fanny Moreau", "finance")
FRED = Colleague("fred@aubier.example", "Fred Petit", "finance")


async def opens_the_first_account(town: Town, window: Window) -> None:
    """As the README says: migrate, user add, and the link that it prints."""
    assert town.run("migrate").returncode == 0
    added = town.run("user", "add", CLAIRE.email, "--name", CLAIRE.name, "--role", CLAIRE.role)
    assert added.returncode == 0, added.stderr
    await _comes_in(window, CLAIRE, added.stdout.strip().removeprefix(town.origin))


async def invites_a_colleague(admin: Window, window: Window, who: Colleague) -> None:
    await admin.opens("/reglages/utilisateurs")
    await admin.fills(admin.form("/reglages/utilisateurs"), name=who.name, email=who.email)
    await admin.page.locator(f'[name="roles"][value="{who.role}"]').check()
    await admin.presses("Envoyer l'invitation")
    await _comes_in(window, who, await admin.town.link("people.invitation", who.email))


async def _comes_in(window: Window, who: Colleague, link: str) -> None:
    """A password, and the second step that each colleague has to set up."""
    await window.opens(link)
    await window.fills(name=who.name, password=PASSWORD)
    await window.presses("Ouvrir mon compte")
    if "second-facteur" in window.path:
        await _enrols(window, who)


async def _enrols(window: Window, who: Colleague) -> None:
    sealed = await db.value("SELECT totp_sealed FROM app_user WHERE email = $1", who.email)
    await window.gives_code(bytes(sealed))
    await window.page.get_by_role("button").last.click()


async def describes_the_company(admin: Window) -> None:
    await admin.opens("/reglages/entreprise")
    await admin.fills(**ENTITY)
    await admin.presses("Enregistrer")


async def opens_a_programme_with_a_plan(admin: Window, since: date) -> None:
    await admin.opens("/reglages/programmes")
    form = admin.form("/reglages/programmes")
    await admin.fills(form, name="Apporteurs", starts_on=since.isoformat())
    await admin.page.locator("#f-name").press("Enter")
    await admin.page.wait_for_url("**/baremes/nouveau")
    await admin.fills(starter="pourcentage-mois")
    await admin.presses("Commencer")
    await admin.presses("Enregistrer le brouillon")
    await admin.presses("Publier")


# Spreadsheets


async def brings(admin: Window, kind: str, name: str, data: bytes) -> str:
    """The file is read; the path of its preview."""
    await admin.opens(IMPORTS)
    await admin.fills(kind=kind)
    await admin.page.locator('[name="file"]').set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": data}
    )
    await admin.presses("Lire le fichier")
    assert re.fullmatch(rf"{IMPORTS}/\w+", admin.path)
    return admin.path


async def explains(admin: Window, **said: str) -> None:
    """What a column is, or what a word of it means; title or word → value of the choice."""
    for title, value in said.items():
        await admin.page.get_by_label(title.replace("_", " "), exact=True).select_option(value)
    await admin.presses("Relire avec ces colonnes")


async def confirms(admin: Window, **said: str) -> None:
    """And waits at the page of its progress until the report comes by itself."""
    await admin.fills(**said)
    await admin.presses("Reprendre ces lignes")
    ref = admin.path.rpartition("/")[2]

    async def taken() -> bool:
        return await db.value("SELECT state = 'applied' FROM import_file WHERE ref = $1", ref)

    await carried_on(taken, f"the import {admin.path}")
    await admin.page.locator("dt", has_text="Nouvelles").wait_for(timeout=SLOW_SECONDS * 1000)


async def counts(admin: Window) -> dict[str, int]:
    words = await admin.page.locator(".definitions dt").all_inner_texts()
    numbers = await admin.page.locator(".definitions dd").all_inner_texts()
    return {word: int(number.replace("\u202f", "")) for word, number in zip(words, numbers, strict=True)}


async def rows_to_correct(admin: Window) -> list[dict[str, str]]:
    data = (await admin.fetches("Lignes à corriger")).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(data), delimiter=";"))


def written(rows: list[dict[str, Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


# The worker


async def carried_on(done: Callable[[], Awaitable[bool]], what: str) -> None:
    """However long it takes while the worker gets on; it is given up when nothing at all moves."""
    while not await done():
        await until(partial(_moves, done, await _stands()), what, SLOW_SECONDS)


async def _moves(done: Callable[[], Awaitable[bool]], stood: tuple[int, ...]) -> bool:
    return await done() or await _stands() != stood


async def _stands() -> tuple[int, ...]:
    """Jobs that wait, papers that are printed, rows that are taken."""
    [row] = await db.rows(STANDS)
    return tuple(row)


# Money


async def issues_all_papers(finance: Window) -> None:
    finance.page.set_default_timeout(SLOW_SECONDS * 1000)  # many papers in one go
    await finance.opens("/factures/a-etablir")
    await finance.presses("Établir les documents cochés")
    await carried_on(nothing_waits, "a paper for everybody")


async def pays_by_a_run(finance: Window, second: Window) -> None:
    await finance.opens("/virements/preparation")
    await finance.presses("Préparer ce règlement")
    run = finance.path
    await second.opens(run)
    await second.presses("Approuver")
    await finance.opens(run)
    await finance.presses("Envoyer à la banque")
    assert (await finance.fetches("Fichier pour la banque")).startswith(b"<?xml")
    await finance.opens(run)
    await finance.presses("Les virements sont arrivés")
    await finance.sees("Réglée")


async def earned_cents() -> int:
    return await db.value("SELECT sum(amount)::bigint FROM earning")


async def is_clean(town: Town) -> None:
    await carried_on(nothing_waits, "an idle worker")
    verified = town.run("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    papers = await db.value("SELECT coalesce(sum(total_cents - withheld_cents), 0)::bigint FROM invoice")
    settled = await db.value(
        "SELECT coalesce(sum(total_cents), 0)::bigint FROM payout_line WHERE state = 'settled'"
    )
    assert papers == settled > 0
