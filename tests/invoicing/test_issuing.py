"""From what is payable to papers: which, how numbered, how booked."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from portal.history.access import broken_chains
from portal.invoicing import access, actions
from portal.invoicing.papers import Kind
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import Machine, deed
from portal.kit.problems import Refused
from portal.ledger.balances import account_balance, referrer_balances
from portal.referrers import actions as referrers
from portal.referrers.rules import Regime, Status


async def test_a_company_gets_an_invoice_drawn_up_for_it_with_vat(books, cast):
    await books.earns(cast.remi, 360_00)
    (paper,) = await books.issue()
    assert (paper["kind"], paper["type_code"]) == ("self_billed", "389")
    assert paper["number"].endswith(f"-{today().year}-0001")
    assert (paper["net_cents"], paper["vat_cents"], paper["total_cents"]) == (360_00, 72_00, 432_00)
    assert paper["due_on"] == today() + timedelta(30)
    assert b"<ram:TypeCode>389</ram:TypeCode>" in paper["xml"]
    assert b"IBAN" not in paper["xml"]
    found = await referrer_balances(cast.remi.referrer_id)
    assert (found.due, found.invoiced, found.vat_invoiced) == (0, 360_00, 72_00)
    assert await account_balance(f"entity:{cast.entity_id}:vat_pending") == 72_00


async def test_an_individual_gets_a_receipt_and_a_micro_entrepreneur_an_invoice_without_vat(books, cast):
    await books.earns(cast.rachel, 100_00)
    await books.earns(cast.mina, 200_00)
    papers = {paper["referrer_id"]: paper for paper in await books.issue()}
    receipt, invoice = papers[cast.rachel.referrer_id], papers[cast.mina.referrer_id]
    assert (receipt["kind"], receipt["number"], receipt["xml"]) == (
        "receipt",
        f"BC-{today().year}-0001",
        None,
    )
    assert (invoice["kind"], invoice["vat_cents"], invoice["vat_rate"]) == ("self_billed", 0, 0)
    assert invoice["paper"]["seller"]["name"] == "Mina Kaci EI"
    assert invoice["paper"]["exemption_code"] == "VATEX-FR-FRANCHISE"
    assert invoice["paper"]["exemption_text"] == "TVA non applicable, art. 293 B du CGI"
    assert any(code.startswith("mentions.franchise@") for code in invoice["paper"]["figures"])


async def test_the_line_says_client_base_rate_and_clause(books, cast):
    await books.earns(cast.remi, 360_00)
    (proposal,) = await actions.dry_run(cast.entity_id, today())
    assert proposal.treatment is not None
    assert (proposal.treatment.kind, proposal.treatment.rate) == (Kind.SELF_BILLED, Decimal(20))
    (paper,) = await books.issue()
    (line,) = paper["paper"]["lines"]
    assert (line["base_cents"], line["rate"]) == (3600_00, "10")
    assert line["clause"].startswith("Contrat C")
    assert "article" in line["clause"]


async def test_nothing_is_written_by_a_dry_run(books, cast):
    await books.earns(cast.remi, 360_00)
    await actions.dry_run(cast.entity_id, today())
    assert await db.value("SELECT count(*) FROM invoice") == 0
    assert await db.value("SELECT count(*) FROM number_series") == 0


async def test_the_regime_of_the_day_of_the_fact_rules_and_each_regime_has_its_own_paper(books, cast):
    """Mina leaves the franchise ten days ago: 100 before it without VAT, 200 after it with 40 of VAT."""
    await books.earns(cast.mina, 100_00, days_ago=20)
    await books.earns(cast.mina, 200_00, days_ago=5)
    async with deed(Machine("test")):
        await referrers.record_standing(
            cast.mina.referrer_id, today() - timedelta(10), Status.MICRO, Regime.STANDARD, "profile"
        )
        await db.execute(
            "UPDATE referrer SET vat_number = 'FR61552100554' WHERE id = $1", cast.mina.referrer_id
        )
    papers = await books.issue()
    assert [(paper["net_cents"], paper["vat_cents"], paper["vat_regime"]) for paper in papers] == [
        (100_00, 0, "franchise"), (200_00, 40_00, "standard"),
    ]  # fmt: skip
    assert [paper["series_position"] for paper in papers] == [1, 2]


async def test_what_is_taken_back_before_a_paper_reduces_it(books, cast):
    """360 earned, a quarter of it given back: 360 − 90 = 270, VAT 54."""
    payment = await books.earns(cast.remi, 360_00)
    await books.refund(payment, 90_00)
    (paper,) = await books.issue()
    assert (paper["net_cents"], paper["vat_cents"]) == (270_00, 54_00)
    assert [line["net_cents"] for line in paper["paper"]["lines"]] == [360_00, -90_00]


async def test_a_total_of_nothing_is_carried(books, cast):
    payment = await books.earns(cast.remi, 360_00)
    await books.refund(payment, 360_00)
    (proposal,) = await actions.dry_run(cast.entity_id, today())
    assert proposal.blocks == ("carried",)
    assert await books.issue() == []


async def test_what_is_taken_back_after_the_invoice_is_a_credit_note_at_its_vat(books, cast):
    """The invoice had VAT; Rémi has left it since, the credit note has it still: 90 + 18."""
    payment = await books.earns(cast.remi, 360_00)
    (invoice,) = await books.issue()
    async with deed(Machine("test")):
        await referrers.record_standing(
            cast.remi.referrer_id, today(), Status.COMPANY, Regime.FRANCHISE, "profile"
        )
    await books.refund(payment, 90_00)
    (credit,) = await books.issue()
    assert (credit["kind"], credit["type_code"], credit["credits_id"]) == (
        "credit_note",
        "261",
        invoice["id"],
    )
    assert (credit["net_cents"], credit["vat_cents"], credit["vat_regime"]) == (90_00, 18_00, "standard")
    assert credit["series_position"] == 2
    assert invoice["number"].encode() in credit["xml"]
    found = await referrer_balances(cast.remi.referrer_id)
    assert (found.invoiced, found.vat_invoiced, found.owes, found.due) == (270_00, 54_00, 0, 0)


async def test_credit_notes_alone_can_be_issued_without_invoicing_what_is_new(books, cast):
    payment = await books.earns(cast.remi, 360_00)
    await books.issue()
    await books.refund(payment, 90_00)
    await books.earns(cast.remi, 50_00)
    async with deed(cast.fanny.person):
        made = await actions.issue_credit_notes(cast.entity_id, [cast.remi.referrer_id])
    (credit,) = await db.rows("SELECT kind FROM invoice WHERE id = ANY ($1::bigint[])", made.invoice_ids)
    assert credit["kind"] == "credit_note"
    (proposal,) = await actions.dry_run(cast.entity_id, today())
    assert proposal.net_cents == 50_00


async def test_credit_notes_add_up_to_their_invoice_to_the_cent(books, cast):
    """0.11 earned, VAT 0.02; taken back as 0.04, 0.04 and 0.03: 0.01 + 0.00 + 0.01 of VAT."""
    payment = await books.earns(cast.remi, 11)
    (invoice,) = await books.issue()
    credits = []
    for cents in (4, 4, 3):
        await books.refund(payment, cents)
        credits += await books.issue()
    assert sum(credit["net_cents"] for credit in credits) == invoice["net_cents"]
    assert sum(credit["vat_cents"] for credit in credits) == invoice["vat_cents"]


async def test_an_invoice_with_a_fault_is_not_issued_and_its_referrer_is_reported(books, cast):
    """ZZ is no country: EN 16931 refuses the VAT number. Rachel's receipt is issued all the same."""
    await books.earns(cast.remi, 360_00)
    await books.earns(cast.rachel, 100_00)
    async with deed(Machine("test")):
        await db.execute(
            "UPDATE referrer SET vat_number = 'ZZ83404833048' WHERE id = $1", cast.remi.referrer_id
        )
    async with deed(cast.fanny.person):
        made = await actions.issue(cast.entity_id)
    (refusal,) = made.refusals
    assert refusal.referrer_id == cast.remi.referrer_id
    assert "BR-CO-09" in refusal.rules
    assert await db.value("SELECT count(*) FROM invoice") == 1
    (proposal,) = await actions.dry_run(cast.entity_id, today())
    assert proposal.blocks == ("refused",)
    assert "BR-CO-09" in proposal.detail
    async with deed(Machine("test")):
        await db.execute(
            "UPDATE referrer SET vat_number = 'FR83404833048' WHERE id = $1", cast.remi.referrer_id
        )
    (paper,) = await books.issue(cast.remi)
    assert paper["series_position"] == 1


