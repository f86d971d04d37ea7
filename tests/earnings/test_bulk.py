"""What is accrued payment by payment and what is accrued all at once is the same to the cent, and twice is once."""

import random
from typing import Any

import pytest

from portal.earnings import bulk
from portal.earnings.replay import Scope, replay
from portal.kit import db
from portal.ledger.balances import referrer_balances
from tests.cast import Member
from tests.earnings.scene import TEN_PERCENT, in_days

SLICES = {
    "key": "volume", "when": [],
    "pay": {"kind": "tiers", "mode": "marginal", "measure": "base", "period": "calendar_year",
            "bands": [{"from": "0", "rate": "5"}, {"from": "7000", "rate": "7.5"}]},
}  # fmt: skip
FLAT = {"key": "prime", "when": [], "pay": {"kind": "flat", "amount": "150.00", "per": "deal"}}
MADE = ("earning", "earning_fact", "earning_settlement", "ledger_entry", "ledger_line")
PLANS = {
    "a percentage": TEN_PERCENT,
    "slices of the year, up to a limit": {
        **TEN_PERCENT, "rules": [SLICES], "limits": {"per_deal": "900.00", "per_calendar_year": "1500.00"},
    },
    "slices and a flat together": {**TEN_PERCENT, "choose": "sum", "rules": [SLICES, FLAT], "hold_days": 0},
    "the whole year at the band reached": {
        **TEN_PERCENT, "rules": [{**SLICES, "pay": {**SLICES["pay"], "mode": "retroactive"}}],
    },
    "points": {**TEN_PERCENT, "unit": "POINT"},
}  # fmt: skip


def story(seed: str) -> list[tuple[int, bool, int]]:
    """Which of three deals, whether it is a refund, how many cents: told in this order, all on one day."""
    chance = random.Random(seed)
    told = [(chance.randrange(3), False, chance.randint(1, 400_000)) for _ in range(9)]
    return [
        *told,
        *((deal, True, chance.randint(1, 150_000)) for deal in sorted({deal for deal, *_ in told})),
    ]


async def plays(
    scene: Any, who: Member, deals: list[db.Row], told: list[tuple[int, bool, int]], days: int
) -> None:
    """In the order of the deals, as a bulk takes them."""
    for deal, back, cents in sorted(told, key=lambda one: one[:2]):
        await (scene.is_refunded if back else scene.pays)(deals[deal], cents, days_ago=-days)


async def earned(who: Member) -> list[Any]:
    found = await db.rows(
        """SELECT rule, unit, base_cents, amount, occurred_on, due_on, steps,
                  (SELECT count(*) FROM earning_settlement s WHERE s.earning_id = earning.id) AS settled
           FROM earning WHERE referrer_id = $1 ORDER BY id""",
        who.referrer_id,
    )
    return [
        [value for key, value in row.items() if key != "steps"] + [_anonymous(row["steps"])] for row in found
    ]


def _anonymous(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Which payment is undone has another number with each referrer."""
    return [{key: value for key, value in step.items() if key != "of"} for step in steps]


async def counts() -> dict[str, int]:
    return {table: await db.value(f"SELECT count(*) FROM {table}") for table in MADE}


@pytest.mark.parametrize("name", PLANS)
async def test_one_by_one_and_all_at_once_earn_the_same_to_the_cent(scene, cast, name):
    told = story(name)
    for who in (cast.rachel, cast.stefan):
        await scene.contract(who, PLANS[name])
    ones = [await scene.deal(cast.rachel, 12_000_00 + n) for n in range(3)]
    many = [await scene.deal(cast.stefan, 12_000_00 + n, days_ago=101) for n in range(3)]
    await plays(scene, cast.stefan, many, told, days=1)  # dated tomorrow: nothing is reckoned today
    assert await earned(cast.stefan) == []
    with in_days(1):
        await plays(scene, cast.rachel, ones, told, days=0)
        assert await bulk.accrue_waiting(notify=False) == len(await earned(cast.stefan)) > 0
        assert await earned(cast.stefan) == await earned(cast.rachel)
        assert await referrer_balances(cast.stefan.referrer_id) == await referrer_balances(
            cast.rachel.referrer_id
        )
        before = await counts()
        assert await bulk.accrue_waiting(notify=False) == 0
        assert await counts() == before
        assert await replay(Scope()) == []


async def test_a_deed_that_tells_nobody_mails_nobody(scene, cast):
    await scene.contract(cast.rachel)
    await scene.pays(await scene.deal(cast.rachel), 6_000_00, days_ago=-1)
    mails = "SELECT count(*) FROM mail_message WHERE kind = 'earnings.earned'"
    with in_days(1):
        await bulk.accrue_waiting(notify=False)
        assert await db.value(mails) == 0
        assert await db.value("SELECT amount FROM earning") == 600_00
