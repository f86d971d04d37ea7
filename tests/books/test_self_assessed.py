"""A supplier abroad shows no VAT: the company owes it in their stead and deducts it, in the journal, the FEC and the month."""

from datetime import timedelta

import pytest

from portal.books.journal import fec
from portal.books.journal.entries import entries_between
from portal.books.journal.words import Words
from portal.books.month.pages_lines import VIEWS
from portal.books.month.reading_vat import vat_of
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import Machine, deed
from portal.kit.text import speaking
from portal.ledger.balances import account_balance
from portal.referrers.rules import Regime, Status
from tests.books import months
from tests.books.stories import entity_of
from tests.books.test_journal import written
from tests.invoicing.books import Books
from tests.invoicing.test_regimes import GERMAN, become
from tests.referrers.abroad import certify


@pytest.fixture
async def abroad(books, cast) -> Books:
    """Rémi is a company in Stuttgart, with its certificate of residence."""
    await become(cast.remi.referrer_id, Status.EU_COMPANY, Regime.REVERSE_CHARGE, GERMAN)
    await certify(cast, cast.remi, today() - timedelta(60))
    return books


async def told(cast) -> list[list[str]]:
    day = today()
    entries = await entries_between(await entity_of(cast), day - timedelta(1), day)
    return [written(entry) for entry in entries]


async def test_its_vat_stands_on_both_sides_on_the_day_of_the_paper(abroad, cast):
    """360,00 HT, no VAT on the paper. 20 % = 72,00 owed and deducted; 360,00 are owed to them."""
    await abroad.earns(cast.remi, 360_00)
    await abroad.issue(cast.remi)
    purchase, assessed = await told(cast)
    assert [purchase[0], purchase[1][:3], purchase[1][-8:]] == ["6222 D 360,00", "401", "C 360,00"]
    assert assessed == ["44566 D 72,00", "4452 C 72,00"]


async def test_the_fec_names_both_accounts_and_the_paper(abroad, cast):
    await abroad.earns(cast.remi, 360_00)
    [paper] = await abroad.issue(cast.remi)
    entries = await entries_between(await entity_of(cast), today(), today())
    text = fec.write(entries, Words()).decode(fec.ENCODING)
    lines = [line.split("\t") for line in text.splitlines() if "TVA autoliquidée" in line]
    assert [(line[0], line[4], line[8], line[11], line[12]) for line in lines] == [
        ("AC", "44566", paper["number"], "72,00", "0,00"),
        ("AC", "4452", paper["number"], "0,00", "72,00"),
    ]
    assert {line[5] for line in lines} == {
        "TVA déductible sur autres biens et services",
        "TVA due intracommunautaire",
    }


async def test_the_month_says_what_is_owed_and_on_which_base_and_costs_nothing(abroad, cast):
    settlement = await months.this_month(cast)
    await abroad.earns(cast.remi, 360_00)
    await abroad.earns(cast.rachel, 100_00)  # a micro-entrepreneur in franchise: nothing to owe
    await abroad.issue()
    found = await vat_of(await months.access.settlement(settlement["id"]))
    assert (found.due, found.base) == (72_00, 360_00)
    assert (found.deductible, found.at_once) == (72_00, 72_00)
    assert (found.opening, found.closing) == (0, 0)
    with speaking("fr"):
        view = VIEWS["tva"]
        assert [float(view.cells["due"](line)) for line in found.lines] == [72.0]


async def test_a_credit_note_takes_both_sides_back_to_the_last_cent(abroad, cast):
    """33,33 HT: 6,67 of VAT. A third comes back, then the rest: on what is left, 22,22, it is 4,44."""
    payment = await abroad.earns(cast.remi, 33_33)
    await abroad.issue(cast.remi)
    await abroad.refund(payment, 11_11)
    await abroad.issue(cast.remi)
    assert (await told(cast))[-1] == ["4452 D 2,23", "44566 C 2,23"]
    await abroad.refund(payment, 22_22)
    await abroad.issue(cast.remi)
    assert (await told(cast))[-1] == ["4452 D 4,44", "44566 C 4,44"]
    for role in ("vat_self_assessed", "vat_deductible"):
        assert await account_balance(f"entity:{cast.entity_id}:{role}") == 0


async def test_a_company_where_there_is_no_vat_owes_none(abroad, cast):
    async with deed(Machine("test")):
        await db.execute("UPDATE legal_entity SET place = 'mayotte'")
    await abroad.earns(cast.remi, 360_00)
    await abroad.issue(cast.remi)
    assert len(await told(cast)) == 1
