"""How an earning goes on: released once, on one paper, each step once; what verify would find."""

import asyncpg
import pytest

from portal.earnings import access, actions, settle
from portal.earnings import verify as earnings
from portal.jobs.queue import TASKS
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.ledger import posting, recipes
from portal.ledger.balances import referrer_balances
from tests.earnings.scene import in_days, scene_of


async def due(scene, cast) -> int:
    await scene.contract(cast.remi)
    await scene.pays(await scene.deal(cast.remi), 6_000_00, days_ago=40)
    return await db.value("SELECT id FROM earning")


async def state(cast) -> str:
    return (await access.earnings_of_deal(cast.remi.person, await db.value("SELECT id FROM deal")))[0][
        "state"
    ]


@pytest.mark.breaks_promises  # papers stand in by the recipes alone
async def test_the_state_follows_the_papers_and_transfers(scene, cast):
    earning = await due(scene, cast)
    assert await state(cast) == "due"
    steps = (("receipted", "invoice", "receipted"), ("sent", "payout_line", "in_transit"),
             ("returned", "payout_line", "receipted"), ("paid", "payout_line", "paid"))  # fmt: skip
    for kind, document, expected in steps:
        async with deed(cast.fanny.person):
            assert await settle.mark([earning], kind, document, 7, today()) == 1
            assert await settle.mark([earning], kind, document, 7, today()) == 0
        assert await state(cast) == expected
    async with deed(cast.fanny.person):  # the books must follow, for the checks after this test
        who = (cast.entity_id, cast.remi.referrer_id)
        await posting.post([recipes.invoice_issued(*who, 7, 600_00, 0, today())])


@pytest.mark.breaks_promises
async def test_an_earning_stands_on_one_paper_alone(scene, cast):
    earning = await due(scene, cast)
    async with deed(cast.fanny.person):
        await settle.mark([earning], "invoiced", "invoice", 7, today())
        with pytest.raises(Refused, match="earning_already_settled"):
            await settle.mark([earning], "invoiced", "invoice", 8, today())
        await posting.post(
            [recipes.invoice_issued(cast.entity_id, cast.remi.referrer_id, 7, 600_00, 0, today())]
        )


async def test_what_is_held_is_not_payable(scene, cast):
    await scene.contract(cast.remi)
    await scene.pays(await scene.deal(cast.remi), 6_000_00)
    assert await access.payable(cast.entity_id, today()) == []
    async with deed(cast.fanny.person):
        await actions.release_due(today())
    assert await access.payable(cast.entity_id, today()) == []


async def test_each_morning_the_clock_confirms_and_wakes(scene, cast):
    await scene.contract(cast.remi)
    deal = await scene.deal(cast.remi)
    await scene.pays(deal, 6_000_00)
    await scene.pays(deal, 1_000_00, days_ago=-5)  # told ahead of its day
    with in_days(31):
        await TASKS["earnings.release"]()
        await TASKS["earnings.release"]()
    balances = await referrer_balances(cast.remi.referrer_id)
    assert (balances.held, balances.due) == (100_00, 600_00)


async def test_nobody_changes_an_earning(scene, cast):
    await due(scene, cast)
    for sql in (
        "UPDATE earning SET amount = 1",
        "DELETE FROM earning_settlement",
        "DELETE FROM earning_fact",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with deed(cast.fanny.person):
                await db.execute(sql)


CORRUPTIONS = {
    "earned_differs_from_ledger": "UPDATE earning SET amount = amount + 1",
    "due_differs_from_ledger": "UPDATE earning SET amount = amount + 1",
    "held_differs_from_ledger": "DELETE FROM earning_settlement",
    "settled_for_another_amount": "UPDATE earning_settlement SET amount = amount + 1",
    "on_paper_before_release": "UPDATE earning_settlement SET kind = 'invoiced'",
}


@pytest.mark.breaks_promises
@pytest.mark.parametrize("code", CORRUPTIONS)
async def test_verify_finds_each_corruption(cast, base, cluster, code):
    await due(await scene_of(cast), cast)
    assert await earnings.faults() == []
    owner = await asyncpg.connect(cluster.owner(base))
    await owner.execute("SET session_replication_role = replica")
    await owner.execute(CORRUPTIONS[code])
    await owner.close()
    assert code in {fault.code for fault in await earnings.faults()}
