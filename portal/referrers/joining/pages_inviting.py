"""/apporteurs/liens and /apporteurs/listes: inviting many, by a link that is shown or by a list that is sent."""

from typing import Any

from litestar import Request, Response
from litestar.datastructures import UploadFile

from portal.kit import db, qr
from portal.kit.days import at, now, today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.invalid import Invalid
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.text import N_, _
from portal.kit.uploads import SHEETS, cleaned
from portal.kit.web import Answer, again, done, get, is_fragment, page, post, see
from portal.people.access import staff_with
from portal.people.rules import Person, Role
from portal.plans import access as plans
from portal.referrers.joining import access as joining
from portal.referrers.joining import invitation_lines, inviting
from portal.referrers.joining.forms import LinkForm, ListForm
from portal.referrers.joining.rules import LABELS, TONES, ApplicationState
from portal.settings import settings

INVITES = {Role.SALES, Role.ADMIN}
LINKS, LISTS = "/apporteurs/liens", "/apporteurs/listes"
LIST_STATES = {"looked_at": N_("À relire"), "sending": N_("Envoi en cours"), "sent": N_("Envoyée")}
LINE_STATES = {
    "ready": N_("Prête"), "faulty": N_("Écartée"), "invited": N_("Invitée"), "withdrawn": N_("Retirée"),
}  # fmt: skip


def _standing(link: db.Row) -> str:
    if link["revoked_at"]:
        return _("Révoqué")
    if link["expires_at"] <= now():
        return _("Expiré")
    return _("Épuisé") if link["most"] and link["used"] >= link["most"] else _("Ouvert")


def _what(line: db.Row) -> str:
    """What is wrong with it, or how far the person has come."""
    if line["fault"]:
        return _(invitation_lines.FAULTS[line["fault"]])
    if line["referrer_state"] == "active":
        return _("Contrat en vigueur")
    if line["opened"]:
        return _("Espace ouvert")
    return _("Relancée") if line["reminded_at"] else ""


LINK_CELLS: Cells = {
    "name": lambda row: row["name"],
    "programme": lambda row: row["programme"],
    "state": _standing,
    "used": lambda row: row["used"],
    "asked": lambda row: row["asked"],
    "active": lambda row: row["active"],
    "expires": lambda row: row["expires_at"],
    "sales": lambda row: row["sales_name"] or "",
}
PEOPLE_CELLS: Cells = {
    "name": lambda row: f"{row['first_name']} {row['last_name']}".strip(),
    "state": lambda row: _(LABELS[ApplicationState(row["state"])]),
    "at": lambda row: row["submitted_at"],
}
LIST_CELLS: Cells = {
    "name": lambda row: row["name"],
    "state": lambda row: _(LIST_STATES[row["state"]]),
    "lines": lambda row: row["lines"],
    "invited": lambda row: row["invited"],
    "faulty": lambda row: row["faulty"],
    "at": lambda row: row["at"],
}
LINE_CELLS: Cells = {
    "email": lambda row: row["email"],
    "line": lambda row: row["line"],
    "name": lambda row: f"{row['first_name']} {row['last_name']}".strip(),
    "state": lambda row: _(LINE_STATES[row["state"]]),
    "what": _what,
}


async def _choices() -> dict[str, Any]:
    return {
        "programmes": [(one["ref"], one["name"]) for one in await plans.open_programmes(today())],
        "contacts": [(one["ref"], one["name"]) for one in await staff_with(Role.SALES)],
    }


async def _chosen(form: Form) -> tuple[int | None, int | None]:
    """Programme and contact, as ids; what stands in no list is none."""
    programmes = {one["ref"]: one["id"] for one in await plans.open_programmes(today())}
    contacts = {one["ref"]: one["id"] for one in await staff_with(Role.SALES)}
    return programmes.get(form.values.get("programme", "")), contacts.get(form.values.get("contact", ""))


# -- links


@get(LINKS, allows=INVITES)
async def links(request: Request, person: Person) -> Answer:
    return await _links(request, LinkForm.showing())


