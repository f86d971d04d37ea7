"""/apporteurs/justificatifs: what waits to be checked, one document at a time; what is asked of one referrer."""

from typing import Any

from litestar import Request

from portal.company import access as company
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.invalid import Invalid
from portal.kit.listing import Column, Filter, Listing
from portal.kit.problems import Refused
from portal.kit.text import _
from portal.kit.uploads import DOCUMENTS, receive
from portal.kit.web import Answer, again, done, get, page, post
from portal.people.rules import STAFF, Person, Role
from portal.referrers import access
from portal.referrers.vigilance import access as papers
from portal.referrers.vigilance import documents
from portal.referrers.vigilance.forms import AcceptForm, AskForm, GiveForm, RefuseForm
from portal.referrers.vigilance.lines import LIGHT_TONES
from portal.referrers.vigilance.rules import BY_HAND, ELSEWHERE, SOURCES, WITH_CODE, Kind, State
from portal.referrers.vigilance.words import KINDS, LIFE_TONES, LIVES, STATE_TONES, STATES, light_labels, why

HOME = "/apporteurs/justificatifs"
CHECKERS = {Role.FINANCE, Role.ADMIN}
CELLS = {
    "kind": lambda row: _(KINDS[Kind(row["kind"])]),
    "who": lambda row: row["referrer_name"],
    "number": lambda row: row["referrer_number"],
    "given": lambda row: row["given_at"].date(),
    "state": lambda row: _(STATES[State(row["state"])]),
    "until": lambda row: row["until"],
    "checked": lambda row: row["checker"] or "",
    "code": lambda row: row["code"],
}


@get(HOME, allows=CHECKERS)
async def queue(request: Request) -> Answer:
    columns = (
        Column("kind", _("Document"), sortable=True), Column("who", _("Apporteur"), sortable=True), Column("number", _("Numéro")),
        Column("given", _("Reçu le"), sortable=True), Column("state", _("État"), sortable=True),
        Column("until", _("Valable jusqu'au"), sortable=True), Column("checked", _("Vérifié par")), Column("code", _("Code")),
    )  # fmt: skip
    filters = (
        Filter("q", _("Nom ou numéro")),
        Filter("etat", _("État"), "select", [(state.value, _(label)) for state, label in STATES.items()]),
        Filter("type", _("Document"), "select", [(kind.value, _(label)) for kind, label in KINDS.items()]),
        Filter("fin", _("Se termine en"), "month"),
    )
    listing = await papers.listed(Listing.asked(request, columns, filters))
    return await listing.answer("apporteurs/a_verifier.html", cells=CELLS, name="justificatifs", **_words())


@get(f"{HOME}/{{ref:str}}", allows=CHECKERS)
async def show(person: Person, ref: str) -> Answer:
    return page("apporteurs/verification.html", **_shown(await papers.document_for(person, ref)))


def _shown(document: db.Row, **forms: Form) -> dict[str, Any]:
    kind = Kind(document["kind"])
    return {
        "document": document, "kind": kind, "with_code": kind in WITH_CODE, "source": SOURCES[kind],
        "forms": {"accept": None, "refuse": None, **forms}, "erases": kind is Kind.IDENTITY, **_words(),
    }  # fmt: skip


@post(f"{HOME}/{{ref:str}}/acceptation", allows=CHECKERS)
async def accept(request: Request, person: Person, ref: str) -> Answer:
    document, form = await papers.document_for(person, ref), await AcceptForm.read(request)
    if not form.errors:
        try:
            async with deed(person, form.once) as doing:
                await documents.accept(document, form.version, form.issued_on, form.code)
                doing.at(HOME)
            return done(doing)
        except Refused as no:
            if no.code == "document_checked":
                raise
            form.refuse("issued_on", _(no.sentence) % no.params)
    return again("apporteurs/verification.html", **_shown(document, accept=form))


@post(f"{HOME}/{{ref:str}}/refus", allows=CHECKERS)
async def refuse(request: Request, person: Person, ref: str) -> Answer:
    document, form = await papers.document_for(person, ref), await RefuseForm.read(request)
    if form.errors:
        return again("apporteurs/verification.html", **_shown(document, refuse=form))
    async with deed(person, form.once) as doing:
        await documents.refuse(document, form.version, form.reason)
        doing.at(HOME)
    return done(doing)


# What is asked of one referrer


@get("/apporteurs/{ref:str}/justificatifs", allows=STAFF)
async def of_referrer(person: Person, ref: str) -> Answer:
    return page("apporteurs/dossier.html", **await _dossier(person, await access.referrer_for(person, ref)))


@post("/apporteurs/{ref:str}/justificatifs/demande", allows=CHECKERS)
async def ask(request: Request, person: Person, ref: str) -> Answer:
    """One document more, where it is necessary."""
    referrer, form = await access.referrer_for(person, ref), await AskForm.read(request)
    if not form.errors:
        try:
            async with deed(person, form.once) as doing:
                await documents.ask_by_hand(referrer["id"], form.kind)
                doing.at(f"/apporteurs/{ref}/justificatifs")
            return done(doing)
        except Refused as no:
            form.refuse("kind", _(no.sentence))
    return again("apporteurs/dossier.html", **await _dossier(person, referrer, ask=form))


@post("/apporteurs/{ref:str}/justificatifs/{kind:str}", allows=CHECKERS, uploads=True)
async def give(request: Request, person: Person, ref: str, kind: str) -> Answer:
    """Received by mail or by post: put on file by a colleague, then checked like any other."""
    referrer, form, wanted = (
        await access.referrer_for(person, ref),
        await GiveForm.read(request),
        documents.kind_of(kind),
    )
    kept = None
    if not form.errors:
        try:
            kept = await receive(form.file, DOCUMENTS)
        except Invalid as wrong:
            form.refuse("file", wrong.sentence)
    if kept is None:
        return again("apporteurs/dossier.html", **await _dossier(person, referrer, **{wanted: form}))
    async with deed(person, form.once) as doing:
        given = await documents.give(referrer["id"], wanted, kept)
        doing.at(f"{HOME}/{given['ref']}")
    return done(doing)


async def _dossier(person: Person, referrer: db.Row, **forms: Form) -> dict[str, Any]:
    figures = await company.figures()
    dossier = await papers.dossier(referrer["id"], figures)
    asks = [kind for kind, statuses in BY_HAND.items() if dossier.facts.status in statuses]
    known = {line.kind for line in dossier.lines}
    return {
        "referrer": referrer, "dossier": dossier, "forms": {"ask": None, **forms}, "checks": person.may(*CHECKERS), "elsewhere": ELSEWHERE, "today": today(),
        "due": {one["kind"]: one for one in await papers.open_requests([referrer["id"]])},
        "given": await papers.documents_of(referrer["id"]),
        "why": {line.kind: why(line.asked.reason, figures, today(), staff=True) for line in dossier.lines},
        "asks": [(kind.value, _(KINDS[kind])) for kind in asks if kind not in known],
        **_words(),
    }  # fmt: skip


def _words() -> dict[str, Any]:
    return {
        "kinds": {code: _(label) for code, label in KINDS.items()},
        "states": {code: _(label) for code, label in STATES.items()}, "state_tones": STATE_TONES,
        "lives": {code: _(label) for code, label in LIVES.items()}, "life_tones": LIFE_TONES,
        "lights": light_labels(), "light_tones": LIGHT_TONES,
    }  # fmt: skip
