"""What leaves is remembered: numbers for good, which entries went in which file, what is new since."""

from datetime import timedelta

import pytest

from portal.books.journal import auxiliaries, exporting
from portal.books.journal.choices import choose
from portal.books.journal.entries import entries_between
from portal.books.journal.exporting import Asked
from portal.books.journal.rules import Axis, gaps_of
from portal.company import overriding
from portal.kit import db, files
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.problems import Refused
from tests.books import reading
from tests.books.stories import entity_of, transfer
from tests.counting import Queries


async def export(cast, form: str = "fec", *, only_new: bool = False) -> db.Row:
    day = today()
    asked = Asked(await entity_of(cast), form, day.replace(day=1), day, only_new)
    made = await exporting.write(asked)
    async with deed(cast.fanny.person):
        return await exporting.keep(made)


async def read(row: db.Row) -> list[reading.Read]:
    return reading.fec(await files.content(await files.by_id(row["file_id"])))


async def test_an_export_is_kept_as_it_left_and_the_next_holds_what_is_new(books, cast):
    await books.earns(cast.remi, 360_00)
    await books.issue(cast.remi)
    first = await export(cast)
    assert (first["entries"], first["debit_cents"]) == (1, 432_00)
    with pytest.raises(Refused, match="journal_empty"):
        await export(cast, only_new=True)
    await transfer(books)
    second = await export(cast, only_new=True)
    assert {line.journal for line in await read(second)} == {"BQ"}
    assert {line.journal for line in await read(first)} == {"AC"}
    whole = await read(await export(cast))
    for journal in ("AC", "BQ"):
        assert gaps_of({int(line.number) for line in whole if line.journal == journal}) == []


async def test_numbers_once_given_never_change(books, cast):
    await books.earns(cast.remi, 360_00)
    await books.issue(cast.remi)
    await export(cast)
    before = await db.rows("SELECT ledger_entry_id, journal, year, number FROM journal_number ORDER BY 1")
    await books.earns(cast.rachel, 90_00)
    await books.issue(cast.rachel)
    await transfer(books)
    await export(cast)
    after = await db.rows("SELECT ledger_entry_id, journal, year, number FROM journal_number ORDER BY 1")
    assert after[: len(before)] == before
    assert len(after) == len(before) + 3  # a receipt and two transfers
    entries = await entries_between(await entity_of(cast), today().replace(day=1), today())
    assert {entry.ledger_id: entry.number for entry in entries} == {
        row["ledger_entry_id"]: row["number"] for row in after
    }


async def test_the_same_books_give_the_same_bytes_and_the_name_that_the_law_gives(books, cast):
    await books.earns(cast.remi, 360_00)
    await books.issue(cast.remi)
    entity, day = await entity_of(cast), today()
    for form in ("fec", "csv", "pennylane", "sage", "cegid", "ebp"):
        first = await exporting.written(form, entity, day, day)
        assert first == await exporting.written(form, entity, day, day)
        assert first
    assert exporting.file_name(entity, "fec", day, day) == f"732829320FEC{day:%Y%m%d}.txt"


async def test_a_period_lies_in_one_financial_year(cast):
    day = today()
    asked = Asked(await entity_of(cast), "fec", day - timedelta(days=400), day)
    with pytest.raises(Refused, match="journal_two_years"):
        await exporting.write(asked)


async def test_axes_split_the_expense_and_stand_in_the_files(books, cast):
    await books.earns(cast.remi, 360_00)
    await books.issue(cast.remi)
    async with deed(cast.fanny.person):
        await choose(12, {"AC": "ACH"}, [Axis.PROGRAMME, Axis.SALES])
    day = today()
    lines = reading.generic(await exporting.generic_csv(await entity_of(cast), day, day))
    [expense] = [line for line in lines if line.account == "6222"]
    programme = await db.value("SELECT name FROM programme ORDER BY id LIMIT 1")
    assert (expense.journal, expense.axes) == ("ACH", (programme, "Sam Berger"))
    assert {line.axes for line in lines if line.account != "6222"} == {("", "")}


