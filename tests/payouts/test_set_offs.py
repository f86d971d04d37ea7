"""Which credit note was deducted from which paper: HT from HT, VAT from VAT, to the cent."""

from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.payouts import access, actions
from portal.payouts.set_offs import SetOff, letter_of, set_offs
from tests.invoicing.books import Books


def paper(number: int, net: int, vat: int, credits_id: int | None = None) -> dict[str, Any]:
    return {
        "id": number,
        "net_cents": net,
        "vat_cents": vat,
        "total_cents": net + vat,
        "credits_id": credits_id,
    }


def test_a_credit_note_takes_from_the_paper_that_it_credits_before_all_others():
    """50 + 10 of paper 2, although paper 1 is older."""
    found = set_offs([paper(1, 100_00, 20_00), paper(2, 80_00, 16_00), paper(3, -50_00, -10_00, 2)])
    assert found == [SetOff(3, 2, 50_00, 10_00)]


def test_what_the_paper_cannot_bear_is_taken_from_the_oldest():
    """90 + 18: 60 + 12 of paper 2, which it credits, 30 + 6 of paper 1."""
    found = set_offs([paper(1, 100_00, 20_00), paper(2, 60_00, 12_00), paper(3, -90_00, -18_00, 2)])
    assert found == [SetOff(3, 2, 60_00, 12_00), SetOff(3, 1, 30_00, 6_00)]


def test_vat_is_deducted_from_vat_wherever_it_is():
    """Paper 1 bears no VAT: its HT goes first, the VAT of the credit note comes off paper 2."""
    found = set_offs([paper(1, 100_00, 0), paper(2, 50_00, 10_00), paper(3, -40_00, -8_00, 9)])
    assert found == [SetOff(3, 1, 40_00, 0), SetOff(3, 2, 0, 8_00)]


AMOUNTS = st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 10**5)), min_size=1, max_size=6)


@given(AMOUNTS, AMOUNTS, st.lists(st.integers(1, 9), min_size=6, max_size=6))
def test_every_credit_note_is_deducted_whole_and_no_paper_gives_more_than_it_has(papers, notes, credited):
    assume(sum(net for net, _ in papers) >= sum(net for net, _ in notes))
    assume(sum(vat for _, vat in papers) >= sum(vat for _, vat in notes))
    due = [paper(number, net, vat) for number, (net, vat) in enumerate(papers, 1)]
    taken = [paper(100 + number, -net, -vat, credited[number]) for number, (net, vat) in enumerate(notes)]
    found = set_offs([*due, *taken])
    for note in taken:
        own = [one for one in found if one.credit_note_id == note["id"]]
        assert (sum(one.net for one in own), sum(one.vat for one in own)) == (
            -note["net_cents"],
            -note["vat_cents"],
        )
    for one in due:
        own = [off for off in found if off.invoice_id == one["id"]]
        assert sum(off.net for off in own) <= one["net_cents"]
        assert sum(off.vat for off in own) <= one["vat_cents"]


def test_letters_count_like_columns_of_a_spreadsheet():
    assert [letter_of(number) for number in (1, 26, 27, 52, 53, 702, 703)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_no_two_lines_have_the_same_letter(one, other):
    assert (letter_of(one) == letter_of(other)) == (one == other)


async def test_the_run_says_what_was_deducted_and_the_referrer_reads_it(books: Books, cast, client):
    """360 + 72 to pay, of which 90 + 18 were taken back before the transfer."""
    payment = await books.earns(cast.remi, 360_00)
    await books.issue()
    await books.refund(payment, 90_00)
    await books.issue()
    async with deed(cast.fanny.person):
        run = await actions.prepare(cast.entity_id, today())
    (line,) = await access.lines_of(run["id"])
    (off,) = await access.set_offs_of([line["id"]])
    assert (off["net_cents"], off["vat_cents"], off["letter"]) == (90_00, 18_00, letter_of(line["id"]))
    async with deed(cast.fred.person):
        await actions.approve(run)
    run = await access.run(run["id"])
    kept = await actions.bank_file(run)
    async with deed(cast.fanny.person):
        await actions.send(run, kept)
    text = (await client(cast.remi).get(f"/virements/{line['ref']}")).text
    assert "déduit de" in text
    assert off["note_number"] in text
    assert await db.value("SELECT count(*) FROM payout_set_off") == 1
