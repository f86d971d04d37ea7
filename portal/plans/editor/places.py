"""Where a plan is impossible, in words (« règle 2, palier 3 ») and as the field of the form that says it."""

import re
from collections.abc import Iterator

from portal.kit.text import N_, _
from portal.plans.reasons import reason_of
from portal.plans.rules import Refusal

STEP = re.compile(r"([a-z_]+)(?:\[(\d+)\])?")
ITEMS = {
    "rules": N_("règle %(n)s"),
    "when": N_("condition %(n)s"),
    "bands": N_("palier %(n)s"),
}
WORDS = {
    "name": N_("nom du barème"),
    "unit": N_("unité"),
    "pays_on": N_("ce qui fait gagner"),
    "base": N_("base"),
    "choose": N_("choix entre les règles"),
    "recurs_for_months": N_("durée"),
    "hold_days": N_("jours avant confirmation"),
    "clawback_days": N_("jours de reprise"),
    "per_event": N_("plafond par versement"),
    "per_deal": N_("plafond par affaire"),
    "per_calendar_year": N_("plafond par année"),
    "minimum": N_("minimum par versement"),
    "key": N_("nom de la règle"),
    "rate": N_("taux"),
    "amount": N_("montant"),
    "from": N_("seuil"),
    "mode": N_("façon de compter"),
    "period": N_("période"),
    "bands": N_("paliers"),
    "field": N_("renseignement"),
    "is": N_("comparaison"),
    "value": N_("valeur"),
}
# What a form would say otherwise than a file.
TYPED = {
    "not_a_decimal": N_("un nombre est attendu, par exemple 12,50"),
    "not_a_text": N_("cette réponse manque"),
    "not_yes_or_no": N_("choisissez oui ou non"),
    "unknown_choice": N_("choisissez une des réponses proposées"),
}
EMPTY = {"bands": N_("ajoutez au moins un palier"), "value": N_("choisissez au moins une valeur")}
FIELDS = {"recurs_for_months": "months"}


def sentence_of(refusal: Refusal, several_rules: bool = True) -> str:
    """« règle 2, palier 3 : commence avant le palier 2 »; of one rule alone its number is not told."""
    place = ", ".join(_words(refusal.place, several_rules))
    reason = typed_reason(refusal)
    return _("%(place)s : %(reason)s") % {"place": place, "reason": reason} if place else reason


def typed_reason(refusal: Refusal) -> str:
    last = _steps(refusal.place)[-1][0] if refusal.place else ""
    said = EMPTY.get(last) if refusal.code == "empty_list" else TYPED.get(refusal.code)
    return _(said) if said else reason_of(refusal)


def field_of(place: str) -> str:
    """`rules[0].pay.bands[2].rate` → `rules.0.bands.2.rate`."""
    steps = [step for step in _steps(place) if step != ("pay", None)]
    names = [FIELDS.get(name, name) if n is None or name == "value" else f"{name}.{n}" for name, n in steps]
    whole_band = bool(steps) and steps[-1][0] == "bands" and steps[-1][1] is not None
    return ".".join([*names, "from"] if whole_band else names)


def _words(place: str, several_rules: bool) -> Iterator[str]:
    for name, n in _steps(place):
        if n is not None and name in ITEMS and (several_rules or name != "rules"):
            yield _(ITEMS[name]) % {"n": n + 1}
        elif n is None and name in WORDS:
            yield _(WORDS[name])


def _steps(place: str) -> list[tuple[str, int | None]]:
    return [(name, int(n) if n else None) for name, n in STEP.findall(place)]
