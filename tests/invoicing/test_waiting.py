"""Papers that wait for a document: only what the contract says, only what the law requires, and it flows once it is there."""

import pytest

from portal.invoicing import actions as invoicing
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.files import Store, keep
from portal.referrers.vigilance import documents
from portal.referrers.vigilance.policy import Mode, VigilancePolicy, set_vigilance_policy
from portal.referrers.vigilance.rules import Kind
from tests.counting import Queries
from tests.invoicing.books import Books, books_of

THREE = (Kind.VIGILANCE, Kind.REGISTRATION)


@pytest.fixture
async def books(cast) -> Books:
    """Rémi, a company, has earned 5 000 HT in the year of his contract."""
    made = await books_of(cast)
    await made.earns(cast.remi, 5_000_00, days_ago=0)
    await work_off()
    return made


async def decided(cast, mode: Mode, limit: int | None = None) -> None:
    async with deed(cast.alice.person):
        await set_vigilance_policy(VigilancePolicy(mode, limit))


async def proposed(books: Books, who):
    [made] = await invoicing.dry_run(books.cast.entity_id, today(), [who.referrer_id])
    return made


async def gives_all(books: Books) -> list[db.Row]:
    remi = books.cast.remi
    given = []
    for kind in THREE:
        kept = await keep(Store.UPLOADS, b"%PDF-", media_type="application/pdf", name="a.pdf")
        async with deed(remi.person):
            given.append(await documents.give(remi.referrer_id, kind, kept))
    async with deed(remi.person):
        await documents.declare(remi.referrer_id, Kind.FOREIGN_WORKERS)
    return given


@pytest.mark.parametrize(
    ("mode", "ready", "warnings"),
    [(Mode.OFF, True, ()), (Mode.WARN, True, ("papers_missing",)), (Mode.BLOCK, False, ())],
)
async def test_the_setting_decides_whether_a_paper_waits_for_a_document(cast, books, mode, ready, warnings):
    await decided(cast, mode)
    made = await proposed(books, cast.remi)
    assert (made.ready, made.held.warnings) == (ready, warnings)


async def test_what_is_blocked_is_not_issued_and_flows_once_the_documents_are_accepted(cast, books):
    await decided(cast, Mode.BLOCK)
    assert (await proposed(books, cast.remi)).blocks == ("papers_missing",)
    assert await books.issue(cast.remi) == []
    given = await gives_all(books)
    assert (await proposed(books, cast.remi)).blocks == ("papers_to_check",)
    for document in given:
        async with deed(cast.fanny.person):
            await documents.accept(document, document["version"], today(), "K7")
    [paper] = await books.issue(cast.remi)
    assert paper["net_cents"] == 5_000_00


async def test_under_the_threshold_nothing_waits(cast):
    books = await books_of(cast)
    await decided(cast, Mode.BLOCK)
    await books.earns(cast.remi, 4_999_99, days_ago=0)
    assert (await proposed(books, cast.remi)).ready


async def test_an_individual_waits_for_no_document_that_their_contract_does_not_name(cast):
    books = await books_of(cast)
    await decided(cast, Mode.BLOCK)
    for _deal in range(3):
        await books.earns(cast.rachel, 2_000_00 + _deal, days_ago=0)
    assert (await proposed(books, cast.rachel)).ready


async def test_an_individual_is_not_paid_beyond_the_limit_of_the_company(cast):
    books = await books_of(cast)
    await decided(cast, Mode.WARN, limit=3_000_00)
    await books.earns(cast.rachel, 3_000_00, days_ago=0)
    assert (await proposed(books, cast.rachel)).ready
    await books.issue(cast.rachel)
    await books.earns(cast.rachel, 1, days_ago=0)  # 3 000 on paper, not one cent of room
    assert (await proposed(books, cast.rachel)).blocks == ("over_limit",)
    await books.earns(cast.remi, 4_000_00, days_ago=0)
    assert (await proposed(books, cast.remi)).ready


async def test_finance_reads_why_it_waits_and_by_which_article(cast, client, books):
    await decided(cast, Mode.BLOCK)
    page = (await client(cast.fanny).get("/factures/a-etablir")).text
    for said in ("Justificatif manquant", "Pas encore exigible", "article 7.4"):
        assert said in page
    await gives_all(books)
    page = (await client(cast.fanny).get("/factures/a-etablir")).text
    assert "Justificatif à vérifier" in page
    assert "À facturer avant le" in page
    csv = (await client(cast.fanny).get("/factures/a-etablir?format=csv")).text
    assert "Justificatif à vérifier" in csv


async def test_the_referrer_reads_on_the_commission_what_it_waits_for(cast, client, books):
    await decided(cast, Mode.BLOCK)
    remi = client(cast.remi)
    page = (await remi.get("/commissions")).text
    assert "Bloquée : justificatif manquant" in page.replace("\u00a0", " ").replace("\u202f", " ")
    assert "/justificatifs" in page
    ref = await db.value("SELECT ref FROM earning WHERE referrer_id = $1", cast.remi.referrer_id)
    assert "Justificatif manquant" in (await remi.get(f"/commissions/{ref}")).text
    assert "justificatif manquant" in (await remi.get("/commissions?format=csv")).text
    await gives_all(books)
    assert "en cours de vérification" in (await remi.get("/commissions")).text


async def test_warned_finance_sees_it_beside_the_paper_that_is_ready(cast, client, books):
    await decided(cast, Mode.WARN)
    page = (await client(cast.fanny).get("/factures/a-etablir")).text
    assert "Justificatif manquant" in page
    assert "Laissés de côté" not in page


async def test_the_pages_do_not_ask_more_with_more_rows(cast, client, books):
    await decided(cast, Mode.BLOCK)
    for path in ("/factures/a-etablir", "/commissions"):
        async with Queries() as queries:
            assert (await client(cast.fanny).get(path)).status_code == 200
        assert len(queries) == len(set(queries.asked)) <= 8, queries.asked
