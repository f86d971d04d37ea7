"""What holds for a whole plan, whichever rule pays, as pairs of a question and its answer."""

from collections.abc import Iterator

from portal.kit.text import N_, _, ngettext
from portal.plans import words
from portal.plans.rules import Plan
from portal.plans.sentences import amount

LIMITS = {
    "per_event": N_("Plafond par versement"),
    "per_deal": N_("Plafond par affaire"),
    "per_calendar_year": N_("Plafond par année civile"),
    "minimum": N_("Minimum par versement"),
}


def terms_of(plan: Plan) -> Iterator[tuple[str, str]]:
    yield _("Fait gagner"), _(words.PAYS_ON[plan.pays_on])
    yield _("Compté sur"), _(words.BASES[plan.base])
    if len(plan.rules) > 1:
        yield _("Si plusieurs règles conviennent"), _(words.CHOICES[plan.choose])
    if plan.unit == "POINT":
        yield _("Payé en"), _(words.UNITS["POINT"])
    yield _("Pendant combien de temps"), _duration(plan)
    yield _("Confirmé"), _hold(plan.hold_days)
    yield _("Repris si l'affaire est annulée"), _clawback(plan)
    for name, label in LIMITS.items():
        if limit := getattr(plan.limits, name):
            yield _(label), amount(limit, plan.unit)


def _duration(plan: Plan) -> str:
    months = plan.recurs_for_months
    if isinstance(months, int):
        return ngettext("%(n)s mois depuis la signature", "%(n)s mois depuis la signature", months) % {
            "n": months
        }
    return _(words.RECURS[months or "once"])


def _hold(days: int) -> str:
    if not days:
        return _("Tout de suite")
    return ngettext("Après %(n)s jour", "Après %(n)s jours", days) % {"n": days}


def _clawback(plan: Plan) -> str:
    days = plan.clawback_days
    if isinstance(days, int):
        said = ngettext(
            "Ce qui a été gagné le dernier jour", "Ce qui a été gagné les %(n)s derniers jours", days
        )
        return said % {"n": days}
    return _(words.CLAWBACKS[days or "unlimited"])
