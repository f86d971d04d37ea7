"""The ledger told as a bookkeeper writes it."""

from collections import Counter
from datetime import timedelta

from portal.books.journal.entries import entries_between
from portal.books.journal.rules import PLACES, Journal, JournalEntry
from portal.kit import db
from portal.kit.days import at, clock_at, today
from portal.ledger.balances import account_balance
from tests.books.stories import entity_of, transfer

LONG_AGO = timedelta(days=300)


def written(entry: JournalEntry) -> list[str]:
    """As it stands on paper."""
    return [
        f"{line.account.number}{' ' + line.auxiliary.code if line.auxiliary else ''} "
        f"{'D' if line.cents > 0 else 'C'} {abs(line.cents) // 100},{abs(line.cents) % 100:02}"
        for line in entry.lines
    ]


async def year(cast) -> list[JournalEntry]:
    day = today()
    return await entries_between(await entity_of(cast), day.replace(month=1, day=1), day)


async def test_a_commission_of_360_is_a_purchase_then_a_transfer(books, cast):
    """360 HT, 20 % of VAT = 72: deductible only once the 432 are paid (CGI 269-2-c)."""
    await books.earns(cast.remi, 360_00)
    [paper] = await books.issue(cast.remi)
    run = await transfer(books)
    number = await db.value("SELECT number FROM referrer WHERE id = $1", cast.remi.referrer_id)
    purchase, bank = await year(cast)
    assert written(purchase) == ["44564 D 72,00", "6222 D 360,00", f"401 {number} C 432,00"]
    assert written(bank) == [f"401 {number} D 432,00", "44566 D 72,00", "44564 C 72,00", "512 C 432,00"]
    assert (purchase.journal, bank.journal) == (Journal.PURCHASES, Journal.BANK)
    assert (purchase.fact.piece, bank.fact.piece) == (paper["number"], run["number"])
    assert (purchase.number, bank.number) == (1, 1)


async def test_a_paper_and_the_transfer_that_paid_it_share_a_letter(books, cast):
    await books.earns(cast.remi, 360_00)
    await books.issue(cast.remi)
    assert [entry.fact.letter for entry in await year(cast)] == [""]
    await transfer(books)
    await books.earns(cast.remi, 100_00)
    await books.issue(cast.remi)
    await transfer(books)
    entries = await year(cast)
    shared = Counter((entry.fact.letter, entry.fact.lettered_on) for entry in entries)
    assert list(shared.values()) == [2, 2]
    for letter, lettered_on in shared:
        assert (letter != "", lettered_on) == (True, today())
        of_letter = [line for entry in entries if entry.fact.letter == letter for line in entry.lines]
        assert sum(line.cents for line in of_letter if line.auxiliary) == 0


async def test_what_is_only_earned_is_no_entry_until_its_paper(books, cast):
    await books.earns(cast.remi, 360_00)
    assert await year(cast) == []


async def test_two_months_of_entries_say_what_the_ledger_says(books, cast):
    """Papers, transfers and a credit note on both sides of a month's end: each account of the chart is the sum of its roles."""
    payment = await books.earns(cast.remi, 360_00)
    await books.earns(cast.rachel, 90_00)
    await books.issue()
    await transfer(books)
    first = today()
    with clock_at(at(first + timedelta(days=40))):
        await books.refund(payment, 60_00)
        await books.earns(cast.remi, 500_00)
        await books.issue()
        await transfer(books)
        await books.earns(cast.mina, 40_00)
    entries = await entries_between(await entity_of(cast), first - LONG_AGO, first + timedelta(days=40))
    assert sum(entry.debit for entry in entries) == sum(entry.credit for entry in entries) > 0
    told = Counter[str]()
    for entry in entries:
        for line in entry.lines:
            told[line.account.number] += line.cents
    booked = Counter[str]()
    for role, place in PLACES.items():
        if place:
            booked[NUMBERS[place.figure]] += await account_balance(f"entity:{cast.entity_id}:{role}")
    assert {number: cents for number, cents in told.items() if cents} == {
        number: cents for number, cents in booked.items() if cents
    }


NUMBERS = {
    "accounts.suppliers": "401", "accounts.commissions": "6222", "accounts.commissions_earned": "6222",
    "accounts.bank": "512", "accounts.vat_waiting_for_payment": "44564", "accounts.vat_deductible": "44566",
    "accounts.withholding": "442", "accounts.contributions": "6451", "accounts.contributions_due": "431",
    "accounts.written_off": "654", "accounts.gifts": "6234", "accounts.goods_sold": "607", "accounts.sales": "707",
    "accounts.vat_collected": "44571",
    "accounts.points_provided": "6815", "accounts.points_provision": "1518", "accounts.points_written_back": "7815", "accounts.vat_self_assessed": "4452",
}  # fmt: skip
