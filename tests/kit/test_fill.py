"""The closed language of contracts: what it accepts, what it refuses, and that values stay values."""

import re
import time
from contextlib import suppress
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kit.fill import Filled, Kind, TextRefused, ValueRefused, fill, parse
from portal.kit.fill_language import INVISIBLE

VOCABULARY = {
    "referrer.name": Kind.TEXT,
    "referrer.vat_number": Kind.TEXT,
    "referrer.has_vat": Kind.FLAG,
    "referrer.is_micro": Kind.FLAG,
    "plan.rules": Kind.LIST,
}
TEXT = """\
# Contrat

Entre l'entreprise et **{{ referrer.name }}**
{{#if referrer.has_vat}}(TVA {{ referrer.vat_number }}){{/if}}

## Article 1. Objet {#objet}

Le texte de l'objet :

- premier point ;
- second point,
  sur deux lignes.

### 1.1. Liberté {#objet.liberte}

{{#unless referrer.has_vat}}
Pas de TVA.

- ni avant ni après
{{/unless}}

## Article 2. Barème {#bareme}

### 2.1. Règles {#bareme.regles}

{{ plan.rules }}
"""
VALUES = {
    "referrer.name": "Lou",
    "referrer.has_vat": False,
    "plan.rules": ["10 % du montant.", "Rien d'autre."],
}


def filled(text: str = TEXT, **values: str | bool | list[str]) -> Filled:
    given_values = {name.replace("__", "."): value for name, value in values.items()}
    return fill(parse(text, VOCABULARY), VALUES | given_values)


def refusal(text: str) -> tuple[int, str]:
    with pytest.raises(TextRefused) as refused:
        parse(text, VOCABULARY)
    return refused.value.line, refused.value.code


def body(*lines: str) -> str:
    return "\n".join(("# T", *lines))


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words = ""
        self.feed(str(html))
        self.close()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


def test_a_text_becomes_headings_paragraphs_and_lists_with_anchors_as_ids() -> None:
    assert filled().html() == "\n".join(
        (
            "<h1>Contrat</h1>",
            "<p>Entre l’entreprise et <strong>Lou</strong> </p>",
            '<h2 id="objet"><span class="number">Article 1.</span> Objet</h2>',
            "<p>Le texte de l’objet\u00a0:</p>",
            "<ul>\n<li>premier point\u202f;</li>\n<li>second point, sur deux lignes.</li>\n</ul>",
            '<h3 id="objet.liberte"><span class="number">1.1.</span> Liberté</h3>',
            "<p>Pas de TVA.</p>",
            "<ul>\n<li>ni avant ni après</li>\n</ul>",
            '<h2 id="bareme"><span class="number">Article 2.</span> Barème</h2>',
            '<h3 id="bareme.regles"><span class="number">2.1.</span> Règles</h3>',
            "<ul>\n<li>10 % du montant.</li>\n<li>Rien d&#39;autre.</li>\n</ul>",
        )
    )


def test_inside_a_page_the_headings_start_lower() -> None:
    assert [tag for tag in Tags(filled().html(top=2)).tags if tag[0] == "h"] == ["h2", "h3", "h4", "h3", "h4"]


def test_a_condition_keeps_what_the_flag_asks_for() -> None:
    with_vat = filled(referrer__has_vat=True, referrer__vat_number="FR1").plain()
    assert "(TVA FR1)" in with_vat
    assert "Pas de TVA" not in with_vat


def test_an_explanation_can_cite_a_clause_by_its_anchor() -> None:
    clause = filled().clauses()["objet.liberte"]
    assert (clause.number, clause.title) == ("1.1", "Liberté")
    assert clause.text == "Pas de TVA.\n- ni avant ni après"
    assert filled().clauses()["objet"].number == "1"


def test_the_table_of_contents_lists_the_articles() -> None:
    assert [(article.label, article.anchor) for article in filled().articles()] == [
        ("Article 1.", "objet"),
        ("Article 2.", "bareme"),
    ]


def test_a_clause_keeps_number_and_anchor_whatever_the_flags_say() -> None:
    with_vat = filled(referrer__has_vat=True, referrer__vat_number="FR1")
    assert list(with_vat.clauses()) == list(filled().clauses())


