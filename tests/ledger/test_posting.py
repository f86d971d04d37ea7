"""The ledger in the database: what it takes, what it refuses, what nobody can change."""

from dataclasses import replace
from datetime import date

import asyncpg
import pytest

from portal.kit import db
from portal.kit.deed import deed
from portal.ledger import balances, posting, recipes, verify
from portal.ledger.posting import LedgerRefused
from portal.ledger.rules import Entry, Line
from tests.ledger.conftest import BOOKKEEPER, legal_entity

DAY = date(2026, 3, 12)
# entries without the papers and transfers that they come with in life: the ledger's own promises are asked for here
pytestmark = pytest.mark.breaks_promises


async def post(*entries: Entry) -> list[int]:
    async with deed(BOOKKEEPER):
        return await posting.post(entries)


async def refused(*entries: Entry) -> str:
    with pytest.raises(LedgerRefused) as why:
        await post(*entries)
    return why.value.code


def entry(*lines: Line, key: str = "test:1:done", on: date = DAY) -> Entry:
    return Entry("test", key, on, "test", 1, lines)


def euros(account: str, amount: int) -> Line:
    return Line(account, "EUR_CENT", amount)


async def test_a_commission_goes_its_way_to_the_bank(entity):
    await post(
        recipes.commission_earned(entity, 5, 34, 360_00, DAY),
        recipes.hold_released(entity, 5, 34, 360_00, DAY),
        recipes.invoice_issued(entity, 5, 7, 360_00, 72_00, DAY),
        recipes.payout_sent(entity, 5, 9, 360_00, 72_00, DAY),
        recipes.payout_settled(entity, 5, 9, 360_00, 72_00, DAY),
    )
    assert await balances.referrer_balances(5) == balances.Balances(earned=360_00, paid=360_00)
    assert await balances.account_balance(f"entity:{entity}:expense") == 360_00
    assert await balances.account_balance(f"entity:{entity}:bank") == -432_00
    assert await balances.account_balance(f"entity:{entity}:vat_deductible") == 72_00
    assert await balances.account_balance(f"entity:{entity}:vat_pending") == 0
    assert await verify.faults() == []


async def test_a_clawback_after_payment_is_owed_then_set_off(entity):
    """360 paid; all taken back; 500 earned next: 500 − 360 = 140 are transferred, and 100 − 72 of VAT."""
    await post(
        recipes.commission_earned(entity, 5, 1, 360_00, DAY),
        recipes.hold_released(entity, 5, 1, 360_00, DAY),
        recipes.invoice_issued(entity, 5, 1, 360_00, 72_00, DAY),
        recipes.payout_sent(entity, 5, 1, 360_00, 72_00, DAY),
        recipes.payout_settled(entity, 5, 1, 360_00, 72_00, DAY),
        recipes.commission_taken_back(entity, 5, 2, 360_00, DAY),
    )
    owing = await balances.referrer_balances(5)
    assert (owing.due, owing.owes, owing.holds) == (0, 360_00, True)
    await post(recipes.credit_note_issued(entity, 5, 2, 360_00, 72_00, DAY, paid=True))
    credited = await balances.referrer_balances(5)
    assert (credited.owes, credited.vat_owes, credited.holds) == (360_00, 72_00, True)
    await post(
        recipes.commission_earned(entity, 5, 3, 500_00, DAY),
        recipes.hold_released(entity, 5, 3, 500_00, DAY),
        recipes.invoice_issued(entity, 5, 3, 500_00, 100_00, DAY),
        recipes.payout_sent(
            entity, 5, 2, 140_00, 28_00, DAY, set_off_net_cents=360_00, set_off_vat_cents=72_00
        ),
        recipes.payout_settled(entity, 5, 2, 140_00, 28_00, DAY, set_off_vat_cents=72_00),
    )
    # earned 860 − taken back 360 = paid 360 + 140
    assert await balances.referrer_balances(5) == balances.Balances(
        earned=860_00, taken_back=360_00, paid=500_00
    )
    assert await balances.account_balance(f"entity:{entity}:vat_deductible") == 100_00  # 72 − 72 + 28 + 72
    assert await verify.faults() == []


async def test_what_is_given_up_is_owed_no_longer_and_taken_back_no_longer(entity):
    await post(
        recipes.commission_earned(entity, 5, 1, 100_00, DAY),
        recipes.hold_released(entity, 5, 1, 100_00, DAY),
        recipes.invoice_issued(entity, 5, 1, 100_00, 0, DAY),
        recipes.payout_sent(entity, 5, 1, 100_00, 0, DAY),
        recipes.payout_settled(entity, 5, 1, 100_00, 0, DAY),
        recipes.commission_taken_back(entity, 5, 2, 40_00, DAY),
        recipes.credit_note_issued(entity, 5, 2, 40_00, 0, DAY, paid=True),
        recipes.written_off(entity, 5, 1, 40_00, DAY, "fin de contrat"),
    )
    assert await balances.referrer_balances(5) == balances.Balances(earned=100_00, paid=100_00)


