"""What is wrong with a file of a plan, of events or of cases: the place in words, and as it is written there."""

import re
import unicodedata
from collections.abc import Iterator

from portal.kit.text import N_, _
from portal.plans.editor import places
from portal.plans.reasons import reason_of
from portal.plans.rules import Difference, Refusal

STEP = re.compile(r"([^.\[\]]*)(?:\[(\d+)\])?")
MOST = 5  # told one by one
LONGEST = 300  # characters of one thing that is told
ITEMS = {
    **places.ITEMS,
    "": N_("exemple %(n)s"),
    "events": N_("événement %(n)s"),
    "lines": N_("ligne %(n)s"),
}
WORDS = {
    **places.WORDS,
    "rules": N_("règles"),
    "when": N_("conditions"),
    "kind": N_("genre de rémunération"),
    "measure": N_("ce qui est compté"),
    "per": N_("rythme"),
    "limits": N_("plafonds"),
    "events": N_("événements"),
    "id": N_("identifiant"),
    "type": N_("genre d'événement"),
    "deal": N_("affaire"),
    "on": N_("date"),
    "referrer": N_("apporteur"),
    "shares": N_("parts"),
    "contracts": N_("dates des contrats"),
    "customer": N_("client"),
    "lines": N_("lignes"),
    "net": N_("montant HT"),
    "cost": N_("coût"),
    "quantity": N_("quantité"),
    "discount_rate": N_("remise"),
    "of": N_("paiement remboursé"),
    "cause": N_("motif"),
    "expect": N_("résultat attendu"),
}
WRAPS = ("pay", "plan")  # what stands inside says enough
TOO_STRICT, TOO_KIND = (
    N_("%(case)s : refusé, %(why)s"),
    N_("%(case)s : un refus était attendu, tout est accepté"),
)


def told(refusals: tuple[Refusal, ...]) -> str:
    """On one line; of very many the first."""
    said = [_told(refusal) for refusal in refusals[:MOST]]
    if len(refusals) > MOST:
        said.append(_("et %(n)s autres") % {"n": len(refusals) - MOST})
    return " ; ".join(said)


def _told(refusal: Refusal) -> str:
    """« règle 2, palier 3 : commence avant le palier 2 (rules[1].pay.bands[2]) »"""
    reason = reason_of(refusal)
    if not refusal.place:
        return plain(reason)
    words = {"place": ", ".join(_words(refusal.place)), "reason": reason, "path": refusal.place}
    return plain(_("%(place)s : %(reason)s (%(path)s)") % words)


def difference_sentence(one: Difference) -> str:
    """Of one figure of a case, by the names that the file gives it."""
    if one.what == "refused":
        return _(TOO_STRICT if one.why else TOO_KIND) % {"case": plain(one.case), "why": told(one.why)}
    words = {"case": one.case, "what": one.what, "event": one.event or "–"}
    figures = {"expected": one.expected, "got": one.got or "–"}
    said = _("%(case)s %(what)s %(event)s : attendu %(expected)s, obtenu %(got)s")
    return plain(said % {**words, **figures})


def plain(said: str) -> str:
    """What a stranger wrote into a file neither breaks the line nor speaks to the terminal."""
    line = "".join("�" if unicodedata.category(one).startswith("C") else one for one in said)
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def _words(place: str) -> Iterator[str]:
    for name, n in STEP.findall(place):
        if n and name in ITEMS:
            yield _(ITEMS[name]) % {"n": int(n) + 1}
        elif name and name not in WRAPS:
            yield _(WORDS[name]) if name in WORDS else _("« %(name)s »") % {"name": name}
