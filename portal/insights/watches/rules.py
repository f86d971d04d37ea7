"""How urgent a watch is, and what each is called. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from portal.kit.text import N_
from portal.law.calendar import Ageing, LegalDay
from portal.referrers.vigilance.watch_rules import What

SOON = timedelta(days=14)
AHEAD = timedelta(days=90)


class Urgency(IntEnum):
    NOW = 0  # a day is past, a threshold is passed
    SOON = 1
    AHEAD = 2


URGENCIES = {
    Urgency.NOW: N_("À faire maintenant"),
    Urgency.SOON: N_("Bientôt"),
    Urgency.AHEAD: N_("À prévoir"),
}
TONES = {Urgency.NOW: "bad", Urgency.SOON: "wait", Urgency.AHEAD: "note"}


def urgency_of(day: date, today: date) -> Urgency:
    if day < today:
        return Urgency.NOW
    return Urgency.SOON if day <= today + SOON else Urgency.AHEAD


@dataclass(frozen=True, slots=True)
class Watch:
    """`path`: where it is dealt with; {ref} is the row's."""

    label: str
    todo: str
    path: str


WATCHES = {
    "figure": Watch(N_("Chiffre de loi"), N_("Relisez-le à sa source, puis dites qu'il est toujours juste ou datez-en un autre."), "/reglages/chiffres/{ref}"),
    "figures": Watch(N_("Chiffres de loi"), N_("Relisez-les à leur source, puis dites qu'ils sont toujours justes."), "/reglages/chiffres?etat={ref}"),
    "law": Watch(N_("Chiffre de loi qui change"), N_("Vérifiez que la nouvelle valeur est la bonne avant ce jour."), "/reglages/chiffres/{ref}"),
    "return": Watch(N_("Déclaration DAS2"), N_("Préparez-la : dernier jour de la télédéclaration."), "/fiscalite/{ref}"),
    "year": Watch(N_("Année à clore"), N_("Voyez ce qui manque et pour qui, puis clôturez-la."), "/fiscalite/{ref}/cloture"),
    "month": Watch(N_("Arrêté du mois à clore"), N_("Répondez aux points à regarder, puis clôturez-le."), "/arretes/{ref}"),
    "paper": Watch(N_("Document à payer"), N_("Préparez son virement : la date est celle de la loi."), "/factures/{ref}"),
    "mandate": Watch(N_("Contrat et mandat qui finissent"), N_("Renouvelez le contrat : sans lui, plus de facture établie à sa place."), "/contrats/{ref}"),
    "document": Watch(N_("Justificatif"), N_("Demandez-le à nouveau : passé ce jour, il ne vaut plus."), "/apporteurs/{ref}/justificatifs"),
    "occasional": Watch(N_("Particulier occasionnel"), "", "/apporteurs/{ref}"),
    "ceiling": Watch(N_("Plafond"), "", "/apporteurs/{ref}"),
    "partner": Watch(N_("Salarié d'un partenaire"), "", "/apporteurs/{ref}"),
    "das2": Watch(N_("DAS2 : identité incomplète"), "", "/apporteurs/{ref}"),
    "gift": Watch(N_("Cadeaux : seuil de TVA"), N_("Le prochain cadeau peut faire rendre la TVA de tous ceux de l'année."), "/fiscalite/cadeaux?q={ref}"),
    "points": Watch(N_("Points qui expirent"), N_("L'apporteur est prévenu ; vous pouvez lui proposer une récompense."), "/apporteurs/{ref}/points"),
    "certificate": Watch(N_("Certificat du cachet"), N_("Remplacez le fichier du certificat avant ce jour."), "/reglages/signature"),
}  # fmt: skip
# Whose threshold it is: what the nightly look at referrers writes, by what stands on this page.
OF_REFERRERS = {
    What.OCCASIONAL: "occasional", What.OCCASIONAL_AMOUNT: "occasional",
    What.MICRO: "ceiling", What.FRANCHISE: "ceiling", What.FRANCHISE_UPPER: "ceiling", What.ASSOCIATION: "ceiling",
    What.PARTNER_EXEMPT: "partner", What.PARTNER_FLAT: "partner", What.DAS2: "das2",
    What.RESIDENCE: "document", What.CONSENT: "document", What.DOCUMENTS: "document",
}  # fmt: skip
STATES = {
    "ended": N_("aucune valeur n'est en vigueur"),
    "ends_soon": N_("finit bientôt, sans suite connue"),
    "old": N_("relu il y a plus d'un an"),
    "to_confirm": N_("à faire confirmer"),
}
TOGETHER = frozenset(
    {"old", "to_confirm"}
)  # all that was shipped grows old on the same day: one line says so
URGENT_STATES = {
    "ended": Urgency.NOW,
    "ends_soon": Urgency.SOON,
    "old": Urgency.SOON,
    "to_confirm": Urgency.AHEAD,
}


def figures_to_watch(ages: Ageing) -> list[tuple[str, str, Urgency]]:
    """Code, what is to be said of it, how urgent: each once, by the worst."""
    found: dict[str, str] = {}
    for state in URGENT_STATES:
        for code in getattr(ages, state):
            found.setdefault(code, state)
    return [(code, state, URGENT_STATES[state]) for code, state in found.items()]


def days_to_watch(days: list[LegalDay], today: date) -> list[LegalDay]:
    return [one for one in days if one.day <= today + AHEAD]
