"""Monday at eight, on a phone, without signing in: what waits for a word gets one, and the referrer reads it."""

import re
from datetime import timedelta

import pytest

from portal.kit import db
from portal.kit.days import at, clock_at, now, today
from portal.leads.nudges.monday import monday_of
from tests.journeys.town import Town
from tests.journeys.window import Window
from tests.stories import moved, recommended

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]
LINK = re.compile(r"https?://[^/\s]+(/mot/[\w-]+/(\w+))")


async def silent(house: Town, company: str, phone: str) -> db.Row:
    """Accepted, and not a word for twelve days."""
    with clock_at(now() - timedelta(days=12)):
        lead = await recommended(house.cast.rachel, company, contact_phone=phone)
        return await moved(lead, house.cast.sam, "accept")


def links_of(text: str, company: str) -> dict[str, str]:
    """What the mail offers for one of them, by the noun of the answer."""
    found: dict[str, str] = {}
    for path, noun in LINK.findall(text[text.index(company) :]):
        found.setdefault(noun, path)
    return found


async def answers(phone: Window, path: str, button: str, **typed: str) -> None:
    await phone.opens(path)
    await phone.fills(**typed)
    await phone.presses(button)
    await phone.sees("C'est noté")


async def test_two_recommendations_get_their_word_from_a_mail(house, opens):
    contacted = await silent(house, "Garage Morin", "+33612345671")
    signed = await silent(house, "Hôtel du Parc", "+33612345672")
    await house.strike_at(at(monday_of(today()) + timedelta(7), 8))
    text = (await house.mail("leads.monday", house.cast.sam.email))["text_body"]
    first, second = links_of(text, "Garage Morin"), links_of(text, "Hôtel du Parc")

    phone = await opens(house, None, device="phone", scheme="dark")
    rachel = await opens(house, house.cast.rachel, device="phone")
    await answers(phone, first["contact"], "Marquer comme contacté")
    await rachel.opens(f"/recommandations/{contacted['ref']}")
    await rachel.sees("Le premier contact est pris")

    await phone.opens(second["gagnee"])
    await phone.presses("C'est signé", 422)
    await answers(phone, second["gagnee"], "C'est signé", net="12 000")
    await phone.sees("Un merci, prêt à envoyer")
    thanks = await phone.page.get_by_role("link", name="WhatsApp").get_attribute("href")
    assert thanks
    assert thanks.startswith("https://wa.me/")
    await rachel.opens(f"/recommandations/{signed['ref']}")
    await rachel.sees("L'affaire est signée")

    await phone.page.goto(f"{house.origin}/recommandations")
    assert "/connexion" in phone.page.url  # no session came of it
