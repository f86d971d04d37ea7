"""First and last name out of one cell, and when two spellings are one name. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from portal.kit.cells import plain_words


class Name(NamedTuple):
    """`sure`: which is which is known; else all of it stands as the last name."""

    first: str
    last: str
    sure: bool = True


def parse_name(full: str, title: str) -> Name:
    """Capitals are a family name: « NOM Prénom », « Prénom NOM ». Else the title says which comes first, when there are two words."""
    words = full.replace(",", " ").split()
    if by_capitals := _by_capitals(words):
        return by_capitals
    order = [word for word in plain_words(title).split() if word in ("nom", "prenom")]
    if len(words) != 2 or len(order) != 2:
        return Name("", " ".join(words), sure=False)
    return Name(words[0], words[1]) if order[0] == "prenom" else Name(words[1], words[0])


def alias(name: str) -> str:
    """« Martin, Léa », « LEA MARTIN » and « Léa Martin » are one; an address has its own signs."""
    return name.strip().lower() if "@" in name else " ".join(sorted(plain_words(name).split()))


def _by_capitals(words: Sequence[str]) -> Name | None:
    """The capitals stand together, at the beginning or at the end."""
    loud = [len(word.strip(".")) > 1 and word.isupper() for word in words]
    many = sum(loud)
    if not 0 < many < len(words):
        return None
    if all(loud[:many]):
        return Name(" ".join(words[many:]), " ".join(words[:many]))
    return Name(" ".join(words[:-many]), " ".join(words[-many:])) if all(loud[-many:]) else None
