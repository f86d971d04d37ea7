"""Reckoning again from nothing gives the same, and shows what does not."""

import json
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from portal.cli import main
from portal.commands.plans import plan as word
from portal.earnings import bulk, commands
from portal.earnings.replay import Difference, Scope, replay, replay_deal
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.plans.programme import campaigns
from tests.earnings.scene import TEN_PERCENT, amounts, in_days
from tests.earnings.test_accrual import BY_YEAR


async def test_a_replay_finds_nothing_even_when_payments_came_out_of_order(scene, cast):
    await scene.contract(cast.rachel, BY_YEAR)
    first, second = await scene.deal(cast.rachel, 12_000_00), await scene.deal(cast.rachel, 9_000_00)
    await scene.pays(first, 8_000_00, days_ago=3)
    await scene.pays(second, 5_000_00, days_ago=50)
    await scene.pays(first, 4_000_00, days_ago=60)  # told late, though it is the first
    await scene.is_refunded(second, 1_000_00)
    assert await replay_deal(first["id"]) == []
    assert await replay_deal(second["id"]) == []
    assert await replay(Scope()) == []


async def test_a_replay_shows_an_earning_that_the_plan_does_not_explain(scene, cast, tampered):
    await scene.contract(cast.rachel, TEN_PERCENT)
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, 6_000_00)
    await scene.pays(deal, 1_000_00)
    key = await db.value("SELECT key FROM earning ORDER BY id LIMIT 1")
    change = "UPDATE earning SET amount = amount {} 1 WHERE amount > 10000"
    async with tampered(change.format("+"), change.format("-")):
        assert await replay_deal(deal["id"]) == [Difference(key, 600_01, 600_00)]
        assert await replay(Scope()) == [Difference(key, 600_01, 600_00)]
        assert await replay(Scope(since=today() + timedelta(1))) == []


async def test_a_replay_shows_an_earning_that_is_missing_and_one_that_nothing_made(scene, cast, tampered):
    """Named otherwise, it is both."""
    await scene.contract(cast.rachel, TEN_PERCENT)
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, 6_000_00)
    key = await db.value("SELECT key FROM earning")
    async with tampered("UPDATE earning SET key = key || 'x'", "UPDATE earning SET key = rtrim(key, 'x')"):
        assert await replay(Scope()) == [Difference(key, None, 600_00), Difference(f"{key}x", 600_00, None)]


async def test_one_plan_alone_is_reckoned_again_by_name_or_reference(scene, cast, tampered):
    await scene.contract(cast.rachel, TEN_PERCENT)
    await scene.contract(cast.remi, BY_YEAR)
    for who in (cast.rachel, cast.remi):
        await scene.pays(await scene.deal(who), 6_000_00)
    change = "UPDATE earning SET amount = amount {} 1"
    async with tampered(change.format("+"), change.format("-")):
        found = {body["name"]: await commands._replay(body["name"], None) for body in (TEN_PERCENT, BY_YEAR)}
        assert [[one["referrer"] for one in some] for some in found.values()] == [
            [await db.value("SELECT number FROM referrer WHERE id = $1", who.referrer_id)]
            for who in (cast.rachel, cast.remi)
        ]
        ref = await db.value("SELECT ref FROM plan WHERE name = $1", BY_YEAR["name"])
        assert await commands._replay(ref.lower(), None) == found[BY_YEAR["name"]]
        assert len(await commands._replay(None, None)) == 2


async def test_a_plan_that_is_not_there_is_told_in_one_line(base):
    with pytest.raises(commands.Refusal, match="aucun barème"):
        await commands._replay("RIEN", None)


async def test_what_differs_is_told_by_deal_referrer_event_and_both_amounts(scene, cast, tampered):
    await scene.contract(cast.rachel, TEN_PERCENT)
    deal = await scene.deal(cast.rachel)
    payment = await scene.pays(deal, 6_000_00)
    change = "UPDATE earning SET amount = amount {} 1"
    async with tampered(change.format("+"), change.format("-")):
        found = await commands._replay(None, None)
    number = await db.value("SELECT number FROM referrer WHERE id = $1", cast.rachel.referrer_id)
    assert json.loads(json.dumps(found)) == [{
        "deal": deal["ref"], "lead": None, "referrer": number, "event": f"payment:{payment}", "rule": "tout", "unit": "EUR",
        "kept": 600_01, "recomputed": 600_00,
    }]  # fmt: skip
    line = commands.said(found)
    assert all(word in line for word in (deal["ref"], number, "600,01", "600,00"))
    assert "Aucun écart" in commands.said([])


