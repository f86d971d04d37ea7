"""Hostile texts hold neither the data nor the renderer: refused with a sentence and a line, or words like any others."""

import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import TypeVar

import pytest

from portal.contracts.wording.faults import Fault, faults
from portal.contracts.wording.placeholders import EXAMPLES, VOCABULARY
from portal.kit.fill import Filled, Value, ValueRefused, fill, parse
from portal.kit.pdf import PdfTooHeavy, render_pdf
from tests.contracts.hostile import CORPUS, LAUGHS, VALUES, Hostile

T = TypeVar("T")
KEY = "apport-affaires-societe"
TAGS = {"h1", "h2", "h3", "p", "ul", "li", "strong", "span"}
SECONDS, BYTES = 5, 64 << 20
MISSING = {"anchor_missing", "placeholder_missing"}  # none of these is a whole contract

every = pytest.mark.parametrize("hostile", CORPUS, ids=lambda one: one.name)
standing = pytest.mark.parametrize(
    "hostile", [one for one in CORPUS if not one.refused], ids=lambda one: one.name
)


def written(hostile: Hostile) -> str:
    return f"# Contrat\n\n{hostile.body}\n"


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.attributes: set[str] = set()
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.attributes |= {name for name, _value in attrs}

    def handle_data(self, data: str) -> None:
        self.words += data


def within_limits(work: Callable[[], T]) -> T:
    tracemalloc.start()
    started = time.process_time()
    try:
        done = work()
        assert time.process_time() - started < SECONDS
        assert tracemalloc.get_traced_memory()[1] < BYTES
    finally:
        tracemalloc.stop()
    return done


def filled(hostile: Hostile, **values: Value) -> Filled:
    return fill(parse(written(hostile), VOCABULARY), {**EXAMPLES, **values})


def test_the_corpus_is_large_and_each_of_its_texts_is_another():
    assert len(CORPUS) >= 40
    assert len({one.body for one in CORPUS}) == len(CORPUS)


@every
def test_it_is_refused_with_its_line_and_a_sentence_or_it_is_only_words(hostile):
    told: tuple[Fault, ...] = within_limits(lambda: faults(written(hostile), KEY))
    codes = {fault.code for fault in told} - MISSING
    assert codes >= {hostile.refused} if hostile.refused else codes == set()
    lines = written(hostile).count("\n") + 1
    assert all(fault.sentence and "%(" not in fault.sentence for fault in told)
    assert all(len(fault.sentence) < 500 for fault in told)
    assert all(1 <= fault.line <= lines for fault in told if fault.code == hostile.refused)


@standing
def test_what_may_stand_becomes_words_and_no_markup(hostile):
    html = within_limits(lambda: str(filled(hostile).html()))
    read = Tags(html)
    assert read.found <= TAGS
    assert read.attributes <= {"id", "class"}


@pytest.mark.parametrize(
    "hostile", [one for one in CORPUS if not one.refused and len(one.body) > 1_000], ids=lambda one: one.name
)
def test_what_may_stand_is_printed_or_given_up_within_the_limits_of_the_press(hostile):
    page = f'<!doctype html><html lang="fr"><head><title>Essai</title></head><body>{filled(hostile).html()}</body></html>'
    try:
        pdf = render_pdf(page, created=datetime(2026, 11, 22, tzinfo=UTC), identifier=b"0" * 16, variant=None)
    except PdfTooHeavy as heavy:
        pdf = f"%PDF given up: {heavy}".encode()
    assert pdf.startswith(b"%PDF")


def test_a_long_listing_asked_for_again_and_again_is_stopped_before_it_fills_the_memory():
    hostile = next(one for one in CORPUS if one.name == "the same listing as often as a text may ask for it")

    def laugh() -> None:
        with pytest.raises(ValueRefused, match=r"plan\.rules: too_long"):
            filled(hostile, **{"plan.rules": LAUGHS})

    within_limits(laugh)


@pytest.mark.parametrize("value", VALUES)
def test_a_value_that_looks_like_a_text_stays_a_value(value):
    plain = filled(Hostile("", "Entre nous et **{{ referrer.name }}**."), **{"referrer.name": value})
    read = Tags(str(plain.html()))
    assert read.found == {"h1", "p", "strong"}
    assert plain.clauses() == {}
    assert " ".join(value.split()) in " ".join(read.words.split())


@pytest.mark.parametrize("value", ["Lou\u202eeuoL", "Lou\x00", "", " \u200b ", "x" * 1_000_001])
def test_a_value_that_would_deceive_or_fill_the_page_is_refused(value):
    with pytest.raises(ValueRefused):
        filled(Hostile("", "Entre nous et {{ referrer.name }}."), **{"referrer.name": value})


def test_what_was_pasted_with_a_name_and_takes_no_room_is_left_out():
    assert (
        "Loup."
        in filled(
            Hostile("", "Et {{ referrer.name }}."), **{"referrer.name": "L\u200bo\u00adup\ufeff"}
        ).plain()
    )
