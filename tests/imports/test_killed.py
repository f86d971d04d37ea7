"""An import is killed again and again at random points: in the end everything is as if it had never been."""

import asyncio
import multiprocessing
import random
import re
from multiprocessing.process import BaseProcess

import pytest

from portal.imports.options import Options
from portal.kit import db
from portal.kit.sheets import csv_bytes
from tests.imports.child import take_in

# Each child is forked from a server without threads, which has loaded everything once.
CHILDREN = multiprocessing.get_context("forkserver")
CHILDREN.set_forkserver_preload(["tests.imports.child"])
KILLS = {"referrers": 2, "leads": 5, "payments": 3}
STANDS_STILL = 60  # seconds without a row more: it is stuck, however busy the machine


def spreadsheets(referrers: int = 6, leads: int = 60, payments: int = 30) -> dict[str, bytes]:
    """Every second recommendation is won, every fifth names a company that another has named; a few rows are bad.

    The payments have no numbers."""
    first = ["N°", "Statut", "Nom", "E-mail", "Contrat signé le"]
    second = [
        "Réf",
        "Date",
        "Apporteur",
        "Entreprise",
        "E-mail",
        "Accord du prospect",
        "Suite",
        "Signé le",
        "Montant HT",
    ]
    third = ["Réf recommandation", "Date", "Montant HT"]
    return {
        "referrers": csv_bytes([first, *(
            [f"A{n}", "particulier", f"Nom {n}", f"a{n}@exemple.fr", "01/02/2025" if n % 3 == 0 else ""] for n in range(referrers)
        )]),
        "leads": csv_bytes([second, *(
            [f"L{n}", f"{n % 28 + 1:02}/03/2025", f"A{n % (referrers + 1)}", f"Société {n % 5 and n}", f"x@societe{n % 5 and n}.fr", "oui",
             "gagné" if n % 2 else "en cours", "12/04/2025" if n % 2 else "", "1000" if n % 2 else ""] for n in range(leads)
        )]),
        "payments": csv_bytes([third, *(
            [f"L{2 * n + 1}", "02/05/2025", "1200" if n % 7 == 6 else "500"] for n in range(payments)
        )]),
    }  # fmt: skip


async def run(url: str, kind: str, data: bytes, said: Options, kill_after: float | None = None) -> int:
    """Start the import in a process of its own; kill it, if at all, this long after its next rows are in."""
    process = CHILDREN.Process(target=take_in, args=(url, kind, data, said))
    before = await progress(kind)
    process.start()
    if kill_after is not None:
        while process.is_alive() and await progress(kind) == before:
            await asyncio.to_thread(process.join, 0.005)
        await asyncio.sleep(kill_after)
        process.kill()
    await _ends(process, kind)
    assert process.exitcode is not None, f"stuck at {await progress(kind)}"
    return process.exitcode


async def _ends(process: BaseProcess, kind: str) -> None:
    """However long it takes while its rows move on; one that is stuck does not outlive the database."""
    stood: object = "not looked at yet"
    while process.is_alive() and (stands := await progress(kind)) != stood:
        stood = stands
        await asyncio.to_thread(process.join, STANDS_STILL)
    process.kill()


async def progress(kind: str) -> tuple[int | str, ...] | None:
    row = await db.row("SELECT state, rows_done FROM import_file WHERE kind = $1", kind)
    return tuple(row) if row else None


async def ended(kind: str) -> bool:
    return await db.value(
        "SELECT EXISTS (SELECT FROM import_file WHERE kind = $1 AND state = 'applied')", kind
    )


WRITTEN = """
SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position) AS columns FROM information_schema.columns
WHERE table_schema = 'public' AND data_type IN ('text', 'date', 'boolean', 'integer', 'bigint', 'numeric')
  AND column_name NOT IN ('id', 'ref', 'path', 'key', 'idempotency_key', 'subject') AND column_name NOT LIKE '%\\_id'
  AND table_name NOT LIKE 'pgqueuer%' AND table_name NOT IN ('migration', 'account', 'stored_file')
GROUP BY table_name
"""
# payment:12; and contracts, whose numbers may have gaps
COUNTED = re.compile(r"(?<=[a-z]:)\d+|(?<=[Cc]20\d\d[- ])\d+")


async def everything() -> dict[str, list[str]]:
    """All that was written, without what is random or counts up: references, ids, moments."""
    tables = await db.rows(WRITTEN)
    assert len(tables) > 30
    return {
        table["table_name"]: sorted(
            COUNTED.sub("n", str(tuple(row)))
            for row in await db.rows(
                f'SELECT {", ".join(map(quoted, table["columns"]))} FROM "{table["table_name"]}"'
            )
        )
        for table in tables
    }


def quoted(name: str) -> str:
    return f'"{name}"'


@pytest.mark.timeout(300)
async def test_killed_ten_times_at_random_points_it_ends_as_if_it_never_had_been(twins):
    (alone, killed), said = twins
    files = spreadsheets()
    engine, results = db.engine(), []
    for url in (alone, killed):
        engine.point_at(url)
        await engine.start_connection_pool(min_size=1, max_size=2)
        for kind, data in files.items():
            for _ in range(KILLS[kind] if url == killed else 0):
                if not await ended(kind):
                    await run(url, kind, data, said, kill_after=random.uniform(0, 0.15))
            if not await ended(kind):
                assert await run(url, kind, data, said) == 0
        results.append(await everything())
        await engine.close_connection_pool()
    undisturbed, resumed = results
    assert undisturbed["import_fault"]
    assert len(undisturbed["client_payment"]) == 26  # 30, of which 4 beyond what the deal is worth
    for table, rows in undisturbed.items():
        assert resumed[table] == rows, table
