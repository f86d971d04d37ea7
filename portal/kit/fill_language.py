"""The language of texts that must be trusted: contracts, their annexes, published notices.

A text is a little Markdown: one `# Title`, numbered `## Article 4. Paiement {#paiement}` and
`### 4.2. Délai {#paiement.delai}`, paragraphs, `- items` and `**bold**`. It may hold placeholders
(`{{ referrer.name }}`) from a closed vocabulary, and conditions on flags (`{{#if referrer.has_vat}}` …
`{{/if}}`, `{{#unless …}}`), inline or alone on their line around paragraphs and items. Nothing else
exists: no expression, no attribute, no call.

Articles and clauses never stand inside a condition: their numbers and anchors hold for every signer.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portal.kit.text import WIDE, thin_spaces

MAX_CHARACTERS = 200_000
MAX_LINES = 2_000  # what the press lays out within its limits
MAX_LISTINGS = 30
MAX_TAG_CHARACTERS = 100
MAX_ANCHOR_CHARACTERS = 80
MAX_DEPTH = 3


class Kind(StrEnum):
    TEXT = "text"
    LIST = "list"  # stands alone on its line and becomes a list
    FLAG = "flag"  # is only asked, never shown


Vocabulary = Mapping[str, Kind]


class TextRefused(ValueError):
    """The text is not in the language. `line` counts from 1; `code` and `params` make the sentence shown."""

    def __init__(self, line: int, code: str, **params: str) -> None:
        super().__init__(f"line {line}: {code} {params or ''}".rstrip())
        self.line, self.code, self.params = line, code, params


# What a text is made of


@dataclass(frozen=True, slots=True)
class Words:
    text: str


@dataclass(frozen=True, slots=True)
class Blank:
    name: str


@dataclass(frozen=True, slots=True)
class Strong:
    inside: tuple["Inline", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Kept when the flag has the wanted value; holds inlines or blocks, according to where it stands."""

    flag: str
    wanted: bool
    inside: tuple["Inline | Block", ...]


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    title: str
    number: str = ""
    anchor: str = ""

    @property
    def label(self) -> str:
        return "" if self.level == 1 else f"Article {self.number}." if self.level == 2 else f"{self.number}."


@dataclass(frozen=True, slots=True)
class Paragraph:
    inside: tuple["Inline", ...]
    tag: str = "p"


@dataclass(frozen=True, slots=True)
class Listing:
    name: str


Inline = Words | Blank | Strong | Choice
Block = Heading | Paragraph | Listing | Choice


@dataclass(frozen=True, slots=True)
class Document:
    blocks: tuple[Block, ...]
    headings: tuple[Heading, ...]
    names: frozenset[str]  # placeholders and flags that the text uses

    @property
    def title(self) -> str:
        return self.headings[0].title

    @property
    def anchors(self) -> tuple[str, ...]:
        return tuple(heading.anchor for heading in self.headings if heading.anchor)


# Reading a text: one pass, every pattern bounded, so time grows with length and nothing else

MARK = re.compile(rf"\*\*|\{{\{{[^{{}}]{{0,{MAX_TAG_CHARACTERS}}}\}}\}}|\{{\{{|\}}\}}|\{{#")
NAME = r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*"
TAG = re.compile(
    rf"\{{\{{(?: ?(?P<name>{NAME}) ?|#(?P<open>if|unless) (?P<flag>{NAME})|/(?P<close>if|unless))\}}\}}"
)
ANCHOR = re.compile(r"[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*)?")
UNREADABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)  # a reader would be deceived
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028\u2029\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)  # takes no room: two words that look alike would differ
HEADINGS = {
    2: re.compile(r"Article ([0-9]{1,3})\. (\S.*)"),
    3: re.compile(r"([0-9]{1,3}\.[0-9]{1,3})\. (\S.*)"),
}
UNBROKEN = re.compile(r"(?<=[Aa]rticle) (?=[0-9])|(?<=\bn°) ")


def _typeset(words: str) -> str:
    return UNBROKEN.sub(WIDE, thin_spaces(words))


