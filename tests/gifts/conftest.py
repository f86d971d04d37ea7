import pytest

from tests.earnings.scene import Scene, scene_of


@pytest.fixture
async def scene(cast) -> Scene:
    return await scene_of(cast)
