"""Jobs about points, rewards, orders and gifts."""

from contextlib import suppress

from portal.company import access as company
from portal.gifts.orders import sending
from portal.gifts.points import expiring, following
from portal.gifts.points import mails as points_mails
from portal.gifts.register import regularising
from portal.gifts.rewards import mails as reward_mails
from portal.jobs.queue import machine, task
from portal.kit.days import today
from portal.kit.deed import AlreadyDone, deed

AT_ONCE = 200


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


@task("gifts.review_vat")
async def review_vat() -> None:
    """Each night, this year and the last: a threshold was dated anew, or two files became one person."""
    entity = await company.legal_entity()
    if entity is None:
        return
    for year in (today().year - 1, today().year):
        async with deed(machine("gifts.review_vat", year)):
            await regularising.review(entity["id"], year)


@task("gifts.tell_available")
async def tell_available(reward_id: int) -> None:
    """Whoever asked for a word hears that it can be ordered."""
    async with deed(machine("gifts.tell_available", reward_id)):
        await reward_mails.tell_available(reward_id)


@task("gifts.tell_in_reach")
async def tell_in_reach() -> None:
    """Each morning, in deeds of a few hundred: what somebody wished for and has the points for by now."""
    after = 0
    while wishes := await reward_mails.wished_after(after, AT_ONCE):
        async with deed(machine("gifts.tell_in_reach", after)):
            await reward_mails.tell_in_reach(wishes)
        after = wishes[-1]["id"]
