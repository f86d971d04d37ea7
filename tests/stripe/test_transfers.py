"""A run that goes by Stripe: asked once, answered or not, declined, taken back."""

import asyncio
from datetime import timedelta

import pytest

from portal.demo.fake_stripe.faults import Fault
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import clock_at, now, today
from portal.kit.deed import Machine, deed
from portal.kit.problems import Refused
from portal.ledger.balances import account_balance, referrer_balances
from portal.payouts import access, actions
from portal.payouts.rails.rules import RailName
from portal.payouts.stripe import access as stripe
from portal.payouts.stripe import accounts, looking, sending
from portal.payouts.stripe.rules import Made
from tests.stripe.scene import Scene, line_of


async def only(run: db.Row) -> db.Row:
    (transfer,) = await stripe.transfers_of(run["id"])
    return transfer


async def later(minutes: int) -> None:
    """What the clock does so much later."""
    with clock_at(now() + timedelta(minutes=minutes)):
        await sending.send_waiting()


async def taken_back(scene: Scene, run: db.Row, cents: int | None = None) -> None:
    transfer = await only(run)
    scene.fake.bank.reverse(transfer["transfer"], {"amount": cents} if cents else None)
    made = await sending.look_at(transfer["transfer"])
    async with deed(Machine("test")):
        assert await sending.take_told(made)


async def test_each_line_is_one_transfer_and_arrives_when_stripe_has_made_it(scene: Scene, cast):
    """360 + 72 of Rémi and 100 of Rachel: 532 leave the balance."""
    await scene.earned(360_00, cast.remi)
    await scene.earned(100_00, cast.rachel)
    run = await scene.sent()
    assert scene.fake.bank.transfers == []  # nothing goes out inside the deed
    assert run["state"] == "sent"
    await work_off()
    run = await access.run(run["id"])
    assert (run["state"], run["total_cents"]) == ("settled", 532_00)
    assert sorted(one["amount"] for one in scene.fake.bank.transfers) == [100_00, 432_00]
    assert scene.fake.bank.holds["available"] == 10_000_00 - 532_00
    remi = await referrer_balances(cast.remi.referrer_id)
    assert (remi.paid, remi.in_transit, remi.vat_in_transit) == (360_00, 0, 0)
    assert await account_balance(f"entity:{cast.entity_id}:vat_deductible") == 72_00


async def test_who_has_no_verified_account_is_left_out(scene: Scene, cast):
    await scene.earned(360_00, cast.remi, cast.rachel)
    account = await stripe.account_of(cast.remi.referrer_id)
    assert account
    scene.fake.bank.restrict(account["account"])
    restricted = await accounts.look_at(account["account"])
    async with deed(Machine("test")):
        assert await accounts.take(restricted)
    run = await scene.approved()
    assert [line["referrer_id"] for line in await access.lines_of(run["id"])] == [cast.rachel.referrer_id]


async def test_an_account_restricted_after_the_approval_stops_the_run(scene: Scene, cast):
    await scene.earned(360_00, cast.remi)
    run = await scene.approved()
    account = await stripe.account_of(cast.remi.referrer_id)
    assert account
    scene.fake.bank.restrict(account["account"])
    restricted = await accounts.look_at(account["account"])
    async with deed(Machine("test")):
        await accounts.take(restricted)
    with pytest.raises(Refused):
        async with deed(cast.fanny.person):
            await actions.send(run, None)
    assert await stripe.transfers_of(run["id"]) == []


@pytest.mark.parametrize("fault", [Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.TOO_MANY])
async def test_no_answer_is_asked_again_under_the_same_key(scene: Scene, cast, fault: Fault):
    await scene.earned(360_00, cast.remi)
    run = await scene.sent()
    scene.fake.faults.coming.append(fault)
    await work_off()
    transfer = await only(run)
    assert (transfer["state"], transfer["tries"], transfer["code"]) == ("waiting", 1, "no_answer")
    await sending.send_waiting()
    assert (await only(run))["tries"] == 1  # not before its time
    await later(1)
    assert (await only(run))["state"] == "made"
    assert len(scene.fake.bank.transfers) == 1


