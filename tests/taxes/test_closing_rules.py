"""The rules of a year's closing: its moves, its midnight, what stands in the way, its digest."""

from datetime import date

import pytest

from portal.taxes.closing.requirements import REQUIREMENTS
from portal.taxes.closing.rules import LABELS, YEAR_MOVES, Lack, YearState, digest, is_over, obstacles
from tests.taxes.closings import YEAR


def test_a_year_has_one_table_of_moves():
    assert {(move.source, move.to) for move in YEAR_MOVES.values()} == {
        (YearState.OPENED, YearState.CONTROLLED), (YearState.CONTROLLED, YearState.OPENED), (YearState.CONTROLLED, YearState.CLOSED),
    }  # fmt: skip
    assert set(LABELS) == set(YearState)


@pytest.mark.parametrize(("today", "over"), [(date(2027, 12, 31), False), (date(2028, 1, 1), True)])
def test_a_year_is_over_on_the_first_of_january_and_not_before(today, over):
    assert is_over(YEAR, today) is over
    assert bool(obstacles(YEAR, [], today)) is not over


def test_each_lack_and_a_fault_stand_in_the_way():
    january = date(2028, 1, 4)
    lack = Lack("identity", "Rachel Vidal", "/apporteurs/R1")
    assert obstacles(YEAR, [], january) == []
    ((said, params),) = obstacles(YEAR, [lack, lack], january)
    assert params == {"count": 2}
    assert len(obstacles(YEAR, [lack], january, faults=1)) == 2
    assert said


def test_the_digest_depends_on_each_figure_and_not_on_their_order():
    line = {
        "referrer_id": 1,
        "status": "micro",
        "payments": 1,
        "net_cents": 10000,
        "vat_cents": 0,
        "benefits": 0,
        "benefits_cents": 0,
    }
    other = line | {"referrer_id": 2}
    assert digest(YEAR, [line, other]) == digest(YEAR, [other, line])
    changed = [line | {name: (line[name] + 1 if name != "status" else "company")} for name in line]
    assert len({digest(YEAR, [one, other]) for one in [line, *changed]}) == 1 + len(line)
    assert digest(YEAR, [line]) != digest(YEAR + 1, [line])


def test_each_requirement_says_what_to_do():
    assert all(one.label and one.todo and (one.sql or one.find) for one in REQUIREMENTS)
    assert len({one.code for one in REQUIREMENTS}) == len(REQUIREMENTS)
