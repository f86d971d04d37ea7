"""What reading and taking a file of recommendations costs, beside parsing it and a COPY.

    python -m tests.bench.bench_imports [rows read] [rows taken]

Two floors: its cells into a bare table without index, and the rows that it becomes (recommendations, keys, moves,
words to search, history) into tables with their indexes and checks. Reading is measured in a process of its own for
its memory. The ratios are what counts; times are of this machine."""

import asyncio
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import asyncpg

from portal import consequences, database
from portal.imports import access, applying
from portal.imports.checks import Known
from portal.imports.options import Options
from portal.imports.reading import read
from portal.kit import db
from portal.kit.postgres import EmbeddedPostgres
from portal.kit.sheets import csv_bytes, read_sheet
from tests.conftest import DATA, RUNTIME, Cluster  # the environment first
from tests.imports.scene import WHO, options

REFERRERS = 50
TITLES = ["Réf", "Date", "Apporteur", "Entreprise", "E-mail", "Accord du prospect", "Suite"]
KNOWN = Known(date(2026, 11, 21), referrers={f"A{n}": date(2024, 1, 1) for n in range(REFERRERS)})


def leads(rows: int) -> bytes:
    return csv_bytes([
        TITLES,
        *([f"L{n}", f"{n % 28 + 1:02}/03/2025", f"A{n % REFERRERS}", f"Société {n}", f"x@societe{n}.fr", "oui", "en cours"] for n in range(rows)),
    ])  # fmt: skip


def referrers() -> bytes:
    titles = ["N°", "Statut", "Nom", "E-mail"]
    return csv_bytes(
        [titles, *([f"A{n}", "particulier", f"Nom {n}", f"a{n}@exemple.fr"] for n in range(REFERRERS))]
    )


def measured(work: Callable[[bytes], Any], data: bytes) -> tuple[float, int]:
    """Seconds, and the megabytes that it needed beyond what was there."""
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(_measure, (work, data))


def _measure(work: Callable[[bytes], Any], data: bytes) -> tuple[float, int]:
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    kept = work(data)
    took = time.perf_counter() - begun
    del kept
    return took, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024


def reads(data: bytes) -> Any:
    return read("leads", data, KNOWN)


async def copies(data: bytes) -> float:
    """Parse and COPY: the floor."""
    begun = time.perf_counter()
    rows = [line.cells for line in read_sheet(data).lines]
    async with db.transaction():
        await db.execute(
            f"CREATE TEMP TABLE floor ({', '.join(f'c{n} text' for n in range(len(TITLES)))}) ON COMMIT DROP"
        )
        await db.connection().copy_records_to_table("floor", records=rows)
    return time.perf_counter() - begun


async def copies_rows(made: Cluster, at_least: int) -> tuple[float, int]:
    """COPY of the rows that the file became, into tables of the same make: seconds, and how many rows."""
    here, took, many = await asyncpg.connect(made.owner("bench")), 0.0, 0
    for (table,) in await here.fetch("SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public'"):
        rows = await here.fetchval(f"SELECT count(*) FROM {table}")
        if rows < at_least:
            continue
        kept = BytesIO()
        await here.copy_from_table(table, output=kept, format="binary")
        await here.execute(f"CREATE TABLE floor_{table} (LIKE {table} INCLUDING ALL)")
        kept.seek(0)
        begun = time.perf_counter()
        await here.copy_to_table(f"floor_{table}", source=kept, format="binary")
        took, many = took + time.perf_counter() - begun, many + rows
    await here.close()
    return took, many


async def takes(data: bytes, said: Options) -> float:
    begun = time.perf_counter()
    await applying.import_file("leads", "leads.csv", data, said, WHO)
    assert await access.rows_done(2) == data.count(b"\n") - 1
    return time.perf_counter() - begun


async def compare(made: Cluster, rows_read: int, rows_taken: int, reading: tuple[float, int]) -> None:
    await made.run(f"CREATE ROLE {RUNTIME} LOGIN PASSWORD '{made.password}'")
    await made.run("CREATE DATABASE bench")
    await database.migrate(made.owner("bench"), RUNTIME)
    consequences.install()
    engine = db.engine()
    engine.point_at(made.runtime("bench"))
    await engine.start_connection_pool(min_size=1, max_size=4)
    floor = await copies(leads(rows_read))
    said = await options()
    await applying.import_file("referrers", "referrers.csv", referrers(), said, WHO)
    data = leads(rows_taken)
    taking, small_floor = await takes(data, said), await copies(data)
    begun = time.perf_counter()
    read_sheet(data)
    parsing = time.perf_counter() - begun
    copying, became = await copies_rows(made, rows_taken)
    print(f"parse + COPY   {rows_read:>7} rows {floor:8.2f} s")
    print(
        f"read           {rows_read:>7} rows {reading[0]:8.2f} s  {reading[0] / floor:6.1f} × parse + COPY  {reading[1]} MB"
    )
    print(
        f"import         {rows_taken:>7} rows {taking:8.2f} s  {taking / small_floor:6.1f} × parse + COPY  {taking / rows_taken * 1000:.1f} ms a row"
    )
    print(
        f"parse + COPY of the {became} rows that it became {parsing + copying:8.2f} s; the import is {taking / (parsing + copying):.1f} × that"
    )
    await engine.close_connection_pool()


def main(rows_read: int = 100_000, rows_taken: int = 100_000) -> None:
    reading = measured(reads, leads(rows_read))
    DATA.chmod(0o755)
    server = EmbeddedPostgres(DATA / "postgres", durable=False)
    try:
        asyncio.run(compare(Cluster(server, server.start()), rows_read, rows_taken, reading))
    finally:
        server.stop()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
