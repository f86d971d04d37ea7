"""Money moved by many at once ends as if one came after the other."""

import asyncio
from datetime import date

import pytest

from portal.kit import db
from portal.kit.deed import deed
from portal.ledger import balances, posting, recipes, verify
from portal.ledger.posting import LedgerRefused
from tests.ledger.conftest import BOOKKEEPER

DAY = date(2026, 3, 12)
# entries without the papers and transfers that they come with in life: the ledger's own promises are asked for here
pytestmark = pytest.mark.breaks_promises


async def post(*entries) -> list[int] | str:
    try:
        async with deed(BOOKKEEPER):
            return await posting.post(entries)
    except LedgerRefused as why:
        return why.code


async def test_twenty_times_the_same_fact_at_once_is_one_entry(entity):
    earned = recipes.commission_earned(entity, 5, 1, 100, DAY)
    ids = await asyncio.gather(*(post(earned) for _ in range(20)))
    assert len({tuple(posted) for posted in ids}) == 1
    assert await db.value("SELECT count(*) FROM ledger_line") == 2
    assert (await balances.referrer_balances(5)).held == 100


async def test_many_at_once_never_spend_the_same_money_twice(entity):
    """100 held, ten want to release 30 each: three may, 10 stay."""
    await post(recipes.commission_earned(entity, 5, 1, 100, DAY))
    answers = await asyncio.gather(
        *(post(recipes.hold_released(entity, 5, n, 30, DAY)) for n in range(10, 20))
    )
    assert answers.count("ledger_floor") == 7
    after = await balances.referrer_balances(5)
    assert (after.held, after.due) == (10, 90)


async def test_referrers_in_opposite_order_do_not_lock_one_another_out(entity):
    def both(n: int):
        one, two = (5, 6) if n % 2 else (6, 5)
        return post(
            recipes.commission_earned(entity, one, 2 * n, 100, DAY),
            recipes.commission_earned(entity, two, 2 * n + 1, 100, DAY),
        )

    answers = await asyncio.gather(*(both(n) for n in range(24)))
    assert all(isinstance(answer, list) for answer in answers)
    assert await balances.account_balance(f"entity:{entity}:expense") == 4_800


async def test_summing_up_while_others_post_loses_nothing(entity):
    async def sum_up() -> None:
        async with deed(BOOKKEEPER):
            await posting.sum_up()

    work = [post(recipes.commission_earned(entity, n % 3, n, 10, DAY)) for n in range(30)]
    await asyncio.gather(
        *(step for pair in zip(work, (sum_up() for _ in work), strict=True) for step in pair)
    )
    await sum_up()
    assert await balances.account_balance(f"entity:{entity}:held") == -300
    assert await verify.faults() == []
