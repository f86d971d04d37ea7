"""A step of the evaluator in words: shown under an earning, and beside the form that edits a plan."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portal.kit.text import N_, _, money, percent, points, short_day
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
    """What the steps of one earning speak of: labels of the deal's lines, days of the client's payments."""

    unit: str
    lines: list[str]
    paid_on: dict[str, date]


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
    said = _("%(rate)s de %(base)s") % {"rate": _rate(step), "base": money(step.get("base", 0))}
    return Told(said, _line(step, facts), step.get("amount", 0))


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
    return Told(_percent(step, facts).what, why, step.get("amount", 0))


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
    "per_event": N_("Plafond par versement"),
    "per_deal": N_("Plafond par affaire"),
    "per_calendar_year": N_("Plafond de l'année"),
}


def _limit(step: dict[str, Any], facts: Facts) -> Told:
    said = LIMITS[step["limit"]]
    return Told(_(said), _was(step, facts), step.get("amount", 0), subtotal=True)


def _was(step: dict[str, Any], facts: Facts) -> str:
    return _("au lieu de %(before)s") % {"before": amount(step.get("before", 0), facts.unit)}


def _share(step: dict[str, Any], facts: Facts) -> Told:
    share = percent(Decimal(step["share"] * 100) / step["of_shares"])
    return Told(_("Part : %(share)s") % {"share": share}, "", step.get("amount", 0), subtotal=True)


def _undone(said: str) -> Callable[[dict[str, Any], Facts], Told]:
    def tell(step: dict[str, Any], facts: Facts) -> Told:
        why = _("soit %(base)s sur le paiement du %(day)s") % {
            "base": money(-step.get("base", 0)), "day": short_day(facts.paid_on.get(step["of"])),
        }  # fmt: skip
        return Told(_(said), why, step.get("amount", 0))

    return tell


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
    "refund": _undone(N_("Repris après le remboursement du client")),
    "cancellation": _undone(N_("Repris après l'annulation de l'affaire")),
}
