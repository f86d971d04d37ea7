"""Rachel and Stefan have a hundred points each; Rémi and Mina have a contract that pays in points."""

import pytest

from tests.cast import Cast
from tests.earnings.scene import Scene, scene_of
from tests.gifts.orders.shop import POINTS, earn


@pytest.fixture
async def scene(base: str, cast: Cast) -> Scene:
    made = await scene_of(cast)
    for who in (cast.rachel, cast.stefan):
        await made.contract(who, POINTS)
        await earn(made, who, 100)
    return made
