"""Another is paid in the place of the referrer: what each gets, and how each share ends."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from portal.kit import db, files
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.files import Store, keep
from portal.kit.problems import Refused
from portal.ledger.balances import account_balance, referrer_balances
from portal.payouts import access, actions
from portal.payouts.by_hand import paying
from portal.payouts.by_hand.rules import Way
from portal.payouts.shares import ending
from portal.payouts.shares.rules import shares_of
from portal.payouts.waiting import waiting
from portal.referrers.payee_rules import Kind
from tests.invoicing.books import Books
from tests.referrers.test_payees import IBAN, approved


def payee(number: int, ceiling: int | None, had: int = 0) -> dict[str, Any]:
    return {"id": number, "ceiling_cents": ceiling, "had_cents": had}


def told(total: int, payees: list[dict[str, Any]]) -> list[tuple[int | None, int]]:
    return [(one.payee["id"] if one.payee else None, one.cents) for one in shares_of(total, payees)]


@pytest.mark.parametrize(
    ("payees", "shares"),
    [
        ([], []),
        ([payee(1, None)], [(1, 432_00)]),
        ([payee(1, 400_00)], [(1, 400_00), (None, 32_00)]),
        ([payee(1, 400_00, had=390_00)], [(1, 10_00), (None, 422_00)]),
        ([payee(1, 400_00, had=400_00)], []),  # paid in full: the referrer alone, on one line
        ([payee(1, 100_00), payee(2, 50_00), payee(3, None)], [(1, 100_00), (2, 50_00), (3, 282_00)]),
    ],
)
def test_what_came_first_is_served_first_up_to_its_ceiling(payees, shares):
    assert told(432_00, payees) == shares


@given(
    st.integers(1, 10**8),
    st.lists(st.tuples(st.none() | st.integers(1, 10**7), st.integers(0, 10**7)), max_size=6),
)
def test_shares_are_the_whole_and_none_goes_above_its_ceiling(total, acts):
    payees = [payee(number, ceiling, had) for number, (ceiling, had) in enumerate(acts)]
    found = shares_of(total, payees)
    assert not found or sum(one.cents for one in found) == total
    for one in found:
        assert one.cents > 0
        assert (
            one.payee is None
            or one.payee["ceiling_cents"] is None
            or one.payee["had_cents"] + one.cents <= one.payee["ceiling_cents"]
        )


async def sent_with(books: Books, ceiling: int | None, kind: Kind = Kind.ATTACHMENT) -> db.Row:
    cast = books.cast
    await books.earns(cast.remi, 360_00)
    await books.issue()
    await approved(cast, cast.remi, ceiling=ceiling, kind=kind)
    async with deed(cast.fanny.person):
        run = await actions.prepare(cast.entity_id, today())
    async with deed(cast.fred.person):
        await actions.approve(run)
    run = await access.run(run["id"])
    kept = await actions.bank_file(run)
    async with deed(cast.fanny.person):
        await actions.send(run, kept)
    (line,) = await access.lines_of(run["id"])
    return line


async def test_the_bank_pays_the_treasury_first_and_the_rest_to_the_referrer(books, cast, client):
    """432.00: 400.00 to the Treasury, 32.00 to Rémi; the books know one debt, paid."""
    line = await sent_with(books, 400_00)
    file = await files.by_ref((await access.run(line["run_id"]))["file_ref"])
    document = etree.fromstring(await files.content(file))
    transfers = [
        (
            one.findtext(".//{*}Cdtr/{*}Nm"),
            one.findtext(".//{*}InstdAmt"),
            one.findtext(".//{*}CdtrAcct//{*}IBAN"),
        )
        for one in document.findall(".//{*}CdtTrfTxInf")
    ]
    assert transfers[0] == ("Tresor public", "400.00", IBAN)
    assert transfers[1][1] == "32.00"
    async with deed(cast.fanny.person):
        await actions.settle(await access.run(line["run_id"]), today())
    found = await referrer_balances(cast.remi.referrer_id)
    assert (found.paid, found.in_transit, found.holds) == (360_00, 0, True)
    assert await account_balance(f"entity:{cast.entity_id}:bank") == -432_00
    text = (await client(cast.remi).get(f"/virements/{line['ref']}")).text
    assert "Trésor public" in text
    assert IBAN not in text
    assert "0129" not in text


async def test_what_a_payee_had_counts_and_the_referrer_is_then_paid_again(books, cast):
    line = await sent_with(books, 400_00)
    async with deed(cast.fanny.person):
        await actions.settle(await access.run(line["run_id"]), today())
    await books.earns(cast.remi, 100_00)
    await books.issue()
    (candidate,) = await waiting(cast.entity_id)
    assert candidate.shares == []


async def test_after_a_death_who_is_paid_is_not_named_to_who_reads_the_space(books, cast, client):
    line = await sent_with(books, None, Kind.DEATH)
    assert line["bank_detail_id"] is None
    text = (await client(cast.remi).get(f"/virements/{line['ref']}")).text
    assert "La succession" in text
    assert "Trésor public" not in text


async def test_of_two_shares_one_comes_back_and_is_paid_by_hand(books, cast):
    """The Treasury's arrives, Rémi's comes back: the transfer waits, is proved, and arrives as a whole."""
    line = await sent_with(books, 400_00)
    async with deed(cast.fanny.person):
        await ending.share_arrived(line, 1, today())
        await ending.share_came_back(line, 2, today(), "AC04")
    with pytest.raises(Refused) as why:
        async with deed(cast.fanny.person):
            await actions.settle(await access.run(line["run_id"]), today())
    assert why.value.code == "settled_alone"
    with pytest.raises(Refused):
        async with deed(cast.fanny.person):
            await actions.fail(line, today())
    kept = await keep(Store.UPLOADS, b"%PDF-", media_type="application/pdf", name="cheque.pdf")
    async with deed(cast.fanny.person):
        await paying.pay(
            line, 2, way=Way.CHEQUE, amount_cents=32_00, paid_on=today(), reference="0000123", kept=kept
        )
    assert (await access.line(line["id"]))["state"] == "settled"
    assert (await access.run(line["run_id"]))["state"] == "settled"
    assert (await referrer_balances(cast.remi.referrer_id)).paid == 360_00


async def test_when_all_shares_come_back_the_transfer_has_and_its_papers_are_free(books, cast):
    line = await sent_with(books, 400_00)
    for position in (1, 2):
        async with deed(cast.fanny.person):
            await ending.share_came_back(line, position, today())
    assert (await access.line(line["id"]))["state"] == "failed"
    (candidate,) = await waiting(cast.entity_id)
    assert [one.cents for one in candidate.shares] == [400_00, 32_00]


async def test_a_share_is_noted_once(books, cast):
    line = await sent_with(books, 400_00)
    async with deed(cast.fanny.person):
        await ending.share_arrived(line, 1, today())
    with pytest.raises(Refused) as why:
        async with deed(cast.fanny.person):
            await ending.share_arrived(line, 1, today())
    assert why.value.code == "share_moved_on"
    assert await db.value("SELECT count(*) FROM payout_share_end") == 1


async def test_what_arrived_whole_with_one_payee_may_still_come_back(books, cast):
    """432.00 to the Treasury alone: settled, then returned; the papers wait for another run and nothing has left."""
    line = await sent_with(books, None)
    async with deed(cast.fanny.person):
        await actions.settle(await access.run(line["run_id"]), today())
    async with deed(cast.fanny.person):
        await ending.share_came_back(line, 1, today(), "AC04")
    back = await access.line(line["id"])
    assert (back["state"], back["why"], back["came_back_on"]) == ("failed", "AC04", today())
    assert await account_balance(f"entity:{cast.entity_id}:bank") == 0
    (candidate,) = await waiting(cast.entity_id)
    assert (candidate.total_cents, [share.cents for share in candidate.shares]) == (432_00, [432_00])


async def test_of_two_shares_that_arrived_one_comes_back_and_is_paid_again_by_hand(books, cast, client):
    """400.00 to the Treasury and 32.00 to Rémi arrive; then Rémi's comes back. The debt stays one that was paid: his
    share waits on finance's home and on its transfer, until somebody pays it again with a proof."""
    line = await sent_with(books, 400_00)
    async with deed(cast.fanny.person):
        await actions.settle(await access.run(line["run_id"]), today())
    fanny = client(cast.fanny)
    assert "Revenu" in (await fanny.get(f"/virements/{line['ref']}")).text
    answer = await fanny.post_form(f"/virements/{line['ref']}/parts", position=2, arrived="false")
    assert answer.status_code == 303
    assert (await access.line(line["id"]))["state"] == "settled"
    assert "à payer à la main" in (await fanny.get(f"/virements/{line['ref']}")).text
    assert "part de virement revenue le" in (await fanny.get("/")).text
    with pytest.raises(Refused) as why:
        async with deed(cast.fanny.person):
            await ending.share_came_back(line, 2, today(), "AC04")
    assert why.value.code == "share_moved_on"
    kept = await keep(Store.UPLOADS, b"%PDF-", media_type="application/pdf", name="cheque.pdf")
    async with deed(cast.fanny.person):
        await paying.pay(
            line, 2, way=Way.CHEQUE, amount_cents=32_00, paid_on=today(), reference="0000124", kept=kept
        )
    assert (await access.line(line["id"]))["shares"][1]["end"] == "arrived"
    assert await account_balance(f"entity:{cast.entity_id}:bank") == -432_00
    assert (await referrer_balances(cast.remi.referrer_id)).paid == 360_00


async def test_when_both_shares_come_back_after_they_arrived_the_transfer_has(books, cast):
    line = await sent_with(books, 400_00)
    async with deed(cast.fanny.person):
        await actions.settle(await access.run(line["run_id"]), today())
    for position in (1, 2):
        async with deed(cast.fanny.person):
            await ending.share_came_back(line, position, today(), "AC04")
    assert (await access.line(line["id"]))["state"] == "failed"
    assert await account_balance(f"entity:{cast.entity_id}:bank") == 0
