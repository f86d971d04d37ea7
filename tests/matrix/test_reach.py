"""An accountant of a referrer: papers, earnings, transfers and taxes, and nobody whom the referrer recommends."""

import re

import pytest

from portal.kit import csrf, db
from portal.kit.deed import Machine, deed
from portal.people.reach import SEATS, SEEING, Opens, opens
from portal.people.rules import Seat
from tests.contracts.stories import colleague_of
from tests.matrix.row import Row
from tests.matrix.table import TABLE
from tests.matrix.test_matrix import Doors

READS = SEATS[Seat.ACCOUNTANT]
CONTACT = ("Clarisse Vauquelin", "clarisse@vauquelin.example", "+33611223344")


@pytest.fixture
async def accountant(house, client):
    return client(await colleague_of(house.cast.remi, Seat.ACCOUNTANT))


def plain(row: Row) -> str:
    """As the router names it."""
    return re.sub(r"{(\w+):\w+}", r"{\1}", row.path)


def theirs() -> list[Row]:
    """What the owner may do on signing in; what is open to anybody asks nobody who they are."""
    return [row for row in TABLE if "owner" in row.allowed and "anonymous" not in row.allowed]


async def test_what_an_accountant_opens_is_what_the_table_says(house, accountant, app):
    doors, wrong = Doors(app, house.cast, house.samples, "", ""), []
    for row in theirs():
        if row.method != "GET":
            continue
        answer = await accountant.get(doors.address(row))
        closed = opens(READS, plain(row)) == Opens.NOTHING
        if (answer.status_code == 404) != closed and not (
            row.sample == "session" and answer.status_code == 404
        ):
            wrong.append(f"{row.route}: {answer.status_code}")
    assert not wrong, "\n" + "\n".join(wrong)


async def test_an_accountant_changes_nothing_but_their_own_account(house, accountant, app):
    doors, wrong = Doors(app, house.cast, house.samples, "", ""), []
    for row in theirs():
        if row.method == "GET" or opens(READS, plain(row)) == Opens.ALL:
            continue
        answer = await accountant.post(
            doors.address(row), headers={"x-csrf-token": csrf.token(accountant.binding)}
        )
        if answer.status_code != (404 if opens(READS, plain(row)) == Opens.NOTHING else 403):
            wrong.append(f"{row.route}: {answer.status_code}")
    assert not wrong, "\n" + "\n".join(wrong)


async def test_no_page_of_an_accountant_names_the_contact_of_a_recommendation(house, accountant, app):
    async with deed(Machine("test")):
        await db.execute(
            "UPDATE lead SET contact_name = $2, contact_email = $3, contact_phone = $4 WHERE referrer_id = $1",
            house.cast.remi.referrer_id, *CONTACT,
        )  # fmt: skip
    doors = Doors(app, house.cast, house.samples, "", "")
    for row in theirs():
        if row.method == "GET" and opens(READS, plain(row)) != Opens.NOTHING:
            text = (await accountant.get(doors.address(row))).text
            assert [one for one in CONTACT if one in text] == [], row.route
    assert "Recommandations" not in (await accountant.get("/commissions")).text.split("</header>")[0]


def test_every_line_of_the_tables_is_a_way_that_exists():
    paths = {plain(row) for row in TABLE}
    for areas in (*SEATS.values(), SEEING):
        for area in areas:
            assert any(path == area or path.startswith(f"{area.rstrip('/')}/") for path in paths), area


def test_the_longest_beginning_decides_and_whole_words_only():
    areas = {"/compte": Opens.ALL, "/compte/cles": Opens.NOTHING}
    assert opens(areas, "/compte/cles/defi") == Opens.NOTHING
    assert opens(areas, "/compte/role") == Opens.ALL
    assert opens(areas, "/compte-bancaire/x") == Opens.NOTHING
    assert opens({"/": Opens.READING}, "/tout") == Opens.READING
