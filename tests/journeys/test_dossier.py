"""A recommendation is worked on from a phone: what is to be done, the quote, a word taken back, the same prospect twice."""

from datetime import timedelta

import pytest

from portal.kit import db
from portal.kit.days import today
from portal.leads.dossier.task_rules import next_monday
from tests.journeys.town import Town
from tests.journeys.window import Window
from tests.kit.test_files import pdf, picture
from tests.stories import recommended

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]


async def gives(who: Window, name: str, body: bytes, status: int = 200, shared: bool = False) -> None:
    form = who.form("/pieces")
    await form.locator('[name="file"]').set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": body}
    )
    if shared:
        await who.fills(form, shared="1")
    await who.presses("Joindre", status, within=form)


async def plans_a_call(sam: Window, path: str) -> None:
    await sam.opens(path)
    await sam.unfolds("Ajouter une tâche")
    form = sam.form("/taches")
    await sam.fills(form, title="Rappeler Claire", due_on=str(today() + timedelta(1)))
    await sam.presses("Ajouter", within=form)
    await sam.sees("Rappeler Claire")
    await sam.opens("/taches")
    await sam.sees("À venir", "Rappeler Claire")
    await sam.presses("Lundi, Rappeler Claire")
    assert await db.value("SELECT due_on FROM task WHERE title = 'Rappeler Claire'") == next_monday(today())


async def test_a_task_is_put_off_changed_and_done_on_a_phone(house: Town, opens):
    lead = await recommended(house.cast.rachel, "Atelier Morin")
    sam = await opens(house, house.cast.sam, device="phone")
    await plans_a_call(sam, f"/recommandations/{lead['ref']}")
    await sam.page.get_by_role("link", name="Modifier : Rappeler Claire").click()
    await sam.page.wait_for_url("**/taches/*")
    await sam.looks()
    await sam.fills(due_on=str(today()), due_time="14:30")
    await sam.presses("Enregistrer")
    await sam.sees("Aujourd'hui 14:30")
    await sam.page.get_by_role("button", name="Fait : Rappeler Claire").click()
    await sam.opens("/taches/faites")
    await sam.sees("Rappeler Claire", "Pas encore faite")


async def test_a_hostile_file_is_refused_and_a_quote_is_shared(house: Town, opens):
    lead = await recommended(house.cast.rachel, "Boulangerie Rey")
    path = f"/recommandations/{lead['ref']}"
    rachel = await opens(house, house.cast.rachel, device="phone", scheme="dark")
    await rachel.opens(path)
    await rachel.unfolds("Joindre un fichier")
    await gives(rachel, "devis.pdf", b"MZ\x00\x01 not a quote", 422)
    await rachel.sees("Ce type de fichier n'est pas accepté ici.")
    await gives(rachel, "toit.jpg", picture())
    await rachel.sees("toit.jpg")
    sam = await opens(house, house.cast.sam)
    await sam.opens(f"{path}/pieces")
    await gives(sam, "devis 2026.pdf", pdf())
    await sam.opens(f"{path}/pieces")
    await sam.sees("devis 2026.pdf", "Pour l'équipe")
    await rachel.opens(path)
    await rachel.does_not_see("devis 2026.pdf")
    await sam.presses("Partager avec l'apporteur")
    await rachel.opens(path)
    await rachel.sees("devis 2026.pdf")
    assert (await rachel.fetches("devis 2026.pdf")).startswith(b"%PDF-")


async def test_a_word_written_too_fast_is_taken_back(house: Town, opens):
    lead = await recommended(house.cast.rachel, "Garage Blin")
    sam = await opens(house, house.cast.sam, device="phone")
    path = f"/recommandations/{lead['ref']}"
    await sam.opens(path)
    form = sam.page.locator('form[action$="/notes"]').last
    await sam.fills(form, body="Client dificile")
    await sam.presses("Noter", within=form)
    await sam.follows("Corriger")
    await sam.fills(body="Client exigeant")
    await sam.presses("Corriger")
    await sam.sees("Client exigeant")
    await sam.does_not_see("dificile")
    await sam.presses("Retirer", within=sam.page.locator('form[action$="/retrait"]').first)
    await sam.does_not_see("Client exigeant")


async def test_the_same_prospect_twice_becomes_one_and_two_again(house: Town, opens):
    first = await recommended(house.cast.rachel, "Menuiserie Roy")
    second = await recommended(house.cast.rachel, "Roy et Fils", contact_phone="+33698765432")
    sam = await opens(house, house.cast.sam, scheme="dark")
    await sam.opens(f"/recommandations/{first['ref']}")
    await sam.follows("Le même prospect, saisi deux fois ? Regrouper")
    main = sam.page.locator("main")
    await sam.fills(main, q="Roy et Fils")
    await sam.presses("Chercher", within=main)
    await sam.follows("Comparer avec Roy et Fils")
    await sam.fills(stays=first["ref"])
    await sam.presses("Regrouper")
    await sam.sees("Regroupées ici", "Roy et Fils")
    await sam.opens(f"/recommandations/{second['ref']}")
    assert first["ref"] in sam.path
    rachel = await opens(house, house.cast.rachel, device="phone")
    await rachel.opens(f"/recommandations/{second['ref']}")
    await rachel.sees("pour le même prospect, se suit ici")
    await sam.presses("Séparer")
    assert second["ref"] in sam.path
    await sam.does_not_see("Regroupées ici")
