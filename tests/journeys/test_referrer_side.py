"""A referrer in a hurry, at seven in the evening, on a phone: where it stands, a question, news asked for, which mails."""

from datetime import timedelta

import pytest

from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import deed
from portal.leads import actions as leads
from portal.leads.rules import SILENT_DAYS

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]


async def one(house, company: str, *moves: str) -> str:
    """The path of a recommendation of Rachel's, that Sam has moved on."""
    async with deed(house.cast.rachel.person):
        lead = await leads.submit(
            house.cast.rachel.referrer_id, company_name=company, consent="oui", estimate_cents=1_200_000
        )
    async with deed(house.cast.sam.person):
        for move in moves:
            lead = await leads.move(lead, move)
    return f"/recommandations/{lead['ref']}"


async def test_a_question_is_asked_on_a_phone_answered_at_a_desk_and_the_bell_tells_it(house, opens):
    path = await one(house, "Atelier Morin", "accept")
    rachel = await opens(house, house.cast.rachel, device="phone")
    await rachel.opens(path)
    await rachel.sees("Où elle en est", "Premier contact à venir", "Mon interlocuteur")
    await rachel.fills(rachel.form(f"{path}/notes"), body="Avez-vous pu les joindre ?")
    await rachel.presses("Envoyer")
    await rachel.sees("Avez-vous pu les joindre ?", "Sans réponse")
    sam = await opens(house, house.cast.sam)
    await sam.opens("/recommandations")
    await sam.sees("Un mot est attendu", "Question sans réponse")
    await sam.opens(path)
    await sam.page.fill("#f-answer", "Oui, rendez-vous jeudi.")
    await sam.presses("Envoyer", within=sam.page.locator("#questions"))
    await rachel.opens("/notifications")
    await rachel.sees("Votre interlocuteur vous écrit", "Atelier Morin")
    await rachel.opens(path)
    await rachel.sees("Oui, rendez-vous jeudi.")
    await rachel.page.wait_for_load_state("networkidle")
    left = "SELECT count(*) FROM notice WHERE user_id = $1 AND path = $2 AND read_at IS NULL"
    assert await db.value(left, house.cast.rachel.user_id, path) == 0  # read by being opened


async def test_after_ten_days_one_tap_asks_for_news(house, opens):
    path = await one(house, "Maison Lefort", "accept", "contact")
    async with deed(house.cast.sam.person):
        await db.execute(
            "UPDATE lead SET moved_at = $2 WHERE ref = $1",
            path.rpartition("/")[2],
            now() - timedelta(SILENT_DAYS + 1),
        )
    rachel = await opens(house, house.cast.rachel, device="phone", scheme="dark")
    await rachel.opens("/recommandations")
    await rachel.sees("Demander des nouvelles")
    await rachel.opens(path)
    await rachel.presses("Relancer")
    await rachel.sees("réponse attendue avant", "Vous avez demandé des nouvelles")
    sam = await opens(house, house.cast.sam)
    await sam.opens("/recommandations")
    await sam.sees("Relancée par l'apporteur")


async def test_without_a_script_the_bell_is_read_and_mails_are_chosen(house, opens):
    await one(house, "Garage Sauvage")
    rachel = await opens(house, house.cast.rachel, device="phone", scripted=False)
    await rachel.opens("/notifications")
    await rachel.presses("Tout marquer comme lu")
    unread = "SELECT count(*) FROM notice WHERE user_id = $1 AND read_at IS NULL"
    assert await db.value(unread, house.cast.rachel.user_id) == 0
    await rachel.follows("Mes e-mails")
    await rachel.page.locator("input[name=progress][value=weekly]").check()
    await rachel.presses("Enregistrer")
    await rachel.sees("C'est noté.")
    assert await rachel.page.locator("input[name=progress][value=weekly]").is_checked()
