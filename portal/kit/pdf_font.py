"""Which signs the fonts of our documents can draw. An archived PDF may not hold a missing glyph, nor may its look
depend on the fonts of the machine that printed it: a sign that is not ours to draw is printed as an empty square."""

import unicodedata
from collections.abc import Iterable
from functools import cache

from fontTools.ttLib import TTFont

SQUARE = 0x25A1
INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


class Drawable(dict[int, int]):
    """A translation table that learns each sign the first time it is met."""

    def __init__(self, drawn: frozenset[int]) -> None:
        super().__init__()
        self.drawn = drawn

    def __missing__(self, sign: int) -> int:
        visible = unicodedata.category(chr(sign)) not in INVISIBLE
        self[sign] = SQUARE if visible and sign not in self.drawn else sign
        return self[sign]


def drawable(text: str, font_files: Iterable[str]) -> str:
    return unicodedata.normalize("NFC", text).translate(_table(tuple(font_files)))


@cache
def _table(font_files: tuple[str, ...]) -> Drawable:
    return Drawable(frozenset.intersection(*map(_signs, font_files)))


def _signs(font_file: str) -> frozenset[int]:
    with TTFont(font_file, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())