async def test_the_same_fact_twice_is_its_first_entry(entity):
    earned = recipes.commission_earned(entity, 5, 34, 360_00, DAY)
    first = await post(earned)
    assert await post(earned, earned) == first * 2
    assert (await balances.referrer_balances(5)).held == 360_00


async def test_the_same_key_with_other_content_is_refused(entity):
    earned = recipes.commission_earned(entity, 5, 34, 360_00, DAY)
    await post(earned)
    assert await refused(recipes.commission_earned(entity, 5, 34, 360_01, DAY)) == "ledger_key_reused"
    assert await refused(replace(earned, occurred_on=date(2026, 3, 13))) == "ledger_key_reused"
    assert (
        await refused(replace(earned, key="x:1:y"), replace(earned, key="x:1:y", reason="z"))
        == "ledger_key_reused"
    )


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([euros("entity:{e}:bank", 5)], "ledger_too_short"),
        ([], "ledger_too_short"),
        ([euros("entity:{e}:bank", 5), euros("entity:{e}:paid_out", -4)], "ledger_unbalanced"),
        ([euros("entity:{e}:bank", 5), euros("entity:{e}:cash", -5)], "ledger_unknown_account"),
        ([euros("entity:{e}:held", 5), euros("entity:{e}:bank", -5)], "ledger_unknown_account"),
        ([euros("entity:{e}:bank", 5), Line("entity:{e}:paid_out", "POINT", -5)], "ledger_other_unit"),
        ([euros("entity:{e}:points_issued", 5), euros("entity:{e}:bank", -5)], "ledger_other_unit"),
        ([euros("entity:{e}:referrer:5:held", 5), euros("entity:{e}:bank", -5)], "ledger_floor"),
        ([euros("entity:{e}:referrer:5:owes", -5), euros("entity:{e}:bank", 5)], "ledger_floor"),
    ],
)
async def test_what_does_not_balance_is_refused(entity, lines, code):
    named = [replace(line, account=line.account.format(e=entity)) for line in lines]
    assert await refused(entry(*named)) == code
    assert await db.value("SELECT count(*) FROM ledger_entry") == 0


async def test_each_unit_balances_on_its_own(entity):
    """120 points against 1.20 € sum to zero only when units are confused."""
    mixed = entry(Line(f"entity:{entity}:points_issued", "POINT", 120), euros(f"entity:{entity}:bank", -120))
    assert await refused(mixed) == "ledger_unbalanced"


async def test_an_entry_stays_within_one_legal_entity(entity):
    other = await legal_entity()
    across = entry(euros(f"entity:{entity}:bank", 5), euros(f"entity:{other}:bank", -5))
    assert await refused(across) == "ledger_two_entities"


async def test_one_faulty_entry_refuses_the_whole_batch(entity):
    good = recipes.commission_earned(entity, 5, 1, 100, DAY)
    assert await refused(good, recipes.hold_released(entity, 6, 2, 100, DAY)) == "ledger_floor"
    assert await balances.referrer_balances(5) == balances.Balances()


async def test_a_reversal_undoes_once(entity):
    [earned] = await post(recipes.commission_earned(entity, 5, 1, 100, DAY))
    async with deed(BOOKKEEPER):
        reversal = await posting.reverse(earned, DAY, "saisie en double")
    async with deed(BOOKKEEPER):
        assert await posting.reverse(earned, DAY, "saisie en double") == reversal
    assert await balances.referrer_balances(5) == balances.Balances()
    with pytest.raises(LedgerRefused, match="ledger_reverses_reversal"):
        async with deed(BOOKKEEPER):
            await posting.reverse(reversal, DAY, "non")
    assert await verify.faults() == []


async def test_a_reversal_has_the_same_lines_with_the_other_sign(entity):
    [earned] = await post(recipes.commission_earned(entity, 5, 1, 100, DAY))
    half = entry(
        euros(f"entity:{entity}:referrer:5:held", 50), euros(f"entity:{entity}:referrer:5:earned", -50)
    )
    assert await refused(replace(half, kind="reversal", reverses=earned)) == "ledger_not_a_reversal"


