"""What the bank says settles, fails, or waits for somebody: never twice, in whatever order it comes."""

from datetime import timedelta

import pytest

from portal.kit import db
from portal.kit.days import at, clock_at, today
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.ledger.balances import account_balance, referrer_balances
from portal.payouts import access, actions
from portal.payouts.bank import access as banking
from portal.payouts.bank import applying
from portal.payouts.waiting import waiting
from tests.bank.messages import Entry, Stated, Status, camt, pain002
from tests.invoicing.books import IBANS

TOTAL = 532_00  # 432,00 + 100,00


async def bank_account(bank) -> int:
    return await account_balance(f"entity:{bank.cast.entity_id}:bank")


async def test_a_statement_settles_each_transfer_on_its_own_day(bank):
    """Rémi is debited first: the run waits for Rachel."""
    taken = await bank.take(bank.debits(bank.remi))
    assert taken.counts == {"applied": 1}
    assert await bank.states() == ("sent", "settled", "sent")
    assert await bank_account(bank) == -432_00
    await bank.take(bank.debits(bank.remi, bank.rachel))
    assert await bank.states() == ("settled", "settled", "settled")
    assert (await referrer_balances(bank.cast.remi.referrer_id)).paid == 360_00


async def test_the_same_file_twice_changes_nothing(bank):
    data = bank.debits(bank.remi, bank.rachel)
    first, second = await bank.take(data), await bank.take(data)
    assert (first.again, second.again) == (False, True)
    assert second.file["id"] == first.file["id"]
    assert await bank_account(bank) == -TOTAL
    assert await db.value("SELECT count(*) FROM bank_entry") == 2


async def test_one_debit_for_the_whole_run_settles_it(bank):
    entry = Entry(TOTAL, today(), batch=bank.run["number"], count=2)
    await bank.take(camt(Stated((entry,)), version=2))
    assert await bank.states() == ("settled", "settled", "settled")
    assert await bank.entries() == [("debit", "applied", "by_batch")]


async def test_a_batch_that_tells_its_transfers_settles_those(bank):
    parts = tuple(
        Entry(one["total_cents"], today(), one["end_to_end_id"]) for one in (bank.remi, bank.rachel)
    )
    await bank.take(camt(Stated((Entry(TOTAL, today(), parts=parts),)), version=2))
    assert await bank.states() == ("settled", "settled", "settled")


async def test_without_any_reference_amount_and_account_together_are_enough(bank):
    await bank.take(camt(Stated((Entry(432_00, today(), iban=IBANS["remi"]),))))
    assert await bank.entries() == [("debit", "applied", "by_account")]
    assert await bank.states() == ("sent", "settled", "sent")


async def test_the_amount_alone_only_suggests(bank):
    await bank.take(camt(Stated((Entry(432_00, today(), label="VIREMENT"),))))
    assert await bank.entries() == [("debit", "waiting", "suggested")]
    assert await bank.states() == ("sent", "sent", "sent")


async def test_a_statement_that_matches_nothing_says_so_and_moves_nothing(bank):
    taken = await bank.take(camt(Stated((Entry(1_234_00, today(), label="LOYER"),))))
    assert taken.found_nothing
    assert await bank.entries() == [("debit", "nothing", "unknown")]
    assert await bank.states() == ("sent", "sent", "sent")


async def test_a_transfer_that_comes_back_is_free_for_another_run(bank):
    await bank.take(bank.debits(bank.remi, bank.rachel))
    back = Entry(432_00, today(), bank.remi["end_to_end_id"], credit=True, reason="AC04", ref="R1")
    await bank.take(camt(Stated((back,), number=2), message="MSG-2"))
    assert await bank.states() == ("settled", "failed", "settled")
    line = await access.line(bank.remi["id"])
    assert (line["why"], line["came_back_on"]) == ("AC04", today())
    assert await bank_account(bank) == -100_00
    (waiting,) = await bank_waiting(bank)
    assert waiting.total_cents == 432_00
    assert await account_balance(f"entity:{bank.cast.entity_id}:vat_deductible") == 0


async def bank_waiting(bank):
    return await waiting(bank.cast.entity_id)


