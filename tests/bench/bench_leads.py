"""What sales and referrers wait for over a million recommendations: duplicate check, inbox, board, lists, search.

    python -m tests.bench.bench_leads [leads] [rounds] [folder] [--explain]

With a folder the database built is kept there, and the next run takes it as it is (newer migrations are applied).
The questions of a page are judged: 8 at most, as many for fifty rows as for one. Times are shown: of a page and, taking
turns with it, of the bare Jinja rendering of what it showed; the seconds of the processor beside the clock's say what
others did meanwhile. The aim on a quiet machine is 50 ms at the 99th percentile."""

import asyncio
import os
import random
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any

import asyncpg

from portal import consequences, database
from portal.clients.keys import keys_of
from portal.kit import db
from portal.kit.deed import Machine, deed
from portal.kit.postgres import EmbeddedPostgres
from portal.leads.priority import claims
from portal.people.access import user_by_email
from portal.people.sessions import open_session
from tests.bench import million
from tests.bench.bench_accrual import spent
from tests.bench.bench_pages import Asked, timed
from tests.cast import assemble
from tests.conftest import DATA, RUNTIME, Cluster  # the environment first
from tests.counting import Queries

MOST_QUESTIONS, WARM, AIM_MS = 8, 8, 50
STAFF = {
    "sales home": ["/"],
    "inbox": ["/recommandations"],
    "inbox asked again": ["/recommandations/boite"],
    "at work": ["/recommandations/en-cours"],
    "all": ["/recommandations/toutes"],
    "deep page": [f"/recommandations/toutes?page={page}" for page in (20, 100, 150, 200, 9_000)],
    "sorted": [
        f"/recommandations/{tab}?sort={sign}{key}"
        for tab in ("en-cours", "toutes") for key in ("company", "moved", "amount") for sign in ("", "-")
    ],
    "one state": [
        f"/recommandations/toutes?etat={state}&sort={sort}"
        for state in ("submitted", "waiting", "proposal", "won", "lost", "withdrawn", "disputed")
        for sort in ("-moved", "company", "-amount")
    ],
    "searched in list": [
        f"/recommandations/toutes?q={typed}" for typed in ("fonrin", "boulangerie", "a", "garage+mar", "zzz", "enseigne")
    ],
    "search": [f"/recherche?q={typed}" for typed in ("fonrin", "boulangerie", "b", "garage+mar", "zzz", "claire")],
    "board": ["/recommandations/tableau", "/recommandations/tableau?suivie=moi"],
    "one recommendation": ["/recommandations/{ended}", "/recommandations/{unanswered}", "/recommandations/{at_work}"],
    "deals": ["/affaires", "/affaires?page=100"],
    "clients": ["/clients", "/clients?q=boulangerie", "/clients?page=100"],
}  # fmt: skip
OWN = {
    "own list": ["/recommandations", "/recommandations?sort=company", "/recommandations?page=3"],
    "own search": ["/recommandations?q=garage", "/recherche?q=garage"],
    "own home": ["/"],
}


class Report:
    """A line for each thing measured; what asks too much is named at the end."""

    def __init__(self) -> None:
        self.too_many: list[str] = []

    def line(self, name: str, took: list[float], floor: list[float], cpu: float, asked: set[int]) -> None:
        p99 = quantiles(took, n=100)[98] * 1000
        bare = f"{median(floor) * 1000:7.1f}" if floor else "      -"
        print(
            f"{name:<22} p50 {median(took) * 1000:7.1f} ms  p99 {p99:7.1f} ms{'  over' if p99 > AIM_MS else '      '}"
            f"  bare {bare} ms  cpu {cpu / len(took) * 1000:6.1f} ms  questions {_range(asked)}",
            flush=True,
        )
        if max(asked) > MOST_QUESTIONS:
            self.too_many.append(name)


def _range(asked: set[int]) -> str:
    return str(min(asked)) if len(asked) == 1 else f"{min(asked)}-{max(asked)}"


async def pages(
    report: Report, page: Asked, named: dict[str, list[str]], rounds: int, watch: asyncpg.Connection
) -> None:
    for name, paths in named.items():
        if not await shown(page, paths[0]):
            continue
        asked = {await questions(page, path) for path in paths}
        for turn in range(WARM):
            await page(paths[turn % len(paths)])
        took, floor, cpu = [], [], 0.0
        for turn in range(rounds):
            begun = await spent(watch)
            took.append(await timed(partial(page, paths[turn % len(paths)])))
            cpu += await spent(watch) - begun
            floor.append(await timed(page.bare))
        report.line(name, took, floor, cpu, asked)


async def shown(page: Asked, path: str) -> bool:
    try:
        return await page(path) > 0
    except AssertionError as answered:
        print(f"{path:<22} is not there: {answered.args[0]['status']}")
        return False


async def questions(page: Asked, path: str) -> int:
    async with Queries() as queries:
        await page(path)
    return len(queries)


async def explained(page: Asked, path: str) -> None:
    """The plan of each question of a page that takes longer than a few milliseconds."""
    asked: list[Any] = []

    def keep(query: Any) -> None:
        asked.append(query)

    queries = await logged(page, path, keep, asked)
    async with db.engine().pool.acquire() as line:  # pyright: ignore[reportOptionalMemberAccess]
        for query in queries:
            if not query.query.lstrip().startswith(("SELECT", "WITH", "(")) or ";" in query.query:
                continue  # what the pool asks when a line comes back
            plan = [
                row[0] for row in await line.fetch(f"EXPLAIN (ANALYZE, BUFFERS) {query.query}", *query.args)
            ]
            if float(plan[-1].split()[2]) > 4:
                print(f"--- {path}\n{query.query}\n{query.args}\n" + "\n".join(plan), flush=True)


