"""An import in a process of its own, which may be killed. It knows nothing of the test but the environment."""

import asyncio

from portal import consequences
from portal.imports import applying
from portal.imports.options import Options
from portal.kit import db
from tests.imports.scene import WHO

ROWS_OF_A_DEED = 4


def take_in(url: str, kind: str, data: bytes, said: Options) -> None:
    async def work() -> None:
        consequences.install()
        engine = db.engine()
        engine.point_at(url)
        await engine.start_connection_pool(min_size=1, max_size=2)
        await applying.import_file(kind, f"{kind}.csv", data, said, WHO)

    applying.CHUNKS = dict.fromkeys(applying.CHUNKS, ROWS_OF_A_DEED)
    asyncio.run(work())
