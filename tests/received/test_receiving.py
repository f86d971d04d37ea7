"""Rémi sends his own invoice: it is compared with what is due, accepted or refused; nothing moves by a wrong one."""

import asyncio
from datetime import timedelta

import pytest

from portal.company import access as company
from portal.invoicing import actions as invoicing
from portal.invoicing.received import access, due, receiving
from portal.invoicing.rules import OWN_BLOCKS
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.problems import Refused, Stale
from portal.ledger.balances import referrer_balances
from portal.payouts import actions as payouts
from tests.earnings.scene import in_days
from tests.received.conftest import Desk, codes
from tests.received.shapes import PROFILES, cii, facturx, pdf, words


async def nothing_moved(desk: Desk) -> None:
    assert await db.value("SELECT count(*) FROM invoice") == 0
    balances = await referrer_balances(desk.cast.remi.referrer_id)
    assert (balances.due, balances.invoiced) == (360_00, 0)


async def test_who_has_no_mandate_is_shown_as_awaiting_his_invoice(desk):
    await desk.books.earns(desk.cast.remi, 360_00)
    (proposal,) = await invoicing.dry_run(desk.cast.entity_id, today())
    assert proposal.blocks == ("no_mandate",)
    assert not proposal.ready


async def test_what_is_due_is_told_with_all_that_the_invoice_has_to_say(desk):
    await desk.books.earns(desk.cast.remi, 360_00)
    found = await due.desk_of(desk.cast.remi.referrer_id)
    (one,) = found.due
    expected = due.expected(one, found)
    assert (expected.paper.net_cents, expected.paper.vat_cents, expected.paper.gross_cents) == (
        360_00,
        72_00,
        432_00,
    )
    assert {mention.code for mention in expected.mentions} == {"PMT", "PMD", "AAB"}


async def test_an_invoice_that_agrees_is_accepted_and_goes_its_way(desk):
    await desk.books.earns(desk.cast.remi, 360_00)
    received = await desk.sends(desk.ubl())
    assert (received["state"], codes(received)) == ("compared", set())
    invoice = await desk.accepts(received)
    assert (invoice["kind"], invoice["type_code"], invoice["number"]) == ("own", "380", "F2026-001")
    assert (invoice["net_cents"], invoice["vat_cents"], invoice["total_cents"]) == (360_00, 72_00, 432_00)
    assert invoice["series_id"] is None
    balances = await referrer_balances(desk.cast.remi.referrer_id)
    assert (balances.due, balances.invoiced) == (0, 360_00)
    assert await invoicing.dry_run(desk.cast.entity_id, today()) == []


async def test_an_accepted_invoice_is_paid_with_the_next_run(desk):
    await desk.books.earns(desk.cast.remi, 360_00)
    await desk.accepts(await desk.sends(desk.ubl()))
    async with deed(desk.cast.fanny.person):
        run = await payouts.prepare(desk.cast.entity_id, today() + timedelta(5))
    (line,) = await db.rows("SELECT * FROM payout_line WHERE run_id = $1", run["id"])
    assert (line["net_cents"], line["vat_cents"], line["total_cents"]) == (360_00, 72_00, 432_00)


@pytest.mark.parametrize("format", ["cii", "facturx", "pdf"])
async def test_every_format_leads_to_the_same_paper(desk, format):
    await desk.books.earns(desk.cast.remi, 360_00)
    facts = desk.facts()
    body = {"cii": cii(facts), "facturx": facturx(facts), "pdf": pdf(words(facts))}[format]
    received = await desk.sends(body)
    if format == "pdf":
        assert received["state"] == "received"
        async with deed(desk.cast.remi.person):
            received = await receiving.confirm(received, {"number": "F2026-001"})
    assert codes(received) == set()
    invoice = await desk.accepts(received)
    assert (invoice["number"], invoice["total_cents"]) == ("F2026-001", 432_00)
    assert (invoice["xml"] is None) == (format == "pdf")


