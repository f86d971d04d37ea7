"""What accruing many client payments costs, beside COPY of the very same rows into the same tables.

    python -m tests.bench.bench_accrual [payments]

Both stand in one server and take turns, slice by slice, so that a busy machine slows both. Seconds are those of the
processor, here and in the server: what others do meanwhile is not counted. The ratios are what counts."""

import asyncio
import io
import os
import resource
import sys
import time
from pathlib import Path

import asyncpg

from portal import consequences, database
from portal.earnings import access, bulk
from portal.kit import db
from portal.kit.postgres import EmbeddedPostgres
from tests.cast import assemble
from tests.conftest import DATA, RUNTIME, Cluster  # the environment first
from tests.earnings.scene import ago, scene_of

PER_DEAL, DEALS_PER_REFERRER, SLICES = 10, 100, 20
PLAN = {
    "name": "Barème mesuré", "unit": "EUR", "pays_on": "client_paid", "base": "net", "choose": "first",
    "rules": [
        {"key": "an-1", "when": [{"field": "months_since_signature", "is": "<", "value": 6}],
         "pay": {"kind": "percent", "rate": "10"}},
        {"key": "volume", "when": [], "pay": {
            "kind": "tiers", "mode": "marginal", "measure": "base", "period": "calendar_year",
            "bands": [{"from": "0", "rate": "5"}, {"from": "50000", "rate": "7.5"}]}},
    ],
    "limits": {"per_event": None, "per_deal": "20000.00", "per_calendar_year": None, "minimum": "0.00"},
    "recurs_for_months": 24, "hold_days": 30, "clawback_days": 180,
}  # fmt: skip

CLONE = """
INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(made, {changes})).*
FROM {table} made, generate_series(1, $1) n WHERE made.id = (SELECT min(id) FROM {table})"""
REFERRER = f"1000 + (n - 1) / {DEALS_PER_REFERRER} + 1"
CLONES = {
    "referrer": "jsonb_build_object('id', 1000 + n, 'ref', 'R' || n, 'number', 'BENCH' || n)",
    "contract": "jsonb_build_object('id', 1000 + n, 'ref', 'C' || n, 'number', 'BENCH' || n, 'referrer_id', 1000 + n)",
    "lead": f"jsonb_build_object('id', 1000 + n, 'ref', 'L' || n, 'external_id', null, 'referrer_id', {REFERRER}, 'contract_id', {REFERRER})",
    "deal": "jsonb_build_object('id', 1000 + n, 'ref', 'D' || n, 'external_id', null, 'lead_id', 1000 + n)",
    "deal_line": "jsonb_build_object('id', 1000 + n, 'deal_id', 1000 + n)",
}
SHARES = f"INSERT INTO deal_share (deal_id, position, referrer_id, contract_id, weight) SELECT 1000 + n, 1, {REFERRER}, {REFERRER}, 100 FROM generate_series(1, $1) n"
PAYMENTS = f"""
INSERT INTO client_payment (ref, deal_id, kind, paid_on, counts_on, net_cents, source, at)
SELECT 'P' || n, 1000 + (n - 1) / {PER_DEAL} + 1, CASE WHEN n % 50 = 7 THEN 'refund' ELSE 'payment' END, day, day, 100 + n::bigint * 7919 % 199999, 'import', now()
FROM (SELECT n, date '{{day}}' - 300 + (n % {PER_DEAL}) * 30 AS day FROM generate_series(1, $1) n) made"""

KEPT = {  # the rows of a slice, and how to know them
    "ledger_account": "id > {ledger_account}", "earning": "id > {earning}", "earning_fact": "id > {earning_fact}",
    "earning_settlement": "id > {earning_settlement}", "earning_deal_state": "deal_id > {earning_deal_state}",
    "ledger_entry": "id > {ledger_entry}", "ledger_line": "entry_id > {ledger_line}",
}  # fmt: skip
WHOLE = ("earning_period_state", "ledger_balance")  # moved on with each slice: copied once, at the end
BOOKED = """SELECT sum(balance) FROM ledger_balance JOIN ledger_account account ON account.id = account_id
            WHERE role IN ('earned', 'taken_back')"""
FIRST = {"earning_deal_state": "deal_id", "ledger_line": "entry_id"}


