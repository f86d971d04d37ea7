"""/reglages/chiffres: every figure of law with its source and its age; its history; what the company dates itself."""

from typing import Any

from litestar import Request

from portal.company import overriding
from portal.company.figures import access, rules
from portal.company.figures.access import Step
from portal.company.figures.forms import ConfirmForm, DateForm
from portal.company.figures.rules import AGES, SUBJECTS, TONES, Age, Told
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import Refused
from portal.kit.text import N_, _
from portal.kit.web import Answer, again, get, page, post, see
from portal.law import FIGURES
from portal.law.figures import kind_of
from portal.people.rules import Person, Role

HERE = "/reglages/chiffres"
MONEY = {Role.FINANCE, Role.ADMIN}
ADMIN = {Role.ADMIN}
REVIEWED = N_("Relu, inchangé")
CELLS: Cells = {
    "what": lambda row: row.label,
    "code": lambda row: row.code,
    "value": lambda row: rules.said(row.code, row.figure.value) if row.figure else "",
    "since": lambda row: row.figure.since if row.figure else None,
    "source": lambda row: row.figure.source if row.figure else "",
    "reviewed": lambda row: row.figure.reviewed if row.figure else None,
    "state": lambda row: _(AGES[row.age]),
}


@get(HERE, allows=MONEY)
async def listed(request: Request) -> Answer:
    listing = _listing(request)
    found = _chosen(await access.all_told(), listing)
    shown = found[listing.offset : listing.offset + listing.size]
    return await listing.show(shown, len(found)).answer(
        "reglages/chiffres/list.html",
        cells=CELLS,
        name="chiffres",
        said=rules.said,
        ages=_words(),
        tones=TONES,
    )


def _listing(request: Request) -> Listing:
    return Listing.asked(
        request,
        columns=(
            Column("what", _("Chiffre")), Column("value", _("Aujourd'hui")), Column("since", _("Depuis")),
            Column("source", _("Source")), Column("reviewed", _("Relu le")), Column("state", _("État")), Column("code", _("Code")),
        ),
        filters=(
            Filter("q", _("Rechercher")),
            Filter("sujet", _("Sujet"), "select", sorted(((code, _(label)) for code, label in SUBJECTS.items()), key=lambda one: one[1])),
            Filter("etat", _("État"), "select", [(age.value, label) for age, label in _words().items()]),
        ),
    )  # fmt: skip


def _words() -> dict[Age, str]:
    return {age: _(label) for age, label in AGES.items()}


def _chosen(found: list[Told], listing: Listing) -> list[Told]:
    """What needs a look first, then by subject."""
    words, subject, age = (listing.value(name) for name in ("q", "sujet", "etat"))
    order = list(Age)
    kept = [
        one
        for one in found
        if (not age or one.age == age)
        and (not subject or one.subject == subject)
        and words.lower() in f"{one.label} {one.code} {one.figure.source if one.figure else ''}".lower()
    ]
    return sorted(kept, key=lambda one: (order.index(one.age), one.code))


@get(f"{HERE}/{{code:str}}", allows=MONEY)
async def show(person: Person, code: str) -> Answer:
    return page("reglages/chiffres/show.html", **await _shown(code))


async def _shown(code: str, **forms: Form) -> dict[str, Any]:
    told, history = await access.one_told(code)
    figure = told.figure or (history[0].figure if history else None)
    return {
        "told": told, "history": history, "said": rules.said, "ages": _words(), "tones": TONES,
        "subject": _(SUBJECTS[told.subject]), "hint": _hint(code), "may_be_empty": rules.may_be_empty(code), "who": _who,
        "form": DateForm.showing(value=rules.typed(figure.value) if figure else ""),
        "confirming": ConfirmForm.showing(checked=figure.source if figure else ""),
        **forms,
    }  # fmt: skip


def _hint(code: str) -> str:
    hint = rules.HINTS[kind_of(FIGURES[code])]
    return hint and _(hint)


def _who(step: Step) -> str:
    """Who says it: the law as it is shipped, or somebody of the company, and why."""
    if step.own is None:
        return _("Livré avec le portail")
    return " : ".join(part for part in (step.own["who"] or "", step.own["reason"]) if part)


@post(f"{HERE}/{{code:str}}", allows=ADMIN)
async def date_it(request: Request, person: Person, code: str) -> Answer:
    await access.one_told(code)
    form = await DateForm.read(request)
    value = ""
    if not form.errors:
        try:
            value = rules.kept(code, form.value)
        except ValueError as wrong:
            form.refuse("value", _(str(wrong)))
        if not value and not rules.may_be_empty(code):
            form.refuse("value", _("Ce champ est nécessaire."))
    if form.errors:
        return again("reglages/chiffres/show.html", **await _shown(code, form=form))
    try:
        async with deed(person, form.once) as doing:
            doing.at(f"{HERE}/{code}")
            await overriding.override(code, value, form.since, form.source, form.reason, form.until)
    except Refused as no:
        form.refuse("since", _(no.sentence) % no.params)
        return again("reglages/chiffres/show.html", **await _shown(code, form=form))
    return see(f"{HERE}/{code}")


@post(f"{HERE}/{{code:str}}/relecture", allows=ADMIN)
async def confirm(request: Request, person: Person, code: str) -> Answer:
    """Read again and unchanged: the same value, vouched for from today on."""
    told, _history = await access.one_told(code)
    form = await ConfirmForm.read(request)
    if told.figure is None and not form.errors:
        form.refuse("checked", _("Aucune valeur n'est en vigueur : donnez-en une."))
    if form.errors or told.figure is None:
        return again("reglages/chiffres/show.html", **await _shown(code, confirming=form))
    value = rules.kept(code, rules.typed(told.figure.value))
    async with deed(person, form.once) as doing:
        doing.at(f"{HERE}/{code}")
        await overriding.override(code, value, today(), form.checked, _(REVIEWED), told.figure.until)
    return see(f"{HERE}/{code}")
