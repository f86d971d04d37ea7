"""Whether sales may telephone a prospect, and why: said beside the number, with its source. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.kit.text import N_
from portal.law.figures import Figures
from portal.law.prospecting import may_call

OPT_IN, ENERGY = "prospecting.consumer_call_opt_in_on", "prospecting.energy_calls_forbidden_on"
WHY = {
    "objected": N_("Appel interdit : cette personne ne souhaite pas être contactée."),
    "asked": N_("Appel permis : cette personne l'a demandé elle-même."),
    "business": N_("Appel permis : un professionnel, informé de la recommandation, qui ne s'y est pas opposé."),
    "consumer": N_("Appel interdit : un particulier s'appelle seulement s'il l'a accepté de son propre clic. Demandez son accord par le lien de sa page."),
    "energy": N_("Appel interdit : pour des travaux d'énergie, c'est au particulier de demander à être appelé, depuis sa page."),
    "not_yet": N_("Appel permis : la loi ne demandait pas encore d'accord ce jour-là."),
}  # fmt: skip
SOURCES = {"objected": "RGPD, art. 21", "business": "C. conso. L223-1 ; RGPD, art. 14 et 21"}


@dataclass(frozen=True, slots=True)
class Call:
    """`why` is a msgid, `source` the article as it is cited."""

    allowed: bool
    why: str
    source: str


def call_of(
    prospects: str, asked_at: datetime | None, objected_at: datetime | None, day: date, figures: Figures
) -> Call:
    """`prospects`: whom the programme is for."""
    if objected_at:
        return Call(False, WHY["objected"], SOURCES["objected"])
    energy = prospects == "energy"
    allowed = may_call(
        day, figures, consumer=prospects == "consumer", asked_for=asked_at is not None, energy_works=energy
    )
    code = _code(prospects, asked_at is not None, allowed)
    cited = SOURCES.get(code) or figures.at(ENERGY if energy else OPT_IN, day).source
    return Call(allowed, WHY[code], cited)


def _code(prospects: str, asked: bool, allowed: bool) -> str:
    if asked:
        return "asked"
    if prospects == "business":
        return "business"
    return "not_yet" if allowed else prospects