async def test_a_closed_period_books_late_facts_today_and_says_what_day_they_concern(entity):
    early = recipes.commission_earned(entity, 5, 1, 100, DAY)
    await post(early)
    async with deed(BOOKKEEPER):
        await posting.close(entity, date(2026, 3, 31))
    [again, late] = await post(early, recipes.commission_earned(entity, 5, 2, 100, DAY))
    rows = {row["id"]: row for row in await db.rows("SELECT id, occurred_on, concerns_on FROM ledger_entry")}
    assert (rows[again]["occurred_on"], rows[again]["concerns_on"]) == (DAY, None)
    assert rows[late]["occurred_on"] > date(2026, 3, 31)
    assert rows[late]["concerns_on"] == DAY
    with pytest.raises(LedgerRefused, match="ledger_closed"):
        async with deed(BOOKKEEPER):
            await posting.close(entity, date(2026, 3, 31))
    assert await verify.faults() == []


async def test_the_database_itself_refuses_a_closed_day(entity):
    async with deed(BOOKKEEPER):
        await posting.close(entity, DAY)
    said = posting._said(recipes.commission_earned(entity, 5, 1, 100, DAY), {})
    with pytest.raises(LedgerRefused, match="ledger_closed"):
        async with deed(BOOKKEEPER):
            await posting._post([said])


async def test_totals_by_day_carried_forward_give_the_same_balance(entity):
    code = f"entity:{entity}:expense"
    await post(recipes.commission_earned(entity, 5, 1, 100, DAY))
    async with deed(BOOKKEEPER):
        await posting.sum_up()
    await post(
        recipes.commission_earned(entity, 6, 2, 40, DAY), recipes.commission_taken_back(entity, 6, 3, 15, DAY)
    )
    assert await balances.account_balance(code) == 125
    async with deed(BOOKKEEPER):
        await posting.sum_up()
    assert await balances.account_balance(code) == 125
    assert await balances.account_balance(code, until=date(2026, 3, 11)) == 0
    assert await balances.account_balance(f"entity:{entity}:held") == -140
    assert await verify.faults() == []


WRITES = (
    "INSERT INTO ledger_entry (kind, idempotency_key, digest, occurred_on, recorded_at, actor, subject_kind, subject_id)"
    " VALUES ('x', 'x', '', '2026-01-01', '2026-01-01', 'x', 'x', 1)",
    "INSERT INTO ledger_line VALUES (1, 3, 1, 'EUR_CENT', 5)",
    "UPDATE ledger_line SET amount = amount + 1",
    "DELETE FROM ledger_entry",
    "UPDATE ledger_balance SET balance = 0",
    "UPDATE ledger_account SET floor_at_zero = false",
    "DELETE FROM ledger_closing",
    "INSERT INTO ledger_role VALUES ('cash', 'EUR_CENT', 'debit', false, false)",
    "TRUNCATE ledger_line",
)


@pytest.mark.parametrize("sql", WRITES)
async def test_the_portal_itself_cannot_write_the_tables(entity, sql):
    await post(recipes.commission_earned(entity, 5, 1, 100, DAY))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with deed(BOOKKEEPER):
            await db.execute(sql)


@pytest.mark.parametrize(
    "sql", ["UPDATE ledger_line SET amount = 1", "DELETE FROM ledger_entry", "TRUNCATE ledger_line"]
)
async def test_not_even_the_owner_changes_what_is_written(entity, base, cluster, sql):
    await post(recipes.commission_earned(entity, 5, 1, 100, DAY))
    owner = await asyncpg.connect(cluster.owner(base))
    try:
        with pytest.raises(asyncpg.RestrictViolationError):
            await owner.execute(sql)
    finally:
        await owner.close()


CORRUPTIONS = {
    "entry_not_balanced": "ALTER TABLE ledger_line DISABLE TRIGGER USER; UPDATE ledger_line SET amount = amount + 1 WHERE position = 1",
    "entry_without_lines": "ALTER TABLE ledger_line DISABLE TRIGGER USER; DELETE FROM ledger_line",
    "balance_differs": "UPDATE ledger_balance SET balance = balance - 1",
    "below_floor": "UPDATE ledger_balance SET balance = -balance",
    "day_total_differs": "UPDATE ledger_day_total SET amount = amount + 1",
    "booked_in_a_closed_period": (
        "INSERT INTO ledger_closing (legal_entity_id, closed_until, actor, at) SELECT id, '2026-12-31', '', '2020-01-01' FROM legal_entity"
    ),
}


@pytest.mark.parametrize("code", CORRUPTIONS)
async def test_verify_finds_each_corruption(entity, base, cluster, code):
    await post(recipes.commission_earned(entity, 5, 1, 100, DAY))
    async with deed(BOOKKEEPER):
        await posting.sum_up()
    owner = await asyncpg.connect(cluster.owner(base))
    await owner.execute(CORRUPTIONS[code])
    await owner.close()
    assert code in {fault.code for fault in await verify.faults()}
