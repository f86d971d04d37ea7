"""What a referrer takes home: why not yet, the year in one file, the quarter, copies for the accountant."""

import io
import zipfile
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.books.own import telling, why
from portal.books.tasks import tell_quarter
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import at, clock_at, today
from portal.kit.deed import deed
from portal.law.urssaf import Quarter, quarter_of, to_tell
from portal.ledger.balances import referrer_balances
from portal.mail.tasks import _message
from portal.referrers import access as referrer_access
from portal.referrers import actions as referrers
from tests.books.stories import transfer
from tests.cast import Member
from tests.counting import Queries
from tests.invoicing.books import Books


@given(st.dates(date(2020, 1, 1), date(2060, 12, 31)))
def test_the_quarter_to_tell_is_the_last_while_its_month_runs_then_the_one_under_way(day):
    quarter = to_tell(day)
    assert quarter.first <= day <= quarter.tell_by
    assert day > quarter.before.tell_by
    assert quarter_of(quarter.first) == quarter_of(quarter.last) == quarter


def test_each_quarter_is_told_by_the_end_of_the_month_after_it():
    told = [Quarter(2026, number).tell_by for number in (1, 2, 3, 4)]
    assert told == [date(2026, 4, 30), date(2026, 7, 31), date(2026, 10, 31), date(2027, 1, 31)]


async def micro(books: Books) -> None:
    """Since before what his clients paid."""
    async with deed(books.cast.alice.person):
        await referrers.record_standing(
            books.cast.remi.referrer_id, today() - timedelta(6), "micro", "franchise", "profile"
        )


async def steps_of(who: Member) -> list[why.Step]:
    due = (await referrer_balances(who.referrer_id)).due
    return await why.steps(await referrer_access.referrer(who.referrer_id), due)


async def test_each_sum_that_is_not_there_yet_has_its_reason_and_they_make_the_balance(books, cast):
    """Earned 360 + 100: 360 are on a paper, 100 confirmed only; nothing has arrived."""
    await books.earns(cast.remi, 360_00)
    await books.issue()
    await books.earns(cast.remi, 100_00)
    found = await steps_of(cast.remi)
    assert [(step.told, step.net_cents) for step in found] == [
        (why.NEXT_RUN, 360_00),
        (why.NEXT_PAPER, 100_00),
    ]
    balances = await referrer_balances(cast.remi.referrer_id)
    assert why.total(found) == balances.held + balances.due + balances.invoiced + balances.in_transit
    await transfer(books)
    assert [step.told for step in await steps_of(cast.remi)] == [why.NEXT_PAPER]


async def test_the_page_says_why_and_what_helps(books, cast, client):
    await books.earns(cast.remi, 360_00)
    async with Queries() as queries:
        page = (await client(cast.remi).get("/virements/pas-encore")).text
    assert "elle sera facturée avec le prochain arrêté" in page
    assert "360,00" in page
    assert len(queries.asked) <= 8
    assert "Tout est arrivé" in (await client(cast.rachel).get("/virements/pas-encore")).text


async def test_the_year_is_one_file_with_each_paper_its_xml_and_the_receipts_book(books, cast, client):
    await books.earns(cast.remi, 360_00)
    (paper,) = await books.issue(cast.remi)
    await transfer(books)
    await work_off()
    body = (await client(cast.remi).get(f"/factures/annee/{today().year}")).content
    with zipfile.ZipFile(io.BytesIO(body)) as bag:
        year = str(today().year)
        assert set(bag.namelist()) == {
            f"{year}/{name}"
            for name in ("pieces.csv", "recettes.csv", f"{paper['number']}.pdf", f"{paper['number']}.xml")
        }
        assert bag.read(f"{year}/{paper['number']}.xml") == paper["xml"]
        assert "432" in bag.read(f"{year}/recettes.csv").decode("utf-8-sig")
    other = (await client(cast.rachel).get(f"/factures/annee/{today().year}")).content
    with zipfile.ZipFile(io.BytesIO(other)) as bag:
        assert paper["number"] not in "".join(bag.namelist())


async def test_the_accountant_gets_each_new_paper_until_the_address_is_taken_out(books, cast, client):
    await books.earns(cast.remi, 360_00)
    remi = client(cast.remi)
    assert (await remi.post_form("/factures/copie", email="nul")).status_code == 422
    await remi.post_form("/factures/copie", email="Compta@Cabinet.example")
    (paper,) = await books.issue(cast.remi)
    await work_off()
    (mail,) = await db.rows(
        "SELECT mail_message.*, NULL AS user_ref FROM mail_message WHERE kind = 'books.copy'"
    )
    assert mail["to_email"] == "compta@cabinet.example"
    assert paper["number"] in mail["subject"]
    message = await _message(mail)
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == f"{paper['number']}.pdf"
    assert attached.get_content()[:5] == b"%PDF-"
    await remi.post_form("/factures/copie", email="")
    await books.earns(cast.remi, 10_00)
    await books.issue(cast.remi)
    await work_off()
    assert await db.value("SELECT count(*) FROM mail_message WHERE kind = 'books.copy'") == 1


async def test_a_micro_entrepreneur_is_told_once_what_to_tell_the_urssaf(books, cast, client):
    await micro(books)
    await books.earns(cast.remi, 360_00)
    await books.issue(cast.remi)
    await transfer(books)
    quarter = quarter_of(today())
    home = (await client(cast.remi).get("/")).text
    with clock_at(at(quarter.last + timedelta(1), 9)):
        await tell_quarter()
        await tell_quarter()
    (mail,) = await db.rows("SELECT * FROM mail_message WHERE kind = 'books.quarter'")
    assert "360,00" in mail["subject"]
    if to_tell(today()) == quarter:
        assert "À déclarer à l’Urssaf" in home
    page = (await client(cast.remi).get(f"/fiscalite/{today().year}/recettes")).text
    assert "360,00" in page
    csv = (await client(cast.remi).get(f"/fiscalite/{today().year}/recettes?format=csv")).text
    assert "Commission" not in csv or "360" in csv
    with clock_at(at(quarter.last, 9)):
        before, whom = await telling.waiting()
    assert before <= quarter
    assert whom in ([], [cast.remi.referrer_id])


@pytest.mark.parametrize("path", ["/virements/pas-encore", "/factures/copie", "/factures/annee/2026"])
async def test_staff_have_no_such_page(cast, client, path):
    assert (await client(cast.fanny).get(path)).status_code == 404
