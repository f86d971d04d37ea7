"""Colleagues: who comes in, with which roles."""

from collections.abc import Mapping
from typing import Any

from litestar import Request

from portal.history import access as history
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import NotFound
from portal.kit.text import N_, _
from portal.kit.web import Answer, again, done, get, page, post
from portal.leads.assignment import access as portfolio
from portal.people import access, actions, reading
from portal.people.forms import InviteForm, RolesForm
from portal.people.rules import ROLE_LABELS, STAFF, STATE_LABELS, STATE_TONES, Person, Role, moves_from

ADMIN = {Role.ADMIN}
PATH = "/reglages/utilisateurs"
ROLES = [(role.value, ROLE_LABELS[role]) for role in Role if role in STAFF]
WORDS = {"roles": ROLES, "role_labels": ROLE_LABELS, "labels": STATE_LABELS, "tones": STATE_TONES}
HAPPENED = {
    "people.added": N_("Compte créé"),
    "people.invited": N_("Invitation envoyée"),
    "people.invite_again": N_("Compte rouvert"),
    "people.accept": N_("Invitation acceptée"),
    "people.suspend": N_("Compte suspendu"),
    "people.resume": N_("Suspension levée"),
    "people.deactivate": N_("Compte fermé"),
    "people.roles_changed": N_("Rôles modifiés"),
    "people.reader_took": N_("Document ou liste emporté"),
    "people.reading_until": N_("Dernier jour de l'accès fixé"),
    "people.reading_ended": N_("Accès en lecture seule terminé"),
    "people.signed_in": N_("Connexion"),
    "people.signed_out": N_("Déconnexion"),
    "people.seat_given": N_("Accès donné"),
    "people.seat_ended": N_("Accès retiré"),
    "people.seat_taken": N_("Changement d'espace"),
    "people.password_changed": N_("Mot de passe changé"),
    "people.second_factor_enrolled": N_("Second facteur activé"),
    "people.second_factor_withdrawn": N_("Second facteur à refaire"),
}


CELLS: Cells = {
    "name": lambda row: row["name"],
    "email": lambda row: row["email"],
    "roles": lambda row: ", ".join(said(ROLE_LABELS)[role] for role in row["staff_roles"]),
    "access": lambda row: said(STATE_LABELS)[row["state"]],
}


@get(PATH, allows=ADMIN)
async def users(request: Request) -> Answer:
    listing = await _listing(request)
    return await listing.answer(
        "people/users.html", cells=CELLS, name="utilisateurs", form=InviteForm.showing(), **WORDS
    )


async def _listing(request: Request) -> Listing:
    columns = (
        Column("name", _("Nom"), sortable=True),
        Column("email", _("Adresse e-mail"), sortable=True),
        Column("roles", _("Rôles")),
        Column("access", _("Accès")),
    )
    filters = (
        Filter("q", _("Rechercher")),
        Filter("acces", _("Accès"), "select", list(said(STATE_LABELS).items())),
    )
    return await access.staff(Listing.asked(request, columns, filters))


def said(labels: Mapping[Any, str]) -> dict[str, str]:
    return {str(code): _(label) for code, label in labels.items()}


@post(PATH, allows=ADMIN)
async def invite(request: Request, person: Person) -> Answer:
    form = (await InviteForm.read(request)).checked(today())
    if form.errors:
        return again("people/users.html", listing=await _listing(request), form=form, **WORDS)
    async with deed(person, form.once) as doing:
        user = await actions.invite_staff(form.email, form.name, form.roles, until=form.until)
        doing.at(f"{PATH}/{user['ref']}")
    return done(doing)


@get(f"{PATH}/{{ref:str}}", allows=ADMIN)
async def user(person: Person, ref: str) -> Answer:
    return page("people/user.html", **await _shown(person, ref))


async def _shown(person: Person, ref: str, form: RolesForm | None = None) -> dict[str, Any]:
    found = await access.user_for(person, ref)
    return {
        "user": found,
        "moves": moves_from(found["state"]),
        "looks_after": await portfolio.looks_after(found["id"]),
        "form": form
        or RolesForm.showing(roles=found["staff_roles"], until=await reading.until_of(found["id"])),
        "moments": [
            _moment(event)
            for event in reversed(await history.of("user", found["id"]))
            if event["what"] in HAPPENED
        ],
        **WORDS,
    }


def _moment(event: db.Row) -> dict[str, Any]:
    happened = HAPPENED[event["what"]]
    return {"when": event["at"], "title": _(happened), "who": event["who"] or ""}


@post(f"{PATH}/{{ref:str}}/roles", allows=ADMIN)
async def change_roles(request: Request, person: Person, ref: str) -> Answer:
    found, form = await access.user_for(person, ref), (await RolesForm.read(request)).checked(today())
    if form.errors:
        return again("people/user.html", **await _shown(person, ref, form))
    async with deed(person, form.once) as doing:
        await actions.set_roles(found["id"], form.roles, form.until)
        doing.at(f"{PATH}/{ref}")
    return done(doing)


MOVES = {  # the noun in the path → the verb
    "suspension": lambda user: actions.move(user, "suspend"),
    "reprise": lambda user: actions.move(user, "resume"),
    "fermeture": actions.deactivate,
    "invitation": actions.invite_again,
    "second-facteur": actions.reset_second_factor,
}


@post(f"{PATH}/{{ref:str}}/{{move:str}}", allows=ADMIN)
async def move(person: Person, ref: str, move: str) -> Answer:
    if move not in MOVES:
        raise NotFound("move")
    found = await access.user_for(person, ref)
    async with deed(person) as doing:
        await MOVES[move](found)
        doing.at(f"{PATH}/{ref}")
    return done(doing)
