"""QUALITY §2: what a first visit weighs. gzip stands for what the server sends."""

import gzip
import hashlib

import pytest

from portal.kit.assets import STATIC, STYLESHEET, asset_url, assets, joined, minified, stylesheet
from tests.design.drawing import component_page

FIRST_LOAD = (STYLESHEET, "js/portal.js", "js/vendor/htmx.min.js", "icons.svg")


def weight(body: bytes) -> int:
    return len(gzip.compress(body, 9))


def test_the_stylesheet_leaves_room_for_the_page_in_the_first_round_trip() -> None:
    assert weight(stylesheet().encode()) <= 8_120  # of 14,600 critical bytes


def test_what_a_first_visit_loads_beside_the_page_is_under_33_kilobytes() -> None:
    assert sum(weight(assets()[name].body) for name in FIRST_LOAD) <= 33_000  # of 40,000; the page has 7,000


def test_the_shell_of_a_page_is_under_four_kilobytes() -> None:
    page = component_page()
    start, end = page.index('<div class="stack-wide">'), page.index("</main>")
    assert weight((page[:start] + page[end:]).encode()) <= 4_000


def test_vendored_scripts_are_the_published_ones() -> None:
    vendor = STATIC / "js" / "vendor"
    promised = dict(reversed(line.split()) for line in (vendor / "CHECKSUMS").read_text().splitlines())
    assert promised == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in vendor.glob("*.js")
    }


def test_every_sheet_is_in_the_manifest_once() -> None:
    folder = STATIC / "css"
    names = (folder / "MANIFEST").read_text().split()
    assert sorted(names) == sorted(path.name for path in folder.glob("*.css"))


def test_minifying_drops_comments_and_idle_space_but_keeps_what_means_something() -> None:
    css = "/* why */\n.a > .b,\n.c { margin: calc(1px + 2px) 0;\n  color: red; }\n"
    assert minified(css) == ".a>.b,.c{margin:calc(1px + 2px) 0;color:red}"
    assert minified(".a :focus { x: y; }") == ".a :focus{x:y}"


def test_sheets_are_joined_in_order() -> None:
    assert joined([".a { b: c; }", ".d { e: f; }"]) == ".a{b:c}.d{e:f}\n"


def test_an_address_changes_with_its_content_and_an_unknown_name_is_refused() -> None:
    digest = hashlib.sha256(stylesheet().encode()).hexdigest()[:12]
    assert asset_url(STYLESHEET) == f"/static/portal.css?v={digest}"
    with pytest.raises(KeyError):
        asset_url("../settings.py")