@dataclass(slots=True)
class _Frame:
    opened_by: str = ""  # "if", "unless", "**" or nothing for the outermost
    flag: str = ""
    line: int = 0
    inside: list = field(default_factory=list)

    def closed(self) -> Strong | Choice:
        inside = tuple(self.inside)
        return Strong(inside) if self.opened_by == "**" else Choice(self.flag, self.opened_by == "if", inside)


class _Nest:
    """What is open, innermost last. A thing closed goes into the one around it."""

    def __init__(self) -> None:
        self.frames = [_Frame()]

    def add(self, node: Inline | Block) -> None:
        self.frames[-1].inside.append(node)

    def open(self, opened_by: str, flag: str, line: int) -> None:
        if len(self.frames) > MAX_DEPTH:
            raise TextRefused(line, "too_deep", limit=str(MAX_DEPTH))
        self.frames.append(_Frame(opened_by, flag, line))

    def close(self, opened_by: str, line: int) -> None:
        if self.frames[-1].opened_by != opened_by:
            raise TextRefused(line, "closed_without_opening", tag=opened_by)
        self.add(self.frames.pop().closed())

    @property
    def is_open(self) -> bool:
        return len(self.frames) > 1

    def toggle_bold(self, line: int) -> None:
        if self.frames[-1].opened_by == "**":
            self.close("**", line)
        elif any(frame.opened_by == "**" for frame in self.frames):
            raise TextRefused(line, "closed_without_opening", tag="**")
        else:
            self.open("**", "", line)

    def finish(self) -> tuple:
        if self.is_open:
            raise TextRefused(self.frames[-1].line, "never_closed", tag=self.frames[-1].opened_by)
        return tuple(self.frames[0].inside)