# Campaigns: what is added beside the plan is reckoned again with it


async def campaign(scene, **body: Any) -> db.Row:
    """From tomorrow on, for a week."""
    days = {"from": (today() + timedelta(1)).isoformat(), "until": (today() + timedelta(7)).isoformat()}
    async with deed(scene.cast.alice.person):
        made = await campaigns.draft(
            scene.programme["id"], "Printemps", {**days, "for": [], **body}, notifies=False
        )
        await campaigns.publish(made, made["version"])
        return made


async def spent() -> int:
    return await db.value("SELECT spent_cents FROM campaign")


async def test_a_campaign_adds_to_what_the_plan_gives_from_its_first_day_on(scene, cast):
    await scene.contract(cast.rachel, TEN_PERCENT)
    deal = await scene.deal(cast.rachel, 20_000_00)
    await campaign(scene, multiplies="1.5", budget=None)
    await scene.pays(deal, 6_000_00)
    with in_days(1):
        await scene.pays(deal, 6_000_00)
        assert await amounts() == [600_00, 600_00, 300_00]  # 10 %; then 10 % and half as much again
        assert await replay(Scope()) == []


async def test_two_referrers_under_two_plans_share_the_budget_of_a_campaign(scene, cast):
    await scene.contract(cast.rachel, TEN_PERCENT)
    await scene.contract(cast.remi, {**TEN_PERCENT, "name": "Barème bis"})
    deals = [await scene.deal(who, 20_000_00) for who in (cast.rachel, cast.remi)]
    await campaign(scene, multiplies="2", budget="1000.00")
    with in_days(1):
        for deal in deals:
            await scene.pays(deal, 6_000_00)
        assert await amounts() == [
            600_00,
            600_00,
            600_00,
            400_00,
        ]  # 1 000 − 600 = 400 are left for the second
        assert await spent() == 1_000_00
        assert [await replay_deal(deal["id"]) for deal in deals] == [[], []]
        assert await replay(Scope()) == []


async def test_what_a_campaign_gave_is_taken_back_with_the_payment_and_its_budget_stays_spent(scene, cast):
    await scene.contract(cast.rachel, TEN_PERCENT)
    deal = await scene.deal(cast.rachel, 20_000_00)
    await campaign(scene, multiplies="2", budget="1000.00")
    with in_days(1):
        await scene.pays(deal, 6_000_00)
        await scene.is_refunded(deal, 6_000_00)
        assert sum(await amounts()) == 0
        assert await spent() == 600_00
        assert await replay(Scope()) == []


async def test_a_campaign_that_is_prolonged_leaves_past_days_as_they_were(scene, cast):
    await scene.contract(cast.rachel, TEN_PERCENT)
    deal = await scene.deal(cast.rachel, 20_000_00)
    made = await campaign(scene, multiplies="2", budget=None)
    with in_days(7):
        await scene.pays(deal, 1_000_00)
        async with deed(cast.alice.person):
            row = await campaigns.campaign(made["id"])
            await campaigns.move_end(row, row["version"], today() + timedelta(3))
    with in_days(9):
        await scene.pays(deal, 1_000_00)
    with in_days(11):
        await scene.pays(deal, 1_000_00)
        assert await amounts() == [100_00, 100_00, 100_00, 100_00, 100_00]  # twice with, once without
        assert await replay(Scope()) == []


async def test_paid_a_hundred_at_once_the_budget_is_spent_as_if_one_after_the_other(scene, cast):
    await scene.contract(cast.rachel, TEN_PERCENT)
    deal = await scene.deal(cast.rachel, 20_000_00)
    await campaign(scene, multiplies="2", budget="55.00")
    for _ in range(10):
        await scene.pays(deal, 100_00, days_ago=-1)
    with in_days(1):
        await bulk.accrue_waiting(notify=False)
        assert sum(await amounts()) == 155_00  # 10 × 10, and 55 of the campaign
        assert await spent() == 55_00
        assert await replay(Scope()) == []


# The word of the command


def typed(*words: str):
    return CliRunner().invoke(word, ["replay", *words])


def test_the_command_has_help_with_an_example():
    result = typed("--help")
    assert result.exit_code == 0
    assert "portal plan replay" in result.stdout


@pytest.mark.parametrize("since", ["hier", "2026-13-01", "2999-01-01"])
def test_a_day_that_is_none_or_is_to_come_is_one_line_and_exit_2(since, capsys):
    assert main(["plan", "replay", "--since", since]) == 2
    said = capsys.readouterr()
    assert (said.out, len(said.err.splitlines())) == ("", 1)
