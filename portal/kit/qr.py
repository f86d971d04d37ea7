"""An address as a QR code: for a poster, a card, a screen."""

import io

import segno
from markupsafe import Markup


def picture(url: str, *, scale: int = 6) -> Markup:
    """An SVG element, dark squares on white whatever the theme, so that any camera reads it."""
    svg = segno.make(url, error="m").svg_inline(
        scale=scale, border=3, light="#fff", svgclass=None, lineclass=None
    )
    return Markup(svg)  # drawn here from squares alone: no text of anybody is in it


def file(url: str) -> bytes:
    """The same as a file of its own, to be printed as large as one likes."""
    drawn = io.BytesIO()
    segno.make(url, error="m").save(drawn, kind="svg", scale=10, border=3, light="#fff")
    return drawn.getvalue()