def test_bold_may_hold_a_condition_and_a_condition_may_hold_bold() -> None:
    text = body("**a {{#if referrer.has_vat}}b{{/if}}** {{#unless referrer.has_vat}}**c**{{/unless}}")
    assert filled(text).html() == "<h1>T</h1>\n<p><strong>a </strong> <strong>c</strong></p>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (1, "title_missing")),
        ("Sans titre", (1, "title_missing")),
        ("## Article 1. A {#a}", (1, "title_missing")),
        (body("# Deux titres"), (2, "second_title")),
        (body("#### Trop bas"), (2, "bad_heading")),
        (body("## Sans numéro {#a}"), (2, "bad_heading")),
        (body("## Article 1. Sans ancre"), (2, "bad_heading")),
        (body("## Article 1. {{ referrer.name }} {#a}"), (2, "bad_heading")),
        (body("## Article 1. A {#A b}"), (2, "bad_anchor")),
        (body("## Article 1. A {#a.b}"), (2, "bad_anchor")),
        (body("## Article 2. A {#a}"), (2, "wrong_number")),
        (body("## Article 1. A {#a}", "### 1.2. B {#a.b}"), (3, "wrong_number")),
        (body("## Article 1. A {#a}", "### 2.1. B {#a.b}"), (3, "wrong_number")),
        (body("## Article 1. A {#a}", "### 1.1. B {#autre.b}"), (3, "anchor_of_another_article")),
        (body("### 1.1. A {#a.b}"), (2, "clause_outside_article")),
        (body("## Article 1. A {#a}", "## Article 2. A {#a}"), (3, "duplicate_anchor")),
        (body("Bonjour", "{{ referrer.iban }}"), (3, "unknown_placeholder")),
        (body("{{#if referrer.rich}}x{{/if}}"), (2, "unknown_placeholder")),
        (body("{{ referrer.has_vat }}"), (2, "wrong_kind")),
        (body("{{#if referrer.name}}x{{/if}}"), (2, "wrong_kind")),
        (body("dans la phrase {{ plan.rules }}"), (2, "wrong_kind")),
        (body("", "{{#if referrer.has_vat}}", "x"), (3, "never_closed")),
        (body("{{#if referrer.has_vat}}x{{/unless}}"), (2, "closed_without_opening")),
        (body("x{{/if}}"), (2, "closed_without_opening")),
        (body("{{/if}}"), (2, "closed_without_opening")),
        (body("**gras"), (2, "never_closed")),
        (body("**gras {{#if referrer.has_vat}}x** y{{/if}}"), (2, "closed_without_opening")),
        (body("{{#if referrer.has_vat}}", "## Article 1. A {#a}", "{{/if}}"), (3, "heading_in_condition")),
        (body("{{ 7 * 7 }}"), (2, "not_a_tag")),
        (body("{{ referrer.name|safe }}"), (2, "not_a_tag")),
        (body("{{ referrer.name.__class__ }}"), (2, "not_a_tag")),
        (body("{{ referrer['name'] }}"), (2, "not_a_tag")),
        (body("{{ }}"), (2, "not_a_tag")),
        (body("un reste }} ici"), (2, "not_a_tag")),
        (body("{{ referrer.", "name }}"), (2, "not_a_tag")),
        (body("un paragraphe {#ancre}"), (2, "not_a_tag")),
        (body("caché \u202e ici"), (2, "unreadable_character")),
        (body("x" * 200_000), (1, "too_long")),
        (body("{{#if referrer.has_vat}}" * 4), (2, "too_deep")),
        (body(*["{{#if referrer.has_vat}}"] * 4), (5, "too_deep")),
    ],
)
def test_what_is_not_in_the_language_is_refused_with_its_line(text: str, expected: tuple[int, str]) -> None:
    assert refusal(text) == expected


