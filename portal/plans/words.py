"""The words of the plan language on the form: one table for each list of answers."""

from portal.kit.text import N_, _
from portal.plans.rules.language import OPERATORS, kind_of
from portal.plans.sentences import FIELDS

Choices = list[tuple[str, str]]

UNITS = {"EUR": N_("Euros"), "POINT": N_("Points")}
PAYS_ON = {
    "client_paid": N_("Un paiement du client"),
    "client_invoiced": N_("Une facture au client"),
    "deal_signed": N_("La signature de l'affaire"),
    "lead_qualified": N_("Une recommandation qualifiée"),
}
BASES = {"net": N_("Le montant hors taxes"), "margin": N_("La marge : montant moins coût")}
CHOICES = {
    "first": N_("La première qui convient"),
    "best": N_("Celle qui paie le plus"),
    "sum": N_("Toutes s'ajoutent"),
}
KINDS = {"percent": N_("Un pourcentage"), "flat": N_("Un montant fixe"), "tiers": N_("Des paliers")}
PER = {"event": N_("à chaque versement"), "deal": N_("une fois par affaire"), "unit": N_("par unité vendue")}
MODES = {
    "marginal": N_("Par tranches : chaque tranche garde son taux"),
    "whole": N_("Le taux du palier atteint, pour ce versement"),
    "retroactive": N_("Le taux du palier atteint, pour toute la période"),
}
MEASURES = {"base": N_("Le montant"), "deals": N_("Le nombre d'affaires")}
PERIODS = {
    "calendar_year": N_("L'année civile"),
    "contract_year": N_("L'année du contrat"),
    "lifetime": N_("Depuis le début"),
    "deal": N_("L'affaire"),
    "event": N_("Chaque versement"),
}
RECURS = {
    "once": N_("Le premier paiement seulement"),
    "months": N_("Un nombre de mois depuis la signature"),
    "deal": N_("Jusqu'à ce que l'affaire soit payée"),
    "always": N_("Aussi longtemps que le client paie"),
}
CLAWBACKS = {
    "days": N_("Ce qui a été gagné les derniers jours"),
    "unlimited": N_("Tout ce qui a été gagné"),
    "never": N_("Rien"),
}
COMPARISONS = {
    "=": N_("est"),
    "!=": N_("n'est pas"),
    "in": N_("est parmi"),
    "not_in": N_("n'est pas parmi"),
    "<": N_("est inférieur à"),
    "<=": N_("est au plus"),
    ">": N_("est supérieur à"),
    ">=": N_("est au moins"),
    "starts_with": N_("commence par"),
    "contains": N_("contient"),
}
STATES = {"drafted": N_("Brouillon"), "published": N_("Publié"), "retired": N_("Retiré")}
TONES = {"drafted": "wait", "published": "good", "retired": "plain"}
CUSTOMER_IS_NEW = N_("la nouveauté du client")
OTHER = ("customer.", N_("un autre renseignement sur le client"))


def choices(table: dict[str, str]) -> Choices:
    return [(code, _(label)) for code, label in table.items()]


def fields() -> Choices:
    """What a condition can be about."""
    named = [(field, field_name(field)) for field in FIELDS]
    return [*named, (OTHER[0], _(OTHER[1]))]


def field_name(field: str) -> str:
    if field == "customer.is_new":
        return _(CUSTOMER_IS_NEW)
    return _(FIELDS.get(field, OTHER[1]))


def comparisons(field: str) -> Choices:
    kind = kind_of(field) or kind_of("customer.tag")
    return [(code, _(COMPARISONS[code])) for code in COMPARISONS if kind and code in OPERATORS[kind]]
