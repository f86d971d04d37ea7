"""Campaigns: published for days to come, spent under lock, moved only where nothing has happened yet."""

import asyncio
from datetime import date, timedelta

import pytest

from portal.kit.days import at, clock_at, today
from portal.kit.deed import Machine, deed
from portal.kit.problems import Refused, Stale
from portal.plans.programme import campaigns
from portal.plans.rules.language import Refused as PlanRefused
from tests.contracts.stories import open_programme
from tests.programmes.stories import double, published_campaign

MAY = date(2026, 5, 1)
JUNE = date(2026, 6, 30)


async def test_a_published_campaign_is_read_by_accrual_whatever_the_day(cast):
    programme_id, _ = await open_programme(cast)
    made = await published_campaign(cast, programme_id, MAY, JUNE)
    (row,) = await campaigns.in_force([programme_id])
    assert (row["id"], row["key"], row["spent_cents"]) == (made["id"], "campagne:printemps", 0)


async def test_a_campaign_in_preparation_counts_for_nothing(cast):
    programme_id, _ = await open_programme(cast)
    async with deed(cast.alice.person):
        await campaigns.draft(programme_id, "Printemps", double(MAY, JUNE))
    assert await campaigns.in_force([programme_id]) == []


async def test_a_campaign_of_today_is_refused_because_today_is_reckoned_already(cast):
    programme_id, _ = await open_programme(cast)
    async with deed(cast.alice.person):
        made = await campaigns.draft(programme_id, "Printemps", double(today(), today()))
        with pytest.raises(Refused, match="campaign_too_early"):
            await campaigns.publish(made, made["version"])


async def test_a_campaign_that_pays_less_is_refused(cast):
    programme_id, _ = await open_programme(cast)
    async with deed(cast.alice.person):
        with pytest.raises(PlanRefused):
            await campaigns.draft(programme_id, "Soldes", {**double(MAY, JUNE), "multiplies": "0.5"})


async def test_two_accruals_spend_one_after_the_other(cast):
    programme_id, _ = await open_programme(cast)
    made = await published_campaign(cast, programme_id, MAY, JUNE, budget="500.00")

    async def accrue(n: int) -> None:
        async with deed(Machine(f"accrual:{n}")):
            (row,) = await campaigns.in_force([programme_id], locked=True)
            await campaigns.spend({row["id"]: 100_00})

    await asyncio.gather(*(accrue(n) for n in range(5)))
    after = await campaigns.campaign(made["id"])
    assert after["spent_cents"] == 500_00  # 5 × 100,00
    assert campaigns.used_up(after)


async def test_the_last_day_moves_but_never_before_today(cast):
    programme_id, _ = await open_programme(cast)
    made = await published_campaign(cast, programme_id, MAY, JUNE)
    with clock_at(at(date(2026, 5, 20))):
        async with deed(cast.alice.person):
            with pytest.raises(Refused, match="campaign_past_day"):
                await campaigns.move_end(made, made["version"], date(2026, 5, 19))
            await campaigns.move_end(made, made["version"], date(2026, 5, 20))
    moved = await campaigns.campaign(made["id"])
    assert campaigns.last_day(moved) == date(2026, 5, 20)


async def test_a_campaign_announced_and_not_begun_keeps_at_least_its_first_day(cast):
    programme_id, _ = await open_programme(cast)
    made = await published_campaign(cast, programme_id, MAY, JUNE)
    with clock_at(at(date(2026, 4, 20))):
        async with deed(cast.alice.person):
            with pytest.raises(Refused, match="campaign_past_day"):
                await campaigns.move_end(made, made["version"], date(2026, 4, 30))


async def test_a_campaign_that_is_over_no_longer_moves(cast):
    programme_id, _ = await open_programme(cast)
    made = await published_campaign(cast, programme_id, MAY, JUNE)
    with clock_at(at(JUNE + timedelta(days=1))):
        async with deed(cast.alice.person):
            with pytest.raises(Refused, match="campaign_over"):
                await campaigns.move_end(made, made["version"], date(2026, 12, 31))


async def test_a_campaign_seen_by_two_is_changed_by_one(cast):
    programme_id, _ = await open_programme(cast)
    async with deed(cast.alice.person):
        made = await campaigns.draft(programme_id, "Printemps", double(MAY, JUNE))
        await campaigns.redraft(made, made["version"], "Été", double(MAY, JUNE), notifies=False)
        with pytest.raises(Stale):
            await campaigns.redraft(made, made["version"], "Hiver", double(MAY, JUNE), notifies=False)


async def test_two_campaigns_of_one_name_have_two_keys(cast):
    programme_id, _ = await open_programme(cast)
    async with deed(cast.alice.person):
        keys = [(await campaigns.draft(programme_id, "Été 2026", double(MAY, JUNE)))["key"] for _ in range(2)]
    assert keys == ["campagne:ete-2026", "campagne:ete-2026-2"]