async def test_finance_hears_of_it_and_the_referrer_of_the_answer(desk):
    await desk.books.earns(desk.cast.remi, 360_00)
    received = await desk.sends(desk.ubl())
    assert (
        await db.value("SELECT count(*) FROM mail_message WHERE kind = 'invoicing.own_received'") == 2
    )  # Fanny, Fred
    await desk.accepts(received)
    assert await db.value("SELECT count(*) FROM mail_message WHERE kind = 'invoicing.own_accepted'") == 1
    assert await db.value("SELECT count(*) FROM mail_message WHERE kind = 'invoicing.issued'") == 0
    await work_off()
    assert (
        await db.value("SELECT count(*) FROM invoice_file") == 1
    )  # the file that came in: nothing is printed over it


FORBIDDEN = {
    "over": {"net": 400_00},
    "under": {"net": 300_00},
    "rate": {"rate": "10.00"},
    "sums": {"total": 440_00},
    "seller_siren": {"siren": "552100554"},
    "buyer_siren": {"buyer_siren": "552100554"},
    "currency": {"currency": "USD"},
    "kind": {"kind": "386"},
}


@pytest.mark.parametrize("code", FORBIDDEN)
async def test_what_is_wrong_is_said_and_moves_nothing(desk, code):
    await desk.books.earns(desk.cast.remi, 360_00)
    received = await desk.sends(desk.ubl(**FORBIDDEN[code]))
    assert code in codes(received)
    with pytest.raises(Refused) as no:
        await desk.accepts(received, "malgré tout")
    assert no.value.code == "differs"
    await nothing_moved(desk)


async def test_a_day_to_come_is_refused(desk):
    await desk.books.earns(desk.cast.remi, 360_00)
    received = await desk.sends(desk.ubl(day=(today() + timedelta(1)).isoformat()))
    with pytest.raises(Refused):
        await desk.accepts(received)
    await nothing_moved(desk)


async def test_another_iban_is_said_loud_wants_a_reason_and_is_never_paid(desk):
    await desk.books.earns(desk.cast.remi, 360_00)
    received = await desk.sends(desk.ubl(iban="FR7630003036200002021690750"))
    assert codes(received) == {"iban_other"}
    with pytest.raises(Refused) as no:
        await desk.accepts(received)
    assert no.value.code == "reason_missing"
    await nothing_moved(desk)
    await desk.accepts(received, "Rappelé : ancien modèle de facture")
    async with deed(desk.cast.fanny.person):
        run = await payouts.prepare(desk.cast.entity_id, today() + timedelta(5))
    paid = await db.value(
        "SELECT bank.last4 FROM payout_line line JOIN bank_detail bank ON bank.id = bank_detail_id WHERE run_id = $1",
        run["id"],
    )
    assert paid == "4611"


async def test_nothing_is_due_to_him(desk):
    received = await desk.sends(desk.ubl())
    assert "nothing_due" in codes(received)
    with pytest.raises(Refused):
        await desk.accepts(received)


async def test_the_same_file_twice_is_once(desk):
    await desk.books.earns(desk.cast.remi, 360_00)
    await desk.sends(desk.ubl())
    with pytest.raises(Refused) as no:
        await desk.sends(desk.ubl())
    assert no.value.code == "twice"


async def test_two_uploads_at_the_same_instant_are_one(desk):
    await desk.books.earns(desk.cast.remi, 360_00)
    found = await asyncio.gather(desk.sends(desk.ubl()), desk.sends(desk.ubl()), return_exceptions=True)
    assert sorted(isinstance(one, Refused) for one in found) == [False, True]
    assert await db.value("SELECT count(*) FROM received_invoice") == 1


async def test_a_number_that_waits_is_not_sent_again(desk):
    await desk.books.earns(desk.cast.remi, 360_00)
    await desk.sends(desk.ubl())
    with pytest.raises(Refused) as no:
        await desk.sends(desk.ubl(due=(today() + timedelta(30)).isoformat()))
    assert no.value.code == "number_waiting"


