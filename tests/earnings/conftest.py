from contextlib import asynccontextmanager

import asyncpg
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


@pytest.fixture
def tampered(base, cluster):
    """As the owner of the database, past the trigger that keeps earnings as they are; put back at the end."""

    @asynccontextmanager
    async def change(how: str, back: str):
        owner = await asyncpg.connect(cluster.owner(base))
        await owner.execute(f"ALTER TABLE earning DISABLE TRIGGER USER; {how}")
        yield
        await owner.execute(f"{back}; ALTER TABLE earning ENABLE TRIGGER USER")
        await owner.close()

    return change
