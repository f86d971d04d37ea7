"""/reglages/textes/brouillons/…: writing a text of the company, reading it as it will be read, publishing it."""

from typing import Any

from litestar import Request

from portal.contracts.wording import own_texts, writing
from portal.contracts.wording.faults import required_anchors
from portal.contracts.wording.forms import TextForm, TextPublishForm
from portal.contracts.wording.pages import ADMIN, HOME
from portal.contracts.wording.preview import placeholders_by_group, preview, shown_example
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import Refused, Stale
from portal.kit.text import _
from portal.kit.web import Answer, again, done, get, page, post
from portal.people import approvals
from portal.people.rules import Person
from portal.plans.editor.forms import RefuseForm, VersionForm

DRAFT = HOME + "/brouillons/{ref:str}"
REDACTION = DRAFT + "/redaction"
BIG_BODY = 1_300_000  # the longest text, each of its letters written with six


def way(draft: db.Row) -> str:
    return f"{HOME}/brouillons/{draft['ref']}"


@get(DRAFT, allows=ADMIN)
async def show(ref: str) -> Answer:
    return page("contrats/texte_brouillon.html", **await _shown(await own_texts.draft_by_ref(ref)))


async def _shown(
    draft: db.Row, publish: Form | None = None, refusal: RefuseForm | None = None
) -> dict[str, Any]:
    return {
        "draft": draft,
        "way": way(draft),
        "preview": preview(draft["body"], draft["stands_for"]),
        "approval": await approvals.latest(writing.PUBLICATION, "text_draft", draft["id"]),
        "publish": publish
        or TextPublishForm.showing(effective_from=today().isoformat(), version=draft["version"]),
        "refusal": refusal or RefuseForm.showing(),
    }


# Writing


@get(REDACTION, allows=ADMIN)
async def edit(ref: str) -> Answer:
    draft = await own_texts.draft_by_ref(ref)
    form = TextForm.showing(body=draft["body"], version=draft["version"])
    return page("contrats/texte_redaction.html", **_around(draft, form))


def _around(draft: db.Row, form: Form, saved: str = "") -> dict[str, Any]:
    """`saved`: what somebody else wrote meanwhile."""
    return {
        "draft": draft,
        "way": way(draft),
        "form": form,
        "saved": saved,
        "groups": placeholders_by_group(),
        "shown_example": shown_example,
        "anchors": required_anchors(draft["stands_for"]),
        "preview": preview(str(form.values.get("body", "")), draft["stands_for"]),
    }


@post(REDACTION + "/apercu", allows=ADMIN, request_max_body_size=BIG_BODY)
async def look(request: Request, ref: str) -> Answer:
    """How it reads as it is being typed; nothing is written."""
    draft = await own_texts.draft_by_ref(ref)
    form = await TextForm.read(request)
    typed = "" if form.errors else form.body
    return page(
        "contrats/_texte_apercu.html", draft=draft, form=form, preview=preview(typed, draft["stands_for"])
    )


@post(REDACTION, allows=ADMIN, request_max_body_size=BIG_BODY)
async def save(request: Request, person: Person, ref: str) -> Answer:
    """Without a script `act` only looks."""
    draft = await own_texts.draft_by_ref(ref)
    form = await TextForm.read(request)
    if form.errors:
        return again("contrats/texte_redaction.html", **_around(draft, form))
    if form.act == "look":
        return page("contrats/texte_redaction.html", **_around(draft, form))
    try:
        async with deed(person, form.once) as doing:
            doing.at(way(draft))
            await writing.save(draft, form.version, form.body)
    except Refused as no:
        form.refuse("", _(no.sentence))
        return again("contrats/texte_redaction.html", **_around(draft, form))
    except Stale:
        return await _both(ref, form)
    return done(doing)


async def _both(ref: str, form: TextForm) -> Answer:
    """Somebody saved in between: both are shown; saving again prefers what is typed here."""
    draft = await own_texts.draft_by_ref(ref)
    form.values["version"] = draft["version"]
    return page("contrats/texte_redaction.html", 409, **_around(draft, form, saved=draft["body"]))


@post(DRAFT + "/abandon", allows=ADMIN)
async def drop(request: Request, person: Person, ref: str) -> Answer:
    draft = await own_texts.draft_by_ref(ref)
    form = await VersionForm.read(request)
    async with deed(person, form.once) as doing:
        doing.at(HOME)
        await writing.drop(draft, form.version)
    return done(doing)


# Publication


@post(DRAFT + "/publication", allows=ADMIN)
async def publish(request: Request, person: Person, ref: str) -> Answer:
    draft = await own_texts.draft_by_ref(ref)
    form = await TextPublishForm.read(request)
    if form.errors:
        return again("contrats/texte_brouillon.html", **await _shown(draft, publish=form))
    try:
        async with deed(person, form.once) as doing:
            published = await writing.publish(draft, form.version, form.effective_from)
            doing.at(f"{HOME}/{published['ref']}" if published else way(draft))
    except Refused as no:
        form.refuse("effective_from" if no.code in ("too_soon", "text_of_that_day") else "", _(no.sentence))
        return again("contrats/texte_brouillon.html", **await _shown(draft, publish=form))
    return done(doing)


@post(DRAFT + "/publication/approbation", allows=ADMIN)
async def approve(request: Request, person: Person, ref: str) -> Answer:
    draft = await own_texts.draft_by_ref(ref)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        published = await writing.approve(draft, person)
        doing.at(f"{HOME}/{published['ref']}")
    return done(doing)


@post(DRAFT + "/publication/approbation/refus", allows=ADMIN)
async def refuse(request: Request, person: Person, ref: str) -> Answer:
    draft = await own_texts.draft_by_ref(ref)
    form = await RefuseForm.read(request)
    if form.errors:
        return again("contrats/texte_brouillon.html", **await _shown(draft, refusal=form))
    async with deed(person, form.once) as doing:
        doing.at(way(draft))
        await writing.refuse(draft, person, form.reason)
    return done(doing)


@post(DRAFT + "/publication/approbation/retrait", allows=ADMIN)
async def withdraw(request: Request, person: Person, ref: str) -> Answer:
    draft = await own_texts.draft_by_ref(ref)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(way(draft))
        await writing.withdraw(draft, person)
    return done(doing)