async def test_who_cannot_have_a_paper_is_left_out_with_the_reason(books, cast):
    await books.earns(cast.remi, 360_00)
    async with deed(Machine("test")):
        await db.execute("UPDATE referrer SET siret = '' WHERE id = $1", cast.remi.referrer_id)
        await db.execute(
            "UPDATE contract SET self_billing = false WHERE referrer_id = $1", cast.remi.referrer_id
        )
    (proposal,) = await actions.dry_run(cast.entity_id, today())
    assert set(proposal.blocks) == {"siret_missing", "no_mandate"}
    assert await books.issue() == []


async def test_two_issues_at_once_make_each_paper_once(books, cast):
    for who, cents in ((cast.remi, 360_00), (cast.rachel, 100_00), (cast.mina, 200_00)):
        await books.earns(who, cents)

    async def issue() -> int:
        async with deed(cast.fanny.person):
            return len((await actions.issue(cast.entity_id)).invoice_ids)

    assert sorted(await asyncio.gather(*(issue() for _ in range(4)))) == [0, 0, 0, 3]


async def test_a_paper_is_never_dated_in_the_future(books, cast):
    await books.earns(cast.remi, 360_00)
    with pytest.raises(Refused) as why:
        await books.issue(day=today() + timedelta(1))
    assert why.value.code == "future_day"


async def test_an_issued_paper_cannot_be_changed(books, cast):
    await books.earns(cast.remi, 360_00)
    (paper,) = await books.issue()
    with pytest.raises(Exception, match="permission denied"):
        async with deed(Machine("test")):
            await db.execute("UPDATE invoice SET net_cents = 1 WHERE id = $1", paper["id"])
    assert await broken_chains() == []


async def test_unpaid_papers_of_one_referrer_are_listed_with_credit_notes_below_zero(books, cast):
    payment = await books.earns(cast.remi, 360_00)
    await books.issue()
    await books.refund(payment, 90_00)
    await books.issue()
    found = await access.unpaid(cast.entity_id)
    assert [(paper["net_cents"], paper["vat_cents"]) for paper in found] == [
        (360_00, 72_00),
        (-90_00, -18_00),
    ]
