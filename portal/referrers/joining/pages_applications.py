"""/apporteurs/candidatures: who asks to join, answered by staff; the public page of each programme; the own group."""

from typing import Any

from litestar import Request

from portal.company import access as company
from portal.company.access import set_option
from portal.history.access import record
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import Refused
from portal.kit.text import _
from portal.kit.web import Answer, again, done, get, page, post, see
from portal.people.access import staff_with
from portal.people.rules import Person, Role
from portal.plans import access as plans
from portal.referrers.countries import UNION, named
from portal.referrers.joining import access as joining
from portal.referrers.joining import applying
from portal.referrers.joining.eligibility import BY_SOMEBODY, WHY_LABELS, WHY_SAYS, Why, status_choices
from portal.referrers.joining.forms import AcceptApplicationForm, GroupForm, PageForm, RefuseApplicationForm
from portal.referrers.joining.rules import LABELS, TONES, ApplicationState
from portal.referrers.rules import STATUS_LABELS, Status

PATH = "/apporteurs/candidatures"
DECIDES = {Role.SALES, Role.ADMIN}
ADMIN = {Role.ADMIN}
ALLOWED = ("FR", *UNION)
CELLS: Cells = {
    "name": lambda row: f"{row['first_name']} {row['last_name']}".strip(),
    "programme": lambda row: row["programme"],
    "status": lambda row: _(STATUS_LABELS[Status(row["status"])]) if row["status"] else "",
    "state": lambda row: _(LABELS[ApplicationState(row["state"])]),
    "reason": lambda row: _(WHY_LABELS[Why(row["reason"])]) if row["reason"] else "",
    "at": lambda row: row["submitted_at"],
    "decided": lambda row: row["decided_at"],
}


@get(PATH, allows=DECIDES)
async def index(request: Request, person: Person) -> Answer:
    known = [(one["ref"], one["name"]) for one in await plans.programmes()]
    states = [(state, _(label)) for state, label in LABELS.items() if state != ApplicationState.LAPSED]
    listing = Listing.asked(
        request,
        columns=(
            Column("name", _("Candidat"), sortable=True), Column("programme", _("Programme"), sortable=True),
            Column("status", _("Statut")), Column("state", _("État"), sortable=True), Column("reason", _("Raison")),
            Column("at", _("Reçue le"), sortable=True), Column("decided", _("Réponse le")),
        ),
        filters=(
            Filter("q", _("Nom ou e-mail")), Filter("etat", _("État"), "select", states),
            Filter("programme", _("Programme"), "select", known),
        ),
        sort="-at",
    )  # fmt: skip
    await joining.applications(listing)
    return await listing.answer(
        "apporteurs/candidatures.html", cells=CELLS, name="candidatures", cell=CELLS, tones=TONES
    )


@get(f"{PATH}/{{ref:str}}", allows=DECIDES)
async def show(ref: str) -> Answer:
    return page("apporteurs/candidature.html", **await _shown(await joining.application_by_ref(ref)))


async def _shown(application: db.Row, refusal: Form | None = None) -> dict[str, Any]:
    asked = await joining.page_of(application["programme_id"])
    sales = await staff_with(Role.SALES)
    contact = next((one["ref"] for one in sales if asked and one["id"] == asked["sales_user_id"]), "")
    return {
        "application": application,
        "label": _(LABELS[ApplicationState(application["state"])]),
        "tone": TONES.get(ApplicationState(application["state"]), "plain"),
        "situation": _(STATUS_LABELS[Status(application["status"])]) if application["status"] else "",
        "country": dict(named((application["country"],)))[application["country"]]
        if application["country"]
        else "",
        "why": _(WHY_LABELS[Why(application["reason"])]) if application["reason"] else "",
        "reasons": [(why, _(WHY_LABELS[why]), _(WHY_SAYS[why])) for why in BY_SOMEBODY],
        "contacts": [(one["ref"], one["name"]) for one in sales],
        "form": AcceptApplicationForm.showing(contact=contact),
        "refusal": refusal or RefuseApplicationForm.showing(),
    }


@post(f"{PATH}/{{ref:str}}/acceptation", allows=DECIDES)
async def accept(request: Request, person: Person, ref: str) -> Answer:
    application = await joining.application_by_ref(ref)
    form = await AcceptApplicationForm.read(request)
    contacts = {one["ref"]: one["id"] for one in await staff_with(Role.SALES)}
    async with deed(person, form.once) as doing:
        made = await applying.accept(application, contacts.get(form.contact))
        doing.at(f"/apporteurs/{made['ref']}")
    return done(doing)


