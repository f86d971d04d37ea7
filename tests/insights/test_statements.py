"""The statement of a month: both ends, and every movement between them."""

from datetime import date
from itertools import pairwise

import pytest

from portal.insights.statements import balance_of, month_of, statement
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import add_months, clock_at, today
from portal.kit.days import at as instant
from portal.kit.problems import NotFound
from portal.ledger.balances import referrer_balances
from tests.counting import Queries
from tests.invoicing.books import Books, books_of
from tests.taxes.stories import arrives, comes_back, is_paid, sent


def this_month() -> str:
    return f"{today():%Y-%m}"


def first_day() -> date:
    return today().replace(day=1)


def next_month() -> date:
    return add_months(first_day(), 1)


@pytest.fixture
async def books(cast) -> Books:
    return await books_of(cast)


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


def in_the_middle_of_next_month():
    """A month in which nothing has happened yet."""
    return clock_at(instant(next_month().replace(day=20), 12))


async def months(who) -> list:
    """All statements from January of last year to the current month."""
    first, told = date(today().year - 1, 1, 1), []
    while first <= today():
        told.append(await statement(who.referrer_id, first))
        first = add_months(first, 1)
    return told


async def test_the_identity_holds_at_both_ends_and_one_end_is_the_next_beginning(books, cast):
    payment = await is_paid(books, cast.remi, 360_00)
    await books.refund(payment, 90_00)
    await books.earns(cast.remi, 200_00, days_ago=0)
    await books.issue()
    await sent(books)
    told = await months(cast.remi)
    assert all(one.opening.holds and one.closing.holds for one in told)
    assert all(before.closing == after.opening for before, after in pairwise(told))
    assert told[-1].closing == await referrer_balances(cast.remi.referrer_id)


async def test_the_movements_lead_from_one_balance_to_the_other(books, cast):
    payment = await is_paid(books, cast.remi, 360_00)
    await books.refund(payment, 90_00)
    await is_paid(books, cast.remi, 200_00)
    for told in await months(cast.remi):
        assert told.opening_cents + sum(move.change for move in told.movements) == told.closing_cents
        if told.movements:
            assert told.movements[-1].balance == told.closing_cents
    assert told.closing_cents == 360_00 - 90_00 + 200_00 - 470_00


async def test_each_movement_says_its_amount_and_the_tax_beside_it(books, cast):
    """360 earned and confirmed, 360 + 72 on an invoice, sent, arrived."""
    with in_the_middle_of_next_month():
        await books.earns(cast.remi, 360_00, days_ago=5)
        await books.issue()
        await arrives(books, await sent(books))
        told = await statement(cast.remi.referrer_id, first_day())
    assert [(move.row["kind"], move.net, move.vat, move.change) for move in told.movements] == [
        ("commission_earned", 360_00, 0, 360_00),
        ("hold_released", 360_00, 0, 0),
        ("invoice_issued", 360_00, 72_00, 0),
        ("payout_sent", 360_00, 72_00, 0),
        ("payout_settled", 360_00, 72_00, -360_00),
    ]


async def test_a_credit_note_and_a_transfer_that_came_back_are_negative(books, cast):
    payment = await is_paid(books, cast.remi, 360_00)
    await books.refund(payment, 90_00)
    await books.earns(cast.remi, 200_00)
    await books.issue()
    await comes_back(books, await sent(books), cast.remi)
    told = [move for one in await months(cast.remi) for move in one.movements]
    by_kind = {move.row["kind"]: (move.net, move.vat) for move in told}
    assert by_kind["commission_taken_back"] == (-90_00, 0)
    assert by_kind["credit_note_issued"] == (-90_00, -18_00)
    assert by_kind["payout_returned"] == (-110_00, -22_00)


async def test_the_referrer_opens_every_amount_of_the_month(client, books, cast):
    with in_the_middle_of_next_month():
        await books.earns(cast.remi, 360_00, days_ago=5)
        await books.issue()
        await arrives(books, await sent(books))
        remi = client(cast.remi)
        assert f"/commissions/releves/{this_month()}" in (await remi.get("/commissions/releves")).text
        text = plain((await remi.get(f"/commissions/releves/{this_month()}")).text)
    for said in (
        "360,00 €",
        "72,00 €",
        "Gagné",
        "Confirmé",
        "Facturé",
        "Arrivé sur votre compte",
        "Où en est chaque somme",
    ):
        assert said in text
    for table, path in (("earning", "commissions"), ("invoice", "factures"), ("payout_line", "virements")):
        ref = await db.value(f"SELECT ref FROM {table}")
        assert f"/{path}/{ref}" in text
        assert (await remi.get(f"/{path}/{ref}")).status_code == 200


async def test_a_statement_is_printed_on_request(client, books, cast):
    await is_paid(books, cast.remi, 360_00)
    remi = client(cast.remi)
    path = f"/commissions/releves/{this_month()}"
    await remi.post_form(f"{path}/pdf")
    assert "Le PDF se prépare" in (await remi.get(path)).text
    await work_off()
    ref = await db.value("SELECT ref FROM stored_file WHERE subject_kind = 'statement'")
    assert f"/fichiers/{ref}" in (await remi.get(f"{path}/pdf")).text
    assert (await remi.get(f"/fichiers/{ref}")).content.startswith(b"%PDF")
    assert (await client(cast.stefan).get(f"/fichiers/{ref}")).status_code == 404


async def test_the_statement_of_another_is_not_there(client, books, cast):
    await is_paid(books, cast.remi, 360_00)
    ref = await db.value("SELECT ref FROM referrer WHERE id = $1", cast.remi.referrer_id)
    path = f"/apporteurs/{ref}/releves/{this_month()}"
    assert "360,00" not in (await client(cast.stefan).get(f"/commissions/releves/{this_month()}")).text
    for stranger in (cast.stefan, cast.remi):
        assert (await client(stranger).get(path)).status_code == 404
        assert (await client(stranger).post_form(f"{path}/pdf")).status_code == 404
    assert "/virements/" in (await client(cast.fanny).get(path)).text
    assert "/virements/" not in (await client(cast.sam).get(path)).text.split("mouvements")[1]
    assert (await client(cast.fanny).get(f"/commissions/releves/{this_month()}")).status_code == 404
    assert (await client(None).get("/commissions/releves")).status_code == 303


@pytest.mark.parametrize("typed", ["2026-13", "hier", "2026-1", "20261"])
def test_what_is_no_month_is_not_there(typed):
    with pytest.raises(NotFound):
        month_of(typed)


def test_a_month_to_come_is_not_there():
    with pytest.raises(NotFound):
        month_of(f"{next_month():%Y-%m}")


async def test_the_months_of_the_list_are_those_of_the_statements(client, books, cast):
    payment = await is_paid(books, cast.remi, 360_00)
    await books.refund(payment, 90_00)
    text = (await client(cast.remi).get("/commissions/releves?format=csv")).content.decode("utf-8-sig")
    last = text.splitlines()[1].split(";")
    assert last[-1] == "-90,00"  # 360 − 90 earned, 360 paid
    assert balance_of(await referrer_balances(cast.remi.referrer_id)) == -90_00


async def test_a_statement_asks_few_questions(client, books, cast):
    await is_paid(books, cast.remi, 360_00)
    remi = client(cast.remi)
    async with Queries() as queries:
        await remi.get(f"/commissions/releves/{this_month()}")
    assert len(queries.asked) <= 8
