"""What is printed of each text and status is what was printed when it was recorded (tests/contracts/golden)."""

import pytest

from tests.contracts.golden import HERE, clauses, papers, printed, recorded, renderer, seen, words_of

every_paper = pytest.mark.parametrize("name", papers())
UNDER_ONE_RENDERER = 4  # renderer, bytes, pages, words: lines laid out otherwise are broken otherwise


@every_paper
def test_each_clause_says_what_it_said(name):
    assert clauses(name) == recorded(name)[UNDER_ONE_RENDERER:]


@every_paper
def test_under_the_same_renderer_the_paper_is_the_same_to_the_byte(name):
    now, then = seen(name), recorded(name)
    same = then[0] == f"renderer {renderer()}"
    assert now[1:] == then[1:] if same else now[UNDER_ONE_RENDERER:] == then[UNDER_ONE_RENDERER:]


@every_paper
def test_the_paper_shows_its_first_and_its_last_clause(name):
    pages, words = words_of(printed(name))
    assert pages >= 2
    assert "LumenConseil" in words
    assert "ClaireMorvan" in words


def test_every_recorded_paper_is_still_printed():
    assert {path.stem for path in HERE.glob("*.txt")} == set(papers())
