"""A reward from its description to the phone of who has the points for it: described with a photo, wished, ordered."""

from typing import Any

import pytest
from playwright.async_api import expect

from portal.kit import db
from tests.earnings.scene import scene_of
from tests.gifts.orders.shop import POINTS, earn
from tests.gifts.rewards.shelves import a_photo
from tests.journeys.town import Town
from tests.journeys.window import Window

pytestmark = [pytest.mark.asyncio(loop_scope="session")]

HAMPER = {
    "title": "Panier du Vercors", "summary": "Miel, noix et ravioles", "points": "60", "vat_rate": "5,5",
    "packaging_cents": "2", "shipping_cents": "6", "nature": "good",
}  # fmt: skip


async def has_points(town: Town) -> None:
    scene = await scene_of(town.cast)
    await scene.contract(town.cast.rachel, POINTS)
    await earn(scene, town.cast.rachel, 100)
    await town.settled()


async def describes(fanny: Window) -> None:
    """At first without its price: the page says so, and keeps all that was typed."""
    await fanny.opens("/reglages/recompenses/nouvelle")
    await fanny.fills(**HAMPER)
    await fanny.presses("Enregistrer et proposer", status=422)
    await fanny.sees("Dites ce qu'elle coûte, TTC.")
    await expect(fanny.page.locator('[name="title"]')).to_have_value("Panier du Vercors")
    await fanny.fills(price_cents="48")
    photo: Any = {"name": "panier.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}
    await fanny.page.locator('[name="photo"]').set_input_files(photo)
    await fanny.presses("Enregistrer et proposer")
    await fanny.sees("Ce qu'elle coûte vraiment", "56,00")  # 48 + 2 + 6


async def photo_is_drawn(window: Window) -> None:
    await expect(window.page.locator(".photo img").first).to_be_visible()
    assert await window.page.locator(".photo img").first.evaluate(
        "it => it.decode().then(() => it.naturalWidth)"
    )


async def hearts() -> int:
    return await db.value("SELECT count(*) FROM reward_wish WHERE ended_at IS NULL")


async def test_a_reward_is_described_wished_and_ordered_in_three_taps(town: Town, opens):
    await has_points(town)
    await describes(await opens(town, town.cast.fanny))
    rachel = await opens(town, town.cast.rachel, device="phone")
    await rachel.opens("/recompenses")
    await rachel.sees("À vous dès maintenant", "Panier du Vercors")
    await photo_is_drawn(rachel)
    heart = rachel.page.get_by_role("button", name="Panier du Vercors")
    await heart.click()
    await expect(heart).to_have_attribute("aria-pressed", "true")
    assert await hearts() == 1
    await rachel.page.get_by_role("link", name="Panier du Vercors").click()  # one
    await photo_is_drawn(rachel)
    await rachel.follows("Commander")  # two
    await rachel.presses("Confirmer la commande")  # three
    assert rachel.path.startswith("/recompenses/commandes/")
    await rachel.sees("Panier du Vercors")


async def test_a_heart_is_given_and_taken_back_without_a_script(town: Town, opens):
    await has_points(town)
    await describes(await opens(town, town.cast.fanny, scheme="dark"))
    rachel = await opens(town, town.cast.rachel, scripted=False)
    for times in (1, 0):
        await rachel.opens("/recompenses")
        await rachel.page.get_by_role("button", name="Panier du Vercors").click()
        await rachel.page.wait_for_url("**/recompenses#r-*")
        assert await hearts() == times
