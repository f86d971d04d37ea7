"""An administrator writes a plan from a ready-made one, breaks it, mends it, compares it, publishes it."""

from datetime import timedelta

import pytest

from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.plans import actions as plans
from tests.journeys.town import Town
from tests.journeys.window import Window

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]


async def offers_two_products(town: Town) -> str:
    """The address of the programme's plans."""
    async with deed(town.cast.alice.person):
        await plans.add_product("audit", "Audit énergétique", category="conseil")
        await plans.add_product("logiciel", "Logiciel")
        programme = await plans.open_programme("Apporteurs 2026", today() - timedelta(300))
        await plans.publish(programme["id"], FIVE_PERCENT, today() - timedelta(300))
    return f"/reglages/programmes/{programme['ref']}/baremes"


FIVE_PERCENT = {
    "name": "Barème 2026", "unit": "EUR", "pays_on": "client_paid", "base": "net", "choose": "first",
    "rules": [{"key": "tout", "when": [], "pay": {"kind": "percent", "rate": "5"}}],
    "limits": None, "recurs_for_months": "deal", "hold_days": 30, "clawback_days": 180,
}  # fmt: skip


async def starts_from_tiers(admin: Window, plans_path: str) -> None:
    await admin.opens(plans_path)
    await admin.follows("Nouveau barème")
    await admin.fills(name="Barème des volumes", starter="tranches")
    await admin.presses("Commencer")
    await admin.sees("Règle 1", "En clair", "5 % à partir de 0,00 €")


async def asks_for_a_product(admin: Window) -> None:
    await admin.presses("Ajouter la condition")
    await admin.page.get_by_role("checkbox", name="Audit énergétique").check()
    await beside(admin, "si le produit est Audit énergétique")


async def beside(admin: Window, text: str) -> None:
    """What is told as it is being typed; without a script it comes with the next page."""
    if admin.scripted:
        await admin.sees(text)


async def mixes_up_the_bands(admin: Window) -> None:
    """10 000, then 50 000 becomes 9 000: nothing is written, and the place is told."""
    await admin.fills(**{"rules.0.bands.2.from": "9 000"})
    await beside(admin, "palier 3 : commence avant le palier 2")
    await admin.presses("Enregistrer le brouillon", status=422)
    await admin.sees("palier 3 : commence avant le palier 2")
    assert await admin.page.locator('[name="rules.0.bands.2.from"]').input_value() == "9 000"


async def mends_them(admin: Window) -> None:
    await admin.fills(**{"rules.0.bands.2.from": "60 000"})
    await beside(admin, "10 % à partir de 60 000,00 €")
    await admin.presses("Enregistrer le brouillon")
    await admin.sees("Brouillon", "10 % à partir de 60 000,00 €", "Audit énergétique")


async def compares(admin: Window) -> None:
    await admin.follows("Comparer sur les affaires réelles")
    await admin.presses("Comparer")
    await admin.town.settled()
    await admin.opens(admin.path)
    await admin.sees("Par apporteur")


async def publishes(admin: Window, draft: str) -> None:
    await admin.opens(draft)
    await admin.presses("Publier")
    await admin.sees("En vigueur", "Version 1")


async def writes_a_plan(admin: Window) -> None:
    plans_path = await offers_two_products(admin.town)
    await starts_from_tiers(admin, plans_path)
    draft = admin.path.removesuffix("/redaction")
    await asks_for_a_product(admin)
    await mixes_up_the_bands(admin)
    await mends_them(admin)
    await compares(admin)
    await publishes(admin, draft)
    body = await db.value("SELECT body FROM plan_version WHERE state = 'published' ORDER BY id DESC LIMIT 1")
    assert body["rules"][0]["when"] == [{"field": "product", "is": "in", "value": ["audit"]}]
    assert [band["from"] for band in body["rules"][0]["pay"]["bands"]] == ["0", "10000", "60000"]


async def test_an_administrator_writes_compares_and_publishes_a_plan(town, opens):
    await writes_a_plan(await opens(town, town.cast.alice))


async def test_the_same_without_a_script_on_a_phone(town, opens):
    await writes_a_plan(await opens(town, town.cast.alice, device="phone", scripted=False))
