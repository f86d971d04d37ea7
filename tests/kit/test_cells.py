"""Amounts, dates and answers as people type them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit import cells
from portal.kit.invalid import Invalid

PARSERS: dict[str, Callable[[str], object]] = {
    "amount": cells.parse_amount,
    "date": cells.parse_date,
    "whole": cells.parse_whole,
    "yes_no": cells.parse_yes_no,
}
CENTS = st.integers(-cells.MOST_CENTS, cells.MOST_CENTS)
DAYS = st.dates(date(1970, 1, 1), date(2069, 12, 31))


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("18 000,00 €", 1_800_000),
        ("18\u00a0000,00€", 1_800_000),
        ("18\u202f000,00", 1_800_000),
        ("18000", 1_800_000),
        ("8987,5", 898_750),
        ("1.234,50", 123_450),
        ("1.234.567,89", 123_456_789),
        ("1,234.50", 123_450),
        ("1'234.50", 123_450),
        ("1234.50", 123_450),
        ("1.234", 123_400),
        ("-4 493,75 €", -449_375),
        ("−12,00", -1_200),
        ("12,00-", -1_200),
        ("(12,00)", -1_200),
        ("(1 234,56 €)", -123_456),
        ("+12", 1_200),
        ("€ 12", 1_200),
        ("12 EUR", 1_200),
        ("1 000 € HT", 100_000),
        ("0,05", 5),
    ],
)
def test_an_amount_is_read_in_whole_cents(typed: str, cents: int) -> None:
    assert cells.parse_amount(typed) == cents


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-",
        "à voir",
        "1,234",
        "12,345",
        "1 2 3",
        "1.23.4",
        "12,",
        ",5",
        "--1",
        "(1",
        "1€50",
        "12²",
        "1e3",
        "NaN",
    ],
)
def test_an_amount_that_may_mean_two_things_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match="amount"):
        cells.parse_amount(typed)


def test_an_amount_beyond_ten_billion_euros_is_refused() -> None:
    assert cells.parse_amount("10 000 000 000,00") == cells.MOST_CENTS
    with pytest.raises(Invalid, match="amount"):
        cells.parse_amount("10 000 000 000,01")


def in_french(cents: int, space: str) -> str:
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole:,}".replace(",", space) + f",{rest:02d}"


@given(
    CENTS,
    st.sampled_from(["", " ", "\u00a0", "\u202f", ".", "'"]),
    st.sampled_from(["", "€", " €", "\u00a0€"]),
)
def test_every_way_of_writing_an_amount_gives_it_back(cents: int, space: str, sign: str) -> None:
    assert cells.parse_amount(in_french(cents, space) + sign) == cents


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("12/03/2027", date(2027, 3, 12)),
        ("1/3/2027", date(2027, 3, 1)),
        ("12.03.27", date(2027, 3, 12)),
        ("12-03-1999", date(1999, 3, 12)),
        ("12/03/85", date(1985, 3, 12)),
        ("2027-03-12", date(2027, 3, 12)),
        ("2027-03-12 14:02", date(2027, 3, 12)),
        ("2027-03-12T14:02:11.5", date(2027, 3, 12)),
        ("46458", date(2027, 3, 12)),
        ("29/02/2028", date(2028, 2, 29)),
    ],
)
def test_a_date_is_read_the_french_way(typed: str, day: date) -> None:
    assert cells.parse_date(typed) == day


@pytest.mark.parametrize(
    "typed",
    ["", "courant mars", "03/25/2026", "29/02/2027", "2027-13-01", "12", "1234567", "12/03/202", "0/1/2020"],
)
def test_a_date_that_does_not_exist_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match="date"):
        cells.parse_date(typed)


@given(DAYS, st.sampled_from(["%d/%m/%Y", "%d.%m.%y", "%d-%m-%Y", "%Y-%m-%d", "%d/%m/%y"]))
def test_every_way_of_writing_a_date_gives_it_back(day: date, style: str) -> None:
    assert cells.parse_date(day.strftime(style)) == day


@given(st.dates(date(1990, 1, 2), date(2099, 12, 31)))
def test_the_day_number_of_excel_is_the_day(day: date) -> None:
    serial = (datetime(day.year, day.month, day.day) - datetime(1899, 12, 30)) // timedelta(days=1)  # noqa: DTZ001
    assert cells.parse_date(str(serial)) == day


@pytest.mark.parametrize(
    ("typed", "answer"), [("Oui", True), ("OUI ", True), ("x", True), ("Non", False), ("0", False)]
)
def test_yes_and_no_have_many_words(typed: str, answer: bool) -> None:
    assert cells.parse_yes_no(typed) is answer


def test_a_whole_number_may_be_grouped_but_not_cut() -> None:
    assert cells.parse_whole("1 250") == 1250
    with pytest.raises(Invalid):
        cells.parse_whole("1,5")


def read(parse: Callable[[str], object], text: str) -> object:
    try:
        return parse(text)
    except Invalid as refused:
        return refused


@pytest.mark.parametrize("code", sorted(PARSERS))
@given(text=st.text() | st.from_regex(r"[-+(]?[0-9 .,/'€)-]{0,30}", fullmatch=True))
def test_a_parser_refuses_with_its_own_code_and_never_gives_a_float(code: str, text: str) -> None:
    kept = read(PARSERS[code], text)
    assert not isinstance(kept, float)
    if isinstance(kept, Invalid):
        assert kept.code == code


def test_titles_are_compared_without_accents_case_or_signs() -> None:
    assert cells.plain_words("N° Pièce ") == cells.plain_words("n° PIECE") == "n piece"
    assert cells.plain_words("Réf. recommandation") == "ref recommandation"
