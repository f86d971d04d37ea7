"""Accruing all that waits, however much: a few hundred deals to a deed, in the order of their ids, so that no two
accruals wait for each other in a ring. It is the same verb as for one payment."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from portal.earnings import access, actions
from portal.jobs.queue import machine
from portal.kit.days import today
from portal.kit.deed import deed

AT_ONCE = 500


async def accrue_waiting(*, notify: bool = True) -> int:
    """Show the plans all facts whose day has come; how many earnings that made."""
    made, after = 0, 0
    while page := await access.deals_after(after, AT_ONCE):
        made += await accrue_page(page, notify=notify)
        after = page[-1]
    return made


async def accrue_page(deal_ids: list[int], *, notify: bool) -> int:
    """Where nothing waits nothing is locked and nothing is written."""
    waiting = await access.with_news(deal_ids)
    if not waiting:
        return 0
    with _uncollected():
        async with deed(machine("earnings.accrue", today()), notify=notify):
            return len(await actions.accrue_deals(waiting))


@contextmanager
def _uncollected() -> Iterator[None]:
    """The rows of a page refer to each other in no ring: to look for rings among them costs a tenth of the whole."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
