"""A chart and the table under it say the same."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.templates import environment
from portal.kit.text import money

HEIGHT = 150
RECT = re.compile(
    r'<rect class="([^"]+)" x="[\d.]+%" y="(\d+)" width="[\d.]+%" height="(\d+)"><title>([^<]*)</title>'
)


def drawn(names: list[str], points: list, unit: str = "count") -> str:
    text = """{% from "parts/chart.html" import columns, bars %}{{ columns("Titre", names, points, "En mots.", unit) }}"""
    return environment().from_string(text).render(names=names, points=points, unit=unit)


def rows(page: str) -> list[tuple[str, ...]]:
    found = re.findall(r"<tr><th scope=\"row\">(.*?)</th>(.*?)</tr>", page)
    return [(name, *re.findall(r">([^<]*)</td>", cells)) for name, cells in found]


VALUES = st.lists(st.tuples(*[st.integers(-(10**6), 10**6)] * 3), min_size=1, max_size=12)


@given(VALUES)
def test_every_bar_is_as_tall_as_its_figure_in_the_table(values):
    page = drawn(["a", "b", "c"], [(str(n), value) for n, value in enumerate(values)])
    table = [int(cell) for row in rows(page) for cell in row[1:]]
    assert table == [value for point in values for value in point]
    span = max(sum(v for v in p if v > 0) for p in values) - min(sum(v for v in p if v < 0) for p in values)
    tall = [int(height) for _look, _y, height, _title in RECT.findall(page)]
    assert tall == [max(abs(value) * HEIGHT // span, 1) for value in table if value]


@given(VALUES)
def test_bars_stand_on_the_line_and_those_below_nought_hang_from_it(values):
    page = drawn(["a", "b", "c"], [(str(n), value) for n, value in enumerate(values)])
    found = re.search(r'class="axis" x1="0" x2="100%" y1="(\d+).5"', page)
    assert found
    zero = int(found[1])
    for _look, y, height, title in RECT.findall(page):
        below = title.rpartition(" ")[2].startswith("-")
        assert int(y) >= zero if below else int(y) + int(height) <= zero
        assert 0 <= int(y) <= HEIGHT + 46


def test_a_chart_of_one_series_has_no_legend_and_its_last_bar_is_the_current_one():
    page = (
        environment()
        .from_string(
            """{% from "parts/chart.html" import bars %}{{ bars("Gagné", points, "36,00 € en mars.") }}"""
        )
        .render(points=[("févr.", 1200), ("mars", 3600, "mars 2026")])
    )
    assert [look for look, *_rest in RECT.findall(page)] == ["bar past", "bar"]
    assert "legend" not in page
    assert rows(page) == [("févr.", money(1200)), ("mars 2026", money(3600))]
    assert 'aria-label="Gagné. 36,00 € en mars."' in page


@pytest.mark.parametrize("points", [[("janv.", (0, 0))], [("janv.", (0, 0)), ("févr.", (0, 0))]])
def test_a_chart_of_nothing_draws_no_bar(points):
    page = drawn(["a", "b"], points)
    assert RECT.findall(page) == []
    assert len(rows(page)) == len(points)
