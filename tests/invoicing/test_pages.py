"""The pages of papers: who sees what, what issuing shows, what a referrer answers."""

import re

import pytest

from portal.invoicing.actions import AT_ONCE
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import Machine, deed
from tests.invoicing.books import Books

READERS = ("/factures", "/factures/{ref}", "/factures/{ref}/pdf", "/factures/{ref}/xml")


@pytest.fixture
async def invoice(books: Books, cast) -> db.Row:
    await books.earns(cast.remi, 360_00)
    (paper,) = await books.issue()
    await work_off()
    return paper


async def test_a_referrer_reads_their_invoice_and_fetches_it(client, cast, invoice):
    remi = client(cast.remi)
    listed = await remi.get("/factures")
    assert invoice["number"] in listed.text
    shown = await remi.get(f"/factures/{invoice['ref']}")
    assert shown.status_code == 200
    text = shown.text.replace("\xa0", " ")
    for said in ("432,00 €", "360,00 €", "72,00 €", "Morin Conseil", "Lumen Conseil", "Autofacturation"):
        assert said in text
    (earning,) = await db.rows("SELECT ref FROM earning")
    assert f"/commissions/{earning['ref']}" in shown.text
    pdf = await remi.get(f"/factures/{invoice['ref']}/pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    xml = await remi.get(f"/factures/{invoice['ref']}/xml")
    assert xml.content == invoice["xml"]


async def test_the_printed_invoice_carries_the_final_xml(client, cast, invoice):
    from facturx import get_xml_from_pdf

    pdf = await client(cast.fanny).get(f"/factures/{invoice['ref']}/pdf")
    assert get_xml_from_pdf(pdf.content)[1] == invoice["xml"]


async def test_printing_twice_makes_one_file(books, cast, invoice):
    from portal.invoicing import tasks

    await tasks.render([invoice["id"]])
    async with deed(Machine("test")):
        assert await db.value("SELECT count(*) FROM stored_file WHERE subject_kind = 'invoice'") == 1


@pytest.mark.parametrize("path", READERS[1:])
async def test_the_papers_of_another_are_not_there(client, cast, invoice, path):
    for stranger in (cast.stefan, cast.rachel):
        answer = await client(stranger).get(path.format(ref=invoice["ref"]))
        assert answer.status_code == 404


@pytest.mark.parametrize("path", [*READERS, "/factures/a-etablir", "/factures/a-etablir/avancement"])
async def test_sales_have_no_papers(client, cast, invoice, path):
    assert (await client(cast.sam).get(path.format(ref=invoice["ref"]))).status_code == 404


@pytest.mark.parametrize("path", ["/factures", "/factures/a-etablir"])
async def test_papers_need_a_sign_in(client, cast, path):
    answer = await client(None).get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/connexion?suite={path}")


async def test_a_stranger_does_not_see_it_in_the_list(client, cast, invoice):
    assert invoice["number"] not in (await client(cast.stefan).get("/factures")).text


async def test_the_list_is_exported(client, cast, invoice):
    answer = await client(cast.fanny).get("/factures?format=csv")
    assert invoice["number"] in answer.text
    assert "432,00" in answer.text or "432.00" in answer.text


async def test_finance_sees_what_would_be_issued_and_issues_it(client, books, cast):
    await books.earns(cast.remi, 360_00)
    await books.earns(cast.rachel, 100_00)
    async with deed(Machine("test")):
        await db.execute("UPDATE referrer SET siret = '' WHERE id = $1", cast.remi.referrer_id)
    fanny = client(cast.fanny)
    shown = await fanny.get("/factures/a-etablir")
    assert "Numéro SIRET manquant" in shown.text
    refs = re.findall(r'name="referrer" value="(\w+)" checked', shown.text)
    assert len(refs) == 1
    answer = await fanny.post_form("/factures/a-etablir", referrer=refs)
    assert (answer.status_code, answer.headers["location"]) == (303, "/factures")
    assert await db.value("SELECT number FROM invoice") == f"BC-{today().year}-0001"


async def test_the_same_form_sent_twice_issues_once(client, books, cast):
    await books.earns(cast.rachel, 100_00)
    fanny = client(cast.fanny)
    ref = await db.value("SELECT ref FROM referrer WHERE id = $1", cast.rachel.referrer_id)
    answers = [await fanny.post_form("/factures/a-etablir", once="the same", referrer=ref) for _ in range(2)]
    assert [answer.headers["location"] for answer in answers] == ["/factures", "/factures"]
    assert await db.value("SELECT count(*) FROM invoice") == 1


async def test_nobody_ticked_is_said_beside_the_button(client, books, cast):
    await books.earns(cast.rachel, 100_00)
    answer = await client(cast.fanny).post_form("/factures/a-etablir")
    assert answer.status_code == 422
    assert "Choisissez au moins un apporteur." in answer.text


async def test_only_finance_issues(client, books, cast):
    for wrong in (cast.sam, cast.remi):
        assert (await client(wrong).post_form("/factures/a-etablir", referrer="X")).status_code == 404


async def test_a_long_list_is_issued_by_jobs_while_the_page_counts(client, books, cast, monkeypatch):
    monkeypatch.setattr("portal.invoicing.actions.AT_ONCE", 1)
    assert AT_ONCE > 1
    await books.earns(cast.remi, 360_00)
    await books.earns(cast.rachel, 100_00)
    fanny = client(cast.fanny)
    refs = re.findall(r'name="referrer" value="(\w+)"', (await fanny.get("/factures/a-etablir")).text)
    answer = await fanny.post_form("/factures/a-etablir", referrer=refs)
    assert answer.headers["location"] == "/factures/a-etablir?sur=2"
    assert "hx-get" in (await fanny.get("/factures/a-etablir/avancement?sur=2")).text
    await work_off()
    assert (
        "Tous les documents sont établis." in (await fanny.get("/factures/a-etablir/avancement?sur=2")).text
    )
    assert await db.value("SELECT count(*) FROM invoice WHERE by_user = $1", cast.fanny.user_id) == 2


async def test_a_referrer_contests_then_accepts(client, cast, invoice):
    remi = client(cast.remi)
    path = f"/factures/{invoice['ref']}"
    answer = await remi.post_form(f"{path}/contestation", reason="Il manque un client.")
    assert answer.status_code == 303
    assert "Il manque un client." in (await remi.get(path)).text
    assert (
        await db.value("SELECT count(*) FROM mail_message WHERE kind = 'invoicing.contested'") == 2
    )  # Fanny, Fred
    assert (await remi.post_form(f"{path}/contestation", reason="Encore.")).status_code == 409
    await remi.post_form(f"{path}/acceptation")
    states = await db.rows("SELECT state FROM invoice_acceptance ORDER BY id")
    assert [row["state"] for row in states] == ["contested", "accepted"]


async def test_a_contest_says_why(client, cast, invoice):
    answer = await client(cast.remi).post_form(f"/factures/{invoice['ref']}/contestation")
    assert answer.status_code == 422


@pytest.mark.parametrize("what", ["acceptation", "contestation"])
async def test_only_the_referrer_answers(client, cast, invoice, what):
    for wrong in (cast.stefan, cast.fanny, cast.sam):
        answer = await client(wrong).post_form(f"/factures/{invoice['ref']}/{what}", reason="x")
        assert answer.status_code == 404


async def test_the_referrer_is_told_in_their_language(books, cast):
    async with deed(Machine("test")):
        await db.execute("UPDATE app_user SET language = 'en' WHERE id = $1", cast.mina.user_id)
    await books.earns(cast.remi, 360_00)
    await books.earns(cast.mina, 200_00)
    await books.issue()
    mails = {
        row["to_user"]: row
        for row in await db.rows("SELECT * FROM mail_message WHERE kind = 'invoicing.issued'")
    }
    french, english = mails[cast.remi.user_id], mails[cast.mina.user_id]
    assert "432,00\xa0€" in french["subject"]
    assert "360,00\xa0€ HT + 72,00\xa0€ TVA = 432,00\xa0€" in french["text_body"]
    assert "€200.00" in english["subject"]
    assert "Hello Mina" in english["text_body"]


async def test_an_english_page_has_no_french_left_around_the_paper(client, cast, invoice):
    async with deed(Machine("test")):
        await db.execute("UPDATE app_user SET language = 'en' WHERE id = $1", cast.remi.user_id)
    text = (await client(cast.remi).get(f"/factures/{invoice['ref']}")).text
    for said in ("Invoice drawn up for you", "To check", "Total excl. VAT"):
        assert said in text
