"""A list of people to invite, pasted or from a spreadsheet: who they are, and what is wrong with a line. Pure.

Titles are welcome and not needed: in each line the address is what looks like one, the rest is the name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from portal.kit.cells import plain_words
from portal.kit.identifiers import parse_email
from portal.kit.invalid import Invalid
from portal.kit.sheets import Limits, read_tables
from portal.kit.text import N_

MOST_LINES = 500
LIMITS = Limits(megabytes=5, unpacked_megabytes=50, rows=MOST_LINES + 1, columns=50, cell_characters=500)
FAULTS = {
    "no_email": N_("Aucune adresse e-mail sur cette ligne"),
    "email": N_("Adresse e-mail illisible"),
    "no_name": N_("Il manque le nom"),
    "twice": N_("Déjà plus haut dans la liste"),
    "referrer": N_("Déjà apporteur ou déjà invité"),
    "colleague": N_("C'est un collègue"),
}
FIRST = {"prenom", "prenoms", "first name", "firstname", "given name"}
LAST = {"nom", "nom de famille", "last name", "lastname", "surname", "family name"}
BOTH = {
    "nom et prenom",
    "nom prenom",
    "prenom nom",
    "prenom et nom",
    "nom complet",
    "name",
    "full name",
    "contact",
}
EMAIL = {
    "e mail",
    "email",
    "mail",
    "courriel",
    "adresse e mail",
    "adresse mail",
    "adresse email",
    "email address",
}
_IN_BRACKETS = re.compile(r"^(.*?)<([^<>]+)>\s*$")


@dataclass(frozen=True, slots=True)
class Found:
    line: int
    email: str
    first_name: str
    last_name: str
    fault: str = ""


def read(data: bytes) -> list[Found]:
    """Every filled line with what is wrong with it. Raises Invalid for a file that is none."""
    lines = read_tables(data, LIMITS)[0].lines
    titles = {place: plain_words(cell) for place, cell in enumerate(lines[0].cells)}
    known = FIRST | LAST | BOTH | EMAIL
    titled = not any("@" in cell for cell in lines[0].cells) and bool(known & set(titles.values()))
    said = titles if titled else {}
    return _without_twins([_found(line.number, line.cells, said) for line in lines[titled:]])


def _found(number: int, cells: tuple[str, ...], titles: Mapping[int, str]) -> Found:
    texts = [cell.strip() for cell in cells]
    place = next((place for place, text in enumerate(texts) if "@" in text), None)
    if place is None:
        return Found(number, "", *_names(texts, titles), "no_email")
    before, address = _apart(texts[place])
    others = [text if at != place else before for at, text in enumerate(texts)]
    first, last = _names(others, titles)
    try:
        email = parse_email(address)
    except Invalid:
        return Found(number, address[:120], first, last, "email")
    return Found(number, email, first, last, "" if last or first else "no_name")


def _apart(text: str) -> tuple[str, str]:
    """« Marie Dupont <marie@…> » as mail programs write it."""
    found = _IN_BRACKETS.match(text)
    return (found[1].strip(' "'), found[2].strip()) if found else ("", text)


def _names(texts: list[str], titles: Mapping[int, str]) -> tuple[str, str]:
    """By the titles; without any, the first two cells that say something, or one cell cut at its first space."""
    named = {titles.get(place, ""): text[:120] for place, text in enumerate(texts) if text}
    first = next((text for title, text in named.items() if title in FIRST), "")
    last = next((text for title, text in named.items() if title in LAST), "")
    if first or last:
        return first, last
    if titles:
        words = next((text for title, text in named.items() if title in BOTH), "").split(maxsplit=1)
    else:
        filled = [text[:120] for text in texts if text]
        words = filled[:2] if len(filled) > 1 else " ".join(filled).split(maxsplit=1)
    return (words[0] if len(words) > 1 else "", words[-1] if words else "")


def _without_twins(lines: list[Found]) -> list[Found]:
    seen: set[str] = set()
    kept = []
    for one in lines:
        twice = not one.fault and one.email in seen
        kept.append(replace(one, fault="twice") if twice else one)
        seen.add(one.email)
    return kept


def with_known(lines: list[Found], known: Mapping[str, str]) -> list[Found]:
    """`known`: address → 'referrer' or 'colleague'."""
    return [
        replace(one, fault=known[one.email]) if not one.fault and one.email in known else one for one in lines
    ]