async def prepare(made: Cluster, payments: int) -> None:
    """One deal by the real verbs, then as many copies of it and of its people as are needed."""
    deals = payments // PER_DEAL
    many = {"referrer": deals // DEALS_PER_REFERRER + 1, "contract": deals // DEALS_PER_REFERRER + 1}
    scene = await scene_of(await assemble())
    await scene.contract(scene.cast.rachel, PLAN)
    await scene.deal(scene.cast.rachel, 50_000_00, days_ago=300)
    owner = await asyncpg.connect(made.owner("bench"))
    for table, changes in CLONES.items():
        changed = CLONE.format(table=table, changes=changes)
        await owner.execute(changed.replace("$1", str(many.get(table, deals))))
    await owner.execute(SHARES.replace("$1", str(deals)))
    await owner.execute(PAYMENTS.replace("$1", str(payments)).replace("{day}", ago(0).isoformat()))
    await owner.execute("ANALYZE")
    await owner.close()


async def spent(line: asyncpg.Connection) -> float:
    """Seconds of the processor: ours and those of the server's processes for this database."""
    found = await line.fetch("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
    return time.process_time() + sum(_ticks(row["pid"]) for row in found) / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> int:
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(words[11]) + int(words[12])


class Floor:
    """COPY of what accrual has written into the same tables of a second database."""

    def __init__(self, here: asyncpg.Connection, there: asyncpg.Connection) -> None:
        self.here, self.there = here, there
        self.last: dict[str, int] = {}
        self.rows = 0

    async def begin(self) -> None:
        for table in WHOLE:
            await self.there.execute(f"DELETE FROM {table}")
        await self._note()

    async def _note(self) -> None:
        for table in KEPT:
            first = FIRST.get(table, "id")
            self.last[table] = await self.here.fetchval(f"SELECT coalesce(max({first}), 0) FROM {table}")

    async def copied(self, tables: dict[str, str]) -> float:
        """Seconds that the server needs for them in one transaction."""
        read = {}
        for table, those in tables.items():
            read[table] = io.BytesIO()
            columns = ", ".join(f'"{name}"' for name in await _columns(self.here, table))
            await self.here.copy_from_query(
                f"SELECT {columns} FROM {table} WHERE {those}", output=read[table], format="binary"
            )
            read[table].seek(0)
        columns = {table: await _columns(self.here, table) for table in tables}
        begun = await spent(self.there)
        async with self.there.transaction():
            for table, data in read.items():
                status = await self.there.copy_to_table(
                    table, source=data, columns=columns[table], format="binary"
                )
                self.rows += int(status.split()[-1])
            await self.there.execute("SET CONSTRAINTS ALL IMMEDIATE")
        return await spent(self.there) - begun

    async def next_slice(self) -> float:
        took = await self.copied({table: those.format(**self.last) for table, those in KEPT.items()})
        await self._note()
        return took

    async def rest(self) -> float:
        return await self.copied(dict.fromkeys(WHOLE, "true"))


async def _columns(line: asyncpg.Connection, table: str) -> list[str]:
    """Those that a row is written with: what the server generates is not copied."""
    found = await line.fetch(
        "SELECT attname FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        table,
    )
    return [row["attname"] for row in found]


async def databases(made: Cluster, payments: int) -> tuple[asyncpg.Connection, asyncpg.Connection]:
    """One to accrue in, the pool at it; beside it the same, before anything was accrued."""
    await made.run(f"CREATE ROLE {RUNTIME} LOGIN PASSWORD '{made.password}'")
    await made.run("CREATE DATABASE bench")
    await database.migrate(made.owner("bench"), RUNTIME)
    consequences.install()
    engine = db.engine()
    engine.point_at(made.runtime("bench"))
    await engine.start_connection_pool(min_size=1, max_size=4)
    await prepare(made, payments)
    await engine.close_connection_pool()
    await made.run("CREATE DATABASE floor TEMPLATE bench STRATEGY FILE_COPY")
    await engine.start_connection_pool(min_size=1, max_size=4)
    return await asyncpg.connect(made.owner("bench")), await asyncpg.connect(made.owner("floor"))


async def accrued(deal_ids: list[int], watch: asyncpg.Connection) -> float:
    begun = await spent(watch)
    for start in range(0, len(deal_ids), bulk.AT_ONCE):
        await bulk.accrue_page(deal_ids[start : start + bulk.AT_ONCE], notify=False)
    return await spent(watch) - begun


async def again(watch: asyncpg.Connection) -> float:
    begun = await spent(watch)
    assert await bulk.accrue_waiting(notify=False) == 0
    return await spent(watch) - begun


async def compare(made: Cluster, payments: int) -> None:
    here, there = await databases(made, payments)
    floor = Floor(here, there)
    await floor.begin()
    ids = await access.deals_after(0, payments)
    size, accruing, copying = len(ids) // SLICES + 1, 0.0, 0.0
    for start in range(0, len(ids), size):
        accruing += await accrued(ids[start : start + size], here)
        copying += await floor.next_slice()
        print(f"{start + size:>9} deals {accruing / copying:6.2f} × COPY", file=sys.stderr)
    copying += await floor.rest()
    written = floor.rows
    nothing = await again(here)
    await floor.next_slice()
    assert floor.rows == written, "what is accrued again writes nothing"
    earned = await here.fetchval("SELECT sum(amount) FROM earning")
    assert earned == await here.fetchval(BOOKED), "the ledger says the same"
    print(f"{payments} payments, {written} rows, {earned / 100:.2f} EUR earned")
    print(f"COPY of the same rows {copying:8.1f} s {copying / payments * 1e6:7.0f} µs a payment")
    print(f"accrual               {accruing:8.1f} s {accruing / payments * 1e6:7.0f} µs a payment")
    print(f"                      {accruing / copying:8.2f} × COPY")
    print(f"again, nothing new    {nothing:8.1f} s {nothing / accruing:7.2%} of the first")
    print(f"memory at most        {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:8} MB")
    await db.engine().close_connection_pool()


def main(payments: int = 100_000) -> None:
    DATA.chmod(0o755)
    server = EmbeddedPostgres(DATA / "postgres", durable=False)
    try:
        asyncio.run(compare(Cluster(server, server.start()), payments))
    finally:
        server.stop()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
