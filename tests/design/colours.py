"""The colours of tokens.css as numbers, for both themes."""

import re

from portal.kit.assets import STATIC
from portal.kit.contrast import mixed

_PAIR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
_MIX = re.compile(r"--([\w-]+): color-mix\(in srgb, var\(--([\w-]+)\) (\d+)%, var\(--([\w-]+)\)\);")

THEMES = ("light", "dark")


def palette(theme: str) -> dict[str, str]:
    css = (STATIC / "css" / "tokens.css").read_text()
    colours = {name: pair[THEMES.index(theme)] for name, *pair in _PAIR.findall(css)}
    mixes = {
        name: mixed(colours[top], int(share), colours[ground])
        for name, top, share, ground in _MIX.findall(css)
    }
    return colours | mixes
