"""Rémi, a company with VAT, and Mina, under 293 B, have points to spend; Rachel, an individual, too."""

import pytest

from tests.cast import Cast
from tests.earnings.scene import Scene, scene_of
from tests.gifts.orders.shop import POINTS, earn


@pytest.fixture
async def scene(base: str, cast: Cast) -> Scene:
    made = await scene_of(cast)
    for who in (cast.remi, cast.mina, cast.rachel):
        await made.contract(who, POINTS)
        await earn(made, who, 200)
    return made
