"""The last reward is asked for two hundred times at once: is it ordered once? Are points spent twice?

    python -m tests.bench.bench_rewards [orders]

As many connections as the server takes, real deeds, three referrers. Then another, whose points pay for three,
asks for as many of a reward of which there are plenty. Verified at the end: ledger, lots and orders say the same."""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Sequence

from portal import consequences, database, verify
from portal.kit import db
from portal.kit.postgres import EmbeddedPostgres
from portal.kit.problems import Refused
from tests.cast import Cast, Member, assemble
from tests.conftest import DATA, RUNTIME, Cluster  # the environment first
from tests.earnings.scene import scene_of
from tests.gifts.orders.shop import POINTS, earn, offer, order

AT_ONCE = 80  # connections; the server takes a hundred
PRICE, AFFORDS = 30, 3


async def all_at_once(asked: Sequence[Awaitable[db.Row]]) -> tuple[Counter[str], float]:
    """'ordered' or the code of each refusal; seconds. Anything else that goes wrong ends the bench."""
    begun = time.monotonic()
    answers = await asyncio.gather(*asked, return_exceptions=True)
    took = time.monotonic() - begun
    for one in answers:
        if isinstance(one, BaseException) and not isinstance(one, Refused):
            raise one
    return Counter(one.code if isinstance(one, Refused) else "ordered" for one in answers), took


async def the_last_one(cast: Cast, who: Sequence[Member], orders: int) -> bool:
    basket = await offer(cast, stock=1, points=PRICE)
    found, took = await all_at_once([order(who[n % len(who)], basket) for n in range(orders)])
    left = await db.value("SELECT stock FROM reward WHERE id = $1", basket["id"])
    kept = await db.value("SELECT count(*) FROM reward_order WHERE reward_id = $1", basket["id"])
    print(f"{orders} orders of the last reward in {took:.2f} s: {dict(found)}, stock {left}, rows {kept}")
    return found == {"ordered": 1, "sold_out": orders - 1} and (left, kept) == (0, 1)


async def the_same_points(cast: Cast, who: Member, orders: int) -> bool:
    basket = await offer(cast, points=PRICE)
    found, took = await all_at_once([order(who, basket) for _ in range(orders)])
    reserved = await db.value(
        "SELECT coalesce(sum(points), 0) FROM reward_order WHERE referrer_id = $1", who.referrer_id
    )
    print(
        f"{orders} orders with points for {AFFORDS} in {took:.2f} s: {dict(found)}, {reserved} points reserved"
    )
    return (
        found == {"ordered": AFFORDS, "not_enough_points": orders - AFFORDS} and reserved == AFFORDS * PRICE
    )


async def compare(made: Cluster, orders: int) -> bool:
    await made.run(f"CREATE ROLE {RUNTIME} LOGIN PASSWORD '{made.password}'")
    await made.run("CREATE DATABASE bench")
    await database.migrate(made.owner("bench"), RUNTIME)
    consequences.install()
    engine = db.engine()
    engine.point_at(made.runtime("bench"))
    await engine.start_connection_pool(min_size=AT_ONCE, max_size=AT_ONCE)
    cast = await assemble()
    scene = await scene_of(cast)
    # who buys first must not be short of points for the second question
    buyers = (cast.rachel, cast.remi, cast.mina)
    for who in (*buyers, cast.stefan):
        await scene.contract(who, POINTS)
        await earn(scene, who, PRICE * AFFORDS)
    good = await the_last_one(cast, buyers, orders)
    good &= await the_same_points(cast, cast.stefan, orders)
    faults = (await verify.everything()).faults
    print(f"verified: {len(faults)} faults")
    await engine.close_connection_pool()
    return good and not faults


def main(orders: int = 200) -> None:
    DATA.chmod(0o755)
    server = EmbeddedPostgres(DATA / "postgres", durable=True)
    try:
        good = asyncio.run(compare(Cluster(server, server.start()), orders))
    finally:
        server.stop()
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