class _Reader:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.nest = _Nest()
        self.gathered: list[tuple[int, str]] = []  # lines of the paragraph or item being read
        self.gathered_tag = "p"
        self.headings: list[Heading] = []
        self.anchors: set[str] = set()
        self.names: set[str] = set()
        self.listings = 0

    def read(self, text: str) -> Document:
        if len(text) > MAX_CHARACTERS:
            raise TextRefused(1, "too_long", limit=str(MAX_CHARACTERS))
        for number, line in enumerate(text.split("\n"), start=1):
            if number > MAX_LINES:
                raise TextRefused(number, "too_many_lines", limit=str(MAX_LINES))
            self._line(number, line.strip())
        self._flush()
        blocks = self.nest.finish()
        if not self.headings:
            raise TextRefused(1, "title_missing")
        return Document(blocks, tuple(self.headings), frozenset(self.names))

    def _line(self, number: int, line: str) -> None:
        tag = TAG.fullmatch(line)
        if UNREADABLE.search(line) or INVISIBLE.search(line):
            raise TextRefused(number, "unreadable_character")
        if not line:
            self._flush()
        elif line.startswith("#"):
            self._flush()
            self._heading(number, line)
        elif not self.headings:
            raise TextRefused(number, "title_missing")
        elif tag and (tag["flag"] or tag["close"] or self._kind(number, tag["name"]) is Kind.LIST):
            self._flush()
            self._tag(number, tag, self.nest, Kind.LIST)
        elif line.startswith("- "):
            self._flush()
            self.gathered_tag = "li"
            self.gathered.append((number, line[2:]))
        else:
            self.gathered.append((number, line))

    def _flush(self) -> None:
        if self.gathered:
            self.nest.add(Paragraph(self._inlines(self.gathered), self.gathered_tag))
        self.gathered, self.gathered_tag = [], "p"

    def _kind(self, line: int, name: str) -> Kind:
        if name not in self.vocabulary:
            raise TextRefused(line, "unknown_placeholder", name=name)
        return self.vocabulary[name]

    def _named(self, line: int, name: str, wanted: Kind) -> str:
        if self._kind(line, name) is not wanted:
            raise TextRefused(line, "wrong_kind", name=name, kind=str(self.vocabulary[name]))
        self.names.add(name)
        return name

    def _tag(self, line: int, tag: re.Match, nest: _Nest, shown: Kind) -> None:
        if tag["flag"]:
            nest.open(tag["open"], self._named(line, tag["flag"], Kind.FLAG), line)
        elif tag["close"]:
            nest.close(tag["close"], line)
        else:
            name = self._named(line, tag["name"], shown)
            nest.add(self._listing(line, name) if shown is Kind.LIST else Blank(name))

    def _listing(self, line: int, name: str) -> Listing:
        self.listings += 1
        if self.listings > MAX_LISTINGS:
            raise TextRefused(line, "too_many_listings", limit=str(MAX_LISTINGS))
        return Listing(name)

    def _inlines(self, lines: Iterable[tuple[int, str]]) -> tuple[Inline, ...]:
        nest = _Nest()
        for position, (number, line) in enumerate(lines):
            self._inline_line(number, line if position == 0 else f" {line}", nest)
        return nest.finish()

    def _inline_line(self, number: int, line: str, nest: _Nest) -> None:
        done = 0
        for mark in MARK.finditer(line):
            if mark.start() > done:
                nest.add(Words(_typeset(line[done : mark.start()])))
            done = mark.end()
            self._mark(number, mark.group(), nest)
        if done < len(line):
            nest.add(Words(_typeset(line[done:])))

    def _mark(self, number: int, mark: str, nest: _Nest) -> None:
        if mark == "**":
            nest.toggle_bold(number)
        elif tag := TAG.fullmatch(mark):
            self._tag(number, tag, nest, Kind.TEXT)
        else:
            raise TextRefused(number, "not_a_tag", tag=mark)

    def _heading(self, line: int, text: str) -> None:
        marks, _, rest = text.partition(" ")
        level = len(marks)
        if (
            marks != "#" * level
            or level > 3
            or not rest.strip()
            or MARK.search(rest.rpartition(" {#")[0] or rest)
        ):
            raise TextRefused(line, "bad_heading")
        if self.nest.is_open:
            raise TextRefused(line, "heading_in_condition")
        heading = self._title(line, rest) if level == 1 else self._numbered(line, level, rest)
        self.headings.append(heading)
        self.nest.add(heading)

    def _title(self, line: int, title: str) -> Heading:
        if self.headings:
            raise TextRefused(line, "second_title")
        return Heading(1, _typeset(title))

    def _numbered(self, line: int, level: int, rest: str) -> Heading:
        if not self.headings:
            raise TextRefused(line, "title_missing")
        label, _, anchor = rest.rpartition(" {#")
        match = HEADINGS[level].fullmatch(label.rstrip())
        if not match:
            raise TextRefused(line, "bad_heading")
        if match[1] != (expected := self._next_number(line, level)):
            raise TextRefused(line, "wrong_number", expected=expected, found=match[1])
        return Heading(
            level, _typeset(match[2]), match[1], self._anchor(line, level, anchor.removesuffix("}"))
        )

    def _next_number(self, line: int, level: int) -> str:
        last = self.headings[-1]
        article, _, clause = last.number.partition(".")
        if level == 3 and not article:
            raise TextRefused(line, "clause_outside_article")
        return str(int(article or 0) + 1) if level == 2 else f"{article}.{int(clause or 0) + 1}"

    def _anchor(self, line: int, level: int, anchor: str) -> str:
        article, _, clause = anchor.partition(".")
        if (
            not ANCHOR.fullmatch(anchor)
            or len(anchor) > MAX_ANCHOR_CHARACTERS
            or bool(clause) != (level == 3)
        ):
            raise TextRefused(line, "bad_anchor", anchor=anchor[:MAX_ANCHOR_CHARACTERS])
        if anchor in self.anchors:
            raise TextRefused(line, "duplicate_anchor", anchor=anchor)
        if clause and article != self.headings[-1].anchor.partition(".")[0]:
            raise TextRefused(line, "anchor_of_another_article", anchor=anchor)
        self.anchors.add(anchor)
        return anchor


def parse(text: str, vocabulary: Vocabulary) -> Document:
    """Raises TextRefused, with its line, for whatever is not in the language or the vocabulary."""
    return _Reader(vocabulary).read(text)
