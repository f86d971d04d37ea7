"""A wrong paper put right: a corrective where only words change, else a credit note for all of it and a new paper."""

import asyncio
from datetime import timedelta

import pytest

from portal.invoicing import access, actions, replacing
from portal.invoicing.replacing_rules import Remedy
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import Machine, deed
from portal.kit.problems import Refused
from portal.ledger.balances import account_balance, referrer_balances
from portal.referrers import actions as referrers
from portal.referrers.rules import Regime, Status

VAT = "FR61552100554"


async def learns(member, status: Status, regime: Regime, *, on_debits: bool = False, **changes) -> None:
    """It turns out that another standing ruled all the time."""
    async with deed(Machine("test")):
        await referrers.record_standing(
            member.referrer_id, today() - timedelta(90), status, regime, "profile", on_debits
        )
        for column, value in changes.items():
            await db.execute(f'UPDATE referrer SET "{column}" = $2 WHERE id = $1', member.referrer_id, value)


async def rectify(cast, invoice) -> list[db.Row]:
    async with deed(cast.fanny.person):
        ids = await replacing.rectify(
            await access.invoice(invoice["id"]), "Régime corrigé par l'expert-comptable"
        )
    return await db.rows("SELECT * FROM invoice WHERE id = ANY ($1::bigint[]) ORDER BY id", ids)


async def told_of(invoice) -> str:
    """What was mailed about it, with plain apostrophes."""
    said = await db.value(
        "SELECT text_body FROM mail_message WHERE kind = 'invoicing.issued' AND subject_id = $1",
        invoice["id"],
    )
    return said.replace("’", "'")


async def plan_of(invoice) -> replacing.Plan:
    planned = await replacing.plan(invoice["id"], today())
    assert planned is not None
    return planned


async def test_an_invoice_without_vat_that_should_have_had_some_is_credited_and_issued_anew(books, cast):
    """200 in franchise; in truth 200 + 40. The credit note is at the VAT of the invoice: none."""
    await books.earns(cast.mina, 200_00)
    (wrong,) = await books.issue()
    await learns(cast.mina, Status.MICRO, Regime.STANDARD, vat_number=VAT)
    credit, right = await rectify(cast, wrong)
    assert [(one["kind"], one["type_code"], one["net_cents"], one["vat_cents"]) for one in (credit, right)] == [
        ("credit_note", "261", 200_00, 0), ("self_billed", "389", 200_00, 40_00),
    ]  # fmt: skip
    assert credit["credits_id"] == wrong["id"]
    assert right["paper"]["corrects"]["number"] == wrong["number"]
    assert [one["series_position"] for one in (wrong, credit, right)] == [1, 2, 3]
    found = await referrer_balances(cast.mina.referrer_id)
    assert (found.due, found.invoiced, found.vat_invoiced, found.owes) == (0, 200_00, 40_00, 0)
    assert await account_balance(f"entity:{cast.entity_id}:vat_pending") == 40_00
    unpaid = await access.unpaid(cast.entity_id)
    assert sum(paper["total_cents"] for paper in unpaid) == 240_00


async def test_a_commission_is_on_one_living_paper_after_each_rectification(books, cast):
    await books.earns(cast.mina, 200_00)
    (first,) = await books.issue()
    await learns(cast.mina, Status.MICRO, Regime.STANDARD, vat_number=VAT)
    _credit, second = await rectify(cast, first)
    await learns(cast.mina, Status.MICRO, Regime.FRANCHISE)
    _credit, third = await rectify(cast, second)
    living = await db.rows("SELECT invoice_id, turn FROM living_line")
    assert [(line["invoice_id"], line["turn"]) for line in living] == [(third["id"], 5)]
    assert await actions.dry_run(cast.entity_id, today()) == []


