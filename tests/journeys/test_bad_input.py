"""What people do wrong: nothing typed, half of it typed, a button pressed twice."""

import pytest

from portal.kit import db
from tests.journeys.window import Window

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]

# who, where, the button, what they had typed already
FORMS = [
    ("anonymous", "/connexion", "Me connecter", {"password": ""}),
    ("anonymous", "/mot-de-passe", "Envoyer", {}),
    ("sam", "/apporteurs/invitation", "Envoyer l'invitation", {"first_name": "Paule"}),
    (
        "rachel",
        "/recommandations/nouvelle",
        "Envoyer la recommandation",
        {"contact": "Jo Martin", "need": "Un site"},
    ),
    (
        "rachel",
        "/profil/coordonnees?statut=individual",
        "Continuer",
        {"city": "Paris", "street": "", "postcode": ""},
    ),
    ("rachel", "/profil/contact", "Enregistrer", {"city": "Paris", "street": "", "phone": ""}),
    ("rachel", "/profil/compte-bancaire", "Continuer", {"holder": "Rachel Vidal", "iban": ""}),
    ("alice", "/reglages/utilisateurs", "Envoyer l'invitation", {"name": "Paul Petit"}),
    ("alice", "/reglages/jetons", "Créer", {}),
]


async def test_a_form_sent_too_early_says_what_is_missing_and_keeps_what_was_typed(house, opens):
    windows: dict[str, Window] = {}
    for who, path, button, typed in FORMS:
        if who not in windows:
            windows[who] = await opens(house, getattr(house.cast, who))
        await sends_too_early(windows[who], path, button, typed)


async def sends_too_early(window: Window, path: str, button: str, typed: dict[str, str]) -> None:
    await window.opens(path)
    await window.fills(**typed)
    await window.presses(button, status=422)
    assert await window.page.locator("[data-errors] li").count() > 0, path
    assert await window.page.locator("[aria-invalid=true], fieldset .error").count() > 0, path
    for name, value in typed.items():
        assert await window.page.locator(f'[name="{name}"]').first.input_value() == value, (path, name)


async def recommended(company: str) -> int:
    return await db.value("SELECT count(*) FROM lead WHERE company_name = $1", company)


async def test_a_button_pressed_twice_recommends_once(house, opens):
    rachel = await opens(house, house.cast.rachel, device="phone")
    await rachel.opens("/recommandations/nouvelle")
    await rachel.fills(company="Atelier Double", phone="06 98 76 54 32", agreed="spoken")
    await rachel.page.get_by_role("button", name="Envoyer la recommandation").dblclick()
    await rachel.page.wait_for_url("**/recu")
    assert await recommended("Atelier Double") == 1


async def test_a_button_pressed_twice_without_a_script_recommends_once(house, opens):
    rachel = await opens(house, house.cast.rachel, scripted=False)
    await rachel.opens("/recommandations/nouvelle")
    await rachel.fills(company="Atelier Triple", phone="06 98 76 54 32", agreed="spoken")
    await rachel.page.get_by_role("button", name="Envoyer la recommandation").dblclick()
    await rachel.page.wait_for_url("**/recu")
    assert await recommended("Atelier Triple") == 1
