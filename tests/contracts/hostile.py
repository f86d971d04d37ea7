"""Texts and values that somebody could write to read what is not theirs, to deceive a reader or to keep the machine busy."""

from typing import NamedTuple

from portal.kit.fill_language import MAX_CHARACTERS, MAX_LINES, MAX_LISTINGS


class Hostile(NamedTuple):
    name: str
    body: str  # what follows the title
    refused: str = ""  # the code that says why; empty when it may stand, as words


IF, UNLESS, END, LISTING = (
    "{{#if plan.on_payment}}",
    "{{#unless plan.on_payment}}",
    "{{/if}}",
    "{{ plan.rules }}",
)
CORPUS = (
    # blocks that do not close, or too many of them
    Hostile("a condition that is never closed", f"{IF}\nsans fin", "never_closed"),
    Hostile("an exception that is never closed, in a line", f"avant {UNLESS} après", "never_closed"),
    Hostile("a hundred thousand conditions in one line", IF * 100_000, "too_long"),
    Hostile("thousands of conditions in one line", IF * 8_000, "too_deep"),
    Hostile("thousands of conditions, one a line", f"{IF}\n" * 1_900, "too_deep"),
    Hostile("a condition closed twice", f"{IF}a{END}{END}", "closed_without_opening"),
    Hostile("a condition closed as another", f"{IF}a{{{{/unless}}}}", "closed_without_opening"),
    Hostile("bold and a condition crossed", f"**a {IF}b** c{END}", "closed_without_opening"),
    Hostile("an article that a condition would hide", f"{IF}\n## Article 1. Prix {{#prix}}\n{END}", "heading_in_condition"),
    # other languages of templates
    Hostile("a sum", "{{ 7 * 7 }}", "not_a_tag"),
    Hostile("the class of a value", "{{ referrer.name.__class__.__mro__ }}", "not_a_tag"),
    Hostile("the globals of a template", "{{ self.__init__.__globals__ }}", "not_a_tag"),
    Hostile("the settings of the portal", "{{ config }}", "not_a_tag"),
    Hostile("a filter", "{{ referrer.name|attr('email') }}", "not_a_tag"),
    Hostile("a loop", "{% for x in range(10**9) %}x{% endfor %}", "markup"),
    Hostile("an inclusion", "{% include '/etc/passwd' %}", "markup"),
    Hostile("a comment that hides", "{# caché #}", "not_a_tag"),
    Hostile("a field in a field", "{{ {{ referrer.name }} }}", "not_a_tag"),
    Hostile("an expression of a shell", "${7*7} ${HOME}", "markup"),
    Hostile("a format string", "{0.__class__} {referrer!r} %(secret)s %s %n"),
    Hostile("a tag as long as the text", "{{ " + "a" * 150_000 + " }}", "not_a_tag"),
    # data that no text may ask for
    Hostile("a column that exists", "{{ referrer.iban_sealed }}", "unknown_placeholder"),
    Hostile("a secret of the portal", "{{ company.stripe_key }}", "unknown_placeholder"),
    Hostile("a path", "{{ ../../settings }}", "not_a_tag"),
    Hostile("a field written with a letter of another alphabet", "{{ сompany.name }}", "not_a_tag"),
    Hostile("a field with a letter that takes no room", "{{ company\u200b.name }}", "unreadable_character"),
    Hostile("braces of another width", "｛｛ company.name ｝｝"),
    # what a reader would not see, or see otherwise
    Hostile("letters turned around", "Prix : \u202e000 01\u202c €", "unreadable_character"),
    Hostile("an isolate that turns", "\u2067tourné\u2069", "unreadable_character"),
    Hostile("letters that take no room", "com\u200bmis\u2060sion", "unreadable_character"),
    Hostile("a soft hyphen", "gra\u00adtuit", "unreadable_character"),
    Hostile("a mark of byte order", "mots\ufeff", "unreadable_character"),
    Hostile("letters of the plane of tags", "mots\U000e0041\U000e0042", "unreadable_character"),
    Hostile("a null byte", "mots\x00", "unreadable_character"),
    Hostile("colours of a terminal", "\x1b[31mmots", "unreadable_character"),
    Hostile("half a letter", "mots\ud800", "unreadable_character"),
    Hostile("a heap of accents", "c" + "\u0301\u0327\u0488" * 2_000),
    # markup, and what the printer could be sent to fetch
    Hostile("a script", "<script>alert(1)</script>", "markup"),
    Hostile("an image that runs", '<img src=x onerror="alert(1)">', "markup"),
    Hostile("a frame", "<iframe src='//exemple.fr'>", "markup"),
    Hostile("a drawing", "<svg/onload=alert(1)>", "markup"),
    Hostile("a file of the machine", "url(file:///etc/passwd)", "markup"),
    Hostile("a style from elsewhere", "@import 'https://exemple.fr/x.css'", "markup"),
    Hostile("a link that runs", "[lire](javascript:alert(1))", "markup"),
    Hostile("an image as data", "data:image/svg+xml;base64,PHN2Zz4=", "markup"),
    Hostile("an entity", "&#60;script&#62;", "markup"),
    Hostile("an anchor that closes its attribute", '## Article 1. A {#a" onclick="x}', "bad_anchor"),
    Hostile("an anchor said twice", "## Article 1. A {#a}\n## Article 2. B {#a}", "duplicate_anchor"),
    Hostile("a number without end", "## Article 99999999999999999999. A {#a}", "bad_heading"),
    # sheer weight
    Hostile("more letters than a text has", "a" * MAX_CHARACTERS, "too_long"),
    Hostile("more lines than a text has", "\n" * MAX_LINES, "too_many_lines"),
    Hostile("a word as long as the text", "a" * (MAX_CHARACTERS - 20)),
    Hostile("a table of thousands of lines", "\n".join(["| a | b | c |"] * (MAX_LINES - 10))),
    Hostile("thousands of items", "\n".join(["- point"] * (MAX_LINES - 10))),
    Hostile("stars", "*" * 150_002, "never_closed"),
    Hostile("braces", "{" * 150_000, "not_a_tag"),
    Hostile("the same listing thousands of times", f"{LISTING}\n" * 1_000, "too_many_listings"),
    Hostile("the same listing as often as a text may ask for it", f"{LISTING}\n" * MAX_LISTINGS),
)  # fmt: skip
LAUGHS = tuple("x" * 1_000 for _ in range(100))  # 100 000 letters, asked for many times

VALUES = (
    "{{ company.name }}", "{{#if plan.on_payment}}", "{{ config.SECRET }}", "{% include 'x' %}", "${HOME}", "%(secret)s",
    "<script>alert(1)</script>", "</p></article><h1>Faux</h1>", '" onmouseover="x', "&lt;b&gt;", "url(file:///etc/passwd)",
    "**gras**", "- point", "## Article 9. Faux {#faux}", "Lou\n\n## Article 9. Faux {#faux}\n\n90 %", "Lou\u2028Article 9",
)  # fmt: skip
