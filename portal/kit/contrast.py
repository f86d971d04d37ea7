"""Contrast as WCAG 2 defines it; a company's accent is checked and fitted with it before it is saved."""

import re

AA_TEXT = 4.5
AA_SHAPE = 3.0  # borders of fields, focus rings, icons
HEX_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)

Channels = tuple[int, int, int]


def contrast(one: str, other: str) -> float:
    """1.0 (the same) to 21.0 (black on white), of two colours written #rrggbb."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def mixed(colour: str, share_percent: int, ground: str) -> str:
    """What `color-mix(in srgb, colour share%, ground)` shows."""
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(
        f"{round((a * share_percent + b * (100 - share_percent)) / 100):02x}" for a, b in pairs
    )


def readable(colour: str, ground: str) -> str:
    """The colour itself, or the nearest of its darker or lighter shades that can be read on the ground."""
    end = "#000000" if luminance(ground) > luminance("#757575") else "#ffffff"
    shades = (mixed(end, step, colour) for step in range(0, 101, 2))
    return next(shade for shade in shades if contrast(shade, ground) >= AA_TEXT)


def accent_stylesheet(colour: str, *, light_ground: str = "#f8f5ee", dark_ground: str = "#1e1c18") -> str:
    """The stylesheet of a company's own accent: one shade for paper, one for the dark. Refuses what is not #rrggbb."""
    if not HEX_COLOUR.fullmatch(colour):
        raise ValueError(f"not a colour: {colour}")
    light, dark = readable(colour, light_ground), readable(colour, dark_ground)
    on_light, on_dark = readable("#fcfaf5", light), readable("#12110e", dark)
    return f":root{{--accent:light-dark({light},{dark});--on-accent:light-dark({on_light},{on_dark})}}"


def _channels(colour: str) -> Channels:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
