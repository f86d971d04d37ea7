"""Rachel has a hundred points."""

import pytest

from tests.cast import Cast
from tests.earnings.scene import Scene, scene_of
from tests.gifts.orders.shop import POINTS, earn


@pytest.fixture
async def scene(base: str, cast: Cast) -> Scene:
    made = await scene_of(cast)
    await made.contract(cast.rachel, POINTS)
    await earn(made, cast.rachel, 100)
    return made
