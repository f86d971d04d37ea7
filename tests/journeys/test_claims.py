"""A referrer finds a commission wrong: from the phone to the corrected amount, with an appeal between."""

import pytest

from portal.kit import db
from portal.ledger.balances import referrer_balances
from tests.cast import Member
from tests.earnings.scene import Scene
from tests.journeys.town import Town
from tests.journeys.window import Window

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]


async def earned(house: Town, who: Member) -> None:
    """600 € of 6 000 at ten percent, due."""
    programme = await db.row("SELECT * FROM programme ORDER BY id LIMIT 1")
    assert programme
    scene = Scene(house.cast, programme)
    await scene.contract(who)
    await scene.pays(await scene.deal(who), 6_000_00, days_ago=40)


async def says_what_is_wrong(rachel: Window) -> str:
    await rachel.opens("/commissions")
    await rachel.page.locator("table tbody a").first.click()
    await rachel.page.wait_for_url("**/commissions/*")
    await rachel.looks()
    await rachel.follows("Signaler une erreur")
    await rachel.presses("Envoyer la demande", 422)
    await rachel.fills(reason="amount", body="Mon contrat dit 12 %, pas 10 %.")
    await rachel.presses("Envoyer la demande")
    await rachel.sees("En cours de vérification", "Mon contrat dit 12 %, pas 10 %.")
    return rachel.path


async def answers(finance: Window, claim: str, outcome: str, body: str, amount: str = "") -> None:
    await finance.opens("/commissions/demandes")
    await finance.opens(claim)
    form = finance.form("/reponse")
    await finance.fills(form, outcome=outcome, body=body)
    if amount:
        await finance.fills(form, amount=amount)
    await finance.presses("Répondre", within=form)
    await finance.sees(body)


async def test_from_the_phone_to_the_corrected_amount(house, opens):
    await earned(house, house.cast.rachel)
    rachel = await opens(house, house.cast.rachel, device="phone", scheme="dark")
    fanny, fred = await opens(house, house.cast.fanny), await opens(house, house.cast.fred)
    claim = await says_what_is_wrong(rachel)
    await answers(fanny, claim, "refused", "Le contrat dit 10 %.")
    await rachel.opens(await house.link("earnings.claim_answered", house.cast.rachel.email))
    await rachel.sees("Refusée", "Le contrat dit 10 %.")
    form = rachel.form("/recours")
    await rachel.fills(form, body="Une clause de mars dit 12 %.")
    await rachel.presses("Demander un second examen", within=form)
    await rachel.sees("Second examen")
    await fanny.opens(claim)
    await fanny.sees("Vous avez donné la première réponse : le second examen revient à une autre personne.")
    await answers(fred, claim, "accepted", "Vous avez raison.", "120")
    await rachel.opens(await house.link("earnings.claim_answered", house.cast.rachel.email))
    await rachel.sees("Acceptée", rachel.money(120_00))
    await rachel.follows("Voir cette commission")
    await rachel.sees("Vous avez raison.", "Fred Aubin", rachel.money(120_00))
    balances = await referrer_balances(house.cast.rachel.referrer_id)
    assert (balances.due, balances.holds) == (720_00, True)  # 6 000 × 12 %


async def test_an_amount_above_the_limit_takes_two_and_the_pages_around_it_look_right(house, opens):
    await earned(house, house.cast.mina)
    ref = await db.value("SELECT ref FROM earning WHERE amount = 60000 ORDER BY id DESC LIMIT 1")
    fanny, fred = (
        await opens(house, house.cast.fanny, scheme="dark"),
        await opens(house, house.cast.fred, device="phone"),
    )
    await fanny.opens(f"/commissions/{ref}")
    await fanny.follows("Ajuster")
    await fanny.fills(direction="add", amount="900", reason="Prime promise")
    await fanny.presses("Enregistrer l'ajustement")
    await fanny.sees("Préparé par vous. Une autre personne doit approuver.")
    await fred.opens(await house.link("earnings.to_approve", house.cast.fred.email))
    await fred.presses("Approuver")
    await fred.sees("Prime promise", "Enregistré")
    await fanny.opens("/virements/situation")
    await fanny.sees("Gagné, pas encore arrivé")
    alice = await opens(house, house.cast.alice, device="phone")
    await alice.opens("/reglages/commissions")
    deal = await db.value("SELECT ref FROM deal ORDER BY id DESC LIMIT 1")
    await fanny.opens(f"/affaires/{deal}/essai?amount=1000")
    await fanny.sees(fanny.money(100_00))


async def test_how_much_would_i_earn_answers_while_it_is_typed(house, opens):
    await earned(house, house.cast.remi)
    for look in ({"device": "phone"}, {"scripted": False}):
        remi = await opens(house, house.cast.remi, **look)
        await remi.opens("/commissions/simulation")
        await remi.page.locator("[name=amount]").fill("6000")
        if not remi.scripted:
            await remi.presses("Estimer")
        await remi.sees("Vous gagneriez environ", "600")
        await remi.looks()