async def test_a_number_serves_once_a_year(desk):
    await desk.books.earns(desk.cast.remi, 360_00)
    await desk.accepts(await desk.sends(desk.ubl()))
    await desk.books.earns(desk.cast.remi, 100_00, days_ago=4)
    received = await desk.sends(desk.ubl(net=100_00))
    assert "number_used" in codes(received)


async def test_accepted_twice_at_once_it_is_one_paper(desk):
    await desk.books.earns(desk.cast.remi, 360_00)
    received = await desk.sends(desk.ubl())
    found = await asyncio.gather(desk.accepts(received), desk.accepts(received), return_exceptions=True)
    assert sorted(isinstance(one, Stale) for one in found) == [False, True]
    assert await db.value("SELECT count(*) FROM invoice") == 1


async def test_a_refused_one_is_told_why_and_may_be_sent_again(desk):
    await desk.books.earns(desk.cast.remi, 360_00)
    refused = await desk.refuses(await desk.sends(desk.ubl(net=400_00)))
    assert (refused["state"], refused["reason_code"]) == ("refused", "amount")
    assert await db.value(
        "SELECT text_body LIKE '%Le montant est trop élevé.%' FROM mail_message WHERE kind = 'invoicing.own_refused'"
    )
    await desk.accepts(await desk.sends(desk.ubl()))


async def test_he_picks_what_he_invoices_and_the_rest_stays_due(desk):
    await desk.books.earns(desk.cast.remi, 360_00)
    await desk.books.earns(desk.cast.remi, 100_00, days_ago=4)
    _, second = [row["id"] for row in await db.rows("SELECT id FROM earning ORDER BY id")]
    received = await desk.sends(desk.ubl(net=100_00), second)
    assert codes(received) == {"partial"}
    invoice = await desk.accepts(received)
    assert await db.rows("SELECT earning_id FROM invoice_line WHERE invoice_id = $1", invoice["id"]) == [
        (second,)
    ]
    balances = await referrer_balances(desk.cast.remi.referrer_id)
    assert (balances.due, balances.invoiced) == (360_00, 100_00)


async def test_a_cent_of_rounding_is_taken_as_it_is_invoiced(desk):
    await desk.books.earns(desk.cast.remi, 360_00)
    received = await desk.sends(desk.ubl(vat=72_01))
    assert "vat_rounding" in codes(received)
    invoice = await desk.accepts(received, "Arrondi de son logiciel")
    assert invoice["total_cents"] == 432_01  # 360.00 + 72.01


async def test_what_was_taken_back_meanwhile_makes_the_comparison_stale(desk):
    payment = await desk.books.earns(desk.cast.remi, 360_00)
    received = await desk.sends(desk.ubl())
    await desk.books.refund(payment, 100_00)
    with pytest.raises(Refused) as no:  # 260.00 are due now
        await desk.accepts(received)
    assert no.value.code == "differs"


async def test_what_is_taken_back_from_his_invoice_awaits_his_credit_note(desk):
    payment = await desk.books.earns(desk.cast.remi, 360_00)
    await desk.accepts(await desk.sends(desk.ubl()))
    await desk.books.refund(payment, 100_00)
    (proposal,) = await invoicing.dry_run(desk.cast.entity_id, today())
    assert proposal.blocks == ("own_credit",)
    received = await desk.sends(desk.ubl(kind="381", number="A2026-1", net=100_00, credits="F2026-001"))
    assert codes(received) == set()
    note = await desk.accepts(received)
    assert (note["kind"], note["type_code"], note["net_cents"], note["vat_cents"]) == (
        "own_credit_note",
        "381",
        100_00,
        20_00,
    )
    balances = await referrer_balances(desk.cast.remi.referrer_id)
    assert (balances.due, balances.invoiced) == (0, 260_00)
    async with deed(desk.cast.fanny.person):
        run = await payouts.prepare(desk.cast.entity_id, today() + timedelta(5))
    assert (
        await db.value("SELECT total_cents FROM payout_line WHERE run_id = $1", run["id"]) == 312_00
    )  # 432.00 − 120.00


