"""What 401 owes and since when; the same money told four times."""

from datetime import date, timedelta

import pytest

from portal.books.balances import access
from portal.books.balances.rules import Bucket, aged, bucket_of, reconciled
from portal.kit import db
from portal.kit.days import at, clock_at, today
from tests.books.stories import transfer

DUE = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("late", "bucket"),
    [
        (-30, Bucket.NOT_DUE), (0, Bucket.NOT_DUE), (1, Bucket.UP_TO_30), (30, Bucket.UP_TO_30), (31, Bucket.UP_TO_60),
        (60, Bucket.UP_TO_60), (61, Bucket.UP_TO_90), (90, Bucket.UP_TO_90), (91, Bucket.OVER_90),
    ],
)  # fmt: skip
def test_a_paper_is_as_late_as_its_legal_day_says(late, bucket):
    assert bucket_of(DUE, DUE + timedelta(late)) == bucket


async def test_the_balance_is_that_of_the_ledger_on_any_day(books, cast):
    """432 of Rémi and 100 of Rachel are owed until they arrive, ten days later; then nothing is."""
    first, paid_on = today(), today() + timedelta(10)
    await books.earns(cast.remi, 360_00)
    await books.earns(cast.rachel, 100_00)
    await books.issue()
    with clock_at(at(paid_on)):
        await transfer(books)
    for day, owed in (
        (first - timedelta(1), 0),
        (first, 532_00),
        (paid_on - timedelta(1), 532_00),
        (paid_on, 0),
    ):
        papers = await access.open_papers(cast.entity_id, day)
        assert sum(paper["cents"] for paper in papers) == owed == await access.booked(cast.entity_id, day)


async def test_who_is_late_stands_in_the_right_column(books, cast):
    await books.earns(cast.remi, 360_00)
    [paper] = await books.issue(cast.remi)
    for late, bucket in ((0, Bucket.NOT_DUE), (1, Bucket.UP_TO_30), (91, Bucket.OVER_90)):
        day = paper["due_on"] + timedelta(late)
        [row] = aged(await access.open_papers(cast.entity_id, day), day)
        assert (row.cents[bucket], row.total) == (432_00, 432_00)


async def test_a_credit_note_reduces_what_is_owed(books, cast):
    payment = await books.earns(cast.remi, 360_00)
    await books.issue(cast.remi)
    await books.refund(payment, 60_00)  # 60 HT + 12 of VAT
    await books.issue(cast.remi)
    [row] = aged(await access.open_papers(cast.entity_id, today()), today())
    assert row.total == 432_00 - 72_00 == await access.booked(cast.entity_id, today())


async def test_commissions_papers_and_401_agree_and_transfers_lag(books, cast):
    await books.earns(cast.remi, 360_00)
    await books.issue(cast.remi)
    found = reconciled(await access.papers_between(cast.entity_id, today(), today()))
    assert (found.commissions.net, found.papers.total, found.booked.total) == (360_00, 432_00, 432_00)
    assert found.off["commissions"].total == found.off["compte"].total == 0
    assert found.off["virements"].total == 432_00
    await transfer(books)
    found = reconciled(await access.papers_between(cast.entity_id, today(), today()))
    assert {key: off.total for key, off in found.off.items()} == {
        "commissions": 0,
        "compte": 0,
        "virements": 0,
    }


async def test_each_difference_leads_to_the_papers_that_make_it(books, cast, client):
    await books.earns(cast.remi, 360_00)
    await books.earns(cast.rachel, 100_00)
    await books.issue(cast.remi)
    await transfer(books)
    await books.issue(cast.rachel)
    unpaid = await db.value("SELECT number FROM invoice WHERE referrer_id = $1", cast.rachel.referrer_id)
    fanny = client(cast.fanny)
    whole = await fanny.get("/comptabilite/rapprochement")
    assert "ecart=virements#pieces" in whole.text
    shown = await fanny.get("/comptabilite/rapprochement?ecart=virements&format=csv")
    assert unpaid in shown.text
    assert shown.text.count("\n") == 2  # the titles and Rachel's receipt
    assert (await fanny.get("/comptabilite/rapprochement?ecart=compte&format=csv")).text.count("\n") == 1
    aged_page = await fanny.get("/comptabilite/balance-agee")
    assert aged_page.status_code == 200
    ref = await db.value("SELECT ref FROM referrer WHERE id = $1", cast.rachel.referrer_id)
    assert unpaid in (await fanny.get(f"/comptabilite/balance-agee/{ref}")).text
