"""Each kind of paper reads exactly as it was agreed."""

import pytest

from tests.golden.papers import FOLDER, read, texts


@pytest.mark.parametrize("name", sorted(texts()))
def test_a_paper_reads_as_it_was_agreed(name: str):
    assert read(texts()[name]) == (FOLDER / f"{name}.txt").read_text()


def test_no_agreed_text_is_left_without_its_paper():
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(texts())