async def test_the_database_itself_refuses_a_second_living_paper(books, cast):
    await books.earns(cast.mina, 200_00)
    (invoice,) = await books.issue()
    line = await db.row("SELECT * FROM invoice_line WHERE invoice_id = $1", invoice["id"])
    assert line is not None
    for turn, why in ((1, "one_living_paper"), (3, "invoice_line_follows")):
        with pytest.raises(Exception, match=why):
            async with deed(Machine("test")):
                await db.execute(
                    "INSERT INTO invoice_line (invoice_id, position, earning_id, net_cents, vat_cents, turn) VALUES ($1, 9, $2, 0, 0, $3)",
                    invoice["id"], line["earning_id"], turn,
                )  # fmt: skip


async def test_what_was_taken_back_before_goes_along(books, cast):
    """360 invoiced with 72, 90 + 18 credited; in truth without VAT: 270 + 54 credited, 270 anew."""
    payment = await books.earns(cast.remi, 360_00)
    (wrong,) = await books.issue()
    await books.refund(payment, 90_00)
    await books.issue()
    await learns(cast.remi, Status.COMPANY, Regime.FRANCHISE)
    credit, right = await rectify(cast, wrong)
    assert (credit["net_cents"], credit["vat_cents"]) == (270_00, 54_00)
    assert (right["net_cents"], right["vat_cents"]) == (270_00, 0)
    found = await referrer_balances(cast.remi.referrer_id)
    assert (found.invoiced, found.vat_invoiced, found.due) == (270_00, 0, 0)


async def test_what_is_taken_back_later_is_credited_on_the_new_paper(books, cast):
    """100 of 360, on the invoice that is now without VAT."""
    payment = await books.earns(cast.remi, 360_00)
    (wrong,) = await books.issue()
    await learns(cast.remi, Status.COMPANY, Regime.FRANCHISE)
    _credit, right = await rectify(cast, wrong)
    await books.refund(payment, 100_00)
    (later,) = await books.issue()
    assert (later["credits_id"], later["net_cents"], later["vat_cents"]) == (right["id"], 100_00, 0)


async def test_where_only_words_change_one_corrective_does_it_and_moves_no_money(books, cast):
    await learns(cast.remi, Status.ASSOCIATION, Regime.FRANCHISE, company_name="Les Amis du Fleuve")
    await books.earns(cast.remi, 360_00)
    (wrong,) = await books.issue()
    await learns(cast.remi, Status.ASSOCIATION, Regime.EXEMPT)
    planned = await plan_of(wrong)
    assert (planned.remedy, planned.differing) == (Remedy.CORRECTIVE, ["exemption"])
    before = await referrer_balances(cast.remi.referrer_id)
    (fixed,) = await rectify(cast, wrong)
    assert (fixed["kind"], fixed["type_code"], fixed["credits_id"]) == ("corrective", "471", wrong["id"])
    assert fixed["paper"]["exemption_text"] == "Exonération de TVA, art. 261, 7-1° b du CGI"
    assert (fixed["net_cents"], fixed["sign"]) == (360_00, 0)
    assert f"La facture {wrong['number']} est rectifiée" in await told_of(fixed)
    assert await referrer_balances(cast.remi.referrer_id) == before
    assert [paper["number"] for paper in await access.unpaid(cast.entity_id)] == [wrong["number"]]
    assert (await plan_of(wrong)).remedy is Remedy.NOTHING


async def test_a_credit_note_to_a_corrected_invoice_has_the_words_of_the_corrective(books, cast):
    await learns(cast.remi, Status.ASSOCIATION, Regime.FRANCHISE, company_name="Les Amis du Fleuve")
    payment = await books.earns(cast.remi, 360_00)
    (wrong,) = await books.issue()
    await learns(cast.remi, Status.ASSOCIATION, Regime.EXEMPT)
    (fixed,) = await rectify(cast, wrong)
    await books.refund(payment, 90_00)
    (credit,) = await books.issue()
    assert credit["credits_id"] == wrong["id"]
    assert credit["paper"]["exemption_code"] == "VATEX-FR-CGI261-7"
    assert credit["paper"]["corrects"]["number"] == fixed["number"]


