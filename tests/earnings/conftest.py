import pytest

from portal.earnings import verify as earnings
from portal.ledger import verify as ledger
from tests.earnings.scene import Scene, scene_of


@pytest.fixture
async def scene(cast) -> Scene:
    made = await scene_of(cast)
    yield made
    assert await ledger.faults() == []
    assert await earnings.faults() == []
