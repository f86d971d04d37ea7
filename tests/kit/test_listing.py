"""A list says what its address asks for, and nothing of an address becomes SQL."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit import db
from portal.kit.listing import Column, Filter, Listing
from portal.kit.sheets import read_sheet

COLUMNS = (
    Column("name", "Nom", sortable=True),
    Column("size", "Taille", numeric=True, sortable=True),
    Column("note", "Note"),
)
SELECT = "SELECT * FROM (VALUES ('Ada', 3), ('Bob', 1), ('Cléo_%', 2)) AS people(name, size) WHERE size <> $1"
SORTS = {"name": "name", "size": "size"}
WHERE = {"q": "name ILIKE {}", "taille": "size::text = {}"}
HOSTILE = [
    "name; DROP TABLE app_user",
    "' OR 1=1 --",
    "-name,(select 1)",
    "note",
    "__class__",
    "name\0",
    "size desc",
    "%%",
    "$1",
    "{}",
]


def asked(**params: str) -> Listing:
    filters = (
        Filter("q", "Recherche"),
        Filter("taille", "Taille", "select", [("1", "Petite"), ("3", "Grande")]),
        Filter("du", "Du", "date"),
    )
    request = SimpleNamespace(query_params=params, scope={"path": "/personnes"})
    return Listing.asked(request, COLUMNS, filters, sort="name")  # pyright: ignore


async def names(listing: Listing) -> list[str]:
    await listing.fetch(SELECT, 0, sorts=SORTS, then="name", where=WHERE)
    return [row["name"] for row in listing.rows]


async def test_a_list_is_sorted_as_asked_and_by_its_own_order_otherwise(base):
    assert await names(asked()) == ["Ada", "Bob", "Cléo_%"]
    assert await names(asked(sort="size")) == ["Bob", "Cléo_%", "Ada"]
    assert await names(asked(sort="-size")) == ["Ada", "Cléo_%", "Bob"]


async def test_a_list_is_narrowed_by_its_filters(base):
    assert await names(asked(q="b")) == ["Bob"]
    assert await names(asked(taille="3")) == ["Ada"]
    assert await names(asked(q="b", taille="3")) == []


async def test_signs_of_a_pattern_are_letters_like_others(base):
    assert await names(asked(q="%")) == ["Cléo_%"]
    assert await names(asked(q="_")) == ["Cléo_%"]
    assert await names(asked(q="\\")) == []


@pytest.mark.parametrize("typed", HOSTILE)
async def test_a_hostile_address_shows_a_list_and_changes_nothing(base, typed: str):
    await names(asked(sort=typed, q=typed, taille=typed, du=typed, page=typed, format=typed))
    assert await db.value("SELECT to_regclass('app_user') IS NOT NULL")


@given(st.text(max_size=60), st.text(max_size=60))
def test_only_a_column_of_the_list_is_ever_sorted_by(sort: str, typed: str):
    listing = asked(sort=sort, q=typed, page=typed)
    assert listing.order_by(SORTS, "name") in {
        f"{column} {way}, name" for column in SORTS.values() for way in ("ASC", "DESC")
    }
    assert listing.page >= 1


def test_a_day_that_is_none_and_a_choice_that_was_not_offered_are_no_filter():
    listing = asked(du="2027-02-30", taille="9")
    assert not listing.filtered
    assert asked(du="2027-02-28").value("du") == "2027-02-28"


def test_a_link_keeps_what_was_asked_and_begins_again_at_the_first_page():
    listing = asked(q="b", sort="-size", page="3")
    assert listing.query(sort="name") == "?q=b&sort=name"
    assert listing.query(page=4) == "?q=b&sort=-size&page=4"
    assert listing.query(format="csv") == "?q=b&sort=-size&page=3&format=csv"
    assert listing.query(q=None) == "?sort=-size"


async def test_a_page_beyond_the_last_is_the_last(base):
    listing = asked(page="9")
    assert len(await names(listing)) == 3
    assert (listing.page, listing.pages, listing.total) == (1, 1, 3)


CELLS = {"name": lambda row: row["name"], "size": lambda row: row["size"]}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_an_export_holds_the_filtered_rows_under_the_titles_of_the_list(base, kind: str):
    listing = asked(q="b", format=kind)
    await names(listing)
    answer = await listing.exported(CELLS, "personnes")
    sheet = read_sheet(answer.content)
    assert sheet.titles == ("Nom", "Taille")
    assert [line.cells for line in sheet.lines] == [("Bob", "1")]
    assert answer.headers["content-disposition"].startswith('attachment; filename="personnes-')
