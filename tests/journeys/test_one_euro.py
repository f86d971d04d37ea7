"""One euro's way through the portal: from an invitation to the money on the account."""

import pytest

from portal.kit import db
from portal.ledger.balances import account_balance, referrer_balances
from tests.journeys import steps
from tests.journeys.papers import SELF_BILLED, embedded, transfers, type_code
from tests.journeys.steps import COMPANY, EARNED, INDIVIDUAL, MICRO, Introducer, Recommendation
from tests.journeys.town import Town
from tests.journeys.window import Window

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]


async def test_an_individual_on_a_browser_without_scripts(town, opens):
    plain = {"scripted": False}
    alice, sam, fanny, fred = await steps.everybody(opens, town, **plain)
    paule = await opens(town, **plain)
    await steps.open_house(town, hold_days=0)
    await comes_under_contract(INDIVIDUAL, paule, sam, alice)
    recommendation = await steps.recommends(paule, "Boulangerie Roy")
    await is_won(recommendation, INDIVIDUAL, paule, sam)
    await pays(recommendation, sam, fanny)
    await steps.opens_the_explanation(paule, INDIVIDUAL, "À régler")
    await steps.sees_the_money(paule, due=EARNED)
    await is_paid(INDIVIDUAL, paule, fanny, fred)
    await is_in_order(town, INDIVIDUAL)


async def test_a_company_with_vat_on_a_phone_in_english(town, opens):
    alice, sam, fanny, fred = await steps.everybody(opens, town)
    remy = await opens(town, device="phone", language="en", scheme="dark")
    await steps.open_house(town, hold_days=0)
    await comes_under_contract(COMPANY, remy, sam, alice)
    await sam.opens("/recommandations")
    recommendation = await steps.recommends(remy, "Garage Petit")
    await steps.appears_by_itself(sam, "Garage Petit")
    await is_won(recommendation, COMPANY, remy, sam)
    await pays(recommendation, sam, fanny)
    await steps.opens_the_explanation(remy, COMPANY, "À régler")
    await steps.sees_the_money(remy, due=EARNED)
    await is_paid(COMPANY, remy, fanny, fred)
    await is_in_order(town, COMPANY)


async def test_a_micro_entrepreneur_under_293_b_who_waits_thirty_days(town, opens):
    alice, sam, fanny, _fred = await steps.everybody(opens, town)
    lina = await opens(town, device="phone")
    await steps.open_house(town, hold_days=30)
    await comes_under_contract(MICRO, lina, sam, alice)
    recommendation = await steps.recommends(lina, "Cabinet Noir")
    await is_won(recommendation, MICRO, lina, sam)
    await pays(recommendation, sam, fanny)
    await steps.opens_the_explanation(lina, MICRO, "À confirmer")
    await steps.sees_the_money(lina, held=EARNED)
    await steps.thirty_days_pass(town)
    await steps.sees_the_money(lina, due=EARNED)
    await steps.is_issued_then(town)
    await steps.opens_the_paper(lina, MICRO)
    await the_paper_is_right(lina, MICRO)
    await steps.is_paid_then(town)
    await steps.sees_the_money(lina, paid=EARNED)
    await is_in_order(town, MICRO)


async def comes_under_contract(
    who: Introducer, referrer: Window, sales: Window, administrator: Window
) -> None:
    await steps.invites(sales, who)
    await steps.accepts_the_invitation(referrer, who)
    await steps.fills_the_profile(referrer, who)
    await steps.signs(referrer, who)
    await steps.countersigns(administrator, who)
    await steps.keeps_a_copy_of_the_contract(referrer, who)


async def is_won(recommendation: Recommendation, who: Introducer, referrer: Window, sales: Window) -> None:
    for name in ("accept", "contact", "qualify"):
        await steps.moves(sales, recommendation, name)
    await steps.wins(sales, recommendation)
    await steps.reads_every_step(referrer, who, recommendation, ["accept", "contact", "qualify", "win"])


async def pays(recommendation: Recommendation, sales: Window, finance: Window) -> None:
    await steps.bills_the_client(sales, recommendation)
    await steps.records_half_the_payment(finance, recommendation)


async def is_paid(who: Introducer, referrer: Window, finance: Window, second: Window) -> None:
    await steps.issues(finance, who)
    await steps.opens_the_paper(referrer, who)
    await the_paper_is_right(referrer, who)
    await steps.sees_the_money(referrer, invoiced=EARNED)
    run = await steps.prepares_a_run(finance)
    await steps.approves(second, run)
    file = await steps.sends(finance, run)
    assert transfers(file) == [(f"{(EARNED + who.vat_cents) / 100:.2f}", who.iban)]
    await steps.sees_the_money(referrer, in_transit=EARNED)
    await steps.sees_the_transfer(referrer, who, "En route vers votre compte …%(end)s")
    await steps.settles(finance, run)
    await steps.sees_the_money(referrer, paid=EARNED)
    await steps.sees_the_transfer(referrer, who, "Arrivé sur votre compte …%(end)s")


async def the_paper_is_right(referrer: Window, who: Introducer) -> None:
    """A self-billed invoice is Factur-X 389 and travels inside its PDF; an individual gets a receipt, a PDF alone."""
    await referrer.sees(who.paper)
    pdf = await referrer.fetches("PDF")
    assert pdf.startswith(b"%PDF-")
    if who is INDIVIDUAL:
        assert embedded(pdf) == {}
        return
    xml = await referrer.fetches("XML")
    assert type_code(xml) == SELF_BILLED
    assert embedded(pdf) == {"factur-x.xml": xml}


async def is_in_order(town: Town, who: Introducer) -> None:
    """Nothing is on its way any more, and every sum can be computed again from its parts."""
    referrer = await db.row("SELECT id FROM referrer WHERE email = $1", who.email)
    assert referrer
    balances = await referrer_balances(referrer["id"])
    assert (balances.paid, balances.in_transit, balances.vat_in_transit) == (EARNED, 0, 0)
    assert await account_balance(f"entity:{town.cast.entity_id}:bank") == -(EARNED + who.vat_cents)
    await town.settled()
    verified = town.run("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr
