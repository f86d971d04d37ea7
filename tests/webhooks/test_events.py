"""What Stripe tells: forged, replayed, out of order, of a kind that we do not know."""

import asyncio
import json
import time
from datetime import timedelta
from typing import Any

import pytest

from portal.demo.fake_stripe.faults import Fault
from portal.demo.fake_stripe.server import SECRET
from portal.demo.fake_stripe.telling import signed
from portal.jobs.queue import Later, work_off
from portal.kit import db
from portal.kit.days import clock_at, now
from portal.kit.deed import Machine, deed
from portal.payouts import access
from portal.payouts.stripe import access as stripe
from portal.settings import settings
from portal.webhooks import applying
from tests.counting import Queries
from tests.stripe.scene import Scene, line_of

DOOR = "/webhooks/stripe"


async def told(client, event: dict[str, Any], header: str | None = None) -> int:
    body = json.dumps(event)
    headers = {
        "stripe-signature": signed(body, SECRET) if header is None else header,
        "content-type": "application/json",
    }
    return (await client(None).post(DOOR, content=body, headers=headers)).status_code


async def paid(scene: Scene, cast) -> db.Row:
    await scene.earned(360_00, cast.remi)
    run = await scene.sent()
    await work_off()
    return run


def last(scene: Scene, kind: str) -> dict[str, Any]:
    return [event for event in scene.fake.bank.events if event["type"] == kind][-1]


async def kept() -> list[tuple[str, str]]:
    return [
        (row["kind"], row["state"])
        for row in await db.rows("SELECT kind, state FROM webhook_event ORDER BY id")
    ]


FORGED = {
    "no signature": "",
    "not one at all": "hello",
    "of another secret": "other",
    "too old": "old",
    "of another body": "body",
}


@pytest.mark.parametrize("forgery", FORGED)
async def test_a_forged_event_moves_nothing(scene: Scene, client, cast, forgery: str):
    run = await paid(scene, cast)
    (transfer,) = await stripe.transfers_of(run["id"])
    scene.fake.bank.reverse(transfer["transfer"])
    event = last(scene, "transfer.reversed")
    body = json.dumps(event)
    header = {
        "other": signed(body, "whsec_other"),
        "old": signed(body, SECRET, int(time.time()) - 1_000),
        "body": signed(body + " ", SECRET),
    }.get(FORGED[forgery], FORGED[forgery])
    assert await told(client, event, header) == 400
    await work_off()
    assert await kept() == []
    assert (await line_of(run, cast.remi))["state"] == "settled"


@pytest.mark.parametrize(
    "nonsense",
    [
        [],
        {},
        {"id": "evt_1"},
        {"id": "e", "type": "t", "livemode": False, "created": "x", "data": {"object": {}}},
        "no",
    ],
)
async def test_what_is_signed_and_no_event_is_refused(scene: Scene, client, nonsense: Any):
    assert await told(client, nonsense) == 400
    assert await kept() == []


async def test_without_a_secret_there_is_no_such_door(client, cast):
    assert await told(client, {"id": "evt_1"}) == 404


async def test_what_is_taken_back_at_stripe_comes_back_here_once_however_often_it_is_told(
    scene: Scene, client, cast
):
    run = await paid(scene, cast)
    (transfer,) = await stripe.transfers_of(run["id"])
    scene.fake.bank.reverse(transfer["transfer"])
    event = last(scene, "transfer.reversed")
    assert await asyncio.gather(*(told(client, event) for _ in range(5))) == [200] * 5
    await work_off()
    assert await told(client, event) == 200
    await work_off()
    assert await kept() == [("transfer.reversed", "applied")]
    assert (await line_of(run, cast.remi))["state"] == "failed"
    assert len(await db.rows("SELECT id FROM mail_message WHERE kind = 'payouts.failed'")) == 1


async def test_events_that_arrive_in_another_order_end_alike(scene: Scene, client, cast):
    """The event of the reversal first, that of the transfer last: what counts is what Stripe answers."""
    run = await paid(scene, cast)
    (transfer,) = await stripe.transfers_of(run["id"])
    scene.fake.bank.reverse(transfer["transfer"])
    for kind in ("transfer.reversed", "transfer.created"):
        assert await told(client, last(scene, kind)) == 200
    await work_off()
    assert (await line_of(run, cast.remi))["state"] == "failed"
    assert {state for _, state in await kept()} == {"applied"}


async def test_an_old_event_of_an_account_does_not_bring_back_what_was(scene: Scene, client, cast):
    account = await stripe.account_of(cast.remi.referrer_id)
    assert account
    verified = last(scene, "account.updated")
    scene.fake.bank.restrict(account["account"])
    told_account = {**verified, "account": account["account"]}
    assert await told(client, told_account) == 200
    await work_off()
    found = await stripe.account_of(cast.remi.referrer_id)
    assert found
    assert found["state"] == "restricted"


async def test_a_lost_answer_is_made_good_by_what_stripe_tells(scene: Scene, client, cast):
    """No worker lives any more: the event alone settles the line."""
    await scene.earned(360_00, cast.remi)
    run = await scene.sent()
    scene.fake.faults.coming.append(Fault.LOST_AFTER)
    await work_off()
    assert (await line_of(run, cast.remi))["state"] == "sent"
    assert await told(client, last(scene, "transfer.created")) == 200
    await work_off()
    assert (await access.run(run["id"]))["state"] == "settled"


async def test_a_kind_that_we_do_not_know_is_kept_and_said(scene: Scene, client, cast):
    event = {
        "id": "evt_9",
        "type": "payout.paid",
        "created": 1_790_000_000,
        "livemode": False,
        "data": {"object": {"id": "po_1"}},
    }
    assert await told(client, event) == 200
    await work_off()
    assert await kept() == [("payout.paid", "unknown")]
    page = await client(cast.fanny).get("/reglages/evenements")
    assert "payout.paid" in page.text
    assert "Sans effet ici" in page.text


async def test_a_transfer_of_somebody_else_changes_nothing_here(scene: Scene, client, cast):
    account = await stripe.account_of(cast.remi.referrer_id)
    assert account
    scene.fake.bank.transfer({"amount": "500", "currency": "eur", "destination": account["account"]})
    assert await told(client, last(scene, "transfer.created")) == 200
    await work_off()
    assert await kept() == [("transfer.created", "unknown")]


async def test_what_stripe_does_not_know_fails_and_may_be_tried_again(scene: Scene, client, cast):
    run = await paid(scene, cast)
    event = last(scene, "transfer.created")
    (name,) = scene.fake.bank.holds["transfers"]
    held = scene.fake.bank.holds["transfers"].pop(name)
    assert await told(client, event) == 200
    await work_off()
    assert await kept() == [("transfer.created", "failed")]
    page = await client(cast.fanny).get("/reglages/evenements")
    assert "Stripe ne connaît pas ce dont il s" in page.text
    scene.fake.bank.holds["transfers"][name] = held
    ref = await db.value("SELECT ref FROM webhook_event")
    answer = await client(cast.fanny).post_form(f"/reglages/evenements/{ref}/reprise")
    assert answer.status_code == 303
    await work_off()
    assert await kept() == [("transfer.created", "applied")]
    assert (await line_of(run, cast.remi))["state"] == "settled"
    assert (await client(cast.fanny).post_form(f"/reglages/evenements/{ref}/reprise")).status_code == 409


async def test_while_stripe_is_silent_the_job_comes_again(scene: Scene, client, cast, monkeypatch):
    await paid(scene, cast)
    assert await told(client, last(scene, "transfer.created")) == 200
    event_id = await db.value("SELECT id FROM webhook_event")
    monkeypatch.setenv("PORTAL_STRIPE_URL", "http://127.0.0.1:9")
    settings.cache_clear()
    with pytest.raises(Later):
        await applying.apply(event_id)
    assert await kept() == [("transfer.created", "failed")]
    monkeypatch.setenv("PORTAL_STRIPE_URL", scene.fake.address)
    settings.cache_clear()
    await work_off()
    assert await kept() == [("transfer.created", "applied")]


async def test_what_came_is_forgotten_word_by_word_and_that_it_came_is_not(scene: Scene, client, cast):
    account = await stripe.account_of(cast.remi.referrer_id)
    assert account
    scene.fake.bank.restrict(account["account"])
    assert await told(client, last(scene, "account.updated")) == 200
    async with deed(Machine("test")):
        await applying.erase_of(cast.rachel.person.user_id)
    assert await db.value("SELECT body FROM webhook_event") is not None  # it is not hers
    async with deed(Machine("test")):
        await applying.erase_of(cast.remi.person.user_id)
    assert await db.value("SELECT body FROM webhook_event") is None
    assert len(await kept()) == 1


async def test_after_three_months_the_words_go(scene: Scene, client, cast):
    await paid(scene, cast)
    assert await told(client, last(scene, "transfer.created")) == 200
    with clock_at(now() + timedelta(days=91)):
        async with deed(Machine("test")):
            await applying.forget()
    assert await db.value("SELECT body FROM webhook_event") is None
    await work_off()
    assert await kept() == [("transfer.created", "applied")]


async def test_the_page_asks_as_many_questions_for_one_event_as_for_many(scene: Scene, client, cast):
    asked = []
    for many in (1, 12):
        for number in range(many):
            event = {
                "id": f"evt_{many}_{number}",
                "type": "payout.paid",
                "created": 1_790_000_000,
                "livemode": False,
                "data": {"object": {"id": "po"}},
            }
            await told(client, event)
        async with Queries() as queries:
            assert (await client(cast.fanny).get("/reglages/evenements")).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 8
