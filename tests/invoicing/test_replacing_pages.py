"""On the page: what would be issued is shown before the button, a duplicate is marked, a tacit mandate asks for each yes."""

import hashlib
from dataclasses import replace
from io import BytesIO

from pypdf import PdfReader

from portal.invoicing import access, actions, printing
from portal.invoicing.branding import assets_of
from portal.invoicing.proposals import proposals
from portal.jobs.queue import work_off
from portal.kit import db, files
from portal.kit.days import today
from portal.kit.deed import Machine, deed
from portal.kit.files import Store, attach, keep
from portal.law import SHIPPED
from portal.law.invoices import TACIT_A_YEAR
from portal.ledger.balances import account_balance
from portal.payouts.waiting import waiting as payable
from portal.referrers.rules import Regime, Status
from tests.counting import Queries
from tests.documents.press import picture
from tests.invoicing.test_replacing import VAT, learns
from tests.payouts.test_runs import settled


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


async def test_finance_sees_both_papers_before_the_button_and_lands_on_the_new_one(books, cast, client):
    await books.earns(cast.mina, 200_00)
    (wrong,) = await books.issue()
    await learns(cast.mina, Status.MICRO, Regime.STANDARD, vat_number=VAT)
    fanny = client(cast.fanny)
    page = (await fanny.get(f"/factures/{wrong['ref']}/rectification")).text
    assert "Une annulation de toute la pièce, puis une nouvelle" in page
    assert "240,00" in page.replace("\u202f", " ")
    empty = await fanny.post_form(f"/factures/{wrong['ref']}/rectification")
    assert empty.status_code == 422
    done = await fanny.post_form(f"/factures/{wrong['ref']}/rectification", reason="Vu avec Mina")
    new = await db.row("SELECT * FROM invoice ORDER BY id DESC LIMIT 1")
    assert new is not None
    assert done.headers["location"] == f"/factures/{new['ref']}"
    old = (await fanny.get(f"/factures/{wrong['ref']}")).text
    assert new["number"] in old


async def test_the_page_of_a_rectified_paper_asks_no_more_questions_of_the_database(books, cast, client):
    await books.earns(cast.mina, 200_00)
    (wrong,) = await books.issue()
    fanny = client(cast.fanny)
    async with Queries() as asked:
        await fanny.get(f"/factures/{wrong['ref']}/rectification")
    assert len(asked) <= 8  # it composes the paper that would be issued: company, figures, policy, rows


async def test_a_duplicate_is_marked_and_the_original_is_not_touched(books, cast, client):
    await books.earns(cast.remi, 360_00)
    (invoice,) = await books.issue()
    await work_off()
    remi = client(cast.remi)
    original = (await remi.get(f"/factures/{invoice['ref']}/pdf")).content
    copy = (await remi.get(f"/factures/{invoice['ref']}/duplicata")).content
    assert "Duplicata" in words(copy)
    assert "Duplicata" not in words(original)
    assert list(PdfReader(BytesIO(copy)).attachments) == []
    assert (await remi.get(f"/factures/{invoice['ref']}/pdf")).content == original


async def test_without_a_mandate_a_few_are_issued_and_wait_for_each_yes(books, cast, client):
    await books.earns(cast.remi, 360_00)
    async with deed(Machine("test")):
        await db.execute(
            "UPDATE contract SET self_billing = false WHERE referrer_id = $1", cast.remi.referrer_id
        )
    (proposal,) = await actions.dry_run(cast.entity_id, today())
    assert "no_mandate" in proposal.blocks
    ref = await db.value("SELECT ref FROM referrer WHERE id = $1", cast.remi.referrer_id)
    fanny = client(cast.fanny)
    assert "accord à chaque fois" in (await fanny.get("/factures/a-etablir")).text
    await fanny.post_form(f"/factures/a-etablir/mandat-tacite/{ref}")
    (invoice,) = await books.issue(cast.remi)
    assert invoice["mandate"] == "tacit"
    long_after = await access.invoice(invoice["id"])
    assert actions.acceptance_of(long_after) == "pending"
    (waiting,) = await payable(cast.entity_id)
    assert waiting.block == "unaccepted"
    async with deed(cast.remi.person):
        await actions.answer(long_after, "accept")
    (waiting,) = await payable(cast.entity_id)
    assert waiting.block != "unaccepted"


