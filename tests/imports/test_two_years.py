"""Two years of a real company: what was imported earned, gets its papers, is paid, and every account balances."""

from collections import Counter

import pytest

from portal.company.actions import IBAN
from portal.invoicing import actions as invoicing
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.keyring import ring
from portal.payouts import access as payout_access
from portal.payouts import actions as payouts
from tests.cast import Cast

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def template(taken) -> str:
    return taken.database


async def test_the_earnings_of_two_years_get_their_papers_and_are_paid(base, company):
    await give_the_company_a_bank_account()
    issued = await issue(company)
    assert issued.refusals == []
    kinds = Counter(row["kind"] for row in await db.rows("SELECT kind FROM invoice"))
    assert kinds["self_billed"] > 50
    assert kinds["receipt"] > 20
    run = await pay(company)
    paid = await db.value("SELECT sum(total_cents)::bigint FROM payout_line WHERE state = 'settled'")
    withheld = await db.value("SELECT sum(withheld_cents)::bigint FROM invoice")
    owed = await db.value("SELECT sum(total_cents - withheld_cents)::bigint FROM invoice")
    assert withheld > 0  # some companies abroad brought no certificate of residence
    assert paid == owed == run["total_cents"]
    assert await on_its_way() == 0
    assert not [one for one in await invoicing.dry_run(company.entity_id, today()) if one.ready]


async def test_who_lacks_a_number_or_an_employer_gets_no_paper_and_is_named(base, company):
    left = [one for one in await invoicing.dry_run(company.entity_id, today()) if not one.ready]
    assert {"vat_number_missing", "employer_missing"} <= {code for one in left for code in one.blocks}


async def issue(company: Cast) -> invoicing.Issued:
    async with deed(company.fanny.person):
        return await invoicing.issue(company.entity_id)


async def pay(company: Cast) -> db.Row:
    """One prepares, another approves; the bank pays all lines today."""
    async with deed(company.fanny.person):
        run = await payouts.prepare(company.entity_id, today())
    async with deed(company.fred.person):
        await payouts.approve(run)
    kept = await payouts.bank_file(await payout_access.run(run["id"]))
    async with deed(company.fanny.person):
        await payouts.send(await payout_access.run(run["id"]), kept)
    async with deed(company.fanny.person):
        await payouts.settle(await payout_access.run(run["id"]), today())
    return await payout_access.run(run["id"])


async def on_its_way() -> int:
    """What left the company and has not arrived, over all referrers."""
    return await db.value(
        """SELECT coalesce(sum(line.amount), 0)::bigint FROM ledger_line line
           JOIN ledger_account account ON account.id = line.account_id
           WHERE account.code LIKE '%in_transit'"""
    )


async def give_the_company_a_bank_account() -> None:
    async with db.transaction():
        await db.execute(
            "UPDATE legal_entity SET iban_sealed = $1, iban_last4 = '0189', bic = 'AGRIFRPPXXX'",
            ring().seal("FR7630006000011234567890189", IBAN),
        )
