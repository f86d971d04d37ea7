"""A contract lives: its amendment read on a phone, ended from the referrer's own space, and what goes on after."""

import pytest

from portal.kit.days import today
from portal.kit.deed import deed
from portal.plans import actions as plans
from tests.contracts.stories import in_force
from tests.contracts.test_amending import TWELVE, propose, recommend

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_referrer_reads_what_changes_and_later_leaves(town, opens):
    contract = await in_force(town.cast, town.cast.rachel)
    await recommend(town.cast, town.cast.rachel, "Atelier Morin")
    async with deed(town.cast.alice.person):
        version = await plans.publish(contract["programme_id"], TWELVE, today())
    amendment = await propose(town.cast, contract, plan_version_id=version["id"], priority_months=9)
    rachel = await opens(town, town.cast.rachel, device="phone")
    await rachel.opens(f"/contrats/{amendment['ref']}")
    assert "720,00" in await rachel.page.locator("#changements").inner_text()  # 6 000 × 12 %
    await rachel.opens(f"/contrats/{contract['ref']}")
    await rachel.follows("Mettre fin au contrat")
    await rachel.presses("Mettre fin au contrat")
    assert "Atelier Morin" in await rachel.page.locator("#vie").inner_text()
    await rachel.follows("Lire la lettre")