async def test_a_credit_note_names_the_invoice_that_it_corrects(desk):
    payment = await desk.books.earns(desk.cast.remi, 360_00)
    await desk.accepts(await desk.sends(desk.ubl()))
    await desk.books.refund(payment, 100_00)
    received = await desk.sends(desk.ubl(kind="381", number="A2026-1", net=100_00, credits="F2025-777"))
    assert "credits_other" in codes(received)


async def test_a_credit_note_for_another_amount_moves_nothing(desk):
    payment = await desk.books.earns(desk.cast.remi, 360_00)
    await desk.accepts(await desk.sends(desk.ubl()))
    await desk.books.refund(payment, 100_00)
    received = await desk.sends(desk.ubl(kind="381", number="A2026-1", net=120_00, credits="F2026-001"))
    with pytest.raises(Refused):
        await desk.accepts(received)


async def test_who_is_invoiced_by_us_has_nothing_to_send(desk):
    async with deed(desk.cast.alice.person):
        await db.execute(
            "UPDATE contract SET self_billing = true WHERE referrer_id = $1", desk.cast.remi.referrer_id
        )
    await desk.books.earns(desk.cast.remi, 360_00)
    received = await desk.sends(desk.ubl())
    assert "mandated" in codes(received)
    with pytest.raises(Refused):
        await desk.accepts(received)


async def test_a_minimum_profile_is_read_by_its_page(desk):
    await desk.books.earns(desk.cast.remi, 360_00)
    received = await desk.sends(facturx(desk.facts(profile=PROFILES["minimum"])))
    assert codes(received) == {"without_lines"}
    await desk.accepts(received)


async def test_an_invoice_under_way_is_no_longer_awaited(desk):
    await desk.books.earns(desk.cast.remi, 360_00)
    await desk.sends(desk.ubl())
    (proposal,) = await invoicing.dry_run(desk.cast.entity_id, today())
    assert proposal.blocks == ("own_received",)
    assert set(proposal.blocks) <= OWN_BLOCKS


async def test_he_takes_one_back_and_sends_another(desk):
    await desk.books.earns(desk.cast.remi, 360_00)
    received = await desk.sends(desk.ubl(net=400_00))
    async with deed(desk.cast.remi.person):
        await receiving.withdraw(received)
    with pytest.raises(Stale):
        await desk.refuses(received)
    await desk.accepts(await desk.sends(desk.ubl()))


async def test_he_is_reminded_once_a_month_at_most(desk):
    from portal.invoicing.tasks import remind_own

    await desk.books.earns(desk.cast.remi, 360_00)
    for days in (0, 1, 20, 29, 40):
        with in_days(days):
            await remind_own()
    reminded = await db.rows(
        "SELECT created_at::date AS day FROM mail_message WHERE kind = 'invoicing.own_awaited' ORDER BY id"
    )
    assert len(reminded) == 2  # today and forty days later


async def test_who_has_sent_it_is_not_reminded(desk):
    from portal.invoicing.tasks import remind_own

    await desk.books.earns(desk.cast.remi, 360_00)
    await desk.sends(desk.ubl())
    await remind_own()
    assert await db.value("SELECT count(*) FROM mail_message WHERE kind = 'invoicing.own_awaited'") == 0


async def test_the_file_is_stored_once_with_its_hash(desk):
    await desk.books.earns(desk.cast.remi, 360_00)
    body = desk.ubl()
    invoice = await desk.accepts(await desk.sends(body))
    from portal.kit import files

    file = await files.by_id(
        await db.value("SELECT file_id FROM invoice_file WHERE invoice_id = $1", invoice["id"])
    )
    assert await files.content(file) == body
    assert invoice["xml"] == body
    assert await company.legal_entity()
    assert (await access.received(await db.value("SELECT id FROM received_invoice")))["sha256"] == file[
        "sha256"
    ]
