"""The demo built on many days, in a database of its own for each: what of tests/demo/promises.py it does not show.

    python -m tests.bench.bench_demo_days [day … | number of days drawn at random]

Without days: ends of months, weekends, holidays, leap days, around both changes of the clock, just after midnight."""

import asyncio
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime
from random import Random

from portal import consequences, database, verify
from portal.demo import build
from portal.kit import db
from portal.kit.days import at, clock_at
from portal.kit.postgres import EmbeddedPostgres
from tests.conftest import DATA, RUNTIME, Cluster  # the environment first
from tests.demo.promises import PROMISES

SMALL = 0.01
NOON = (12, 0)
ODD = {
    date(2026, 11, 22): NOON, date(2026, 11, 21): NOON, date(2026, 11, 23): (0, 1), date(2026, 11, 27): (23, 58),
    date(2026, 11, 30): NOON, date(2026, 12, 26): NOON, date(2026, 12, 31): (23, 30), date(2027, 1, 1): (0, 5),
    date(2027, 1, 2): NOON, date(2027, 1, 3): NOON, date(2027, 2, 28): NOON, date(2027, 3, 1): (0, 30),
    date(2027, 3, 27): NOON, date(2027, 3, 28): (3, 30), date(2027, 3, 29): NOON, date(2027, 3, 30): (0, 2),
    date(2027, 5, 1): NOON, date(2027, 5, 6): NOON, date(2027, 5, 9): NOON, date(2027, 5, 17): NOON,
    date(2027, 5, 31): NOON, date(2027, 7, 14): NOON, date(2027, 8, 15): NOON, date(2027, 10, 30): NOON,
    date(2027, 10, 31): (2, 30), date(2027, 11, 1): NOON, date(2027, 11, 12): NOON, date(2027, 12, 25): NOON,
    date(2027, 12, 28): NOON, date(2028, 1, 1): NOON, date(2028, 1, 31): NOON, date(2028, 2, 29): NOON,
    date(2028, 3, 1): (0, 0), date(2028, 3, 31): NOON, date(2028, 4, 18): NOON, date(2028, 5, 2): (0, 10),
    date(2028, 6, 5): (8, 0), date(2028, 6, 30): NOON, date(2029, 5, 13): NOON, date(2029, 5, 14): NOON,
}  # fmt: skip


def days(asked: list[str]) -> Iterator[datetime]:
    if asked and "-" not in asked[0]:
        drawn = Random(asked[0])
        for _ in range(int(asked[0])):
            yield at(
                date.fromordinal(date(2026, 11, 1).toordinal() + drawn.randrange(1_500)),
                drawn.randrange(24),
                drawn.randrange(60),
            )
    elif asked:
        yield from (at(date.fromisoformat(day), *NOON) for day in asked)
    else:
        yield from (at(day, *hour) for day, hour in ODD.items())


async def missing(cluster: Cluster, place: int, instant: datetime) -> list[str]:
    name = f"demo_{place}"
    await cluster.run(f"CREATE DATABASE {name} TEMPLATE template_portal STRATEGY FILE_COPY")
    engine = db.engine()
    engine.point_at(cluster.runtime(name))
    await engine.start_connection_pool(min_size=1, max_size=4)
    try:
        with clock_at(instant):
            await build.build(lambda _line: None, SMALL)
            lacks = [
                f"{promise.about}: {', '.join(sorted(some))}"
                for promise in PROMISES
                if (some := await promise.missing())
            ]
            return lacks + (await verify.everything()).faults
    finally:
        await engine.close_connection_pool()
        await cluster.run(f"DROP DATABASE {name} WITH (FORCE)")


async def all_days(cluster: Cluster, instants: list[datetime]) -> int:
    await cluster.run(f"CREATE ROLE {RUNTIME} LOGIN PASSWORD '{cluster.password}'")
    await cluster.run("CREATE DATABASE template_portal")
    await database.migrate(cluster.owner("template_portal"), RUNTIME)
    bad = 0
    for place, instant in enumerate(instants):
        begun, cpu = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
        try:
            lacks = await missing(cluster, place, instant)
        except Exception as broken:  # the other days are told all the same
            lacks = [f"{type(broken).__name__}: {broken}"]
        bad += bool(lacks)
        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = used.ru_utime + used.ru_stime - cpu.ru_utime - cpu.ru_stime
        print(f"{instant:%a %Y-%m-%d %H:%M} UTC {time.perf_counter() - begun:5.1f} s ({seconds:4.1f} s CPU)",
              "; ".join(lacks) or "all there", flush=True)  # fmt: skip
    print(f"{len(instants) - bad} of {len(instants)} days show all")
    return bad


def main() -> None:
    consequences.install()
    DATA.chmod(0o755)
    server = EmbeddedPostgres(DATA / "postgres", durable=False)
    try:
        sys.exit(bool(asyncio.run(all_days(Cluster(server, server.start()), list(days(sys.argv[1:]))))))
    finally:
        server.stop()


if __name__ == "__main__":
    main()
