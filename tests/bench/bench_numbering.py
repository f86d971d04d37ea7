"""What numbers without a gap cost beside a plain sequence, asked by one and by 32 at once, when three in ten fail after taking theirs.

    python -m tests.bench.bench_numbering [numbers]

Both do the same deed on the same server (one row written) and take turns, so that a busy machine slows both. The
sequence is faster and leaves gaps; that is shown too."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

from portal import consequences, database
from portal.invoicing import numbering
from portal.kit import db
from portal.kit.days import today
from portal.kit.postgres import EmbeddedPostgres
from tests.cast import assemble
from tests.conftest import DATA, RUNTIME, Cluster  # the environment first

CLIENTS, TURNS = 32, 5
LEAST = {1: 0.35, 32: 0.2}
Take = Callable[[], Awaitable[int]]


class Fails(Exception):
    pass


def fails(client: int, turn: int) -> bool:
    return (client * 7 + turn) % 10 in (1, 4, 7)


async def ask(take: Take, way: str, client: int, turns: int) -> None:
    """The number is taken, something is written with it, and three deeds in ten are given up."""
    for turn in range(turns):
        try:
            async with db.transaction():
                number = await take()
                await db.execute("INSERT INTO taken (way, number) VALUES ($1, $2)", way, number)
                if fails(client, turn):
                    raise Fails
        except Fails:
            continue


async def speed(take: Take, way: str, clients: int, numbers: int) -> float:
    """Deeds a second."""
    turns = max(1, numbers // clients)
    begun = time.monotonic()
    await asyncio.gather(*(ask(take, way, client, turns) for client in range(clients)))
    return clients * turns / (time.monotonic() - begun)


async def gaps(way: str) -> tuple[int, int]:
    """Numbers kept, and how many are missing below the highest."""
    found = await db.row(
        "SELECT count(*) AS kept, count(DISTINCT number) AS distinct, max(number) AS highest FROM taken WHERE way = $1",
        way,
    )
    assert found is not None
    assert found["kept"] == found["distinct"], "a number twice"
    return found["kept"], found["highest"] - found["kept"]


async def ways() -> dict[str, Take]:
    cast = await assemble()
    async with db.transaction():
        known = await numbering.series(cast.entity_id, "bench", "B-")
    day = today()

    async def plain() -> int:
        return await db.value("SELECT nextval('plain')")

    return {"series": lambda: numbering.take(known, day), "sequence": plain}


async def compare(made: Cluster, numbers: int) -> bool:
    await made.run(f"CREATE ROLE {RUNTIME} LOGIN PASSWORD '{made.password}'")
    await made.run("CREATE DATABASE bench")
    await database.migrate(made.owner("bench"), RUNTIME)
    consequences.install()
    engine = db.engine()
    engine.point_at(made.owner("bench"))
    await engine.start_connection_pool(min_size=CLIENTS, max_size=CLIENTS)
    async with db.transaction():
        await db.execute("CREATE TABLE taken (way text NOT NULL, number bigint NOT NULL)")
        await db.execute("CREATE SEQUENCE plain")
    taking, good = await ways(), True
    for clients, least in LEAST.items():
        ratio, told = await _turns(taking, clients, numbers)
        good &= ratio >= least
        print(f"{clients:>2} at once  {told}  {ratio:5.2f} of a plain sequence (at least {least})")
    for way in taking:
        kept, missing = await gaps(way)
        good &= way == "sequence" or not missing
        print(f"{way:<9} {kept:>8} numbers kept, {missing} missing")
    await engine.close_connection_pool()
    return good


async def _turns(taking: dict[str, Take], clients: int, numbers: int) -> tuple[float, str]:
    """The median of several turns, each way after the other."""
    speeds: dict[str, list[float]] = {way: [] for way in taking}
    for _ in range(TURNS):
        for way, take in taking.items():
            speeds[way].append(await speed(take, way, clients, numbers // TURNS))
    ratios = sorted(mine / plain for mine, plain in zip(speeds["series"], speeds["sequence"], strict=True))
    told = ", ".join(f"{way} {sorted(each)[TURNS // 2]:6.0f} a second" for way, each in speeds.items())
    return ratios[TURNS // 2], told


def main(numbers: int = 20_000) -> None:
    DATA.chmod(0o755)
    server = EmbeddedPostgres(DATA / "postgres", durable=True)
    try:
        good = asyncio.run(compare(Cluster(server, server.start()), numbers))
    finally:
        server.stop()
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
