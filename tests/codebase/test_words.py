"""Everything that a user sees is said in French and in English."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from tests.codebase.house import PORTAL, name, python_files, templates

CATALOGUES = PORTAL / "locale" / "en"
SAYING = {"_", "N_", "gettext", "ngettext"}
FRENCH_ONLY = ("papers", "contracts", "parts/contract_body.html")  # legal documents are French

LETTERS = re.compile(r"[A-Za-zÀ-ÿ]{3,}")
NOT_TEXT = (
    re.compile(r"{#.*?#}", re.DOTALL),
    re.compile(r"{%-?\s*trans\b.*?endtrans\s*-?%}", re.DOTALL),
    re.compile(r"{%.*?%}", re.DOTALL),
    re.compile(r"{{.*?}}", re.DOTALL),
    re.compile(r"(?<!\S)/[\w/-]*"),
    re.compile(r"<(style|script|code|kbd)\b.*?</\1>", re.DOTALL),
    re.compile(r"<!doctype[^>]*>", re.IGNORECASE),
)
SPOKEN = re.compile(r"\b(?:alt|title|placeholder|aria-label)=\"([^\"]*)\"")
ATTRIBUTE = re.compile(r"[\w-]+=\"[^\"]*\"")
CLASSES = {"button", "slim", "wide"}  # what a macro puts into a class
NAMES = {
    "Entremise",
    "CSV",
    "SIREN",
    "SIRET",
    "IBAN",
    "BIC",
    "TVA",
    "HTML",
    "PDF",
    "Français",
    "English",
    "API",
    "JSON",
    "URL",
}


def said_in_python(path: Path) -> set[str]:
    """The sentence of each call, also of one inside another; `_(LABELS[row["state"]])` says none of its own."""
    calls = (
        node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call) and node.args
    )
    return {
        sentence.value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in SAYING
        for sentence in call.args[:1]
        if isinstance(sentence, ast.Constant) and isinstance(sentence.value, str)
    }


def said_in_template(path: Path) -> set[str]:
    options = {
        "trimmed": "true",
        "silent": "false",
        "newstyle_gettext": "true",
        "extensions": "jinja2.ext.do",
    }
    with path.open("rb") as source:
        found = babel_extract(source, ("_", "gettext", "ngettext"), (), options)
        return {_first(message) for _line, _function, message, _comments in found if message is not None}


def _first(message: str | tuple[str | None, ...] | list[str | None]) -> str:
    return message if isinstance(message, str) else next(part for part in message if isinstance(part, str))


def translated() -> set[str]:
    known: set[str] = set()
    for path in sorted(CATALOGUES.glob("*.po")):
        with path.open("rb") as file:
            known |= {
                _first(message.id)
                for message in read_po(file, locale="en")
                if message.id and all(_strings(message))
            }
    return known


def _strings(message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def said() -> dict[str, set[str]]:
    python = {name(path): said_in_python(path) for path in python_files(PORTAL)}
    drawn = {name(path): said_in_template(path) for path in templates(*FRENCH_ONLY)}
    return {where: words for where, words in {**python, **drawn}.items() if words}


def test_every_sentence_has_its_english():
    known = translated()
    missing = {where: sorted(words - known) for where, words in said().items() if words - known}
    assert missing == {}


def test_a_sentence_is_translated_one_way():
    ways: dict[str, set[tuple[str, ...]]] = {}
    for path in sorted(CATALOGUES.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                if message.id:
                    ways.setdefault(_first(message.id), set()).add(_strings(message))
    assert {sentence: found for sentence, found in ways.items() if len(found) > 1} == {}


def test_no_translation_is_left_of_a_sentence_that_nobody_says():
    assert translated() - set().union(*said().values()) == set()


@pytest.mark.parametrize("path", sorted(CATALOGUES.glob("*.po")), ids=lambda path: path.name)
def test_a_translation_keeps_the_places_of_its_sentence(path: Path):
    with path.open("rb") as file:
        for message in read_po(file, locale="en"):
            wanted = _places(_first(message.id)) if message.id else set()
            for said_so in _strings(message):
                assert _places(said_so) <= wanted or isinstance(message.id, tuple), message.id
                assert wanted <= _places(said_so) or isinstance(message.id, tuple), message.id


def _places(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)", text))


def bare_text(source: str) -> list[str]:
    """What the page would show that nobody can translate."""
    for pattern in NOT_TEXT:
        source = pattern.sub(" ", source)
    spoken = " ".join(SPOKEN.findall(source))
    shown = ATTRIBUTE.sub(" ", re.sub(r"<[^>]*>", " ", source))
    return [word for word in LETTERS.findall(f"{shown} {spoken}") if word not in NAMES | CLASSES]


@pytest.mark.parametrize("path", templates(*FRENCH_ONLY), ids=name)
def test_no_template_speaks_past_the_catalogue(path: Path):
    assert bare_text(path.read_text()) == []


def test_the_search_for_bare_text_finds_it():
    assert bare_text('<p>Bonjour {{ name }}</p><input placeholder="Votre nom">{{ _("Merci") }}') == [
        "Bonjour",
        "Votre",
        "nom",
    ]


@pytest.mark.parametrize("path", templates(), ids=name)
def test_no_template_waives_escaping(path: Path):
    assert not re.search(r"\|\s*safe\b|autoescape\s+false", path.read_text())