@post(f"{PATH}/{{ref:str}}/refus", allows=DECIDES)
async def refuse(request: Request, person: Person, ref: str) -> Answer:
    application = await joining.application_by_ref(ref)
    form = await RefuseApplicationForm.read(request)
    if form.errors:
        return again("apporteurs/candidature.html", **await _shown(application, form))
    async with deed(person, form.once) as doing:
        doing.at(f"{PATH}/{ref}")
        await applying.refuse(application, form.reason, form.words)
    return see(f"{PATH}/{ref}")


# -- the public page of a programme


@get("/reglages/programmes/{ref:str}/candidatures", allows=ADMIN)
async def terms(ref: str) -> Answer:
    programme = await plans.programme_by_ref(ref)
    asked = await joining.page_of(programme["id"])
    return page("rejoindre/reglages.html", **await _terms(programme, asked, await _known(programme, asked)))


async def _known(programme: db.Row, asked: db.Row | None) -> Form:
    if asked is None:
        slug = PageForm.of({"slug": programme["name"]})
        every = [status.value for status in Status if status is not Status.PARTNER_EMPLOYEE]
        return PageForm.showing(
            version=0, slug="" if slug.errors else slug.slug, statuses=every, countries=["FR"], opened="1"
        )
    contact = [one["ref"] for one in await staff_with(Role.SALES) if one["id"] == asked["sales_user_id"]]
    flags = {name: "1" if asked[name] else "" for name in ("opened", "automatic", "invited_only")}
    return PageForm.showing(
        **{name: asked[name] for name in ("version", "slug", "statuses", "countries", "most")}, **flags,
        contact="".join(contact),
    )  # fmt: skip


async def _terms(programme: db.Row, asked: db.Row | None, form: Form) -> dict[str, Any]:
    return {
        "programme": programme,
        "page": asked,
        "form": form,
        "statuses": [(code, _(label)) for code, label in status_choices(tuple(Status))],
        "countries": named(ALLOWED),
        "contacts": [(one["ref"], one["name"]) for one in await staff_with(Role.SALES)],
    }


@post("/reglages/programmes/{ref:str}/candidatures", allows=ADMIN)
async def set_terms(request: Request, person: Person, ref: str) -> Answer:
    programme = await plans.programme_by_ref(ref)
    asked = await joining.page_of(programme["id"])
    form = await PageForm.read(request)
    statuses, countries = form.chosen(ALLOWED)
    contacts = {one["ref"]: one["id"] for one in await staff_with(Role.SALES)}
    if form.errors:
        return again("rejoindre/reglages.html", **await _terms(programme, asked, form))
    try:
        async with deed(person, form.once) as doing:
            doing.at(f"/reglages/programmes/{ref}/candidatures")
            await applying.set_page(
                programme["id"], form.version, slug=form.slug, opened=form.opened, statuses=statuses, countries=countries,
                invited_only=form.invited_only, most=form.most, automatic=form.automatic,
                sales_user_id=contacts.get(form.contact),
            )  # fmt: skip
    except Refused as no:
        form.refuse("slug", _(no.sentence))
        return again("rejoindre/reglages.html", **await _terms(programme, asked, form))
    return see(f"/reglages/programmes/{ref}/candidatures")


# -- who is of the house


@get("/reglages/groupe", allows=ADMIN)
async def group() -> Answer:
    typed = await company.option(joining.GROUP, {"sirens": [], "domains": []})
    form = GroupForm.showing(sirens="\n".join(typed["sirens"]), domains="\n".join(typed["domains"]))
    return page("rejoindre/groupe.html", form=form, entity=await company.legal_entity())


@post("/reglages/groupe", allows=ADMIN)
async def set_group(request: Request, person: Person) -> Answer:
    form = await GroupForm.read(request)
    if form.errors:
        return again("rejoindre/groupe.html", form=form, entity=await company.legal_entity())
    async with deed(person, form.once) as doing:
        doing.at("/reglages/groupe")
        await set_option(joining.GROUP, form.option())
        await record("referrers.own_group", "legal_entity", 0)
    return see("/reglages/groupe")