async def test_a_return_read_before_its_debit_ends_the_same(bank):
    debit = Entry(432_00, today(), bank.remi["end_to_end_id"], ref="D1")
    back = Entry(432_00, today(), bank.remi["end_to_end_id"], credit=True, reason="AC01", ref="R1")
    await bank.take(camt(Stated((back,), number=2), message="MSG-2"))
    await bank.take(camt(Stated((debit,), number=1), message="MSG-1"))
    assert await bank.entries() == [("returned", "applied", "by_id"), ("debit", "known", "there_and_back")]
    assert await bank.states() == ("sent", "failed", "sent")
    assert await bank_account(bank) == 0


async def test_a_run_debited_whole_of_which_one_came_back_since(bank):
    """The return is read first; the debit counts both."""
    back = Entry(432_00, today(), bank.remi["end_to_end_id"], credit=True, reason="AC04", ref="R1")
    whole = Entry(TOTAL, today(), batch=bank.run["number"], count=2, ref="D1")
    await bank.take(camt(Stated((back,), number=2), message="MSG-2"))
    await bank.take(camt(Stated((whole,), number=1), message="MSG-1"))
    assert await bank.states() == ("settled", "failed", "settled")
    assert await bank_account(bank) == -100_00


# The answer to the file


async def test_what_the_bank_refuses_fails_with_its_reason(bank):
    answer = pain002(
        bank.run["number"], [Status(bank.remi["end_to_end_id"], "RJCT", "AC01", 432_00)], "PART", on=today()
    )
    await bank.take(answer)
    assert await bank.states() == ("sent", "failed", "sent")
    assert (await access.line(bank.remi["id"]))["why"] == "AC01"
    await bank.take(bank.debits(bank.rachel))
    assert await bank.states() == ("settled", "failed", "settled")


async def test_the_bank_takes_the_whole_run(bank):
    await bank.take(pain002(bank.run["number"], group="ACCP", on=today(), version=10))
    assert await bank.entries() == [("accepted", "applied", "by_batch")]
    assert await bank.states() == ("sent", "sent", "sent")
    assert (await banking.accepted_on(bank.run["id"]))["said_on"] == today()


async def test_the_bank_refuses_the_whole_run(bank):
    await bank.take(pain002(bank.run["number"], group="RJCT", part="RJCT", on=today(), reason="AM04"))
    assert await bank.states() == ("settled", "failed", "failed")
    assert (await access.line(bank.rachel["id"]))["why"] == "AM04"
    assert await bank_account(bank) == 0


async def test_a_part_refused_without_saying_which_waits(bank):
    await bank.take(pain002(bank.run["number"], group="PART", on=today()))
    assert await bank.entries() == [("rejected", "waiting", "partly")]
    assert await bank.states() == ("sent", "sent", "sent")


# What contradicts


async def test_another_amount_moves_nothing(bank):
    await bank.take(camt(Stated((Entry(431_99, today(), bank.remi["end_to_end_id"]),))))
    assert await bank.entries() == [("debit", "waiting", "amount")]
    assert await bank.states() == ("sent", "sent", "sent")


async def test_another_account_is_left_to_decide(bank):
    await bank.take(camt(Stated((Entry(432_00, today(), bank.remi["end_to_end_id"], iban=IBANS["mina"]),))))
    assert await bank.entries() == [("debit", "waiting", "other_account")]


async def test_another_money_is_left_to_decide(bank):
    await bank.take(camt(Stated((Entry(432_00, today(), bank.remi["end_to_end_id"], currency="CHF"),))))
    assert await bank.entries() == [("debit", "waiting", "currency")]


async def test_a_day_before_the_sending_is_left_to_decide(bank):
    await bank.take(camt(Stated((Entry(432_00, today() - timedelta(3), bank.remi["end_to_end_id"]),))))
    assert await bank.entries() == [("debit", "waiting", "day")]


async def test_a_run_whose_debit_is_not_its_sum_waits(bank):
    await bank.take(camt(Stated((Entry(TOTAL + 1, today(), batch=bank.run["number"], count=2),))))
    assert await bank.entries() == [("debit", "waiting", "amount")]


