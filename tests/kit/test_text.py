"""Days as they are written in a sentence."""

from datetime import date, datetime

import pytest

from portal.kit.days import PARIS
from portal.kit.text import day, deadline, moment, short_day, speaking


@pytest.mark.parametrize(
    ("on", "french", "english"),
    [
        (date(2027, 9, 1), "1er septembre 2027", "1 September 2027"),
        (date(2027, 9, 11), "11 septembre 2027", "11 September 2027"),
        (date(2028, 1, 21), "21 janvier 2028", "21 January 2028"),
    ],
)
def test_the_first_of_a_month_is_written_as_it_is_spoken(on: date, french: str, english: str):
    with speaking("fr"):
        assert day(on) == french
    with speaking("en"):
        assert day(on) == english


def test_the_first_is_said_so_in_instants_and_deadlines_and_not_among_figures():
    noon = datetime(2027, 6, 1, 12, 5, tzinfo=PARIS)
    with speaking("fr"):
        assert moment(noon).startswith("1er juin 2027 à 12")
        assert deadline(noon).startswith("mardi 1er juin à 12")
        assert short_day(noon) == "01/06/2027"
