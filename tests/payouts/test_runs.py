"""A run of transfers from what is unpaid to what has arrived."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest
from lxml import etree

from portal.history.access import broken_chains
from portal.kit import db, files
from portal.kit.days import today
from portal.kit.deed import AlreadyDone, Machine, deed
from portal.kit.problems import NotAllowed, Problem, Refused
from portal.ledger.balances import account_balance, referrer_balances
from portal.payouts import access, actions
from portal.payouts.waiting import waiting
from portal.referrers import actions as referrers
from tests.invoicing.books import IBANS, Books


async def prepared(books: Books) -> db.Row:
    async with deed(books.cast.fanny.person):
        return await actions.prepare(books.cast.entity_id, today())


async def approved(books: Books) -> db.Row:
    run = await prepared(books)
    async with deed(books.cast.fred.person):
        await actions.approve(run)
    return await access.run(run["id"])


async def sent(books: Books) -> db.Row:
    run = await approved(books)
    kept = await actions.bank_file(run)
    async with deed(books.cast.fanny.person):
        await actions.send(run, kept)
    return await access.run(run["id"])


async def settled(books: Books) -> db.Row:
    run = await sent(books)
    async with deed(books.cast.fanny.person):
        await actions.settle(run, today())
    return await access.run(run["id"])


async def test_from_unpaid_papers_to_money_that_arrived(books, cast):
    """360 + 72 of Rémi and 100 of Rachel: 532 leave the bank, 72 of VAT become deductible."""
    await books.earns(cast.remi, 360_00)
    await books.earns(cast.rachel, 100_00)
    await books.issue()
    run = await settled(books)
    assert (run["state"], run["lines"], run["total_cents"]) == ("settled", 2, 532_00)
    remi = await referrer_balances(cast.remi.referrer_id)
    assert (remi.paid, remi.in_transit, remi.invoiced, remi.vat_in_transit) == (360_00, 0, 0, 0)
    entity = cast.entity_id
    assert await account_balance(f"entity:{entity}:bank") == -532_00
    assert await account_balance(f"entity:{entity}:vat_deductible") == 72_00
    assert await account_balance(f"entity:{entity}:vat_pending") == 0
    assert await account_balance(f"entity:{entity}:in_transit") == 0
    kinds = await db.rows("SELECT DISTINCT kind FROM earning_settlement")
    assert {row["kind"] for row in kinds} == {"released", "invoiced", "receipted", "sent", "paid"}
    assert await broken_chains() == []


async def test_the_bank_gets_one_line_for_each_referrer(books, cast):
    await books.earns(cast.remi, 360_00)
    await books.earns(cast.remi, 40_00)
    await books.issue(cast.remi)
    await books.earns(cast.remi, 10_00)
    await books.issue()
    run = await sent(books)
    file = await files.by_ref(run["file_ref"])
    document = etree.fromstring(await files.content(file))
    (transfer,) = document.findall(".//{*}CdtTrfTxInf")
    assert transfer.findtext(".//{*}InstdAmt") == "492.00"  # (360 + 40 + 10) × 1.2
    assert transfer.findtext(".//{*}CdtrAcct//{*}IBAN") == IBANS["remi"]
    assert file["store"] == "issued"


async def test_a_credit_note_for_what_was_paid_is_set_off_on_the_next_transfer(books, cast):
    """360 paid, 90 of it taken back, 200 earned since: 110 HT + 22 VAT are transferred, the debt is settled."""
    payment = await books.earns(cast.remi, 360_00)
    await books.issue()
    await settled(books)
    await books.refund(payment, 90_00)
    await books.earns(cast.remi, 200_00)
    await books.issue()
    assert (await referrer_balances(cast.remi.referrer_id)).owes == 90_00
    run = await settled(books)
    assert (run["net_cents"], run["vat_cents"]) == (110_00, 22_00)
    found = await referrer_balances(cast.remi.referrer_id)
    assert (found.owes, found.vat_owes, found.paid, found.holds) == (0, 0, 470_00, True)
    assert (
        await account_balance(f"entity:{cast.entity_id}:vat_deductible") == 94_00
    )  # (360 − 90 + 200) × 20 %
    assert await account_balance(f"entity:{cast.entity_id}:vat_pending") == 0


async def test_a_credit_note_before_the_transfer_only_shrinks_it(books, cast):
    payment = await books.earns(cast.remi, 360_00)
    await books.issue()
    await books.refund(payment, 90_00)
    await books.issue()
    run = await settled(books)
    assert (run["net_cents"], run["vat_cents"]) == (270_00, 54_00)
    assert await account_balance(f"entity:{cast.entity_id}:vat_pending") == 0


async def test_a_credit_note_waits_while_its_invoice_is_on_its_way(books, cast):
    payment = await books.earns(cast.remi, 360_00)
    await books.issue()
    await sent(books)
    await books.refund(payment, 90_00)
    assert await books.issue() == []


async def test_a_credit_note_alone_is_carried(books, cast):
    payment = await books.earns(cast.remi, 360_00)
    await books.issue()
    await settled(books)
    await books.refund(payment, 90_00)
    await books.issue()
    (candidate,) = await waiting(cast.entity_id)
    assert candidate.block == "carried"
    with pytest.raises(Refused) as why:
        await prepared(books)
    assert why.value.code == "nothing_to_pay"


async def test_with_the_option_for_debits_vat_is_deductible_once(books, cast):
    from portal.referrers.rules import Regime, Status

    async with deed(Machine("test")):
        await referrers.record_standing(
            cast.remi.referrer_id,
            today() - timedelta(90),
            Status.COMPANY,
            Regime.STANDARD,
            "profile",
            vat_on_debits=True,
        )
    await books.earns(cast.remi, 360_00)
    await books.issue()
    assert await account_balance(f"entity:{cast.entity_id}:vat_deductible") == 72_00
    await settled(books)
    assert await account_balance(f"entity:{cast.entity_id}:vat_deductible") == 72_00
    assert await account_balance(f"entity:{cast.entity_id}:vat_pending") == 0


async def test_who_has_no_account_or_a_new_one_is_left_out_with_the_reason(books, cast):
    await books.scene.contract(cast.stefan)
    for who in (cast.remi, cast.rachel, cast.mina):
        await books.earns(who, 100_00)
    await books.issue()
    async with deed(cast.alice.person):
        await referrers.give_bank_detail(cast.remi.referrer_id, "Morin Conseil", IBANS["mina"])
        await db.execute(
            "UPDATE bank_detail SET state = 'replaced' WHERE referrer_id = $1", cast.mina.referrer_id
        )
    found = {candidate.referrer["referrer_id"]: candidate for candidate in await waiting(cast.entity_id)}
    assert found[cast.mina.referrer_id].block == "no_iban"
    assert found[cast.remi.referrer_id].block == "iban_waits"
    assert found[cast.remi.referrer_id].until is not None
    run = await prepared(books)
    assert run["lines"] == 1


async def test_who_prepared_cannot_approve(books, cast):
    await books.earns(cast.remi, 360_00)
    await books.issue()
    run = await prepared(books)
    with pytest.raises(NotAllowed):
        async with deed(cast.fanny.person):
            await actions.approve(run)
    with pytest.raises(asyncpg.CheckViolationError):
        async with deed(Machine("test")):
            await db.execute("UPDATE payout_run SET approved_by = prepared_by WHERE id = $1", run["id"])


async def test_a_refused_run_pays_nobody_and_frees_its_papers(books, cast):
    await books.earns(cast.remi, 360_00)
    await books.issue()
    run = await prepared(books)
    async with deed(cast.fred.person):
        await actions.refuse(run, "Le montant de Rémi est à revoir.")
    assert (await access.run(run["id"]))["state"] == "cancelled"
    (candidate,) = await waiting(cast.entity_id)
    assert candidate.total_cents == 432_00


async def test_nothing_is_sent_unapproved(books, cast):
    await books.earns(cast.remi, 360_00)
    await books.issue()
    with pytest.raises(Refused):
        await actions.bank_file(await prepared(books))


async def test_what_was_approved_is_what_is_sent(books, cast):
    await books.earns(cast.remi, 360_00)
    await books.issue()
    run = await approved(books)
    kept = await actions.bank_file(run)
    async with deed(Machine("test")):
        await db.execute("UPDATE payout_line SET net_cents = net_cents + 1, total_cents = total_cents + 1")
    with pytest.raises(Refused) as why:
        async with deed(cast.fanny.person):
            await actions.send(run, kept)
    assert why.value.code == "run_altered"
    async with deed(Machine("test")):
        await db.execute("UPDATE payout_line SET net_cents = net_cents - 1, total_cents = total_cents - 1")


async def test_an_account_changed_after_the_approval_stops_the_run(books, cast):
    await books.earns(cast.remi, 360_00)
    await books.issue()
    run = await approved(books)
    kept = await actions.bank_file(run)
    async with deed(cast.remi.person):
        await referrers.give_bank_detail(cast.remi.referrer_id, "Morin Conseil", IBANS["mina"])
    with pytest.raises(Refused) as why:
        async with deed(cast.fanny.person):
            await actions.send(run, kept)
    assert why.value.code == "iban_changed"
    async with deed(cast.fred.person):
        await actions.cancel(run)
    (candidate,) = await waiting(cast.entity_id)
    assert candidate.block == "iban_waits"


async def test_a_line_that_comes_back_frees_its_papers(books, cast):
    await books.earns(cast.remi, 360_00)
    await books.earns(cast.rachel, 100_00)
    await books.issue()
    run = await sent(books)
    (line,) = [
        each for each in await access.lines_of(run["id"]) if each["referrer_id"] == cast.remi.referrer_id
    ]
    async with deed(cast.fanny.person):
        await actions.fail(line, today())
    assert (await referrer_balances(cast.remi.referrer_id)).invoiced == 360_00
    async with deed(cast.fanny.person):
        await actions.settle(await access.run(run["id"]), today())
    assert (await referrer_balances(cast.rachel.referrer_id)).paid == 100_00
    again = await settled(books)
    assert again["total_cents"] == 432_00
    assert (await referrer_balances(cast.remi.referrer_id)).paid == 360_00


# Never twice


async def both(*doing) -> list[object]:
    return await asyncio.gather(*doing, return_exceptions=True)


def failed(outcomes: list[object]) -> list[Problem]:
    return [outcome for outcome in outcomes if isinstance(outcome, Problem)]


async def test_two_runs_prepared_at_once_pay_each_paper_once(books, cast):
    for who in (cast.remi, cast.rachel, cast.mina):
        await books.earns(who, 100_00)
    await books.issue()

    async def prepare(member) -> None:
        async with deed(member.person):
            await actions.prepare(cast.entity_id, today())

    outcomes = await both(prepare(cast.fanny), prepare(cast.fred), prepare(cast.fanny))
    assert len(failed(outcomes)) == 2
    assert await db.value("SELECT count(*) FROM payout_invoice") == 3


async def test_the_database_itself_refuses_a_paper_in_two_runs(books, cast):
    await books.earns(cast.remi, 360_00)
    await books.issue()
    run = await prepared(books)
    (line,) = await access.lines_of(run["id"])
    async with deed(Machine("test")):
        other = await db.insert(
            "payout_line",
            ref="OTHER", run_id=run["id"], referrer_id=cast.mina.referrer_id, bank_detail_id=line["bank_detail_id"],
            net_cents=1, vat_cents=0, total_cents=1, end_to_end_id="OTHER", state="drafted",
        )  # fmt: skip
        with pytest.raises(asyncpg.UniqueViolationError):
            async with db.savepoint():
                await db.execute(
                    "INSERT INTO payout_invoice (line_id, invoice_id) SELECT $1, invoice_id FROM payout_invoice",
                    other,
                )
        await db.execute("DELETE FROM payout_line WHERE id = $1", other)


async def test_of_two_approvals_at_once_one_counts(books, cast):
    await books.earns(cast.remi, 360_00)
    await books.issue()
    run = await prepared(books)

    async def approve(member) -> None:
        async with deed(member.person):
            await actions.approve(run)

    (wrong,) = failed(await both(approve(cast.fred), approve(cast.alice)))
    assert wrong.code == "run_moved_on"
    assert await db.value("SELECT count(*) FROM history_event WHERE what = 'payouts.approved'") == 1


async def test_of_two_sends_at_once_one_goes_to_the_bank(books, cast):
    await books.earns(cast.remi, 360_00)
    await books.issue()
    run = await approved(books)

    async def send(member) -> None:
        kept = await actions.bank_file(run)
        async with deed(member.person):
            await actions.send(run, kept)

    (wrong,) = failed(await both(send(cast.fred), send(cast.fanny)))
    assert wrong.code == "stale"
    assert await account_balance(f"entity:{cast.entity_id}:in_transit") == -360_00
    assert await db.value("SELECT count(*) FROM mail_message WHERE kind = 'payouts.sent'") == 1


async def test_of_a_send_and_a_cancel_at_once_one_wins(books, cast):
    await books.earns(cast.remi, 360_00)
    await books.issue()
    run = await approved(books)
    kept = await actions.bank_file(run)

    async def send() -> None:
        async with deed(cast.fred.person):
            await actions.send(run, kept)

    async def cancel() -> None:
        async with deed(cast.fanny.person):
            await actions.cancel(run)

    assert len(failed(await both(send(), cancel()))) == 1


async def test_the_same_form_sent_twice_is_one_run(books, cast):
    await books.earns(cast.remi, 360_00)
    await books.issue()

    async def prepare() -> None:
        async with deed(cast.fanny.person, "the same form") as doing:
            run = await actions.prepare(cast.entity_id, today())
            doing.at(f"/virements/{run['ref']}")

    outcomes = await both(prepare(), prepare())
    assert sum(isinstance(outcome, AlreadyDone) for outcome in outcomes) == 1
    assert await db.value("SELECT count(*) FROM payout_run") == 1
