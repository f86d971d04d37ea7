"""The story that bench_close_year tells: one referrer paid by the real verbs, copied; a year asked, frozen, drawn."""

import asyncio
import sys
import time
from datetime import date
from multiprocessing import get_context
from multiprocessing.connection import Connection

import asyncpg

from portal import consequences, database
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import deed
from portal.kit.postgres import EmbeddedPostgres
from portal.taxes.closing import access, deciding
from portal.taxes.closing.requirements import lacking
from portal.taxes.closing.rules import digest
from tests.bench.bench_accrual import CLONE
from tests.bench.year_worker import work
from tests.cast import Cast, assemble
from tests.conftest import DATA, RUNTIME, Cluster  # the environment first
from tests.invoicing.books import books_of
from tests.taxes.stories import is_paid

FIRST = 1_001  # id of the first copy
PART, LEAST_OF_TWO = 5, 1.8
CLONES = {
    "referrer": "jsonb_build_object('id', 1000 + n, 'ref', 'R' || n, 'number', 'BENCH' || n, 'email', 'bench' || n || '@exemple.fr')",
    "referrer_standing": "jsonb_build_object('id', 1000 + n, 'referrer_id', 1000 + n)",
    "payout_line": "jsonb_build_object('id', 1000 + n, 'ref', 'V' || n, 'end_to_end_id', 'V' || n, 'referrer_id', 1000 + n)",
}


async def prepare(made: Cluster, referrers: int) -> Cast:
    """Rachel gets 300,00; then as many like her as are asked for; all of it as if in December of last year."""
    await made.run(f"CREATE ROLE {RUNTIME} LOGIN PASSWORD '{made.password}'")
    await made.run("CREATE DATABASE bench")
    await database.migrate(made.owner("bench"), RUNTIME)
    consequences.install()
    db.engine().point_at(made.runtime("bench"))
    await db.engine().start_connection_pool(min_size=1, max_size=4)
    cast = await assemble()
    books = await books_of(cast)
    await is_paid(books, cast.rachel, 300_00)
    owner = await asyncpg.connect(made.owner("bench"))
    await owner.execute("SET session_replication_role = replica")  # nothing here is checked twice
    for table, changes in CLONES.items():
        like = CLONE.format(table=table, changes=changes).replace("$1", str(referrers))
        if table != "payout_line":
            like = like.replace(
                f"(SELECT min(id) FROM {table})",
                f"(SELECT min(id) FROM {table} WHERE {_rachel(table, cast)})",
            )
        await owner.execute(like)
    await owner.execute("UPDATE payout_line SET settled_on = $1", date(today().year - 1, 12, 20))
    await owner.execute("ANALYZE")
    await owner.close()
    return cast


def _rachel(table: str, cast: Cast) -> str:
    return f"{'id' if table == 'referrer' else 'referrer_id'} = {cast.rachel.referrer_id}"


async def close(cast: Cast, year: int) -> int:
    """What the deed does besides proving the ledger, which grows with the entries of all years."""
    begun = time.perf_counter()
    lacks = await lacking(cast.entity_id, year)
    asked = time.perf_counter()
    async with deed(cast.fanny.person):
        opened = await deciding.opened(cast.entity_id, year)
        lines = await access.lines_now(cast.entity_id, year)
        await deciding._freeze(opened["id"], lines)
        await db.execute(
            """UPDATE year_closing SET state = 'closed', controlled_by = $2, controlled_at = $3, digest = $4, closed_by = $5, closed_at = $3
               WHERE id = $1""",
            opened["id"], cast.fanny.user_id, now(), digest(year, lines), cast.fred.user_id,
        )  # fmt: skip
    frozen = time.perf_counter()
    assert not lacks, lacks[:3]
    print(f"asked what is missing {asked - begun:8.2f} s")
    print(f"frozen, {len(lines)} lines    {frozen - asked:8.2f} s")
    return opened["id"]


class Workers:
    def __init__(self, many: int, url: str) -> None:
        self.pipes: list[Connection] = []
        self.processes = []
        for _one in range(many):
            ours, theirs = get_context("spawn").Pipe()
            self.pipes.append(ours)
            process = get_context("spawn").Process(target=work, args=(theirs, url), daemon=True)
            process.start()
            self.processes.append(process)

    def draw(self, closing_id: int, parts: list[range], many: int) -> float:
        """People a second of the wall clock, these parts shared by so many processes."""
        left, busy, people = list(reversed(parts)), {}, 0
        begun = time.monotonic()
        for pipe in self.pipes[:many]:
            part = left.pop()
            pipe.send((closing_id, part.start, part.stop - 1))
            busy[pipe] = part
        while busy:
            for pipe in list(busy):
                if pipe.poll(0.002):
                    people += pipe.recv()
                    del busy[pipe]
                    if left:
                        part = left.pop()
                        pipe.send((closing_id, part.start, part.stop - 1))
                        busy[pipe] = part
        return people / (time.monotonic() - begun)

    def end(self) -> None:
        for process in self.processes:
            process.terminate()


def scaled(workers: Workers, closing_id: int, people: int) -> tuple[float, float, float]:
    """One process, two processes, and how many times as fast: the medians of the pairs."""
    parts = [range(start, min(start + PART, FIRST + people)) for start in range(FIRST, FIRST + people, PART)]
    workers.draw(closing_id, parts[:2], 2)  # starting a process is not what is measured
    rest, each = parts[2:], max(2, (len(parts) - 2) // 15)
    pairs = []
    for start in range(0, len(rest) - 3 * each + 1, 3 * each):
        alone = workers.draw(closing_id, rest[start : start + each], 1)
        two = workers.draw(closing_id, rest[start + each : start + 3 * each], 2)
        pairs.append((two / alone, alone, two))
        print(f"{(start + 3 * each) * PART:>9} people {two / alone:6.2f} × one process", file=sys.stderr)
    middle = sorted(pairs)[len(pairs) // 2]
    return middle[1], middle[2], middle[0]


async def compare(made: Cluster, referrers: int, papers: int) -> bool:
    cast = await prepare(made, referrers)
    year = today().year - 1
    print(f"the year {year} of {referrers} referrers")
    closing_id = await close(cast, year)
    workers = Workers(2, made.runtime("bench"))
    try:
        alone, two, ratio = await asyncio.to_thread(scaled, workers, closing_id, min(papers, referrers))
    finally:
        workers.end()
    done = await db.value("SELECT count(*) FROM year_paper")
    await db.engine().close_connection_pool()
    print(f"papers, {done} made    {alone:8.1f} people a second by one process, {two:.1f} by two")
    print(f"two processes         {ratio:8.2f} × one (at least {LEAST_OF_TWO})")
    return ratio >= LEAST_OF_TWO


def main(referrers: int = 10_000, papers: int = 10_000) -> bool:
    DATA.chmod(0o755)
    server = EmbeddedPostgres(DATA / "postgres", durable=False)
    try:
        return asyncio.run(compare(Cluster(server, server.start()), referrers, papers))
    finally:
        server.stop()
