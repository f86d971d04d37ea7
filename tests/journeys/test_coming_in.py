"""Coming in and going out."""

import pytest

from portal.kit import db

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]


async def test_a_colleague_comes_in_with_a_password_and_a_code_and_leaves_nothing_behind(house, opens):
    fanny = await opens(house)
    await fanny.signs_in("fanny@lumen.example")
    sealed = await db.value("SELECT totp_sealed FROM app_user WHERE email = $1", "fanny@lumen.example")
    await fanny.gives_code(bytes(sealed))
    await fanny.opens("/compte")
    await fanny.sees("Mon compte", "Fanny Moreau")
    await fanny.unfolds_menu()
    await fanny.presses("Se déconnecter")
    await fanny.sees("Bonjour")
    await fanny.page.go_back()
    await fanny.does_not_see("Fanny Moreau")
    assert fanny.path.startswith("/connexion")


async def test_a_referrer_comes_in_by_a_link_without_a_password(house, opens):
    rachel = await opens(house, device="phone")
    await rachel.opens("/connexion")
    await rachel.fills(rachel.form("/connexion/lien"), email="rachel@perso.example")
    await rachel.presses("Recevoir un lien")
    link = await house.link("people.sign_in", "rachel@perso.example")
    await rachel.opens(link)
    await rachel.presses("Entrer")
    await rachel.opens("/compte")
    await rachel.sees("Rachel Vidal")
    await rachel.opens(link, status=410)


async def test_a_wrong_password_is_refused_and_the_address_stays_typed(house, opens):
    sam = await opens(house)
    await sam.opens("/connexion")
    await sam.fills(sam.form("/connexion"), email="sam@lumen.example", password="un autre mot de passe")
    await sam.presses("Me connecter", status=422)
    await sam.sees("Adresse ou mot de passe inconnus.")
    assert await sam.form("/connexion").locator("[name=email]").input_value() == "sam@lumen.example"
