"""Fills a text of the closed language (fill_language) with values, for the page, the PDF and the proof.

A value is inserted after parsing and is never read again: whatever somebody typed as a name stays a name.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup, escape

from portal.kit.fill_language import (
    INVISIBLE,
    UNREADABLE,
    Blank,
    Block,
    Choice,
    Document,
    Heading,
    Inline,
    Kind,
    Listing,
    Paragraph,
    Strong,
    TextRefused,
    Vocabulary,
    Words,
    parse,
)

__all__ = [
    "Clause",
    "Document",
    "Filled",
    "Kind",
    "TextRefused",
    "ValueRefused",
    "Vocabulary",
    "fill",
    "parse",
]

Value = str | bool | Sequence[str]

MAX_FILLED_CHARACTERS = 1_000_000  # a short text may ask for a long listing many times


class ValueRefused(ValueError):
    """A value is missing, of the wrong kind, without end, or holds characters that could deceive a reader."""

    def __init__(self, name: str, code: str) -> None:
        super().__init__(f"{name}: {code}")
        self.name, self.code = name, code


class Run(NamedTuple):
    text: str
    strong: bool


class Line(NamedTuple):
    tag: str  # p or li
    runs: tuple[Run, ...]

    def plain(self) -> str:
        return ("- " if self.tag == "li" else "") + "".join(run.text for run in self.runs)

    def html(self) -> Markup:
        inside = Markup("").join(
            Markup("<strong>{}</strong>").format(run.text) if run.strong else escape(run.text)
            for run in self.runs
        )
        return Markup("<{0}>{1}</{0}>").format(Markup(self.tag), inside)


class Clause(NamedTuple):
    number: str
    title: str
    text: str


LINE_BREAKS = re.compile("[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")


def _clean(name: str, value: str) -> str:
    """One line of readable characters: a value can neither forge a clause below it nor turn the text around it.
    What is pasted with it and takes no room is left out."""
    flat = INVISIBLE.sub("", LINE_BREAKS.sub(" ", value))
    if not flat.strip():
        raise ValueRefused(name, "missing")
    if UNREADABLE.search(flat):
        raise ValueRefused(name, "unreadable_character")
    return flat


class _Filler:
    def __init__(self, values: Mapping[str, Value]) -> None:
        self.values = values
        self.room = MAX_FILLED_CHARACTERS

    def _value(self, name: str) -> Value:
        if name not in self.values:
            raise ValueRefused(name, "missing")
        return self.values[name]

    def _text(self, name: str) -> str:
        value = self._value(name)
        if not isinstance(value, str):
            raise ValueRefused(name, "wrong_kind")
        return self._fitting(name, _clean(name, value))

    def _fitting(self, name: str, value: str) -> str:
        self.room -= len(value)
        if self.room < 0:
            raise ValueRefused(name, "too_long")
        return value

    def _items(self, name: str) -> Iterator[str]:
        value = self._value(name)
        if isinstance(value, str | bool):
            raise ValueRefused(name, "wrong_kind")
        if not value:
            raise ValueRefused(name, "missing")
        return (self._fitting(name, _clean(name, item)) for item in value)

    def _kept(self, choice: Choice) -> bool:
        value = self._value(choice.flag)
        if not isinstance(value, bool):
            raise ValueRefused(choice.flag, "wrong_kind")
        return value is choice.wanted

    def blocks(self, blocks: Iterable[Inline | Block]) -> Iterator[Heading | Line]:
        for block in blocks:
            match block:
                case Heading():
                    yield block
                case Paragraph(inside, tag):
                    runs = tuple(self.runs(inside))
                    if "".join(run.text for run in runs).strip():
                        yield Line(tag, runs)
                case Listing(name):
                    yield from (Line("li", (Run(item, False),)) for item in self._items(name))
                case Choice(inside=inside) if self._kept(block):
                    yield from self.blocks(inside)

    def runs(self, inlines: Iterable[Inline | Block], strong: bool = False) -> Iterator[Run]:
        for inline in inlines:
            match inline:
                case Words(text):
                    yield Run(text, strong)
                case Blank(name):
                    yield Run(self._text(name), strong)
                case Strong(inside):
                    yield from self.runs(inside, True)
                case Choice(inside=inside) if self._kept(inline):
                    yield from self.runs(inside, strong)


@dataclass(frozen=True, slots=True)
class Filled:
    blocks: tuple[Heading | Line, ...]

    @property
    def title(self) -> str:
        return next(block.title for block in self.blocks if isinstance(block, Heading))

    def html(self, top: int = 1, *, titled: bool = True) -> Markup:
        """Headings from level `top` on, anchors as ids; fit for a page and for a tagged PDF."""
        parts = []
        for tag, group in groupby(self.blocks[0 if titled else 1 :], key=_tag_of):
            inside = Markup("\n").join(_block_html(block, top) for block in group)
            parts.append(Markup("<ul>\n{}\n</ul>").format(inside) if tag == "li" else inside)
        return Markup("\n").join(parts)

    def plain(self) -> str:
        parts = []
        for tag, group in groupby(self.blocks, key=_tag_of):
            parts.append(("\n" if tag == "li" else "\n\n").join(_block_plain(block) for block in group))
        return "\n\n".join(parts) + "\n"

    def clauses(self) -> dict[str, Clause]:
        """By anchor, so that an explanation can cite "article 4.2" and show its words."""
        found: dict[str, tuple[Heading, list[str]]] = {}
        texts: list[str] = []
        for block in self.blocks:
            if isinstance(block, Line):
                texts.append(block.plain())
            elif block.anchor:
                texts = []
                found[block.anchor] = (block, texts)
        return {
            anchor: Clause(head.number, head.title, "\n".join(texts))
            for anchor, (head, texts) in found.items()
        }

    def articles(self) -> tuple[Heading, ...]:
        """The table of contents."""
        return tuple(block for block in self.blocks if isinstance(block, Heading) and block.level == 2)


def _tag_of(block: Heading | Line) -> str:
    return "h" if isinstance(block, Heading) else block.tag


def _block_plain(block: Heading | Line) -> str:
    return block.plain() if isinstance(block, Line) else f"{block.label} {block.title}".lstrip()


def _block_html(block: Heading | Line, top: int) -> Markup:
    if isinstance(block, Line):
        return block.html()
    tag = Markup(f"h{block.level + top - 1}")
    if block.level == 1:
        return Markup("<{0}>{1}</{0}>").format(tag, block.title)
    return Markup('<{0} id="{1}"><span class="number">{2}</span> {3}</{0}>').format(
        tag, block.anchor, block.label, block.title
    )


def fill(document: Document, values: Mapping[str, Value]) -> Filled:
    """Raises ValueRefused for a value that a kept part of the text needs and does not get: nothing is left blank."""
    return Filled(tuple(_Filler(values).blocks(document.blocks)))
