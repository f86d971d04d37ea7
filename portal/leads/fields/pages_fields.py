"""/reglages/champs: what each programme asks beside the usual."""

from typing import Any

from litestar import Request

from portal.history import access as history
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Listing
from portal.kit.problems import Refused, Stale
from portal.kit.text import N_, _
from portal.kit.web import Answer, again, done, get, page, post
from portal.leads.fields import asking
from portal.leads.fields.forms import FieldForm, VersionForm
from portal.leads.fields.rules import FILLED_BY, KINDS, SEEN_BY, parse_choices, written_choices
from portal.people.rules import Person, Role
from portal.plans.access import programme_by_ref, programmes

ADMIN = {Role.ADMIN}
PATH = "/reglages/champs"
EDIT = "reglages/champs/champ.html"
HAPPENED = {
    "leads.field_asked": N_("Ajouté"),
    "leads.field_corrected": N_("Corrigé"),
    "leads.field_retired": N_("Retiré"),
    "leads.field_asked_again": N_("De nouveau demandé"),
    "leads.field_brought_up": N_("Remonté dans la liste"),
}
CELLS: Cells = {
    "label": asking.label,
    "programme": lambda row: row["programme"],
    "kind": lambda row: _(KINDS[row["kind"]].label),
    "filled_by": lambda row: _(FILLED_BY[row["filled_by"]]),
    "seen_by": lambda row: _(SEEN_BY[row["seen_by"]]),
    "required": lambda row: _("Nécessaire") if row["required"] else _("Facultatif"),
    "key": lambda row: row["key"],
    "state": lambda row: _("Demandé") if row["active"] else _("Retiré"),
}


@get(PATH, allows=ADMIN)
async def index(request: Request) -> Answer:
    columns = (
        Column("label", _("Champ")), Column("programme", _("Programme")), Column("kind", _("Ce qui se répond")),
        Column("filled_by", _("Qui répond")), Column("seen_by", _("Qui le voit")), Column("required", _("Nécessaire ?")),
        Column("key", _("Nom pour les logiciels")), Column("state", _("État")),
    )  # fmt: skip
    listing = Listing.whole(request, columns, await asking.every())
    return await listing.answer(
        "reglages/champs/index.html", cells=CELLS, name="champs", cell=CELLS, programmes=await programmes()
    )


@get(f"{PATH}/{{ref:str}}/nouveau", allows=ADMIN)
async def new(ref: str) -> Answer:
    programme = await programme_by_ref(ref)
    form = FieldForm.showing(kind="text", filled_by="referrer", seen_by="everybody", personal="1")
    return page(EDIT, **_around(programme, None, form))


@post(f"{PATH}/{{ref:str}}/nouveau", allows=ADMIN)
async def add(request: Request, person: Person, ref: str) -> Answer:
    programme, form = await programme_by_ref(ref), await FieldForm.read(request)
    choices = _choices(form, [])
    try:
        if not form.errors:
            async with deed(person, form.once) as doing:
                await asking.ask(programme["id"], **form.said(choices))
                doing.at(PATH)
            return done(doing)
    except Refused as no:
        form.refuse(no.code, _(no.sentence) % no.params)
    return again(EDIT, **_around(programme, None, form))


@get(f"{PATH}/{{ref:str}}", allows=ADMIN)
async def show(ref: str) -> Answer:
    field = await asking.field_for(ref)
    form = FieldForm.showing(**{**field, "choices": written_choices(field["choices"])})
    return page(EDIT, **await _of(field, form))


@post(f"{PATH}/{{ref:str}}", allows=ADMIN)
async def correct(request: Request, person: Person, ref: str) -> Answer:
    field, form = await asking.field_for(ref), await FieldForm.read(request)
    choices = _choices(form, field["choices"])
    try:
        if not form.errors:
            async with deed(person, form.once) as doing:
                await asking.correct(field, form.version, **form.said(choices))
                doing.at(PATH)
            return done(doing)
    except Refused as no:
        form.refuse(no.code, _(no.sentence) % no.params)
    return again(EDIT, **await _of(field, form))


@post(
    [f"{PATH}/{{ref:str}}/retrait", f"{PATH}/{{ref:str}}/retour", f"{PATH}/{{ref:str}}/montee"], allows=ADMIN
)
async def turn(request: Request, person: Person, ref: str) -> Answer:
    field, form = await asking.field_for(ref), await VersionForm.read(request)
    if form.errors:
        raise Stale("stale")
    noun = request.scope["path"].rpartition("/")[2]
    async with deed(person, form.once) as doing:
        if noun == "montee":
            await asking.bring_up(field, form.version)
        else:
            await asking.ask_or_retire(field, form.version, active=noun == "retour")
        doing.at(PATH)
    return done(doing)


def _choices(form: FieldForm, before: list[dict[str, str]]) -> list[dict[str, str]]:
    """Of a field that is a choice; what cannot be one is said under the list."""
    if form.errors or form.kind != "choice":
        return []
    try:
        return parse_choices(form.choices, before)
    except ValueError as wrong:
        form.refuse("choices", _(str(wrong)))
        return []


def _around(programme: db.Row, field: db.Row | None, form: Form) -> dict[str, Any]:
    return {
        "programme": programme, "field_row": field, "form": form, "moments": [],
        "kinds": [(code, _(kind.label)) for code, kind in KINDS.items()],
        "fillers": [(code, _(label)) for code, label in FILLED_BY.items()],
        "readers": [(code, _(label)) for code, label in SEEN_BY.items()],
    }  # fmt: skip


async def _of(field: db.Row, form: Form) -> dict[str, Any]:
    programme = await programme_by_ref(field["programme_ref"])
    moments = [
        {"when": event["at"], "title": _(HAPPENED[event["what"]]), "who": event["who"] or ""}
        for event in reversed(await history.of("lead_field", field["id"]))
    ]
    return {**_around(programme, field, form), "moments": moments, "called": asking.label(field)}
