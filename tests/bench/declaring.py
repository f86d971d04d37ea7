"""What bench_das2 measures: who is declared and how, the file with its totals, its storing, the run with a line for each.

Beside it the same people are read and a record of each is formatted with the words as they are. Both take turns on one
server, so that a busy machine slows both. Seconds are those of the processor, here and in the server; memory is the most
that this process ever held, Python and the whole portal included, as a worker or the command holds it."""

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import Any

import asyncpg

from portal import consequences
from portal.company import access as company
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import Machine, deed
from portal.taxes.das2 import access, drawing, records, reviewing
from portal.taxes.das2.reviewing import Contact
from portal.taxes.das2.rules import Law, euros, law_of

TURNS, MOST, MOST_MEGABYTES = 3, 5, 200
BARE: dict[str, Any] = {
    **dict.fromkeys(records.AMOUNTS, 0), "whose": "", "company_name": "", "in_kind": "", "exempt": "", "born_on": "", "wages": "4",
    "siret": "73282932000074", "address": " " * records.ADDRESS_LENGTH,
}  # fmt: skip


async def bare(entity_id: int, law: Law) -> int:
    """How many records."""
    written = 0
    async for row in access.each_above(entity_id, law.year, law.threshold):
        amounts = {"commissions": euros(row["commission_cents"]), "benefits": euros(row["benefit_cents"])}
        record = records.BENEFICIARY.format(
            **BARE | amounts, year=law.year, last_name=row["last_name"], first_names=row["first_name"]
        )
        written += len(record)
    return written // records.LENGTH


async def declaration(entity: db.Row, law: Law, turn: int) -> db.Row:
    contact = Contact("Fanny Leroy", "0472000001", f"turn{turn}@exemple.fr", pays_wages=True)
    drawn = await drawing.draw(entity["id"], law, reviewing.declarant_of(entity, law.year, contact))
    kept = await drawing.store(drawn)
    async with deed(Machine("bench")):
        return await drawing.keep(entity["id"], drawn, kept, contact.pays_wages)


async def turn_of(turn: int, entity: db.Row, law: Law, watch: asyncpg.Connection) -> float:
    begun = await spent(watch)
    read = await bare(entity["id"], law)
    between = await spent(watch)
    run = await declaration(entity, law, turn)
    plain, mine = between - begun, await spent(watch) - between
    assert run["people"] == read, "everybody is written, once"
    print(
        f"{read} people   select and format {plain:5.2f} s   the declaration {mine:5.2f} s   {mine / plain:5.2f} ×"
    )
    return mine / plain


async def spent(line: asyncpg.Connection) -> float:
    """Seconds of the processor: ours and those of the server's processes for this database."""
    found = await line.fetch("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
    return time.process_time() + sum(_ticks(row["pid"]) for row in found) / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> int:
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(words[11]) + int(words[12])


def megabytes() -> int:
    """Of this program alone: what getrusage says begins with what its parent held."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


async def measured(runtime: str, owner: str) -> bool:
    consequences.install()
    db.engine().point_at(runtime)
    await db.engine().start_connection_pool(min_size=1, max_size=2)
    entity, watch, before = await company.legal_entity(), await asyncpg.connect(owner), megabytes()
    assert entity is not None
    law = law_of(today().year, await company.figures())
    ratios = sorted([await turn_of(turn, entity, law, watch) for turn in range(TURNS)])
    most = megabytes()
    print(f"{ratios[TURNS // 2]:.2f} × select and format (at most {MOST})")
    print(f"memory {most} MB (at most {MOST_MEGABYTES}), {before} of them before anything was read")
    await watch.close()
    await db.engine().close_connection_pool()
    return ratios[TURNS // 2] <= MOST and most <= MOST_MEGABYTES


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(measured(*sys.argv[1:])) else 1)
