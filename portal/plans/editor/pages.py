"""/reglages/programmes/…/baremes: the plans of a programme, a new one from a ready-made one, a version as sentences."""

from typing import Any

from litestar import Request

from portal.company import access as company
from portal.contracts import access as contracts
from portal.history import access as history
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import NotFound, Refused
from portal.kit.text import N_, _, money, points
from portal.kit.web import Answer, again, done, get, page, post
from portal.people import approvals
from portal.people.rules import STAFF, Person, Role
from portal.plans import access, words
from portal.plans.access import would_earn
from portal.plans.editor import drafting, shelf
from portal.plans.editor.forms import (
    EXAMPLE,
    ExampleForm,
    FourEyesForm,
    NewPlanForm,
    PublishForm,
    RefuseForm,
    VersionForm,
)
from portal.plans.editor.preview import Catalogue, catalogue, guaranteed, preview
from portal.plans.editor.starters import BY_KEY, STARTERS, Starter, body_from
from portal.plans.rules import Refused as Impossible

ADMIN = {Role.ADMIN}
HOME = "/reglages/programmes"
PLANS = HOME + "/{ref:str}/baremes"
VERSION = "/reglages/baremes/{ref:str}"
EXAMPLE_CENTS = 600_000
HISTORY = {
    "plans.drafted": N_("Brouillon commencé"),
    "plans.changed": N_("Brouillon modifié"),
    "plans.published": N_("Publié"),
    "plans.retired": N_("Retiré"),
    "people.approval_asked": N_("Publication demandée"),
    "people.approval_approved": N_("Publication approuvée"),
    "people.approval_refused": N_("Publication refusée"),
    "people.approval_withdrawn": N_("Demande retirée"),
}


def way(version: db.Row) -> str:
    return f"/reglages/baremes/{version['ref']}"


@get("/reglages/baremes", allows=STAFF)
async def in_force() -> Answer:
    return page("programmes/baremes_en_vigueur.html", programmes=await access.programmes_with_plans(today()))


# All plans of a programme


@get(PLANS, allows=STAFF)
async def plans(person: Person, ref: str) -> Answer:
    programme = await access.programme_by_ref(ref)
    versions = await shelf.versions_of(person, programme["id"])
    return page(
        "programmes/baremes.html",
        programme=programme,
        plans=_by_plan(versions),
        standing=await contracts.standing_under([one["id"] for one in versions]),
        states=words.STATES,
        tones=words.TONES,
        today=today(),
        four_eyes=await company.option(drafting.FOUR_EYES, False),
    )


def _by_plan(versions: list[db.Row]) -> list[tuple[str, list[db.Row]]]:
    plans: dict[str, list[db.Row]] = {}
    for one in versions:
        plans.setdefault(one["plan_name"], []).append(one)
    return list(plans.items())


@get(PLANS + "/nouveau", allows=ADMIN)
async def starters(request: Request, ref: str) -> Answer:
    programme = await access.programme_by_ref(ref)
    asked = request.query_params.get("modele", "")
    form = NewPlanForm.showing(
        name=programme["name"], starter=asked if asked in BY_KEY else "pourcentage-mois"
    )
    return page("programmes/bareme_nouveau.html", **await _starters(programme, form))


async def _starters(programme: db.Row, form: Form) -> dict[str, Any]:
    products = [product["key"] for product in await access.products()]
    return {"programme": programme, "form": form, "starters": [_told(one, products) for one in STARTERS]}


def _told(starter: Starter, products: list[str]) -> tuple[str, str, str]:
    """Value, label and hint of a choice: what it is, and what one deal would bring."""
    body = body_from(starter, "-", products)
    earned = would_earn(body, EXAMPLE_CENTS, today())
    said = _("%(line)s Exemple : pour %(paid)s HT, %(earned)s.") % {
        "line": _(starter.line),
        "paid": money(EXAMPLE_CENTS),
        "earned": points(earned) if body["unit"] == "POINT" else money(earned),
    }
    return starter.key, _(starter.title), said


@post(PLANS, allows=ADMIN)
async def start(request: Request, person: Person, ref: str) -> Answer:
    """A draft from a ready-made plan."""
    programme = await access.programme_by_ref(ref)
    form = await NewPlanForm.read(request)
    if not form.errors and form.starter not in BY_KEY:
        form.refuse("starter", _("Choisissez un modèle de la liste."))
    if form.errors:
        return again("programmes/bareme_nouveau.html", **await _starters(programme, form))
    products = [product["key"] for product in await access.products()]
    try:
        async with deed(person, form.once) as doing:
            draft = await drafting.start(
                programme["id"], body_from(BY_KEY[form.starter], form.name, products)
            )
            doing.at(f"{way(draft)}/redaction")
    except Refused as taken:
        form.refuse("name", _(taken.sentence))
        return again("programmes/bareme_nouveau.html", **await _starters(programme, form))
    return done(doing)


@post(PLANS + "/approbation", allows=ADMIN)
async def four_eyes(request: Request, person: Person, ref: str) -> Answer:
    programme = await access.programme_by_ref(ref)
    form = await FourEyesForm.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"{HOME}/{programme['ref']}/baremes")
        await drafting.ask_for_two(form.wanted == "1")
    return done(doing)


# One version


@get(VERSION, allows=STAFF)
async def show(person: Person, ref: str) -> Answer:
    version = await shelf.version_for(person, ref)
    return page("programmes/bareme.html", **await shown(version))