async def test_a_lost_answer_is_found_again_when_stripe_has_forgotten_the_key(scene: Scene, cast):
    await scene.earned(360_00, cast.remi)
    run = await scene.sent()
    scene.fake.faults.coming.append(Fault.LOST_AFTER)
    await work_off()
    scene.fake.bank.forget_answers()
    await later(30 * 60)
    assert (await only(run))["state"] == "made"
    assert len(scene.fake.bank.transfers) == 1


async def test_an_error_of_stripes_own_after_the_work_is_found_at_once(scene: Scene, cast):
    await scene.earned(360_00, cast.remi)
    run = await scene.sent()
    scene.fake.faults.coming.append(Fault.BROKEN_AFTER)
    await work_off()
    assert (await only(run))["state"] == "made"
    assert len(scene.fake.bank.transfers) == 1


async def test_an_error_of_stripes_own_without_the_work_is_believed_when_all_is_quiet(scene: Scene, cast):
    """The key answers with that error for ever: a further attempt has another one."""
    await scene.earned(360_00, cast.remi)
    run = await scene.sent()
    scene.fake.faults.coming.append(Fault.BROKEN)
    await work_off()
    await later(30)
    assert (await only(run))["state"] == "waiting"
    await later(90)
    assert [one["state"] for one in await stripe.transfers_of(run["id"])] == ["waiting", "declined"]
    await later(160)
    assert [one["state"] for one in await stripe.transfers_of(run["id"])] == ["made", "declined"]
    assert len(scene.fake.bank.transfers) == 1


async def test_a_balance_that_is_too_low_waits_for_money(scene: Scene, cast):
    scene.fake.bank.top_up(-9_999_00)
    await scene.earned(360_00, cast.remi)
    run = await scene.sent()
    await work_off()
    waiting, declined = await stripe.transfers_of(run["id"])
    assert (declined["state"], declined["code"]) == ("declined", "balance_insufficient")
    assert (waiting["state"], waiting["attempt"]) == ("waiting", 2)
    assert (await line_of(run, cast.remi))["state"] == "sent"
    scene.fake.bank.top_up(1_000_00)
    await later(61)
    assert (await line_of(run, cast.remi))["state"] == "settled"
    assert len(scene.fake.bank.transfers) == 1


async def test_finance_may_give_up_what_waits_for_money_and_the_papers_are_free(scene: Scene, cast):
    scene.fake.bank.top_up(-9_999_00)
    await scene.earned(360_00, cast.remi)
    run = await scene.sent()
    await work_off()
    line = await line_of(run, cast.remi)
    async with deed(cast.fanny.person):
        await sending.give_up(await stripe.last_transfer(line["id"]))
    assert (await line_of(run, cast.remi))["state"] == "failed"
    assert (await referrer_balances(cast.remi.referrer_id)).invoiced == 360_00
    scene.fake.bank.top_up(10_000_00)
    await later(61)
    assert scene.fake.bank.transfers == []
    with pytest.raises(Refused) as twice:
        async with deed(cast.fanny.person):
            await sending.give_up(await stripe.last_transfer(line["id"]))
    assert twice.value.code == "transfer_ended"


async def test_what_was_asked_already_is_not_given_up(scene: Scene, cast):
    await scene.earned(360_00, cast.remi)
    run = await scene.sent()
    scene.fake.faults.coming.append(Fault.LOST_AFTER)
    await work_off()
    line = await line_of(run, cast.remi)
    with pytest.raises(Refused) as why:
        async with deed(cast.fanny.person):
            await sending.give_up(await stripe.last_transfer(line["id"]))
    assert why.value.code == "transfer_asked"


async def test_a_line_on_its_way_cannot_be_said_to_have_come_back(scene: Scene, cast):
    """Its papers would be free for a second payment."""
    await scene.earned(360_00, cast.remi)
    run = await scene.sent()
    scene.fake.faults.coming.append(Fault.LOST_AFTER)
    await work_off()
    for _ in range(2):  # while we do not know, and once it is made
        with pytest.raises(Exception, match="a transfer of this line lives"):
            async with deed(cast.fanny.person):
                await actions.fail(await line_of(run, cast.remi), today())
        await later(1)
    assert (await line_of(run, cast.remi))["state"] == "settled"