async def test_the_expense_may_be_written_as_soon_as_it_is_earned(books, cast):
    """With 4081: 6222 at 4081 when earned; the paper then takes it from 4081."""
    async with deed(cast.fanny.person):
        await overriding.override("accounts.commissions_earned", "4081", today() - timedelta(days=60), "plan")
    await books.earns(cast.remi, 360_00)
    await books.issue(cast.remi)
    entries = await entries_between(await entity_of(cast), today() - timedelta(days=30), today())
    told = [[(line.account.number, line.cents) for line in entry.lines] for entry in entries]
    assert [("6222", 360_00), ("4081", -360_00)] in told
    assert [("4081", 360_00), ("44564", 72_00), ("401", -432_00)] in told


async def test_an_auxiliary_account_is_proposed_changed_and_unique(books, cast, client):
    fanny = client(cast.fanny)
    number, ref = tuple(
        await db.row("SELECT number, ref FROM referrer WHERE id = $1", cast.remi.referrer_id) or ()
    )
    assert (await auxiliaries.auxiliaries_of([cast.remi.referrer_id]))[cast.remi.referrer_id].code == number
    assert (await fanny.post_form(f"/comptabilite/auxiliaires/{ref}", code="fmorin")).status_code == 303
    assert (await auxiliaries.auxiliaries_of([cast.remi.referrer_id]))[cast.remi.referrer_id].code == "FMORIN"
    others = await db.value("SELECT ref FROM referrer WHERE id = $1", cast.rachel.referrer_id)
    refused = await fanny.post_form(f"/comptabilite/auxiliaires/{others}", code="FMORIN")
    assert refused.status_code == 422
    assert "Un autre apporteur" in refused.text
    assert (
        await fanny.post_form(f"/comptabilite/auxiliaires/{others}", code="trop long, mal écrit")
    ).status_code == 422


async def test_finance_exports_a_month_in_the_browser_and_fetches_it_again(books, cast, client):
    await books.earns(cast.remi, 360_00)
    await books.issue(cast.remi)
    fanny, day = client(cast.fanny), today()
    asked = {"format": "fec", "first": day.replace(day=1).isoformat(), "last": day.isoformat()}
    assert (await fanny.post_form("/comptabilite/exports", **asked)).status_code == 303
    assert f"732829320FEC{day:%Y%m%d}.txt" in (await fanny.get("/comptabilite/exports")).text
    ref = await db.value("SELECT file.ref FROM stored_file file WHERE subject_kind = 'journal_export'")
    assert reading.fec((await fanny.get(f"/fichiers/{ref}")).content)
    again = await fanny.post_form("/comptabilite/exports", **asked, only_new="1")
    assert again.status_code == 422
    assert "déjà parties" in again.text


async def test_the_pages_of_the_books_ask_few_questions(books, cast, client):
    await books.earns(cast.remi, 360_00)
    await books.earns(cast.rachel, 90_00)
    await books.issue()
    async with deed(cast.fanny.person):
        await choose(12, {}, list(Axis))
    fanny = client(cast.fanny)
    for path in ("", "/exports", "/balance-agee", "/rapprochement", "/dossiers", "/auxiliaires", "/reglages"):
        async with Queries() as queries:
            assert (await fanny.get(f"/comptabilite{path}")).status_code == 200
        assert len(queries) <= 8, (path, queries.asked)


async def test_an_account_of_the_chart_is_dated_in_the_browser(books, cast, client):
    await books.earns(cast.remi, 360_00)
    await books.issue(cast.remi)
    fanny = client(cast.fanny)
    dated = await fanny.post_form(
        "/comptabilite/reglages/comptes", figure="accounts.bank", number="512100", since=today().isoformat()
    )
    assert dated.status_code == 303
    await transfer(books)
    entries = await entries_between(await entity_of(cast), today(), today())
    assert "512100" in {line.account.number for entry in entries for line in entry.lines}
    empty = await fanny.post_form(
        "/comptabilite/reglages/comptes", figure="accounts.bank", since=today().isoformat()
    )
    assert empty.status_code == 422