async def test_the_tenth_of_a_year_needs_a_written_mandate(books, cast):
    """Fewer than ten: nine go, here seen from the count that the row carries."""
    await books.earns(cast.remi, 360_00)
    async with deed(Machine("test")):
        await db.execute(
            "UPDATE contract SET self_billing = false WHERE referrer_id = $1", cast.remi.referrer_id
        )
    async with deed(cast.fanny.person):
        await actions.allow_tacit(cast.remi.referrer_id)
    (row,) = await access.payable_rows(cast.entity_id, today())
    limit = SHIPPED.whole(TACIT_A_YEAR, today())
    blocked = {
        count: proposals([{**dict(row.items()), "tacit_count": count}], "metropole", SHIPPED)[0].blocks
        for count in (limit - 2, limit - 1)
    }
    assert blocked == {8: (), 9: ("tacit_used_up",)}


async def test_an_employee_of_a_partner_gets_an_attestation_and_the_employer_a_letter(books, cast, client):
    """500.00 in the year: 273.45 exempt, 226.55 × 20 % = 45.31, booked as a charge and as due."""
    kept = await keep(Store.UPLOADS, b"%PDF-", media_type="application/pdf", name="accord.pdf")
    async with deed(Machine("test")):
        consent = await attach(kept, "referrer", cast.rachel.referrer_id)
        await db.execute(
            """INSERT INTO partner_employment (referrer_id, state, employer_name, employer_siren, contact_name, customary, agreed_at, agreed_sha256)
               VALUES ($1, 'agreed', 'Transports Berthier', '552100554', 'Colette Berthier', true, now(), '\\x00')""",
            cast.rachel.referrer_id,
        )
    await learns(cast.rachel, Status.PARTNER_EMPLOYEE, Regime.NONE, employer_consent_file=consent["id"])
    await books.earns(cast.rachel, 200_00)
    (first,) = await books.issue()
    await books.earns(cast.rachel, 300_00, days_ago=2)
    (second,) = await books.issue()
    shares = [one["paper"]["employment"] for one in (first, second)]
    assert [one["contribution_cents"] for one in shares] == [0, 45_31]
    assert shares[1]["exempt_cents"] == 273_45
    assert await account_balance(f"entity:{cast.entity_id}:contributions_due") == -45_31
    await work_off()
    rachel = client(cast.rachel)
    letter = words((await rachel.get(f"/factures/{second['ref']}/employeur")).content)
    assert "Transports Berthier" in letter
    assert "45,31" in letter
    kept_file = await db.row("SELECT * FROM employer_letter WHERE invoice_id = $1", second["id"])
    assert kept_file is not None
    attestation = words((await rachel.get(f"/factures/{second['ref']}/pdf")).content)
    assert "Attestation de versement" in attestation
    assert "L. 242-1-4" in attestation


async def test_what_is_withheld_goes_to_the_tax_office_and_the_rest_to_the_referrer(books, cast):
    """400.00 from Zürich without certificate: 100.00 withheld, 300.00 transferred."""
    await learns(
        cast.remi, Status.EU_COMPANY, Regime.REVERSE_CHARGE, country="CH", postcode="8001", city="Zürich",
        vat_number="CHE-123.456.788", siret="", rcs_city="",
    )  # fmt: skip
    await books.earns(cast.remi, 400_00)
    (invoice,) = await books.issue()
    assert (invoice["net_cents"], invoice["vat_cents"], invoice["withheld_cents"]) == (400_00, 0, 100_00)
    assert "300,00" in invoice["paper"]["payment_terms"]
    await settled(books)
    line = await db.row("SELECT * FROM payout_line")
    assert line is not None
    assert (line["net_cents"], line["withheld_cents"], line["total_cents"]) == (400_00, 100_00, 300_00)
    assert await account_balance(f"entity:{cast.entity_id}:withholding") == -100_00
    assert await account_balance(f"entity:{cast.entity_id}:bank") == -300_00


