import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.contrast import AA_SHAPE, AA_TEXT, accent_stylesheet, contrast, mixed, readable
from tests.design.colours import THEMES, palette

GROUNDS = ("paper", "surface", "sunk")
TONES = ("good", "wait", "bad", "note")
READ = [
    *((text, ground) for text in ("ink", "muted") for ground in (*GROUNDS, "plain-soft")),
    *((text, ground) for text in ("accent", "bad") for ground in GROUNDS),
    *((tone, f"{tone}-soft") for tone in TONES),
    *(("ink", f"{tone}-soft") for tone in TONES),
    *((text, "accent-soft") for text in ("ink", "muted", "accent")),
    ("on-accent", "accent"),
    ("paper", "ink"),
]
SEEN = [
    (shape, ground)
    for shape in ("field-line", "accent", "bad", "good", "wait")
    for ground in ("paper", "surface")
]
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), READ)
def test_every_text_can_be_read_on_every_ground_that_it_meets(theme: str, text: str, ground: str) -> None:
    colours = palette(theme)
    assert contrast(colours[text], colours[ground]) >= AA_TEXT


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("shape", "ground"), SEEN)
def test_borders_of_fields_and_focus_rings_can_be_seen(theme: str, shape: str, ground: str) -> None:
    colours = palette(theme)
    assert contrast(colours[shape], colours[ground]) >= AA_SHAPE


def test_black_on_white_is_21_and_a_colour_on_itself_is_1() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#1d4a38", "#1d4a38") == 1
    assert contrast("#777777", "#ffffff") == pytest.approx(
        4.48, abs=0.005
    )  # the grey that famously just fails


def test_a_mix_is_what_the_browser_shows() -> None:
    assert mixed("#000000", 10, "#ffffff") == "#e6e6e6"  # 255 × 0.9 = 229.5 → 230


def test_a_readable_accent_is_left_as_the_company_chose_it() -> None:
    assert readable("#1d4a38", "#f8f5ee") == "#1d4a38"


@given(COLOURS, COLOURS)
def test_any_colour_becomes_readable_on_any_ground(colour: str, ground: str) -> None:
    assert contrast(readable(colour, ground), ground) >= AA_TEXT


@given(COLOURS)
def test_a_company_accent_is_readable_in_both_themes(colour: str) -> None:
    light, dark, on_light, on_dark = re.findall("#[0-9a-f]{6}", accent_stylesheet(colour))
    for accent, ground in ((light, "#f8f5ee"), (dark, "#1e1c18"), (on_light, light), (on_dark, dark)):
        assert contrast(accent, ground) >= AA_TEXT


@pytest.mark.parametrize("typed", ["green", "#fff", "#1d4a38;}body{", ""])
def test_only_a_colour_is_taken_for_an_accent(typed: str) -> None:
    with pytest.raises(ValueError, match="not a colour"):
        accent_stylesheet(typed)
