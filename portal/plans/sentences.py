"""A rule of a plan as one sentence, for the contract, the referrer and the form that edits it."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal

from portal.kit.text import LOCALES, N_, _, language, money, percent, points
from portal.plans.rules.language import (
    Band,
    Condition,
    Flat,
    Percent,
    Rule,
    Tiers,
)

FIELDS = {
    "product": N_("le produit"),
    "category": N_("la catégorie"),
    "net": N_("le montant HT de la ligne"),
    "margin": N_("la marge de la ligne"),
    "quantity": N_("la quantité"),
    "discount_rate": N_("la remise en %"),
    "deal.net": N_("le montant HT de l'affaire"),
    "months_since_signature": N_("le nombre de mois depuis la signature"),
    "customer.country": N_("le pays du client"),
    "customer.is_new": N_("le client est nouveau"),
    "referrer.tier": N_("le palier de l'apporteur"),
    "referrer.segment": N_("le segment de l'apporteur"),
    "lead.source": N_("l'origine de la recommandation"),
}

OPERATORS = {
    "=": N_("%(field)s est %(value)s"),
    "!=": N_("%(field)s n'est pas %(value)s"),
    "<": N_("%(field)s est inférieur à %(value)s"),
    "<=": N_("%(field)s est au plus %(value)s"),
    ">": N_("%(field)s est supérieur à %(value)s"),
    ">=": N_("%(field)s est au moins %(value)s"),
    "in": N_("%(field)s est parmi %(value)s"),
    "not_in": N_("%(field)s n'est pas parmi %(value)s"),
    "starts_with": N_("%(field)s commence par %(value)s"),
    "contains": N_("%(field)s contient %(value)s"),
}

FLATS = {
    "event": N_("%(amount)s à chaque versement"),
    "deal": N_("%(amount)s une fois par affaire"),
    "unit": N_("%(amount)s par unité vendue"),
}

MODES = {
    "marginal": N_("par tranches : %(bands)s, %(measure)s %(period)s"),
    "whole": N_("selon le seuil atteint : %(bands)s, %(measure)s %(period)s"),
    "retroactive": N_(
        "selon le seuil atteint, recalculé sur toute la période : %(bands)s, %(measure)s %(period)s"
    ),
}
MEASURES = {"base": N_("d'après le montant"), "deals": N_("d'après le nombre d'affaires")}
PERIODS = {
    "event": N_("de chaque versement"),
    "deal": N_("de l'affaire"),
    "calendar_year": N_("de l'année civile"),
    "contract_year": N_("de l'année de contrat"),
    "lifetime": N_("depuis le début"),
}

MONEY_FIELDS = ("net", "margin", "deal.net")
SINGLE = {"in": "=", "not_in": "!="}  # a list of one
Names = Mapping[str, str]
NO_NAMES: Names = {}


def rule_sentence(rule: Rule, unit: str = "EUR", names: Names = NO_NAMES) -> str:
    """« 10 % si le produit est parmi Logiciel, Audit »; unit decides between euros and points, `names` says products
    as the catalogue does."""
    pay = PAYS[type(rule.pay)](rule.pay, unit)
    if not rule.when:
        return _("%(pay)s, dans tous les cas") % {"pay": pay}
    conditions = _(" et ").join(condition_sentence(condition, names) for condition in rule.when)
    return _("%(pay)s si %(conditions)s") % {"pay": pay, "conditions": conditions}


def condition_sentence(condition: Condition, names: Names = NO_NAMES) -> str:
    if condition.field == "customer.is_new":
        is_new = condition.value is (condition.operator == "=")
        return _("le client est nouveau") if is_new else _("le client est déjà connu")
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    said = OPERATORS[
        SINGLE.get(condition.operator, condition.operator) if len(values) == 1 else condition.operator
    ]
    return _(said) % {
        "field": _field(condition.field),
        "value": ", ".join(_one(condition.field, value, names) for value in values),
    }


def _field(field: str) -> str:
    if field in FIELDS:
        return _(FIELDS[field])
    return _("« %(tag)s » du client") % {"tag": field.removeprefix("customer.")}


def _one(field: str, value: Any, names: Names) -> str:
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if field in MONEY_FIELDS:
        return money(value)
    return number(value) if isinstance(value, int) else names.get(value, value)


def number(hundredths: int) -> str:
    return format_decimal(Decimal(hundredths) / 100, locale=LOCALES[language()])


def amount(cents: int, unit: str) -> str:
    return points(cents // 100) if unit == "POINT" else money(cents)


def rate(hundredths: int) -> str:
    return percent(Decimal(hundredths) / 100)


def _percent(pay: Percent, unit: str) -> str:
    return rate(pay.rate)


def _flat(pay: Flat, unit: str) -> str:
    return _(FLATS[pay.per]) % {"amount": amount(pay.amount, unit)}


def _tiers(pay: Tiers, unit: str) -> str:
    bands = ", ".join(_band(band, pay.measure) for band in pay.bands)
    return _(MODES[pay.mode]) % {
        "bands": bands,
        "measure": _(MEASURES[pay.measure]),
        "period": _(PERIODS[pay.period]),
    }


def _band(band: Band, measure: str) -> str:
    start = money(band.start) if measure == "base" else number(band.start)
    return _("%(rate)s à partir de %(start)s") % {"rate": rate(band.rate), "start": start}


PAYS: dict[type, Callable[[Any, str], str]] = {Percent: _percent, Flat: _flat, Tiers: _tiers}
