"""Controls: what is broken by hand is found."""

from portal.invoicing import verify
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import Machine, deed
from portal.payouts import actions
from portal.payouts import verify as payouts_verify


async def test_a_number_that_nobody_has_is_found(books, cast):
    await books.earns(cast.rachel, 100_00)
    await books.issue()
    assert await verify.faults() == []
    async with deed(Machine("test")):
        await db.execute("UPDATE number_series SET last = last + 1")
    assert {fault.code for fault in await verify.faults()} == {"series_with_gap"}
    async with deed(Machine("test")):
        await db.execute("UPDATE number_series SET last = last - 1")


async def test_a_transfer_that_is_not_its_papers_is_found(books, cast):
    await books.earns(cast.rachel, 100_00)
    await books.issue()
    async with deed(cast.fanny.person):
        await actions.prepare(cast.entity_id, today())
    assert await payouts_verify.faults() == []
    async with deed(Machine("test")):
        await db.execute("UPDATE payout_line SET net_cents = net_cents + 1, total_cents = total_cents + 1")
    assert {fault.code for fault in await payouts_verify.faults()} == {"line_is_not_its_papers"}
    async with deed(Machine("test")):
        await db.execute("UPDATE payout_line SET net_cents = net_cents - 1, total_cents = total_cents - 1")
        await db.execute("UPDATE payout_invoice SET released = true")
    assert {fault.code for fault in await payouts_verify.faults()} == {"paper_free_or_bound_wrongly"}
    async with deed(Machine("test")):
        await db.execute("UPDATE payout_invoice SET released = false")