async def _links(request: Request, form: Form) -> Answer:
    listing = Listing.asked(
        request,
        columns=(
            Column("name", _("Lien"), sortable=True), Column("programme", _("Programme"), sortable=True),
            Column("state", _("État")), Column("asked", _("Demandes"), numeric=True),
            Column("used", _("Acceptées"), numeric=True, sortable=True), Column("active", _("Actifs"), numeric=True),
            Column("expires", _("Jusqu'au"), sortable=True), Column("sales", _("Interlocuteur")),
        ),
    )  # fmt: skip
    await joining.links(listing)
    shown = {"form": form, "cell": LINK_CELLS, **await _choices()}
    if form.errors:
        return again("apporteurs/liens.html", listing=listing, **shown)
    return await listing.answer("apporteurs/liens.html", cells=LINK_CELLS, name="liens", **shown)


@post(LINKS, allows=INVITES)
async def make_link(request: Request, person: Person) -> Answer:
    form = await LinkForm.read(request)
    programme_id, contact = await _chosen(form)
    if not form.errors and programme_id is None:
        form.refuse("programme", _("Choisissez un programme."))
    if not form.errors and await joining.page_of(programme_id or 0) is None:
        form.refuse(
            "programme", _("Ce programme n'a pas encore de page de candidature : l'administration la crée.")
        )
    if form.errors or programme_id is None:
        return await _links(request, form)
    async with deed(person, form.once) as doing:
        ref = await inviting.make_link(
            form.name, programme_id, at(form.until, 23, 59), most=form.most, sales_user_id=contact
        )
        doing.at(f"{LINKS}/{ref}")
    return done(doing)


@get(f"{LINKS}/{{ref:str}}", allows=INVITES)
async def show_link(request: Request, ref: str) -> Answer:
    link = await joining.link_by_ref(ref)
    columns = (Column("name", _("Personne")), Column("state", _("État")), Column("at", _("Le")))
    listing = Listing.whole(request, columns, await joining.people_of_link(link["id"]))
    return await listing.answer(
        "apporteurs/lien.html", cells=PEOPLE_CELLS, name=f"lien-{ref}", cell=PEOPLE_CELLS, tones=TONES, link=link,
        standing=_standing(link), url=_url(link), qr=qr.picture(_url(link)),
    )  # fmt: skip


def _url(link: db.Row) -> str:
    return f"{settings().origin}/rejoindre/{link['slug'] or link['programme_ref']}?code={link['ref']}"


@get(f"{LINKS}/{{ref:str}}/qr.svg", allows=INVITES)
async def link_code(ref: str) -> Answer:
    link = await joining.link_by_ref(ref)
    return Response(
        qr.file(_url(link)), media_type="image/svg+xml",
        headers={"content-disposition": f'attachment; filename="invitation-{ref}.svg"'},
    )  # fmt: skip


@post(f"{LINKS}/{{ref:str}}/revocation", allows=INVITES)
async def revoke(request: Request, person: Person, ref: str) -> Answer:
    link, form = await joining.link_by_ref(ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"{LINKS}/{ref}")
        await inviting.revoke_link(link)
    return see(f"{LINKS}/{ref}")


# -- lists


@get(LISTS, allows=INVITES)
async def lists(request: Request) -> Answer:
    listing = Listing.asked(
        request,
        columns=(
            Column("name", _("Liste"), sortable=True), Column("state", _("État")), Column("lines", _("Lignes"), numeric=True),
            Column("invited", _("Invitées"), numeric=True), Column("faulty", _("Écartées"), numeric=True),
            Column("at", _("Le"), sortable=True),
        ),
    )  # fmt: skip
    await joining.lists(listing)
    return await listing.answer("apporteurs/listes.html", cells=LIST_CELLS, name="listes", cell=LIST_CELLS)


@get(f"{LISTS}/nouvelle", allows=INVITES)
async def new_list() -> Answer:
    return page("apporteurs/liste_nouvelle.html", form=ListForm.showing(language="fr"), **await _choices())


