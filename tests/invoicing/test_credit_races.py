"""A commission is taken back once and credited once, whoever acts at the same moment."""

import asyncio

from portal.invoicing import actions
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.problems import Refused


async def test_the_same_commission_taken_back_twice_at_once_gives_one_credit_note(books, cast):
    """Two record the whole refund of the same payment, then four issue: 360 + 72 is credited once."""
    payment = await books.earns(cast.remi, 360_00)
    (invoice,) = await books.issue()
    refunds = await asyncio.gather(*(books.refund(payment, 360_00) for _ in range(2)), return_exceptions=True)
    assert sorted(isinstance(one, Refused) for one in refunds) == [False, True]
    assert await db.value("SELECT count(*) FROM earning WHERE takes_back_id IS NOT NULL") == 1

    async def issue() -> int:
        async with deed(cast.fanny.person):
            return len((await actions.issue(cast.entity_id)).invoice_ids)

    assert sorted(await asyncio.gather(*(issue() for _ in range(4)))) == [0, 0, 0, 1]
    notes = await db.rows(
        "SELECT credits_id, net_cents, vat_cents, series_position FROM invoice WHERE sign < 0"
    )
    assert [tuple(note.values()) for note in notes] == [(invoice["id"], 360_00, 72_00, 2)]


async def test_all_papers_and_credit_notes_alone_issued_at_once_credit_once(books, cast):
    """90 + 18 is taken back from 360 + 72; half of those who issue want credit notes alone."""
    payment = await books.earns(cast.remi, 360_00)
    await books.issue()
    await books.refund(payment, 90_00)

    async def issue(*, credits_only: bool) -> int:
        async with deed(cast.fanny.person):
            if credits_only:
                made = await actions.issue_credit_notes(cast.entity_id, [cast.remi.referrer_id])
            else:
                made = await actions.issue(cast.entity_id, [cast.remi.referrer_id])
            return len(made.invoice_ids)

    made = await asyncio.gather(*(issue(credits_only=turn % 2 == 0) for turn in range(4)))
    assert sorted(made) == [0, 0, 0, 1]
    assert await db.value("SELECT sum(total_cents) FROM invoice WHERE sign < 0") == 108_00
