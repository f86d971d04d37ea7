"""Passkeys in a real browser, with the device that Chromium plays; and what is there without one."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from portal.kit import db
from tests.cast import Cast
from tests.journeys.town import Town, built
from tests.journeys.window import Window

pytestmark = pytest.mark.asyncio(loop_scope="session")
DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest_asyncio.fixture(loop_scope="session")
async def named(cluster: Any, company: Cast, tmp_path: Path) -> AsyncIterator[Town]:
    async with built(cluster, company, tmp_path, worker=False, host="localhost") as running:
        yield running


async def with_device(window: Window) -> None:
    session = await window.page.context.new_cdp_session(window.page)
    await session.send("WebAuthn.enable")
    await session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


async def makes_a_key(window: Window) -> None:
    await window.opens("/compte/cles")
    assert not await window.page.get_by_text("n’a pas confirmé").is_visible()
    await window.fills(name="Téléphone")
    await window.page.get_by_role("button", name="Créer une clé d’accès").click()
    await window.page.get_by_role("rowheader", name="Téléphone").wait_for()
    await window.looks()


async def test_a_colleague_makes_a_key_and_comes_in_with_it_alone(named: Town, opens: Any):
    sam = await opens(named, named.cast.sam)
    await with_device(sam)
    await makes_a_key(sam)
    await sam.page.context.clear_cookies()
    await sam.opens("/connexion")
    await sam.page.get_by_role("button", name="Me connecter avec une clé d’accès").click()
    await sam.page.wait_for_url(f"{named.origin}/")
    await sam.opens("/apporteurs")
    assert await db.value("SELECT sign_count FROM passkey") > 0


async def test_on_a_phone_a_referrer_sees_the_key_and_removes_it(named: Town, opens: Any):
    rachel = await opens(named, named.cast.rachel, device="phone", scheme="dark")
    await with_device(rachel)
    await makes_a_key(rachel)
    await rachel.presses("Retirer la clé")
    assert not await db.value("SELECT count(*) FROM passkey")


async def test_without_a_script_the_other_ways_are_there_and_said(named: Town, opens: Any):
    rachel = await opens(named, named.cast.rachel, scripted=False)
    await rachel.opens("/compte/cles")
    assert await rachel.page.get_by_text("ne connaît pas les clés d’accès").is_visible()
    assert not await rachel.page.get_by_role("button", name="Créer une clé d’accès").is_visible()


async def test_the_pages_of_people_read_well_on_a_phone_and_in_the_dark(named: Town, opens: Any):
    remi = await opens(named, named.cast.remi, device="phone", scheme="dark")
    for path in ("/compte", "/compte/donnees", "/profil/personnes"):
        await remi.opens(path)
    alice = await opens(named, named.cast.alice)
    ref = await db.value("SELECT ref FROM referrer WHERE id = $1", named.cast.remi.referrer_id)
    for path in ("/reglages/effacements", f"/apporteurs/{ref}/fusion", f"/apporteurs/{ref}/vue"):
        await alice.opens(path)
