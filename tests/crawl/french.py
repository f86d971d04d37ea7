"""French left on an English page: words of our msgids that no English sentence of ours uses."""

import re
from functools import cache

from portal.kit.text import translations

WORD = re.compile(r"[a-zà-ÿœ’']{3,}", re.IGNORECASE)


def words(text: str) -> set[str]:
    return {word.lower().replace("'", "’") for word in WORD.findall(text)}


@cache
def french_words() -> frozenset[str]:
    english = translations("en")
    spoken = {**english.one, **{one: " ".join(said) for one, said in english.many.items()}}
    french = set[str]().union(*(words(said) for said in spoken))
    return frozenset(french - set[str]().union(*(words(said) for said in spoken.values())))


ENGLISH_TOO = {"français", "sept"}  # a language by its own name; a month in short


def french_left(text: str) -> set[str]:
    return words(text) & french_words() - ENGLISH_TOO