@post(LISTS, allows=INVITES, uploads=True)
async def look_at_list(request: Request, person: Person) -> Answer:
    """Read and kept, nothing sent."""
    form = (await ListForm.read(request)).both_or_none()
    lines: list[invitation_lines.Found] = []
    if not form.errors:
        try:
            lines = invitation_lines.read(await _data(form.file, form.pasted))
        except Invalid as wrong:
            form.refuse("file" if form.file else "pasted", wrong.sentence)
    if form.errors:
        return again("apporteurs/liste_nouvelle.html", form=form, **await _choices())
    known = await joining.known_addresses([one.email for one in lines])
    programme_id, contact = await _chosen(form)
    async with deed(person, form.once) as doing:
        ref = await inviting.keep_list(
            invitation_lines.with_known(lines, known), name=form.name, programme_id=programme_id, sales_user_id=contact,
            language=form.language,
        )  # fmt: skip
        doing.at(f"{LISTS}/{ref}")
    return done(doing)


async def _data(file: UploadFile | None, pasted: str) -> bytes:
    if file is None:
        return pasted.encode()
    body, _media_type = await cleaned(await file.read(), SHEETS, megabytes=5)
    return body


@get(f"{LISTS}/{{ref:str}}", allows=INVITES)
async def show_list(request: Request, ref: str) -> Answer:
    found = await joining.list_by_ref(ref)
    listing = Listing.asked(
        request,
        columns=(
            Column("email", _("Adresse e-mail"), sortable=True), Column("line", _("Ligne"), numeric=True, sortable=True),
            Column("name", _("Nom")), Column("state", _("État"), sortable=True), Column("what", _("Où cela en est")),
        ),
        filters=(
            Filter("q", _("Nom ou e-mail")),
            Filter("etat", _("État"), "select", [(code, _(label)) for code, label in LINE_STATES.items()]),
        ),
    )  # fmt: skip
    await joining.lines(found["id"], listing)
    tones = {"ready": "note", "faulty": "bad", "invited": "good"}
    shown = {"list": found, "cell": LINE_CELLS, "tones": tones}
    if is_fragment(request) and request.headers.get("hx-target") == "avancement":
        return page("apporteurs/_liste_avancement.html", **shown)
    return await listing.answer("apporteurs/liste.html", cells=LINE_CELLS, name=f"liste-{ref}", **shown)


@post(f"{LISTS}/{{ref:str}}/envoi", allows=INVITES)
async def send(request: Request, person: Person, ref: str) -> Answer:
    return await _do(request, person, ref, inviting.send_list)


@post(f"{LISTS}/{{ref:str}}/relances", allows=INVITES)
async def remind_all(request: Request, person: Person, ref: str) -> Answer:
    return await _do(request, person, ref, lambda found: inviting.remind_all(found["id"]))


async def _do(request: Request, person: Person, ref: str, verb: Any) -> Answer:
    found, form = await joining.list_by_ref(ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"{LISTS}/{ref}")
        await verb(found)
    return see(f"{LISTS}/{ref}")


@post(f"{LISTS}/{{ref:str}}/{{line:str}}/relance", allows=INVITES)
async def remind(request: Request, person: Person, ref: str, line: str) -> Answer:
    return await _with_line(request, person, ref, line, inviting.remind)


@post(f"{LISTS}/{{ref:str}}/{{line:str}}/retrait", allows=INVITES)
async def withdraw(request: Request, person: Person, ref: str, line: str) -> Answer:
    return await _with_line(request, person, ref, line, inviting.withdraw)


async def _with_line(request: Request, person: Person, ref: str, line: str, verb: Any) -> Answer:
    found, form = await joining.list_by_ref(ref), await Form.read(request)
    one = await joining.line_by_ref(found["id"], line)
    async with deed(person, form.once) as doing:
        doing.at(f"{LISTS}/{ref}")
        await verb(one)
    return see(f"{LISTS}/{ref}")