async def test_a_receipt_of_who_was_a_business_is_taken_back_by_a_receipt(books, cast):
    await books.earns(cast.rachel, 100_00)
    (wrong,) = await books.issue()
    await learns(cast.rachel, Status.MICRO, Regime.FRANCHISE, siret="55210055400013")
    async with deed(Machine("test")):
        await db.execute(
            "UPDATE contract SET self_billing = true WHERE referrer_id = $1", cast.rachel.referrer_id
        )
    back, right = await rectify(cast, wrong)
    assert [(one["kind"], one["xml"] is None, one["sign"]) for one in (back, right)] == [
        ("receipt_credit", True, -1), ("self_billed", False, 1),
    ]  # fmt: skip
    assert back["number"].endswith("-0002")
    said = await told_of(back)
    assert "Un bordereau d'annulation de 100,00" in said
    assert "Si quelque chose ne va pas" not in said  # a slip is not contested


async def test_an_option_for_debits_learnt_late_moves_the_vat(books, cast):
    """72 waited for the payment; they are deductible at once."""
    await books.earns(cast.remi, 360_00)
    (wrong,) = await books.issue()
    await learns(cast.remi, Status.COMPANY, Regime.STANDARD, on_debits=True)
    assert len(await rectify(cast, wrong)) == 2
    assert await account_balance(f"entity:{cast.entity_id}:vat_pending") == 0
    assert await account_balance(f"entity:{cast.entity_id}:vat_deductible") == 72_00


async def test_a_paper_that_is_right_is_left_alone(books, cast):
    await books.earns(cast.remi, 360_00)
    (right,) = await books.issue()
    assert (await plan_of(right)).remedy is Remedy.NOTHING
    with pytest.raises(Refused) as why:
        await rectify(cast, right)
    assert why.value.code == "same"


async def test_a_paper_that_was_taken_back_whole_is_not_rectified_again(books, cast):
    await books.earns(cast.mina, 200_00)
    (wrong,) = await books.issue()
    await learns(cast.mina, Status.MICRO, Regime.STANDARD, vat_number=VAT)
    await rectify(cast, wrong)
    with pytest.raises(Refused) as why:
        await rectify(cast, wrong)
    assert why.value.code == "spent"


async def test_what_the_new_paper_lacks_is_said_and_nothing_is_done(books, cast):
    await books.earns(cast.mina, 200_00)
    (wrong,) = await books.issue()
    await learns(cast.mina, Status.MICRO, Regime.STANDARD)
    with pytest.raises(Refused) as why:
        await rectify(cast, wrong)
    assert why.value.code == "blocked"
    assert await db.value("SELECT count(*) FROM invoice") == 1


async def test_two_rectify_at_once_and_one_does(books, cast):
    await books.earns(cast.mina, 200_00)
    (wrong,) = await books.issue()
    await learns(cast.mina, Status.MICRO, Regime.STANDARD, vat_number=VAT)
    done = await asyncio.gather(rectify(cast, wrong), rectify(cast, wrong), return_exceptions=True)
    assert sorted(isinstance(one, Refused) for one in done) == [False, True]
    assert await db.value("SELECT count(*) FROM invoice") == 3


async def test_a_contested_paper_has_its_answer_when_it_is_rectified(books, cast):
    await books.earns(cast.mina, 200_00)
    (wrong,) = await books.issue()
    async with deed(cast.mina.person):
        await actions.answer(await access.invoice(wrong["id"]), "contest", "Je facture la TVA.")
    await learns(cast.mina, Status.MICRO, Regime.STANDARD, vat_number=VAT)
    await rectify(cast, wrong)
    assert (await access.invoice(wrong["id"]))["said"] == "rectified"


async def test_the_list_of_wrong_papers_is_settled_by_the_rectification(books, cast):
    from portal.jobs.queue import work_off

    await books.earns(cast.mina, 200_00)
    (wrong,) = await books.issue()
    await learns(cast.mina, Status.MICRO, Regime.STANDARD, vat_number=VAT)
    await work_off()
    assert await db.value("SELECT count(*) FROM paper_to_rectify WHERE state = 'open'") == 1
    await rectify(cast, wrong)
    assert await db.value("SELECT count(*) FROM paper_to_rectify WHERE state = 'open'") == 0
