"""What a figure is, how its value is typed and told, and whether somebody has to look at it. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from portal.kit.text import N_, _, day, money, ngettext, percent
from portal.law import FIGURES, Figure, Figures, NoFigure
from portal.law.calendar import Ageing
from portal.law.figures import Kind, Value, kind_of, value_of

SUBJECTS = {
    "accounts": N_("Comptes"),
    "conduct": N_("Conduite"),
    "das2": N_("DAS2"),
    "einvoicing": N_("Facturation électronique"),
    "etnc": N_("Pays non coopératifs"),
    "franchise": N_("Franchise de TVA"),
    "gifts": N_("Cadeaux"),
    "individuals": N_("Particuliers"),
    "invoices": N_("Factures"),
    "mentions": N_("Mentions"),
    "partner_employees": N_("Salariés de partenaires"),
    "prospecting": N_("Prospection"),
    "retention": N_("Durées de conservation"),
    "sepa": N_("Virements SEPA"),
    "territories": N_("Territoires"),
    "vat": N_("TVA"),
    "vigilance": N_("Vigilance"),
    "withholding": N_("Retenue à la source"),
}
HINTS = {
    Kind.NUMBER: N_("Un nombre, par exemple 73 ou 18,6."),
    Kind.DAY: N_("Une date, par exemple 01/01/2027."),
    Kind.LIST: N_("Séparez par des virgules."),
    Kind.TEXT: "",
}


class Age(StrEnum):
    """The worst that is to be said of a figure, the most pressing first."""

    ENDED = "ended"
    ENDS_SOON = "ends_soon"
    OLD = "old"
    TO_CONFIRM = "to_confirm"
    WELL = "well"
    AHEAD = "ahead"  # not in force yet, or never yet given


AGES = {
    Age.ENDED: N_("Périmé"),
    Age.ENDS_SOON: N_("Finit bientôt"),
    Age.OLD: N_("À relire"),
    Age.TO_CONFIRM: N_("À confirmer"),
    Age.WELL: N_("À jour"),
    Age.AHEAD: N_("Pas encore en vigueur"),
}
TONES = {Age.ENDED: "bad", Age.ENDS_SOON: "wait", Age.OLD: "wait", Age.TO_CONFIRM: "note", Age.WELL: "good"}


@dataclass(frozen=True, slots=True)
class Told:
    """A figure as it stands on a day; `own`: the company dated it itself."""

    code: str
    label: str
    figure: Figure | None
    next: Figure | None
    age: Age
    own: bool

    @property
    def subject(self) -> str:
        return self.code.partition(".")[0]


def told(code: str, label: str, figures: Figures, ages: Ageing, on: date) -> Told:
    figure = in_force(figures, code, on)
    known = all_of(figures, code)
    coming = sorted((one for one in known if one.since > on), key=lambda one: one.since)
    return Told(
        code=code,
        label=label,
        figure=figure,
        next=coming[0] if coming else None,
        age=age_of(code, ages, figure),
        own=figure is not None and figure in figures.overrides.get(code, ()),
    )


def in_force(figures: Figures, code: str, on: date) -> Figure | None:
    try:
        return figures.at(code, on)
    except NoFigure:
        return None


def all_of(figures: Figures, code: str) -> tuple[Figure, ...]:
    return (*figures.shipped[code], *figures.overrides.get(code, ()))


def age_of(code: str, ages: Ageing, figure: Figure | None) -> Age:
    for age, codes in (
        (Age.ENDED, ages.ended), (Age.ENDS_SOON, ages.ends_soon), (Age.OLD, ages.old), (Age.TO_CONFIRM, ages.to_confirm),
    ):  # fmt: skip
        if code in codes:
            return age
    return Age.WELL if figure else Age.AHEAD


# Values


def kept(code: str, typed: str) -> str:
    """What was typed, as it is stored. Raises ValueError with a sentence."""
    plain = typed.strip()
    kind = kind_of(FIGURES[code])
    if kind is Kind.NUMBER:
        plain = "".join(plain.split()).replace(",", ".")
    if kind is Kind.DAY and "/" in plain:
        plain = "-".join(reversed(plain.split("/")))
    try:
        value = value_of(FIGURES[code], plain)
    except (ArithmeticError, ValueError) as wrong:
        raise ValueError(HINTS[kind]) from wrong
    if isinstance(value, Decimal) and (not value.is_finite() or value < 0):
        raise ValueError(HINTS[kind])
    return plain


def may_be_empty(code: str) -> bool:
    """Where the law, or the company, may say that there is none."""
    return any(one.value in (None, "") for one in FIGURES[code])


def typed(value: Value) -> str:
    """As it stands in the field of the form."""
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", ",")
    return value.isoformat() if isinstance(value, date) else value or ""


def said(code: str, value: Value) -> str:
    """With its unit, which the end of the code names."""
    if value is None or value == "":
        return _("Aucun")
    if isinstance(value, Decimal):
        return _number(code, value)
    if isinstance(value, tuple):
        return ", ".join(value)
    return day(value) if isinstance(value, date) else value


def _number(code: str, value: Decimal) -> str:
    if code.endswith("_eur"):
        return money(int(value * 100))
    if "percent" in code:
        return percent(value)
    if code.endswith("_months") or code.endswith("_days") or code.endswith("_years"):
        return _lasting(code, int(value))
    return typed(value)


def _lasting(code: str, many: int) -> str:
    if code.endswith("_days"):
        return ngettext("%(num)d jour", "%(num)d jours", many) % {"num": many}
    if code.endswith("_months"):
        return ngettext("%(num)d mois", "%(num)d mois", many) % {"num": many}
    return ngettext("%(num)d an", "%(num)d ans", many) % {"num": many}
