"""What finance looks at when an account is given: whose it is, who else has it, where it is. Pure."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from rapidfuzz import fuzz
from text_unidecode import unidecode

from portal.kit.text import N_

ALIKE = 88  # of 100: one slip of the pen in a name of usual length
PACIFIC_POSTCODES = ("986", "987", "988")  # Wallis-et-Futuna, Polynésie, Nouvelle-Calédonie: no SEPA there
# Words on a bank's paper that are nobody's name.
_TITLES = frozenset(
    [
        "m",
        "mr",
        "mme",
        "mlle",
        "madame",
        "monsieur",
        "ou",
        "et",
        "sarl",
        "sas",
        "sasu",
        "eurl",
        "sa",
        "sci",
        "snc",
        "scop",
        "selarl",
        "ei",
        "eirl",
        "auto",
        "entrepreneur",
        "association",
        "societe",
        "ltd",
        "gmbh",
        "bv",
        "srl",
        "sl",
    ]
)


class Doubt(StrEnum):
    HOLDER = "holder"  # somebody else's name: not used before finance has said yes
    SHARED = "shared"  # another referrer is paid there too
    COUNTRY = "country"  # a bank of another country than the address
    PACIFIC = "pacific"  # an address in the Pacific, whose banks are outside SEPA


DOUBTS = {
    Doubt.HOLDER: N_("Le titulaire n'est pas celui du contrat : vérifiez avant tout virement."),
    Doubt.SHARED: N_("Un autre apporteur a donné le même compte."),
    Doubt.COUNTRY: N_("La banque n'est pas dans le pays de l'adresse."),
    Doubt.PACIFIC: N_(
        "L'adresse est dans le Pacifique, hors de la zone SEPA : le virement peut être refusé."
    ),
}


def same_name(holder: str, party: str) -> bool:
    """Accents, order, titles, initials and one slip of the pen aside."""
    typed, wanted = words_of(holder), words_of(party)
    if not typed or not wanted:
        return False
    joined = fuzz.token_sort_ratio(" ".join(sorted(typed)), " ".join(sorted(wanted)))
    return joined >= ALIKE or _covers(typed, wanted) or _covers(wanted, typed)


def words_of(name: str) -> list[str]:
    plain = re.sub(r"[^a-z0-9]+", " ", unidecode(name).lower()).split()
    return [word for word in plain if word not in _TITLES]


def _covers(words: Iterable[str], wanted: Iterable[str]) -> bool:
    """Each word wanted stands among them, whole or as its initial; more than one initial names nobody."""
    left, initials = list(words), 0
    for word in wanted:
        found = next((one for one in left if one == word), None) or next(
            (one for one in left if min(len(one), len(word)) == 1 and one[0] == word[0]), None
        )
        if found is None:
            return False
        initials += found != word
        left.remove(found)
    return initials <= 1 and (len(list(wanted)) > 1 or not left)


def parties_of(referrer: Any) -> list[str]:
    """Under which name a referrer may hold an account: that of the company where there is one, else their own."""
    person = f"{referrer['first_name']} {referrer['last_name']}".strip()
    return [referrer["company_name"]] if referrer["company_name"] else [person]


def doubts(
    *, holder: str, parties: Iterable[str], bank_country: str, country: str, postcode: str, shared: bool
) -> list[Doubt]:
    """`parties`: the names under which the referrer may hold an account."""
    found = {
        Doubt.HOLDER: not any(same_name(holder, party) for party in parties if party),
        Doubt.SHARED: shared,
        Doubt.COUNTRY: bank_country != country,
        Doubt.PACIFIC: country == "FR" and postcode.startswith(PACIFIC_POSTCODES),
    }
    return [doubt for doubt, holds in found.items() if holds]
