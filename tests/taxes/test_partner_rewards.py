"""A reward of an employee of a partner: looked at before it is approved, counted when it is given."""

import pytest

from portal.company import access as company
from portal.gifts.orders import deciding, sending
from portal.gifts.orders.placing import APPROVES_UP_TO
from portal.gifts.orders.sending import Parcel
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import clock_at, today
from portal.kit.deed import Machine, deed
from portal.kit.problems import Refused
from portal.law.partner_employees import Slices
from portal.ledger.balances import account_balance
from tests.earnings.scene import scene_of
from tests.gifts.orders.shop import CARD, POINTS, as_it_is, earn, offer, order
from tests.taxes.partners import is_employed, the_smic_is, year_of
from tests.taxes.test_individuals import next_january
from tests.taxes.test_pages import plain


@pytest.fixture
async def ordered(cast):
    """Rachel, employed by a partner, orders a basket worth 300.00."""
    scene = await scene_of(cast)
    await scene.contract(cast.rachel, POINTS)
    await earn(scene, cast.rachel, 400)
    await is_employed(cast.rachel)
    reward = await offer(cast, points=300, price_cents=300_00)
    return await order(cast.rachel, reward)


async def approve(cast, one) -> None:
    async with deed(cast.fanny.person):
        await deciding.approve(await as_it_is(one))


async def test_finance_reads_what_it_will_cost_before_approving(client, cast, ordered):
    """300 − 273.45 = 26.55 × 20 % = 5.31."""
    text = plain((await client(cast.fanny).get(f"/recompenses/commandes/{ordered['ref']}")).text)
    assert "aura reçu 300,00 € dans l’année" in text
    assert "5,31 €" in text
    assert f"/fiscalite/{today().year}/salarie" in text


async def test_it_is_counted_when_it_leaves_and_its_contribution_is_booked(cast, ordered):
    await approve(cast, ordered)
    assert await year_of(cast.rachel) == Slices(0, 0, 0, 0)
    async with deed(cast.fanny.person):
        await sending.send(await as_it_is(ordered), Parcel())
    await work_off()
    assert await year_of(cast.rachel) == Slices(273_45, 26_55, 0, 5_31)
    assert await account_balance(f"entity:{cast.entity_id}:contributions_due") == -5_31
    assert await db.value("SELECT kind FROM year_paper") == "letter"


async def test_without_the_consent_of_the_employer_it_is_not_approved(cast, ordered):
    async with deed(Machine("test")):
        await db.execute("UPDATE referrer SET employer_consent_file = NULL")
    with pytest.raises(Refused, match="employer_missing"):
        await approve(cast, ordered)
    assert (await as_it_is(ordered))["state"] == "requested"


async def test_while_the_minimum_wage_of_the_year_is_unknown_it_is_not_approved(cast, ordered):
    with clock_at(next_january(4)):
        with pytest.raises(Refused, match="smic_missing"):
            await approve(cast, ordered)
        await the_smic_is(cast.rachel, "1823.03")
        await approve(cast, ordered)
    assert (await as_it_is(ordered))["state"] == "approved"


async def test_a_small_one_waits_for_finance_all_the_same(cast):
    scene = await scene_of(cast)
    await scene.contract(cast.rachel, POINTS)
    await earn(scene, cast.rachel, 400)
    await is_employed(cast.rachel)
    async with deed(Machine("test")):
        await company.set_option(APPROVES_UP_TO, 1_000_00)
    assert (await order(cast.rachel, await offer(cast, CARD)))["state"] == "requested"
