"""The story that bench_payouts_killed tells: our design a thousand times, then the three wrong ones until each is caught."""

import asyncio
import os
import time

from portal import consequences, database
from portal.demo.fake_stripe.bank import Bank
from portal.demo.fake_stripe.server import KEY, serving
from portal.kit import db
from portal.kit.postgres import EmbeddedPostgres
from portal.settings import settings
from tests.cast import Cast, assemble
from tests.conftest import DATA, RUNTIME, Cluster  # the environment first
from tests.stripe.killing import Killing
from tests.stripe.scene import scene_of

WRONG = ("naive", "fresh_key", "mark_first")


async def ours(killing: Killing, kills: int) -> None:
    begun = time.perf_counter()
    await killing.kill(kills)
    await killing.recover()
    found = await killing.verdict()
    for stage, many in sorted(killing.met.items()):
        print(f"{many:>6} kills  {stage}")
    print(f"{kills:>6} kills in all, {time.perf_counter() - begun:.0f} s; {found.lines} lines")
    for fault, many in killing.scene.fake.faults.met.items():
        print(f"{many:>6} × {fault}" if many else "", end="\n" if many else "")
    print(f"ours        paid twice {len(found.doubles)}, never {len(found.lost)}, not yet {len(found.open)}")
    faults = await killing.faults_of_the_ledger()
    print(f"            the ledger: {', '.join(map(str, faults)) or 'agrees'}")
    assert found.is_right
    assert not faults


async def told(made: Cluster, name: str, cast: Cast, kills: int) -> None:
    await made.run(f"CREATE DATABASE {name} TEMPLATE ready")
    with serving(Bank(10_000_00)) as fake:
        os.environ.update(PORTAL_STRIPE_KEY=KEY, PORTAL_STRIPE_URL=fake.address)
        settings.cache_clear()
        db.engine().point_at(made.runtime(name))
        await db.engine().start_connection_pool(min_size=1, max_size=4)
        killing = Killing(await scene_of(cast, fake), made.runtime(name), name)
        if name == "ours":
            await ours(killing, kills)
        else:
            found = await killing.until_caught(at_most=50)
            print(
                f"{name:<11} paid twice {len(found.doubles)}, never {len(found.lost)} after {killing.met.total()} kills"
            )
            assert found.is_caught
        await db.engine().close_connection_pool()


async def all_of_them(made: Cluster, kills: int) -> None:
    await made.run(f"CREATE ROLE {RUNTIME} LOGIN PASSWORD '{made.password}'")
    await made.run("CREATE DATABASE ready")
    await database.migrate(made.owner("ready"), RUNTIME)
    consequences.install()
    db.engine().point_at(made.runtime("ready"))
    await db.engine().start_connection_pool(min_size=1, max_size=4)
    cast = await assemble()
    await db.engine().close_connection_pool()
    for name in ("ours", *WRONG):
        await told(made, name, cast, kills)


def main(kills: int = 1_000) -> None:
    DATA.chmod(0o755)
    server = EmbeddedPostgres(DATA / "postgres", durable=False)
    try:
        asyncio.run(all_of_them(Cluster(server, server.start()), kills))
    finally:
        server.stop()