async def logged(page: Asked, path: str, keep: Callable[[Any], None], asked: list[Any]) -> list[Any]:
    pool = db.engine().pool
    assert pool
    held = [await pool.acquire() for _ in range(pool.get_max_size())]
    for line in held:
        line.add_query_logger(keep)
        await pool.release(line)
    await page(path)
    held = [await pool.acquire() for _ in range(pool.get_max_size())]
    for line in held:
        line.remove_query_logger(keep)
        await pool.release(line)
    return list(asked)


async def duplicates(report: Report, leads: int, rounds: int, watch: asyncpg.Connection) -> None:
    """Before a recommendation is written: who came first, and whether it is a client; the hot names too."""
    chance = random.Random(0)

    async def asked() -> None:
        made = million.lead(chance, chance.randrange(leads), leads, 1, million.datetime.now(million.UTC))
        keys = keys_of(
            name=made["company_name"],
            siren=made["siren"],
            email=made["contact_email"],
            phone=made["contact_phone"],
        )
        await before_a_lead(keys)

    for _ in range(WARM):
        await asked()
    async with Queries() as queries:
        await asked()
    begun, took = await spent(watch), [await timed(asked) for _ in range(rounds * 10)]
    report.line("duplicate check", took, [], await spent(watch) - begun, {len(queries)})


async def before_a_lead(keys: frozenset[tuple[str, str]]) -> None:
    async with deed(Machine("bench")):
        await claims.earlier(keys, persons=True)


async def built(made: Cluster, leads: int, folder: Path) -> None:
    await made.run("CREATE DATABASE bench")
    await database.migrate(made.owner("bench"), RUNTIME)
    await connected(made)
    await million.fill(made.owner("bench"), await assemble(), leads, folder)


async def connected(made: Cluster) -> None:
    consequences.install()
    db.engine().point_at(made.runtime("bench"))
    await db.engine().start_connection_pool(min_size=1, max_size=4)


async def browser_of(email: str, staff: bool) -> str:
    """A session of theirs."""
    user = await user_by_email(email)
    assert user
    seat = None if staff else await db.value("SELECT id FROM membership WHERE user_id = $1", user["id"])
    async with deed(Machine("bench")):
        return await open_session(user["id"], seat_id=seat, step="full", second_factor=staff)


async def references() -> dict[str, str]:
    """One of each sort."""
    states = {"ended": "lost", "unanswered": "submitted", "at_work": "proposal"}
    asked = "SELECT ref FROM lead WHERE state = $1 ORDER BY moved_at DESC LIMIT 1"
    return {name: await db.value(asked, state) for name, state in states.items()}


async def measure(made: Cluster, leads: int, rounds: int, folder: Path, explain: bool) -> None:
    known = await asyncpg.connect(made.superuser_url)
    there = await known.fetchval("SELECT count(*) FROM pg_database WHERE datname = 'bench'")
    if not await known.fetchval("SELECT count(*) FROM pg_roles WHERE rolname = $1", RUNTIME):
        await made.run(f"CREATE ROLE {RUNTIME} LOGIN")
    await made.run(f"ALTER ROLE {RUNTIME} PASSWORD '{made.password}'")
    await known.close()
    begun = perf_counter()
    if there:
        await database.migrate(made.owner("bench"), RUNTIME)
        await connected(made)
    else:
        await built(made, leads, folder)
    many = await db.value("SELECT count(*) FROM lead")
    print(f"{many} recommendations, ready in {perf_counter() - begun:.0f} s; load {os.getloadavg()[0]:.1f}")
    watch = await asyncpg.connect(made.owner("bench"))
    report = Report()
    staff = Asked(await browser_of("sam@lumen.example", True))
    refs = await references()
    asked = {name: [path.format(**refs) for path in paths] for name, paths in STAFF.items()}
    await duplicates(report, leads, rounds, watch)
    await pages(report, staff, asked, rounds, watch)
    busiest = await db.value("SELECT referrer_id FROM lead GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
    await watch.execute(
        "UPDATE membership SET referrer_id = $1 WHERE user_id = (SELECT id FROM app_user WHERE email = 'rachel@perso.example')",
        busiest,
    )
    own = Asked(await browser_of("rachel@perso.example", False))
    await pages(report, own, OWN, rounds, watch)
    if explain:
        for page, named in ((staff, asked), (own, OWN)):
            for path in (path for paths in named.values() for path in paths):
                if await shown(page, path):
                    await explained(page, path)
    print(f"load {os.getloadavg()[0]:.1f}; pages that ask too much: {', '.join(report.too_many) or 'none'}")
    await db.engine().close_connection_pool()


def main(leads: int, rounds: int, folder: Path, explain: bool) -> None:
    DATA.chmod(0o755)
    folder.chmod(0o755)
    server = EmbeddedPostgres(folder / "postgres", durable=False)
    try:
        asyncio.run(measure(Cluster(server, server.start()), leads, rounds, folder, explain))
    finally:
        server.stop()


if __name__ == "__main__":
    said = [word for word in sys.argv[1:] if word != "--explain"]
    leads, rounds = (
        (int(word) for word in (*said, "1000000", "100")[:2]) if len(said) < 2 else map(int, said[:2])
    )
    kept = Path(said[2]) if len(said) > 2 else Path(tempfile.mkdtemp(prefix="million-"))
    kept.mkdir(exist_ok=True)
    main(leads, rounds, kept, "--explain" in sys.argv)