async def shown(
    version: db.Row, example: ExampleForm | None = None, publish: Form | None = None
) -> dict[str, Any]:
    known, kept = await catalogue(), await shelf.examples_of(version["plan_id"])
    example = example or ExampleForm.of(EXAMPLE)
    drafted = version["state"] == "drafted"
    return {
        "version": version,
        "way": way(version),
        "preview": preview(version["body"], known, example),
        "example": example,
        "catalogue": known,
        "guaranteed": guaranteed(version["body"], kept),
        "states": words.STATES,
        "tones": words.TONES,
        "history": [(HISTORY[event["what"]], event) for event in await _history(version)],
        "publish": publish or _publication(version),
        "earliest": drafting.earliest(version, version["notice_days"]),
        "refusal": RefuseForm.showing(),
        "approval": await approvals.latest(drafting.PUBLICATION, "plan_version", version["id"]) if drafted else None,
        "standing": 0 if drafted else (await contracts.standing_under([version["id"]])).get(version["id"], 0),
    }  # fmt: skip


async def _history(version: db.Row) -> list[db.Row]:
    return [event for event in await history.of("plan_version", version["id"]) if event["what"] in HISTORY]


def _publication(version: db.Row) -> Form:
    return PublishForm.showing(
        effective_from=drafting.earliest(version, version["notice_days"]).isoformat(),
        notice_days=version["notice_days"],
        version=version["version"],
    )


@post(VERSION + "/exemple", allows=STAFF)
async def example(request: Request, person: Person, ref: str) -> Answer:
    """Try an example; an administrator keeps it as a guaranteed one."""
    version = await shelf.version_for(person, ref)
    form = await ExampleForm.read(request)
    if form.values.get("act") != "keep" or form.errors:
        return page("programmes/bareme.html", 422 if form.errors else 200, **await shown(version, form))
    if not person.may(*ADMIN):
        raise NotFound("plan_version")
    known = await catalogue()
    async with deed(person, form.once) as doing:
        doing.at(f"{way(version)}#exemples")
        await keep(version, version["body"], form, known)
    return done(doing)


async def keep(version: db.Row, body: dict[str, Any], form: ExampleForm, known: Catalogue) -> None:
    """What the plan answers now is what is guaranteed from now on."""
    found = preview(body, known, form)
    if found.reckoning is None:
        raise Refused("example_refused", EXAMPLE_REFUSED)
    facts = form.facts(known.by_key)
    await drafting.keep_example(version["plan_id"], facts, found.reckoning.unit, found.reckoning.total)


EXAMPLE_REFUSED = N_("Ce barème ne sait pas calculer cet exemple : il n'a pas été gardé.")


@post(VERSION + "/exemples/{example:str}/retrait", allows=ADMIN)
async def drop_example(request: Request, person: Person, ref: str, example: str) -> Answer:
    version = await shelf.version_for(person, ref)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"{way(version)}#exemples")
        await drafting.drop_example(await shelf.example_of(version["plan_id"], example))
    return done(doing)


@post(VERSION + "/brouillon", allows=ADMIN)
async def next_draft(request: Request, person: Person, ref: str) -> Answer:
    version = await shelf.version_for(person, ref)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        draft = await drafting.next_draft(version)
        doing.at(f"{way(draft)}/redaction")
    return done(doing)


@post(VERSION + "/abandon", allows=ADMIN)
async def drop(request: Request, person: Person, ref: str) -> Answer:
    draft = await shelf.draft_for(person, ref)
    form = await VersionForm.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"{HOME}/{draft['programme_ref']}/baremes")
        await drafting.drop(draft, form.version)
    return done(doing)


@post(VERSION + "/fin", allows=ADMIN)
async def retire(request: Request, person: Person, ref: str) -> Answer:
    version = await shelf.version_for(person, ref)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"{HOME}/{version['programme_ref']}/baremes")
        await drafting.retire(version)
    return done(doing)


# Publication


@post(VERSION + "/publication", allows=ADMIN)
async def publish(request: Request, person: Person, ref: str) -> Answer:
    draft = await shelf.draft_for(person, ref)
    form = await PublishForm.read(request)
    if form.errors:
        return again("programmes/bareme.html", **await shown(draft, publish=form))
    try:
        async with deed(person, form.once) as doing:
            doing.at(way(draft))
            await drafting.publish(draft, form.version, form.effective_from, form.notice_days)
    except (Refused, Impossible) as no:
        form.refuse(*_place_of(no))
        return again("programmes/bareme.html", **await shown(draft, publish=form))
    return done(doing)


def _place_of(no: Refused | Impossible) -> tuple[str, str]:
    if isinstance(no, Impossible):
        return "", _("Ce barème est impossible : reprenez sa rédaction.")
    return ("effective_from" if no.code == "too_soon" else ""), _(no.sentence)


@post(VERSION + "/publication/approbation", allows=ADMIN)
async def approve(request: Request, person: Person, ref: str) -> Answer:
    draft = await shelf.draft_for(person, ref)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(way(draft))
        await drafting.approve(draft, person)
    return done(doing)


@post(VERSION + "/publication/approbation/refus", allows=ADMIN)
async def refuse(request: Request, person: Person, ref: str) -> Answer:
    draft = await shelf.draft_for(person, ref)
    form = await RefuseForm.read(request)
    if form.errors:
        return again("programmes/bareme.html", **await shown(draft) | {"refusal": form})
    async with deed(person, form.once) as doing:
        doing.at(way(draft))
        await drafting.refuse(draft, person, form.reason)
    return done(doing)


@post(VERSION + "/publication/approbation/retrait", allows=ADMIN)
async def withdraw(request: Request, person: Person, ref: str) -> Answer:
    draft = await shelf.draft_for(person, ref)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(way(draft))
        await drafting.withdraw(draft, person)
    return done(doing)