async def test_an_account_that_takes_nothing_any_more_gives_the_papers_back(scene: Scene, cast):
    await scene.earned(360_00, cast.remi)
    run = await scene.sent()
    account = await stripe.account_of(cast.remi.referrer_id)
    assert account
    scene.fake.bank.restrict(account["account"])
    await work_off()
    line = await line_of(run, cast.remi)
    assert (line["state"], line["why"]) == ("failed", "insufficient_capabilities_for_transfer")
    assert (await referrer_balances(cast.remi.referrer_id)).invoiced == 360_00
    mails = await db.rows("SELECT kind FROM mail_message WHERE kind = 'payouts.failed'")
    assert len(mails) == 1


async def test_a_transfer_that_is_taken_back_comes_back_in_the_books(scene: Scene, cast):
    await scene.earned(360_00, cast.remi)
    run = await scene.sent()
    await work_off()
    await taken_back(scene, run)
    line = await line_of(run, cast.remi)
    assert (line["state"], line["why"]) == ("failed", "reversed")
    remi = await referrer_balances(cast.remi.referrer_id)
    assert (remi.paid, remi.invoiced, remi.holds) == (0, 360_00, True)
    again = await scene.sent()
    await work_off()
    assert (await access.run(again["id"]))["state"] == "settled"
    assert len(scene.fake.bank.transfers) == 2


async def test_what_stripe_never_told_is_seen_the_next_day(scene: Scene, cast):
    await scene.earned(360_00, cast.remi)
    run = await scene.sent()
    await work_off()
    transfer = await only(run)
    scene.fake.bank.reverse(transfer["transfer"])
    scene.fake.bank.restrict(transfer["account"])
    await looking.look()
    assert (await line_of(run, cast.remi))["state"] == "failed"
    account = await stripe.account_of(cast.remi.referrer_id)
    assert account
    assert account["state"] == "restricted"


async def test_what_is_taken_back_in_part_is_told_and_stands(scene: Scene, cast):
    await scene.earned(360_00, cast.remi)
    run = await scene.sent()
    await work_off()
    await taken_back(scene, run, 100_00)
    transfer = await only(run)
    assert (transfer["state"], transfer["reversed_cents"]) == ("made", 100_00)
    assert (await line_of(run, cast.remi))["state"] == "settled"
    await taken_back(scene, run)
    assert (await line_of(run, cast.remi))["state"] == "failed"


async def test_ten_workers_at_once_make_one_transfer_a_line(scene: Scene, cast):
    await scene.earned(100_00, cast.remi, cast.rachel, cast.mina)
    run = await scene.sent()
    await asyncio.gather(*(sending.send_waiting() for _ in range(10)))
    for _ in range(3):  # who met another under the same key asks again
        await later(1)
    assert (await access.run(run["id"]))["state"] == "settled"
    assert len(scene.fake.bank.transfers) == 3


async def test_an_answer_about_another_amount_is_not_believed(scene: Scene, cast):
    await scene.earned(360_00, cast.remi)
    run = await scene.sent()
    transfer = await only(run)
    lie = Made("tr_x", transfer["key"], transfer["account"], 1, 0, today())
    with pytest.raises(Refused):
        async with deed(Machine("test")):
            await sending.take(transfer["id"], lie)
    assert (await only(run))["state"] == "waiting"


async def _stand(line: db.Row, state: str) -> None:
    async with deed(Machine("test")):
        await db.execute("UPDATE payout_line SET state = $2 WHERE id = $1", line["id"], state)


async def test_what_goes_wrong_with_one_does_not_hold_up_the_others(scene: Scene, cast):
    """A mistake of ours with Rémi's line: his transfer is made, and noted once the line can take it."""
    await scene.earned(100_00, cast.remi, cast.rachel)
    run = await scene.sent()
    line = await line_of(run, cast.remi)
    await _stand(line, "drafted")
    with pytest.raises(ExceptionGroup):
        await sending.send_waiting()
    assert (await line_of(run, cast.rachel))["state"] == "settled"
    await _stand(line, "sent")
    await later(1)
    assert (await line_of(run, cast.remi))["state"] == "settled"
    assert len(scene.fake.bank.transfers) == 2


async def test_without_a_key_nobody_is_paid_by_stripe(cast, books_alone):
    await books_alone.earns(cast.remi, 360_00)
    await books_alone.issue()
    with pytest.raises(Refused) as why:
        async with deed(cast.fanny.person):
            await actions.prepare(cast.entity_id, today(), RailName.STRIPE)
    assert why.value.code == "nothing_to_pay"
