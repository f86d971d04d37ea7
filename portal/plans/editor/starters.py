"""Ready-made plans to start from: what companies most often promise, each a complete plan in the public format."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.kit.text import N_

NO_LIMITS = {"per_event": None, "per_deal": None, "per_calendar_year": None, "minimum": None}
USUAL: dict[str, Any] = {
    "unit": "EUR", "pays_on": "client_paid", "base": "net", "choose": "first", "limits": NO_LIMITS,
    "recurs_for_months": None, "hold_days": 30, "clawback_days": 180,
}  # fmt: skip
FOR_EACH_PRODUCT = 8


@dataclass(frozen=True, slots=True)
class Starter:
    key: str
    title: str
    line: str
    body: dict[str, Any]


def _rule(key: str, pay: dict[str, Any], *when: tuple[str, str, Any]) -> dict[str, Any]:
    return {"key": key, "when": [{"field": f, "is": o, "value": v} for f, o, v in when], "pay": pay}


def _percent(rate: str) -> dict[str, Any]:
    return {"kind": "percent", "rate": rate}


def _flat(amount: str, per: str = "deal") -> dict[str, Any]:
    return {"kind": "flat", "amount": amount, "per": per}


def _tiers(mode: str, *bands: tuple[str, str]) -> dict[str, Any]:
    steps = [{"from": start, "rate": rate} for start, rate in bands]
    return {"kind": "tiers", "mode": mode, "measure": "base", "period": "calendar_year", "bands": steps}


def _starter(key: str, title: str, line: str, *rules: dict[str, Any], **terms: Any) -> Starter:
    return Starter(key, title, line, {**USUAL, "rules": list(rules), **terms})


STARTERS = (
    _starter(
        "pourcentage", N_("Un pourcentage, une fois"),
        N_("Une part du premier paiement du client."),
        _rule("taux", _percent("10")),
    ),
    _starter(
        "pourcentage-mois", N_("Un pourcentage pendant des mois"),
        N_("Une part de tout ce que le client paie, pendant un an ou deux."),
        _rule("taux", _percent("10")), recurs_for_months=12,
    ),
    _starter(
        "produits", N_("Un pourcentage par produit"),
        N_("Un taux pour chaque produit de votre catalogue, un autre pour le reste."),
        _rule("reste", _percent("5")), recurs_for_months="deal",
    ),
    _starter(
        "forfait-affaire", N_("Un montant fixe par affaire signée"),
        N_("Le même montant pour chaque affaire, dès la signature."),
        _rule("forfait", _flat("500.00")), pays_on="deal_signed",
    ),
    _starter(
        "forfait-recommandation", N_("Un montant fixe par recommandation qualifiée"),
        N_("Un contact sérieux suffit, même sans vente."),
        _rule("forfait", _flat("50.00", "event")), pays_on="lead_qualified", clawback_days="never",
    ),
    _starter(
        "tranches", N_("Des tranches sur l'année"),
        N_("Le taux monte avec ce que l'apporteur apporte dans l'année ; chaque tranche garde son taux."),
        _rule("volume", _tiers("marginal", ("0", "5"), ("10000", "8"), ("50000", "10"))), recurs_for_months="deal",
    ),
    _starter(
        "paliers", N_("Des paliers rétroactifs"),
        N_("Dès qu'un palier est atteint, son taux vaut pour toute l'année, aussi pour ce qui est déjà payé."),
        _rule("volume", _tiers("retroactive", ("0", "5"), ("20000", "8"), ("60000", "10"))), recurs_for_months="deal",
    ),
    _starter(
        "prime-nouveau", N_("Un pourcentage et une prime pour un nouveau client"),
        N_("La prime s'ajoute quand le client n'avait encore rien acheté."),
        _rule("taux", _percent("8")), _rule("prime", _flat("150.00"), ("customer.is_new", "=", True)),
        choose="sum", recurs_for_months="deal",
    ),
    _starter(
        "abonnement", N_("Un abonnement, sans fin"),
        N_("Une part de chaque paiement, aussi longtemps que le client paie."),
        _rule("taux", _percent("5")), recurs_for_months="always",
    ),
    _starter(
        "marge", N_("Une part de la marge"),
        N_("Un taux plus haut, sur ce qui reste après le coût ; chaque ligne de l'affaire dit alors son coût."),
        _rule("marge", _percent("20")), base="margin", recurs_for_months="deal",
    ),
    _starter(
        "points", N_("Des points"),
        N_("Dix points pour cent euros payés : des récompenses plutôt que de l'argent."),
        _rule("points", _percent("10")), unit="POINT", recurs_for_months="deal",
    ),
    _starter(
        "degressif", N_("Fort la première année, moindre ensuite"),
        N_("Un taux la première année, un autre les deux suivantes."),
        _rule("an-1", _percent("15"), ("months_since_signature", "<", 12)), _rule("suite", _percent("5")),
        recurs_for_months=36,
    ),
)  # fmt: skip
BY_KEY = {one.key: one for one in STARTERS}


def body_from(starter: Starter, name: str, products: Sequence[str]) -> dict[str, Any]:
    """With the name of the plan; « par produit » gets a rule for each of the first products of the catalogue."""
    rules = starter.body["rules"]
    if starter.key == "produits":
        own = [
            _rule(f"produit-{key}", _percent("10"), ("product", "in", [key]))
            for key in products[:FOR_EACH_PRODUCT]
        ]
        rules = [*own, *rules]
    return {**starter.body, "name": name, "rules": rules}