async def test_a_credit_note_takes_back_its_part_of_what_was_withheld(books, cast):
    """100 of 400 taken back: 25 of the 100 withheld; 300 − 75 = 225.00 transferred."""
    await learns(
        cast.remi, Status.EU_COMPANY, Regime.REVERSE_CHARGE, country="CH", postcode="8001", city="Zürich",
        vat_number="CHE-123.456.788", siret="", rcs_city="",
    )  # fmt: skip
    payment = await books.earns(cast.remi, 400_00)
    await books.issue()
    await books.refund(payment, 100_00)
    (credit,) = await books.issue()
    assert (credit["net_cents"], credit["withheld_cents"]) == (100_00, 25_00)
    await settled(books)
    assert await db.value("SELECT total_cents FROM payout_line") == 225_00


async def test_nobody_is_paid_in_a_country_that_does_not_cooperate(books, cast):
    await learns(
        cast.remi, Status.EU_COMPANY, Regime.REVERSE_CHARGE, country="PA", postcode="0801", city="Panama",
        vat_number="", siret="",
    )  # fmt: skip
    await books.earns(cast.remi, 400_00)
    (proposal,) = await actions.dry_run(cast.entity_id, today())
    assert "etnc" in proposal.blocks
    assert await books.issue() == []


async def test_the_logo_of_the_day_is_printed_and_stays_the_one_of_its_papers(books, cast, client):
    """Given, printed, replaced by another: the first paper is proved by the first logo."""
    alice = client(cast.alice)
    await alice.post_form("/reglages/entreprise/logo", files={"logo": ("logo.png", picture("PNG"))})
    await books.earns(cast.remi, 360_00)
    [paper] = await books.issue()
    await work_off()
    await alice.post_form("/reglages/entreprise/logo", files={"logo": ("autre.webp", picture("WEBP"))})
    kept = await db.row("SELECT * FROM invoice_file WHERE invoice_id = $1", paper["id"])
    assert kept
    brand = printing.brand_from(kept["brand"])
    assert brand.logo.endswith(".png")
    again = printing.printed(paper, brand, await assets_of(brand))
    stored = await files.content(await files.by_id(kept["file_id"]))
    assert again == stored
    assert again != printing.printed(paper, replace(brand, logo=""))
    assert len(PdfReader(BytesIO(stored)).pages[0].images) == 1
    copy = await alice.get(f"/factures/{paper['ref']}/duplicata")
    assert len(PdfReader(BytesIO(copy.content)).pages[0].images) == 1


async def test_the_same_renderer_gives_the_same_bytes_years_later(books, cast):
    """The brand may change meanwhile: the file remembers the one that it was printed with."""
    await books.earns(cast.remi, 360_00)
    await books.earns(cast.rachel, 100_00)
    papers = await books.issue()
    await work_off()
    async with deed(Machine("test")):
        await db.execute("UPDATE legal_entity SET brand_name = 'Autre marque', accent = '#aa0000'")
    for paper in papers:
        kept = await db.row("SELECT * FROM invoice_file WHERE invoice_id = $1", paper["id"])
        assert kept is not None
        assert kept["renderer"] == printing.renderer()
        again = printing.printed(paper, printing.brand_from(kept["brand"]))
        file = await db.row("SELECT sha256 FROM stored_file WHERE id = $1", kept["file_id"])
        assert file is not None
        assert hashlib.sha256(again).digest() == file["sha256"]