async def test_a_second_debit_of_the_same_transfer_is_said(bank):
    await bank.take(bank.debits(bank.remi))
    tomorrow = today() + timedelta(1)
    with clock_at(at(tomorrow, 12)):
        await bank.take(
            camt(
                Stated((Entry(432_00, tomorrow, bank.remi["end_to_end_id"], ref="TWICE"),), number=2),
                message="MSG-2",
            )
        )
    assert (await bank.entries())[-1] == ("debit", "waiting", "twice")
    assert await bank_account(bank) == -432_00


async def test_a_refusal_of_what_has_arrived_waits(bank):
    await bank.take(bank.debits(bank.remi))
    await bank.take(
        pain002(bank.run["number"], [Status(bank.remi["end_to_end_id"], "RJCT", "AC04")], on=today())
    )
    assert (await bank.entries())[-1] == ("rejected", "waiting", "settled")


async def test_a_debit_of_a_cancelled_run_waits(bank):
    """It was cancelled before it was sent; the bank must not have it."""
    await bank.books.earns(bank.cast.mina, 50_00)
    await bank.books.issue()
    async with deed(bank.cast.fanny.person):
        run = await actions.prepare(bank.cast.entity_id, today())
        await actions.cancel(run)
    (line,) = await access.lines_of(run["id"])
    await bank.take(bank.debits(line))
    assert await bank.entries() == [("debit", "waiting", "cancelled")]


async def test_the_statement_of_another_account_is_refused(bank):
    with pytest.raises(Refused) as why:
        await bank.take(
            camt(Stated((Entry(432_00, today(), bank.remi["end_to_end_id"]),), iban=IBANS["mina"]))
        )
    assert why.value.code == "other_account"
    assert await db.value("SELECT count(*) FROM bank_file") == 0


async def test_of_several_statements_only_those_of_the_company_are_taken(bank):
    ours = Stated((Entry(432_00, today(), bank.remi["end_to_end_id"]),))
    other = Stated((Entry(100_00, today(), bank.rachel["end_to_end_id"]),), iban=IBANS["mina"], number=2)
    taken = await bank.take(camt(ours, other))
    assert await bank.states() == ("sent", "settled", "sent")
    assert taken.file["foreign_statements"] == 1


# Decided by somebody


async def one_waiting(bank) -> db.Row:
    ref = await db.value("SELECT ref FROM bank_entry WHERE state IN ('waiting', 'nothing')")
    return await banking.entry_for(bank.cast.fanny.person, ref)


async def test_somebody_says_which_transfer_it_is(bank):
    await bank.take(camt(Stated((Entry(432_00, today(), label="VIREMENT"),))))
    async with deed(bank.cast.fanny.person):
        line = await banking.transfer(bank.cast.entity_id, bank.remi["end_to_end_id"])
        await applying.attach(await one_waiting(bank), line, today())
    assert await bank.states() == ("sent", "settled", "sent")
    assert await bank.entries() == [("debit", "applied", "by_hand")]


async def test_what_is_not_the_amount_is_not_attached_by_anybody(bank):
    await bank.take(camt(Stated((Entry(432_00, today(), label="VIREMENT"),))))
    entry, line = (
        await one_waiting(bank),
        await banking.transfer(bank.cast.entity_id, bank.rachel["end_to_end_id"]),
    )
    with pytest.raises(Refused) as why:
        async with deed(bank.cast.fanny.person):
            await applying.attach(entry, line, today())
    assert why.value.code == "amount"
    assert await bank.states() == ("sent", "sent", "sent")


async def test_what_is_set_aside_leaves_the_queue_and_may_come_back(bank):
    await bank.take(camt(Stated((Entry(432_00, today(), label="VIREMENT"),))))
    async with deed(bank.cast.fanny.person):
        await applying.set_aside(await one_waiting(bank), "Un virement d'un autre logiciel.")
    assert await bank.entries() == [("debit", "set_aside", "suggested")]
    entry = await db.value("SELECT ref FROM bank_entry")
    async with deed(bank.cast.fanny.person):
        await applying.take_back(await banking.entry_for(bank.cast.fanny.person, entry))
    assert await bank.entries() == [("debit", "waiting", "suggested")]