@pytest.mark.parametrize(
    "literal", ["{%if 1%}x{%endif%}", "<script>alert(1)</script>", "{# rien #", "&amp; $x ${y}"]
)
def test_another_language_is_only_words(literal: str) -> None:
    if "{#" in literal:
        assert refusal(body(literal)) == (2, "not_a_tag")
    else:
        assert Tags(filled(body(literal)).html()).words == f"T\n{literal}"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("referrer__name", "", "missing"),
        ("referrer__name", " \n ", "missing"),
        ("referrer__name", True, "wrong_kind"),
        ("referrer__name", "Lou\x00", "unreadable_character"),
        ("referrer__name", "\u202eeuoL", "unreadable_character"),
        ("referrer__has_vat", "non", "wrong_kind"),
        ("plan__rules", [], "missing"),
        ("plan__rules", "10 %", "wrong_kind"),
        ("plan__rules", ["10 %", ""], "missing"),
    ],
)
def test_a_value_that_is_missing_or_wrong_is_refused(
    name: str, value: str | bool | list[str], code: str
) -> None:
    with pytest.raises(ValueRefused) as refused:
        filled(**{name: value})
    assert (refused.value.name, refused.value.code) == (name.replace("__", "."), code)


def test_a_value_is_asked_for_only_where_the_text_is_kept() -> None:
    assert "TVA" not in filled().clauses()["bareme"].text  # no VAT number given, none needed
    with pytest.raises(ValueRefused, match=re.escape("referrer.vat_number: missing")):
        filled(referrer__has_vat=True)


def test_a_value_cannot_forge_a_clause_below_it() -> None:
    plain = filled(referrer__name="Lou\n\nArticle 2. Barème\u2028\n2.1. 90 %").plain()
    assert "et Lou Article 2. Barème 2.1. 90 %" in plain


READABLE = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc"],
        exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029",
    ),
    min_size=1,
).filter(lambda text: text.strip() and not INVISIBLE.search(text))
HOSTILE = (
    st.lists(
        st.sampled_from(
            [
                "{{",
                "}}",
                "**",
                "<b>",
                "</p>",
                "&lt;",
                "{{#if referrer.has_vat}}",
                "{{ plan.rules }}",
                '"',
                "'",
                "## Article 9. X {#x}",
                "- ",
                " :",
            ]
        ),
        min_size=1,
    )
    .map("".join)
    .filter(str.strip)
)


@settings(deadline=None)
@given(READABLE | HOSTILE, st.lists(READABLE | HOSTILE, min_size=1))
def test_no_value_ever_becomes_markup(name: str, rules: list[str]) -> None:
    read = Tags(filled(referrer__name=name, plan__rules=rules).html())
    calm = Tags(filled(plan__rules=["x"] * len(rules)).html())
    assert read.tags == calm.tags
    assert f"et {name} " in read.words
    assert all(rule in read.words for rule in rules)


@settings(deadline=None)
@given(READABLE | HOSTILE)
def test_the_plain_text_holds_every_value_as_typed(name: str) -> None:
    assert f"et {name} " in filled(referrer__name=name).plain()


PIECES = [
    "# T\n",
    "\n",
    "## Article 1. A {#a}\n",
    "### 1.1. B {#a.b}\n",
    "{{",
    "}}",
    "**",
    "- ",
    "{{#if referrer.has_vat}}",
    "{{/if}}",
    "{{ referrer.name }}",
    "{{ plan.rules }}",
    "mots ",
    "{#",
]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES)).map("".join) | st.text())
def test_any_text_is_either_read_or_refused_with_a_line_that_exists(text: str) -> None:
    line = None
    try:
        fill(parse("# T\n" + text, VOCABULARY), VALUES | {"referrer.vat_number": "FR1"}).html()
    except TextRefused as refused:
        line = refused.line
    assert line is None or 1 <= line <= text.count("\n") + 2


@pytest.mark.parametrize(
    "piece",
    [
        "{",
        "{{",
        "{{a",
        "*",
        "**",
        "#",
        " ",
        "# ",
        "{{#if referrer.has_vat}}",
        "{{ referrer.name }} ",
        "a {#",
        "- a\n",
        "\n",
        "Article 1. " * 2,
    ],
)
def test_the_longest_text_is_read_in_a_moment(piece: str) -> None:
    text = ("# T\n" + piece * 200_000)[:200_000]
    started = time.perf_counter()
    with suppress(TextRefused):
        parse(text, VOCABULARY)
    assert time.perf_counter() - started < 5  # quadratic reading takes minutes


def test_thousands_of_anchors_are_read_in_a_moment() -> None:
    clauses = "".join(f"### 1.{number}. B {{#a.b{number}}}\n" for number in range(1, 1000))
    assert len(parse(f"# T\n## Article 1. A {{#a}}\n{clauses}", VOCABULARY).anchors) == 1000
