"""Jobs about points, rewards, orders and gifts."""

from contextlib import suppress

from portal.gifts.orders import sending
from portal.gifts.points import expiring, following
from portal.gifts.points import mails as points_mails
from portal.jobs.queue import machine, task
from portal.kit.days import today
from portal.kit.deed import AlreadyDone, deed


@task("gifts.receive_orders")
async def receive_orders() -> None:
    """What was sent long enough ago, and nobody misses."""
    async with deed(machine("gifts.receive_orders")):
        await sending.receive_all()


@task("gifts.follow_points")
async def follow_points(referrer_ids: list[int]) -> None:
    """Points of theirs were confirmed or taken back."""
    async with deed(machine("gifts.follow_points")):
        await following.follow(referrer_ids)


@task("gifts.keep_points")
async def keep_points() -> None:
    """Each night: what no job followed; what this day does not count for; what has expired. In deeds of a few hundred."""
    after = 0
    while referrer_ids := await following.waiting_after(after):
        async with deed(machine("gifts.follow_points", after)):
            await following.follow(referrer_ids)
        after = referrer_ids[-1]
    with suppress(AlreadyDone):
        async with deed(machine("gifts.keep_points"), f"stopped:{today()}") as done:
            await expiring.stop_the_clock(today())
            done.answer = {"day": str(today())}
    after = 0
    while referrer_ids := await expiring.with_past(today(), after):
        async with deed(machine("gifts.expire_points", after)):
            await expiring.expire(referrer_ids, today())
        after = referrer_ids[-1]


@task("gifts.remind_points")
async def remind_points() -> None:
    async with deed(machine("gifts.remind_points", today())):
        await points_mails.remind(today())
