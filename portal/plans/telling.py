"""A step of the evaluator in words: shown under an earning, and beside the form that edits a plan."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal

from portal.kit.text import LOCALES, N_, _, language, money, percent, points, short_day
from portal.plans.sentences import number


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the reckoning: an amount in the plan's unit, or only words. `base`: it is not a part of the sum;
    `subtotal`: it replaces what stands above."""

    what: str
    why: str = ""
    cents: int | None = None
    base: bool = False
    subtotal: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the steps of one earning speak of: labels of the deal's lines, days of the client's payments; whether the
    reader is shown what the client pays; which payment was put right, in words, where it was not the deal."""

    unit: str
    lines: list[str]
    paid_on: dict[str, date]
    shows_base: bool = True
    put_right: str = ""


def step_told(step: dict[str, Any], facts: Facts) -> Told:
    return TELLS[step["what"]](step, facts)


def amount(value: int, unit: str) -> str:
    return money(value) if unit == "EUR" else points(value)


def _rate(step: dict[str, Any]) -> str:
    return percent(Decimal(step["rate"]) / 100)


def _line(step: dict[str, Any], facts: Facts) -> str:
    position = step.get("line")
    return facts.lines[position] if position is not None and position < len(facts.lines) else ""


def _percent(step: dict[str, Any], facts: Facts) -> Told:
    if not facts.shows_base:
        return Told(_("%(rate)s de ce que le client paie") % {"rate": _rate(step)}, "", step.get("amount", 0))
    said = _("%(base)s × %(rate)s") % {"rate": _rate(step), "base": money(step.get("base", 0))}
    return Told(said, _joined(_line(step, facts), _rounded(step, facts)), step.get("amount", 0))


def _joined(*said: str) -> str:
    return " · ".join(filter(None, said))


PLACES = Decimal("0.0001")


def _rounded(step: dict[str, Any], facts: Facts) -> str:
    """Said when it happened: the product, before it became whole cents. Points are rounded at their end."""
    exact = Decimal(step.get("base", 0)) * Decimal(step["rate"]) / 1_000_000
    if facts.unit != "EUR" or exact * 100 == step.get("amount", 0):
        return ""
    said = format_decimal(exact.quantize(PLACES), format="#,##0.00##", locale=LOCALES[language()])
    return _("%(exact)s € arrondis au centime") % {"exact": said}


def _flat(step: dict[str, Any], facts: Facts) -> Told:
    return Told(_("Montant fixe"), _line(step, facts), step.get("amount", 0))


def _unit(step: dict[str, Any], facts: Facts) -> Told:
    said = _("Pour %(quantity)s unités") % {"quantity": number(step.get("quantity", 100))}
    return Told(said, _line(step, facts), step.get("amount", 0))


def _tiers(step: dict[str, Any], facts: Facts) -> Told:
    if step.get("band") is None:
        return _percent(step, facts)
    why = _("Tranche à partir de %(start)s, %(period)s") % {
        "start": money(step["band"]),
        "period": _period(step),
    }
    percent_of = _percent(step, facts)
    return replace(percent_of, why=_joined(percent_of.why, why))


PERIODS = {"deal": N_("sur l'affaire"), "lifetime": N_("depuis le début"), "event": N_("sur ce versement")}


def _period(step: dict[str, Any]) -> str:
    period = step.get("period") or "event"
    if period.isdigit():
        return _("en %(year)s") % {"year": period}
    return _(PERIODS.get(period, N_("sur l'année de contrat")))


def _retroactive(step: dict[str, Any], facts: Facts) -> Told:
    why = _("Le nouveau total %(period)s, moins ce qui était déjà acquis (%(before)s).") % {
        "period": _period(step), "before": amount(step.get("before", 0), facts.unit),
    }  # fmt: skip
    return Told(_("Palier recalculé"), why, step.get("amount", 0))


def _campaign(step: dict[str, Any], facts: Facts) -> Told:
    return Told(_("Campagne « %(name)s »") % {"name": step["rule"]}, "", step.get("amount", 0))


def _minimum(step: dict[str, Any], facts: Facts) -> Told:
    return Told(_("Porté au minimum par versement"), _was(step, facts), step.get("amount", 0), subtotal=True)


LIMITS = {
    "per_event": N_("Plafond par versement atteint"),
    "per_deal": N_("Plafond par affaire atteint"),
    "per_calendar_year": N_("Plafond de l'année atteint"),
}


def _limit(step: dict[str, Any], facts: Facts) -> Told:
    cut = step.get("before", 0) - step.get("amount", 0)
    why = _("%(cut)s non versés") % {"cut": amount(cut, facts.unit)}
    return Told(_(LIMITS[step["limit"]]), why, step.get("amount", 0), subtotal=True)


def _was(step: dict[str, Any], facts: Facts) -> str:
    return _("au lieu de %(before)s") % {"before": amount(step.get("before", 0), facts.unit)}


def _share(step: dict[str, Any], facts: Facts) -> Told:
    share = percent(Decimal(step["share"] * 100) / step["of_shares"])
    return Told(_("Part : %(share)s") % {"share": share}, "", step.get("amount", 0), subtotal=True)


OF_PAYMENT = {
    True: N_("soit %(base)s sur le paiement du %(day)s"),
    False: N_("sur le paiement du %(day)s"),
}


def _undone(said: str) -> Callable[[dict[str, Any], Facts], Told]:
    def tell(step: dict[str, Any], facts: Facts) -> Told:
        return _taken_back(_(said), step, facts)

    return tell


def _taken_back(said: str, step: dict[str, Any], facts: Facts) -> Told:
    day = facts.paid_on.get(step.get("of", ""))
    why = _(OF_PAYMENT[facts.shows_base]) if day else ""
    words = {"base": money(-step.get("base", 0)), "day": short_day(day)}
    return Told(said, why % words, step.get("amount", 0))


def _correction(step: dict[str, Any], facts: Facts) -> Told:
    return _taken_back(facts.put_right or _("Recalculé après la modification de l'affaire"), step, facts)


def _adjustment(step: dict[str, Any], facts: Facts) -> Told:
    return Told(_("Correction décidée par l'entreprise"), "", step.get("amount", 0))


TELLS: dict[str, Callable[[dict[str, Any], Facts], Told]] = {
    "percent": _percent,
    "flat": _flat,
    "unit": _unit,
    "tiers": _tiers,
    "retroactive": _retroactive,
    "campaign": _campaign,
    "minimum": _minimum,
    "limit": _limit,
    "share": _share,
    "adjustment": _adjustment,
    "refund": _undone(N_("Repris après le remboursement du client")),
    "correction": _correction,
    "cancellation": _undone(N_("Repris après l'annulation de l'affaire")),
}
