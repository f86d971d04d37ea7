"""The story that bench_imports_killed tells: an import killed a hundred times, beside one that is left alone.

Every second kill waits until the next rows are in, the others come at any moment since the start of the process."""

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import AsyncIterator

from portal import consequences, database
from portal.imports.options import Options
from portal.kit import db
from portal.kit.postgres import EmbeddedPostgres
from tests.conftest import DATA, RUNTIME, Cluster  # the environment first
from tests.imports.scene import options
from tests.imports.test_killed import CHILDREN, ended, everything, progress, run, spreadsheets, take_in

SHARES = {"referrers": 0.1, "leads": 0.6, "payments": 0.3}
FILES = spreadsheets(referrers=16, leads=480, payments=240)
WHOLE_LIFE = 1.5  # seconds in which a child has begun its work


async def killed_at_any_moment(url: str, kind: str, data: bytes, said: Options) -> None:
    process = CHILDREN.Process(target=take_in, args=(url, kind, data, said))
    process.start()
    await asyncio.sleep(random.uniform(0, WHOLE_LIFE))
    process.kill()
    await asyncio.to_thread(process.join)


async def kill_on(url: str, said: Options, kills: int) -> Counter[str]:
    """Which stage each kill met."""
    met: Counter[str] = Counter()
    for kind, data in FILES.items():
        for number in range(round(kills * SHARES[kind])):
            if await ended(kind):
                break
            if number % 2:
                await run(url, kind, data, said, kill_after=random.uniform(0, 0.1))
            else:
                await killed_at_any_moment(url, kind, data, said)
            stage = await progress(kind)
            met[
                f"{kind}: {'before it was stored' if stage is None else 'reading' if not stage[1] else 'taking' if stage[0] == 'applying' else 'ended'}"
            ] += 1
        if not await ended(kind):
            assert await run(url, kind, data, said) == 0
    return met


async def left_alone(url: str, said: Options) -> None:
    for kind, data in FILES.items():
        assert await run(url, kind, data, said) == 0


async def compare(made: Cluster, kills: int) -> None:
    await made.run(f"CREATE ROLE {RUNTIME} LOGIN PASSWORD '{made.password}'")
    await made.run("CREATE DATABASE alone")
    await database.migrate(made.owner("alone"), RUNTIME)
    consequences.install()
    async with _connected(made.runtime("alone")):
        said = await options()
    await made.run("CREATE DATABASE killed TEMPLATE alone")
    async with _connected(made.runtime("alone")):
        await left_alone(made.runtime("alone"), said)
        undisturbed = await everything()
    begun = time.perf_counter()
    async with _connected(made.runtime("killed")):
        met = await kill_on(made.runtime("killed"), said, kills)
        resumed = await everything()
    for stage, many in sorted(met.items()):
        print(f"{many:>5} kills  {stage}")
    other = [table for table, rows in undisturbed.items() if resumed[table] != rows]
    rows = sum(map(len, undisturbed.values()))
    print(
        f"{met.total():>5} kills in all, {time.perf_counter() - begun:.0f} s; {rows} rows of {len(undisturbed)} tables"
    )
    print(f"tables that differ from the import that was left alone: {', '.join(other) or 'none'}")
    assert not other


@contextlib.asynccontextmanager
async def _connected(url: str) -> AsyncIterator[None]:
    db.engine().point_at(url)
    await db.engine().start_connection_pool(min_size=1, max_size=2)
    yield
    await db.engine().close_connection_pool()


def main(kills: int = 100) -> None:
    DATA.chmod(0o755)
    server = EmbeddedPostgres(DATA / "postgres", durable=False)
    try:
        asyncio.run(compare(Cluster(server, server.start()), kills))
    finally:
        server.stop()
