"""Where the columns of a kind stand under the titles of a file. Pure.

What somebody said goes before what is usual; it is one table of words:
"title of a column" → "field" or "field|style", empty when the column is left out; "field=word" → the meaning of a word."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial

from portal.imports.columns import KINDS, Column
from portal.imports.names import parse_name
from portal.imports.words import one_of
from portal.kit.cells import plain_words
from portal.kit.text import N_

# The column that the list of faulty rows adds, so that it can be corrected and brought again.
REASON = N_("À corriger")
_LEFT_OUT = {plain_words(REASON): "", "to correct": ""}

_E_MAIL = re.compile(r"\be mail\b")
_POINTED = re.compile(r"\b(h|t) (t|v)(?: (c|a))?\b")  # H.T., T.T.C., T.V.A.
_SMALL = frozenset({"de", "du", "des", "d", "la", "le", "les", "l", "en", "euro", "euros", "eur"})
_SAME = {
    "no": "n", "num": "n", "numero": "n", "nr": "n", "reference": "ref", "references": "ref", "tel": "telephone", "phone": "telephone",
    "mt": "montant", "mnt": "montant", "mtt": "montant", "email": "mail", "emails": "mail", "prenoms": "prenom",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Placed:
    """A column found in a file, under the title that the file gives it; `style` when somebody said how it is written."""

    column: Column
    title: str
    place: int
    style: str
    parse: Callable[..., object]


@dataclass(frozen=True, slots=True)
class Layout:
    """`twice`: columns that give what another gives, with the title of that one."""

    placed: tuple[Placed, ...]
    missing: tuple[Column, ...]
    twice: tuple[tuple[Column, str, str], ...]
    unknown: tuple[str, ...]

    def of(self, field: str) -> Placed | None:
        return next((one for one in self.placed if one.column.field == field), None)


def title_key(title: str) -> str:
    """N° de pièce, Numéro pièce → n piece: how a title is looked for among the usual ones."""
    plain = _E_MAIL.sub("email", plain_words(title.replace("%", " taux ")))
    words = _POINTED.sub(lambda found: "".join(filter(None, found.groups())), plain).split()
    kept = [_SAME.get(word, word) for word in words if word not in _SMALL]
    return " ".join(kept or words)


def title_keys(titles: Sequence[str]) -> list[str]:
    """Under which each title is remembered: a second « Téléphone » is « telephone 2 »."""
    seen: dict[str, int] = {}
    keys = []
    for title in titles:
        words = plain_words(title)
        seen[words] = seen.get(words, 0) + 1
        keys.append(words if seen[words] == 1 else f"{words} {seen[words]}")
    return keys


@cache
def _usual(kind: str) -> dict[str, str]:
    return {title_key(title): column.field for column in KINDS[kind] for title in column.titles}


def meaning(kind: str, title: str, key: str, mapping: Mapping[str, str]) -> str | None:
    """Field, perhaps with a style; '' when it is left out, None when it is unknown."""
    if key in mapping:
        return mapping[key]
    return _LEFT_OUT.get(plain_words(title), _usual(kind).get(title_key(title)))


def meanings(kind: str, titles: Sequence[str], mapping: Mapping[str, str] | None = None) -> list[str | None]:
    return [
        meaning(kind, title, key, mapping or {})
        for title, key in zip(titles, title_keys(titles), strict=True)
    ]


def explained(mapping: Mapping[str, str]) -> dict[str, str]:
    """The words among what was said."""
    return {key: meaning for key, meaning in mapping.items() if "=" in key}


def layout(kind: str, titles: Sequence[str], mapping: Mapping[str, str] | None = None) -> Layout:
    columns = {column.field: column for column in KINDS[kind]}
    placed: dict[str, Placed] = {}
    twice: list[tuple[Column, str, str]] = []
    unknown: list[str] = []
    for place, (title, said) in enumerate(zip(titles, meanings(kind, titles, mapping), strict=True)):
        field, _, style = (said or "").partition("|")
        if field not in columns:
            unknown += [title] if said is None and title else []
        elif field in placed:
            twice.append((columns[field], title, placed[field].title))
        else:
            column = columns[field]
            placed[field] = Placed(column, title, place, style, _parser(column, title, mapping or {}))
    missing = tuple(
        column for column in KINDS[kind]
        if column.required and not column.derived and placed.keys().isdisjoint({column.field, *column.unless})
    )  # fmt: skip
    return Layout(tuple(placed.values()), missing, tuple(twice), tuple(unknown))


def _parser(column: Column, title: str, mapping: Mapping[str, str]) -> Callable[..., object]:
    if column.parse is parse_name:
        return partial(parse_name, title=title)
    if not column.words.code:
        return column.parse
    start = f"{column.field}="
    said = {key.removeprefix(start): value for key, value in mapping.items() if key.startswith(start)}
    return one_of(column.words, said)
