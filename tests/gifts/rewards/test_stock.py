"""The last one is given once."""

import asyncio

import pytest

from portal.gifts.rewards import access, stock
from portal.kit.deed import Machine, deed
from portal.kit.problems import Refused, Stale
from tests.gifts.rewards.shelves import announced, offered


async def takes(reward, number: int = 0) -> str:
    try:
        async with deed(Machine(f"test:{number}")):
            await stock.take(reward["id"])
    except Refused as no:
        return no.code
    return "taken"


async def left(reward) -> int | None:
    return (await access.reward(reward["id"]))["stock"]


async def test_of_twenty_who_take_the_last_one_at_once_one_gets_it(cast):
    reward = await offered(cast, stock=1)
    said = await asyncio.gather(*(takes(reward, number) for number in range(20)))
    assert sorted(said) == ["sold_out"] * 19 + ["taken"]
    assert await left(reward) == 0


async def test_what_is_not_counted_never_runs_out(cast):
    reward = await offered(cast)
    assert [await takes(reward) for _ in range(3)] == ["taken"] * 3
    assert await left(reward) is None


async def test_what_is_announced_only_cannot_be_taken(cast):
    assert await takes(await announced(cast)) == "not_proposed"


async def test_what_is_put_back_can_be_taken_again(cast):
    reward = await offered(cast, stock=1)
    await takes(reward)
    async with deed(cast.fanny.person):
        await stock.put_back(reward["id"])
    assert await takes(reward) == "taken"


async def test_a_count_that_an_order_overtook_changes_nothing(cast):
    reward = await offered(cast, stock=5)
    await takes(reward)
    with pytest.raises(Stale):
        async with deed(cast.fanny.person):
            await stock.count(reward["id"], 5, 10)
    async with deed(cast.fanny.person):
        await stock.count(reward["id"], 4, 10)
    assert await left(reward) == 10
