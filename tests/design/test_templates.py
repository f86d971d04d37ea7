"""The strict policy `script-src 'self'; style-src 'self'` holds only if no template writes a style or a script."""

import re
from pathlib import Path

import pytest

from portal.kit.assets import STATIC
from portal.shell import WAYS
from tests.design.drawing import TEMPLATES, component_page, environment

SCREENS = [
    path
    for path in sorted(TEMPLATES.rglob("*.html"))
    if path.parts[len(TEMPLATES.parts)] not in {"mails", "papers", "posters"}
]
FORBIDDEN = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style", re.IGNORECASE),
    "a handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "hx-on": re.compile(r"\bhx-on", re.IGNORECASE),
    "a script of its own": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
    "a foreign host": re.compile(r"""(?:src|<link[^>]*href)\s*=\s*["'](?:https?:)?//""", re.IGNORECASE),
}
ICON_NAMES = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
ICON_CALLS = re.compile(r"""(?<![\w.])(?:icon|empty|icon_name)\s*(?:\(|=)\s*["']([\w-]+)["']""")


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_writes_what_the_policy_forbids(path: Path, what: str) -> None:
    assert not FORBIDDEN[what].search(path.read_text())


@pytest.mark.parametrize(
    ("what", "planted"),
    [
        ("a style attribute", '<p class="a" style="color: red">'),
        ("a style element", "<style>"),
        ("a handler", '<a href="#" onclick="x()">'),
        ("hx-on", '<a hx-on:click="x()">'),
        ("a script of its own", "<script>x()</script>"),
        ("a script address", '<a href="javascript:x()">'),
        ("a foreign host", '<img src="https://example.org/x.png">'),
    ],
)
def test_a_planted_fault_is_found(what: str, planted: str) -> None:
    assert FORBIDDEN[what].search(planted)


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    named = {name for path in SCREENS for name in ICON_CALLS.findall(path.read_text())}
    assert named
    assert named <= ICON_NAMES


def test_the_component_page_shows_every_icon_and_only_icons_that_exist() -> None:
    assert set(re.findall(r"icons\.svg[^#\"]*#([\w-]+)", component_page())) == ICON_NAMES


def test_the_navigation_names_only_icons_that_exist() -> None:
    assert {way.icon for way in WAYS} <= ICON_NAMES


def test_the_component_page_imports_from_every_file_of_parts() -> None:
    page = (TEMPLATES / "reglages" / "composants.html").read_text()
    macros = {path.name for path in (TEMPLATES / "parts").glob("*.html") if "{% macro" in path.read_text()}
    assert macros == set(re.findall(r"parts/([\w-]+\.html)", page))


def test_no_id_stands_twice_and_every_label_and_description_finds_its_field() -> None:
    page = component_page()
    ids = re.findall(r'\sid="([^"]+)"', page)
    told = {
        name
        for names in re.findall(r'aria-(?:describedby|labelledby)="([^"]+)"', page)
        for name in names.split()
    }
    assert len(ids) == len(set(ids))
    assert told | set(re.findall(r'<label[^>]*\sfor="([^"]+)"', page)) <= set(ids)


def test_a_refused_form_keeps_what_was_typed_and_says_what_to_mend_beside_it() -> None:
    page = component_page()
    assert 'value="claire@"' in page
    assert 'href="#f-email"' in page
    assert 'aria-describedby="f-email-hint f-email-error"' in page


def test_a_typed_value_cannot_leave_its_field() -> None:
    page = component_page(person={"name": '<b onclick="x">"&', "role_label": "<script>"})
    assert "<b onclick" not in page
    assert "<script>" not in page


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_is_painted_by_the_server(theme: str) -> None:
    assert f'<html lang="fr" data-theme="{theme}">' in component_page(theme=theme)


def test_without_a_choice_the_device_decides_and_an_unknown_theme_is_no_choice() -> None:
    assert '<html lang="fr">' in component_page()
    assert '<html lang="fr">' in component_page(theme='"><script>')


def test_a_signed_out_page_needs_only_language_path_and_token() -> None:
    page = environment().from_string(
        '{% extends "layouts/plain.html" %}{% block content %}Bonjour{% endblock %}'
    )
    drawn = page.render(lang="fr", path="/connexion", csrf="jeton")
    assert '<main class="main" id="contenu" tabindex="-1">Bonjour</main>' in drawn
    assert "htmx" not in drawn  # nothing to swap there, nothing to load
