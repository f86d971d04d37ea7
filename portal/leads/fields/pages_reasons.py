"""/reglages/motifs: why a recommendation ends without a deal, as this company says it."""

from typing import Any

from litestar import Request

from portal.history import access as history
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Listing
from portal.kit.problems import NotFound, Refused, Stale
from portal.kit.text import N_, _
from portal.kit.web import Answer, again, done, get, page, post
from portal.leads.fields import reasons
from portal.leads.fields.forms import ReasonForm, VersionForm
from portal.leads.rules import NOUN_OF
from portal.people.rules import Person, Role

ADMIN = {Role.ADMIN}
PATH = "/reglages/motifs"
EDIT = "reglages/motifs/motif.html"
MOVES = {NOUN_OF[move]: move for move in reasons.KINDS}  # refus, perte
HAPPENED = {
    "leads.reason_added": N_("Ajouté"),
    "leads.reason_reworded": N_("Reformulé"),
    "leads.reason_retired": N_("Retiré"),
    "leads.reason_offered": N_("De nouveau proposé"),
    "leads.reason_brought_up": N_("Remonté dans la liste"),
}
CELLS: Cells = {
    "label": reasons.label,
    "move": lambda row: _(reasons.KINDS[row["move"]]),
    "told": reasons.told,
    "state": lambda row: _("Proposé") if row["active"] else _("Retiré"),
}


@get(PATH, allows=ADMIN)
async def index(request: Request) -> Answer:
    columns = (
        Column("label", _("Motif")), Column("told", _("Ce que lit l'apporteur")),
        Column("move", _("Pour")), Column("state", _("État")),
    )  # fmt: skip
    listing = Listing.whole(request, columns, await reasons.every())
    kinds = [(move, noun, _(reasons.KINDS[move])) for noun, move in MOVES.items()]
    return await listing.answer(
        "reglages/motifs/index.html",
        cells=CELLS,
        name="motifs",
        kinds=kinds,
        label=reasons.label,
        told=reasons.told,
    )


@get(f"{PATH}/{{noun:str}}/nouveau", allows=ADMIN)
async def new(noun: str) -> Answer:
    return page(EDIT, **_new(noun, ReasonForm.showing()))


@post(f"{PATH}/{{noun:str}}/nouveau", allows=ADMIN)
async def add(request: Request, person: Person, noun: str) -> Answer:
    around, form = _new(noun, Form.showing()), await ReasonForm.read(request)
    try:
        if not form.errors:
            async with deed(person, form.once) as doing:
                await reasons.add(MOVES[noun], form.words)
                doing.at(PATH)
            return done(doing)
    except Refused as no:
        form.refuse("label_fr", _(no.sentence))
    return again(EDIT, **{**around, "form": form})


@get(f"{PATH}/{{ref:str}}", allows=ADMIN)
async def show(ref: str) -> Answer:
    reason = await reasons.reason_for(ref)
    form = ReasonForm.showing(**{**reason, "label_fr": reason["label_fr"] or reasons.shipped(reason)})
    return page(EDIT, **await _around(reason, form))


@post(f"{PATH}/{{ref:str}}", allows=ADMIN)
async def reword(request: Request, person: Person, ref: str) -> Answer:
    reason, form = await reasons.reason_for(ref), await ReasonForm.read(request)
    try:
        if not form.errors:
            async with deed(person, form.once) as doing:
                await reasons.reword(reason, form.version, form.words)
                doing.at(PATH)
            return done(doing)
    except Refused as no:
        form.refuse("label_fr", _(no.sentence))
    return again(EDIT, **await _around(reason, form))


@post([f"{PATH}/{{ref:str}}/retrait", f"{PATH}/{{ref:str}}/retour"], allows=ADMIN)
async def show_or_hide(request: Request, person: Person, ref: str) -> Answer:
    reason, form = await _asked(request, ref)
    async with deed(person, form.once) as doing:
        active = request.scope["path"].endswith("/retour")
        await reasons.show_or_hide(reason, form.version, active=active)
        doing.at(PATH)
    return done(doing)


@post(f"{PATH}/{{ref:str}}/montee", allows=ADMIN)
async def bring_up(request: Request, person: Person, ref: str) -> Answer:
    reason, form = await _asked(request, ref)
    async with deed(person, form.once) as doing:
        await reasons.bring_up(reason, form.version)
        doing.at(PATH)
    return done(doing)


async def _asked(request: Request, ref: str) -> tuple[db.Row, VersionForm]:
    reason, form = await reasons.reason_for(ref), await VersionForm.read(request)
    if form.errors:
        raise Stale("stale")
    return reason, form


def _new(noun: str, form: Form) -> dict[str, Any]:
    if noun not in MOVES:
        raise NotFound("noun")
    return {"reason": None, "noun": noun, "kind": _(reasons.KINDS[MOVES[noun]]), "form": form, "moments": []}


async def _around(reason: db.Row, form: Form) -> dict[str, Any]:
    moments = [
        {"when": event["at"], "title": _(HAPPENED[event["what"]]), "who": event["who"] or ""}
        for event in reversed(await history.of("lead_reason", reason["id"]))
    ]
    return {
        "reason": reason, "kind": _(reasons.KINDS[reason["move"]]), "form": form, "moments": moments,
        "called": reasons.label(reason),
    }  # fmt: skip
