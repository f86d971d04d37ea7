"""An administrator describes what is sold and asked; a referrer answers it on a phone; sales read it and say why not."""

import pytest

from portal.kit import db
from tests.journeys.steps import open_house
from tests.journeys.window import Window
from tests.stories import contract_of

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]


async def describes_a_product(admin: Window) -> None:
    await admin.opens("/reglages")
    await admin.follows("Produits")
    await admin.follows("Catégories")
    await admin.fills(label="Énergie")
    await admin.presses("Ajouter")
    await admin.sees("Énergie", "energie")
    await admin.opens("/reglages/produits/nouveau")
    await admin.fills(name="Toit solaire", category="energie", kind="one_off")
    await admin.presses("Ajouter")
    await admin.sees("Toit solaire", "toit-solaire")


async def opens_a_territory(admin: Window) -> None:
    await admin.opens("/reglages/territoires/nouveau")
    await admin.fills(name="Grand Lyon", places="69, Lyon")
    await admin.presses("Ouvrir", status=422)
    await admin.sees("n'est pas un lieu connu")
    await admin.fills(places="69, 01")
    await admin.presses("Ouvrir")
    await admin.fills(postcode="69003")
    await admin.presses("Chercher")
    await admin.sees("est dans le territoire")


async def words_a_reason(admin: Window) -> None:
    await admin.opens("/reglages/motifs/refus/nouveau")
    await admin.fills(label_fr="Copropriété, pas de vote", told_fr="La copropriété vote avant tout.")
    await admin.presses("Ajouter")
    await admin.sees("Copropriété, pas de vote")


async def asks_for_the_roof(admin: Window) -> None:
    await admin.opens("/reglages/champs")
    await admin.follows("Ajouter un champ")
    await admin.fills(label_fr="Surface du toit", hint_fr="En mètres carrés.", kind="number", required="1")
    await admin.presses("Ajouter")
    await admin.follows("Ajouter un champ")
    await admin.fills(label_fr="Type de toit", kind="choice", choices="Tuiles\nArdoises | Slates")
    await admin.presses("Ajouter")
    await admin.sees("Surface du toit", "Nécessaire", "Type de toit")


async def recommends(referrer: Window) -> None:
    await referrer.opens("/recommandations/nouvelle")
    await referrer.fills(company="Copropriété des Lilas", phone="06 12 34 56 78", agreed="spoken")
    await referrer.presses("Envoyer la recommandation", status=422)
    await referrer.sees("Ce champ est nécessaire.")
    await referrer.fills(champ_surface_du_toit="120,5")
    await referrer.unfolds("Plus de détails")
    await referrer.fills(champ_type_de_toit="ardoises", postcode="69003", city="Lyon")
    await referrer.presses("Envoyer la recommandation")
    await referrer.sees("Reçu")


async def says_why_not(sales: Window, ref: str) -> None:
    await sales.opens(f"/recommandations/{ref}")
    await sales.sees("120,5", "Ardoises", "69003 Lyon")
    await sales.follows("Compléter")
    await sales.fills(champ_surface_du_toit="130")
    await sales.presses("Enregistrer")
    await sales.sees("130")
    await (
        sales.page.get_by_role("button", name="Ne pas retenir")
        .or_(sales.page.get_by_role("link", name="Ne pas retenir"))
        .first.click()
    )
    await sales.page.get_by_label("Copropriété, pas de vote").check()
    await sales.presses("Ne pas retenir", within=sales.page.locator("dialog"))
    await sales.sees("Copropriété, pas de vote")


async def test_what_the_house_asks_is_answered_on_a_phone_and_read_by_sales(town, opens):
    await open_house(town, hold_days=0)
    version = await db.row(
        "SELECT version.*, plan.programme_id FROM plan_version version JOIN plan ON plan.id = plan_id"
    )
    assert version
    await contract_of(town.cast.rachel, version)
    admin = await opens(town, town.cast.alice)
    await describes_a_product(admin)
    await opens_a_territory(admin)
    await words_a_reason(admin)
    await asks_for_the_roof(admin)
    rachel = await opens(town, town.cast.rachel, device="phone")
    await recommends(rachel)
    ref = await db.value("SELECT ref FROM lead")
    await says_why_not(await opens(town, town.cast.sam), ref)
    await rachel.opens(f"/recommandations/{ref}")
    await rachel.sees("La copropriété vote avant tout.")
    await rachel.does_not_see("pas de vote")
