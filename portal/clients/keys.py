"""Match keys: what makes two descriptions the same company. Pure; a lead, a deal and a client give theirs.

What many companies share (a free mailbox, an address of a function) is no key."""

import re
from collections.abc import Callable
from itertools import groupby

from portal.kit.cells import plain_words
from portal.kit.identifiers import parse_email, parse_phone, parse_siren
from portal.kit.invalid import Invalid

Key = tuple[str, str]

# A key that more companies own than this says nothing any more: a switchboard, a shared office.
MOST_OWNERS = 20
SHORTEST_NAME = 3

_ELISION = re.compile(r"\b[dl]['’]", re.IGNORECASE)
_LONGEST_INITIALS = 6  # s e l a r l

_LEGAL_FORMS = frozenset({
    "sa", "sas", "sasu", "sarl", "sarlu", "eurl", "snc", "sci", "scop", "scic", "sca", "scs", "scp",
    "scm", "selarl", "selas", "selasu", "selafa", "sel", "spfpl", "gie", "gaec", "earl", "ei", "eirl",
    "eig", "asso", "association", "cooperative", "societe", "ste", "ets", "etablissements",
    "etablissement", "groupe", "cie", "compagnie", "gmbh", "ag", "kg", "ug", "ohg", "ltd", "limited",
    "llc", "llp", "inc", "plc", "bv", "nv", "srl", "sprl", "spa", "sl", "slu", "lda", "ab", "oy", "as",
    "aps", "sro", "spzoo",
})  # fmt: skip
_SMALL_WORDS = frozenset({
    "au", "aux", "de", "des", "du", "en", "et", "la", "le", "les", "and", "the",
})  # fmt: skip
_FREEMAIL_FAMILIES = frozenset({
    "hotmail", "outlook", "live", "msn", "yahoo", "ymail", "gmx", "gmail", "googlemail", "aol",
    "proton", "protonmail",
})  # fmt: skip
_FREEMAIL = frozenset({
    "orange.fr", "wanadoo.fr", "free.fr", "sfr.fr", "neuf.fr", "laposte.net", "bbox.fr",
    "numericable.fr", "aliceadsl.fr", "club-internet.fr", "voila.fr", "cegetel.net", "noos.fr",
    "9online.fr", "dbmail.com", "icloud.com", "me.com", "mac.com", "pm.me", "tutanota.com", "web.de",
    "t-online.de", "skynet.be", "telenet.be", "libero.it",
})  # fmt: skip
_ROLES = frozenset({
    "info", "infos", "contact", "accueil", "commercial", "compta", "comptabilite", "facture",
    "factures", "facturation", "direction", "secretariat", "administration", "admin", "bonjour",
    "hello", "mail", "bureau", "agence", "service", "rh", "recrutement", "devis", "vente", "ventes",
    "sales", "support", "noreply", "no-reply", "webmaster", "postmaster",
})  # fmt: skip


def keys_of(
    *, name: str = "", siren: str = "", email: str = "", phone: str = "", website: str = ""
) -> frozenset[Key]:
    """What is missing, unreadable or shared by many gives no key; nothing is refused here."""
    address = _read(parse_email, email)
    found = {
        "siren": _read(parse_siren, re.sub("[^0-9]", "", siren)[:9]),
        "name": name_key(name),
        "email": address if address.partition("@")[0] not in _ROLES else "",
        "domain": domain_key(address.rpartition("@")[2] or website),
        "phone": _read(parse_phone, phone),
    }
    return frozenset((kind, value) for kind, value in found.items() if value)


def name_key(name: str) -> str:
    """S.A.R.L. Électricité Noël & Fils → electricite noel fils. Empty when too short to mean anything."""
    words = plain_words(_ELISION.sub(" ", name)).split()
    while (fewer := _bared(words)) not in (words, []):
        words = fewer
    key = " ".join(words)
    return key if len(key) >= SHORTEST_NAME else ""


def _bared(words: list[str]) -> list[str]:
    """One step: a legal form off the front, else off the end, else small words out and initials joined."""
    longest = _LONGEST_INITIALS if any(len(word) == 1 for word in words) else 1
    for length in range(longest, 0, -1):
        if _is_legal_form(words[:length]):
            return words[length:]
        if _is_legal_form(words[-length:]):
            return words[:-length]
    runs = groupby((word for word in words if word not in _SMALL_WORDS), key=lambda word: len(word) == 1)
    return [word for single, run in runs for word in (["".join(run)] if single else run)]


def _is_legal_form(words: list[str]) -> bool:
    """In one word or in initials: sarl, s a r l."""
    return "".join(words) in _LEGAL_FORMS and (len(words) == 1 or all(len(word) == 1 for word in words))


def domain_key(host: str) -> str:
    """dupont.fr for an address, a site or a page of it; empty for a free mailbox."""
    domain = host.strip().lower().rpartition("//")[2].partition("/")[0].partition(":")[0].removeprefix("www.")
    labels = domain.split(".")
    if len(labels) < 2 or not all(labels) or domain in _FREEMAIL or labels[0] in _FREEMAIL_FAMILIES:
        return ""
    return domain


def _read(parse: Callable[[str], str], text: str) -> str:
    try:
        return parse(text) if text else ""
    except Invalid:
        return ""
