"""What recording one client payment through its page costs, in a database that holds many already.

    python -m tests.bench.bench_payment_page [payments held] [payments recorded]

The whole way in one process: the request, the form, the deed, the accrual under a plan with tiers, the ledger, the
answer; the promise is 100 ms. Times are of this machine; those of the processor say what others did meanwhile."""

import asyncio
import sys
import time
from statistics import median, quantiles

import asyncpg

from portal import consequences, database
from portal.app import create_app
from portal.earnings import access, bulk
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import Machine, deed
from portal.kit.postgres import EmbeddedPostgres
from portal.people.access import user_by_email
from portal.people.sessions import open_session
from tests.bench.bench_accrual import PER_DEAL, prepare, spent
from tests.cast import Client
from tests.conftest import DATA, RUNTIME, Cluster  # the environment first

PROMISE_MS, WARM = 100, 10
HELD = """SELECT (SELECT count(*) FROM client_payment) AS payments, (SELECT count(*) FROM earning) AS earnings,
                 (SELECT count(*) FROM ledger_entry) AS entries"""
LARGE_DEALS = "SELECT ref FROM deal WHERE id > 1000 ORDER BY id LIMIT $1"


async def filled(made: Cluster, payments: int) -> None:
    """As many payments as are asked for, accrued; the pool at that database."""
    await made.run(f"CREATE ROLE {RUNTIME} LOGIN PASSWORD '{made.password}'")
    await made.run("CREATE DATABASE bench")
    await database.migrate(made.owner("bench"), RUNTIME)
    consequences.install()
    db.engine().point_at(made.runtime("bench"))
    await db.engine().start_connection_pool(min_size=1, max_size=4)
    await prepare(made, payments)
    ids = await access.deals_after(0, payments)
    for start in range(0, len(ids), bulk.AT_ONCE):
        await bulk.accrue_page(ids[start : start + bulk.AT_ONCE], notify=False)


async def browser_of_finance() -> Client:
    fanny = await user_by_email("fanny@lumen.example")
    assert fanny
    async with deed(Machine("bench")):
        token = await open_session(fanny["id"], seat_id=None, step="full", second_factor=True)
    return Client(create_app(connect=False), token)


async def recorded(finance: Client, ref: str) -> float:
    """Milliseconds from the form sent to the answer."""
    fields = {**await finance.hidden(), "paid_on": today().isoformat(), "amount": "123,45"}
    begun = time.perf_counter()
    answer = await finance.post(f"/affaires/{ref}/encaissements", data=fields)
    taken = time.perf_counter() - begun
    assert answer.status_code == 303, answer.text
    return taken * 1000


async def measure(made: Cluster, payments: int, rounds: int) -> None:
    await filled(made, payments)
    watch = await asyncpg.connect(made.owner("bench"))
    await watch.execute("ANALYZE")
    before = await watch.fetchrow(HELD)
    refs = [row["ref"] for row in await db.rows(LARGE_DEALS, payments // PER_DEAL)]
    async with await browser_of_finance() as finance:
        for n in range(WARM):
            await recorded(finance, refs[n % len(refs)])
        begun = await spent(watch)
        times = [await recorded(finance, refs[n % len(refs)]) for n in range(rounds)]
        worked = (await spent(watch) - begun) * 1000 / rounds
    after = await watch.fetchrow(HELD)
    assert after["payments"] - before["payments"] == WARM + rounds
    assert after["earnings"] - before["earnings"] >= WARM + rounds, "each payment earned"
    assert after["entries"] > before["entries"], "and stands in the ledger"
    print(
        f"{before['payments']} payments held, {before['earnings']} earnings; {rounds} more through the page"
    )
    slow = quantiles(times, n=20)[-1]
    print(f"median {median(times):6.1f} ms   p95 {slow:6.1f} ms   (promise: at most {PROMISE_MS} ms)")
    print(f"processor {worked:6.1f} ms a payment, ours and the server's")
    await watch.close()
    await db.engine().close_connection_pool()


def main(payments: int = 20_000, rounds: int = 200) -> None:
    DATA.chmod(0o755)
    server = EmbeddedPostgres(DATA / "postgres", durable=False)
    try:
        asyncio.run(measure(Cluster(server, server.start()), payments, rounds))
    finally:
        server.stop()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
