"""Sales at work in a real browser: the board by buttons, by keys and by drag; a view that is kept; many moved at once."""

import pytest
from playwright.async_api import expect

from portal.kit.deed import deed
from portal.leads import actions as leads
from tests.journeys.town import Town
from tests.journeys.window import Window

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]
BOARD, LIST = "/recommandations/tableau", "/recommandations/en-cours"


async def accepted(town: Town, *companies: str) -> None:
    for company in companies:
        async with deed(town.cast.rachel.person):
            lead = await leads.submit(
                town.cast.rachel.referrer_id, company_name=company, consent="spoken 2026-11-20"
            )
        async with deed(town.cast.sam.person):
            await leads.move(lead, "accept")


async def stands(sam: Window, stage: str, company: str) -> None:
    await expect(sam.page.locator(f'[data-stage="{stage}"]')).to_contain_text(company)


def card(sam: Window, company: str):
    return sam.page.locator("li.card", has_text=company)


async def test_cards_move_by_buttons_by_keys_and_by_drag(house, opens):
    await accepted(house, "Chai du Lac", "Moulin Vert", "Ferme Haute")
    sam = await opens(house, house.cast.sam)
    await sam.opens(BOARD)
    await sam.looks()
    # by buttons
    await card(sam, "Chai du Lac").locator("summary").click()
    await card(sam, "Chai du Lac").get_by_role("button", name="Contacté").click()
    await stands(sam, "contacted", "Chai du Lac")
    # by keys: the first of its column, then down to it
    await sam.page.get_by_role("link", name="Moulin Vert").focus()
    await sam.page.keyboard.press("q")
    await stands(sam, "qualified", "Moulin Vert")
    await expect(
        sam.page.get_by_role("link", name="Moulin Vert")
    ).to_be_focused()  # it is followed where it goes
    await sam.page.keyboard.press("h")
    await expect(sam.page.get_by_role("link", name="Chai du Lac")).to_be_focused()
    # by drag
    await card(sam, "Ferme Haute").drag_to(sam.page.locator('[data-stage="proposal"] h2'))
    await stands(sam, "proposal", "Ferme Haute")
    # what ends asks why, in a dialog
    await sam.page.get_by_role("link", name="Chai du Lac").focus()
    await sam.page.keyboard.press("s")
    dialog = sam.page.locator("#motif")
    await expect(dialog).to_contain_text("Chai du Lac")
    await dialog.get_by_label("Pas de budget").check()
    await sam.presses("Sans suite", within=dialog)
    await sam.does_not_see("Chai du Lac")
    # what is won is signed on its own page
    await sam.page.get_by_role("link", name="Ferme Haute").focus()
    async with sam.page.expect_navigation(url="**/affaire"):
        await sam.page.keyboard.press("g")
    await sam.opens(BOARD)
    await sam.follows("Moulin Vert")
    await sam.sees("Suivi")


async def test_keys_rest_while_something_is_typed_and_can_be_turned_off(house, opens):
    await accepted(house, "Forge Noire")
    sam = await opens(house, house.cast.sam)
    await sam.opens(LIST)
    await sam.page.get_by_label("Rechercher").last.fill("j?x")
    await expect(sam.page.locator("#clavier")).to_be_hidden()
    await sam.page.get_by_label("Rechercher").last.blur()
    await sam.page.keyboard.press("j")
    await sam.page.keyboard.press("x")
    await expect(sam.page.locator("tbody .tick").first).to_be_checked()
    await sam.page.keyboard.press("?")
    await expect(sam.page.locator("#clavier")).to_be_visible()
    await sam.page.evaluate("document.getAnimations().forEach(one => one.finish())")
    assert await sam.axe() == []
    await sam.page.get_by_label("Ces raccourcis sont actifs").uncheck()
    await sam.page.keyboard.press("Escape")
    await sam.page.keyboard.press("?")
    await expect(sam.page.locator("#clavier")).to_be_hidden()


async def test_without_a_script_and_on_a_phone_one_column_at_a_time(house, opens):
    await accepted(house, "Scierie du Pont")
    sam = await opens(house, house.cast.sam, device="phone", scripted=False)
    await sam.opens(f"{BOARD}?stage=accepted")
    await expect(sam.page.locator('[data-stage="contacted"]')).to_be_hidden()
    await card(sam, "Scierie du Pont").locator("summary").click()
    await sam.presses("Devis envoyé", within=card(sam, "Scierie du Pont"))
    await expect(card(sam, "Scierie du Pont")).to_be_hidden()  # in another column now
    await sam.page.get_by_role("link", name="Devis envoyés").first.click()
    await expect(card(sam, "Scierie du Pont")).to_be_visible()
    await card(sam, "Scierie du Pont").locator("summary").click()
    await sam.page.get_by_role("link", name="Sans suite").click()
    await sam.fills(reason="postponed")
    await sam.presses("Sans suite")
    assert sam.path.startswith(BOARD)
    await sam.does_not_see("Scierie du Pont")


async def test_a_view_is_kept_and_many_are_moved_at_once(house, opens):
    await accepted(house, "Verrerie Claire", "Poterie Brune")
    sam = await opens(house, house.cast.sam)
    await sam.opens(LIST)
    await sam.page.locator('[name="etat"]').first.select_option("accepted")
    await sam.page.get_by_role("button", name="Filtrer").click()
    await sam.page.get_by_role("button", name="Enregistrer cette vue").click()
    await sam.page.locator("#f-view-name").fill("À appeler")
    await sam.presses("Enregistrer la vue")
    await expect(sam.page.locator(".tabs [aria-current]")).to_have_text("À appeler")
    for company in ("Verrerie Claire", "Poterie Brune"):
        await sam.page.get_by_label(f"Cocher {company}").check()
    await sam.page.locator("#lot-gesture").select_option("contact")
    await sam.presses("Continuer")
    await sam.sees("Verrerie Claire", "Poterie Brune")
    await sam.page.get_by_role("button", name="Confirmer pour 2").click()
    await sam.sees("Contactées : 2", "Les apporteurs sont prévenus.")
