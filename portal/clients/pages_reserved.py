"""/clients/reserves: the companies that sales keep for themselves, one by one or as a list, with the day that proves it."""

from typing import Any

from litestar import Request

from portal.clients import reserved
from portal.clients.reserved_forms import AccountForm, ListForm
from portal.clients.reserved_lists import read_list
from portal.kit.cells import plain_words
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.invalid import Invalid
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import Refused
from portal.kit.text import _, ngettext
from portal.kit.uploads import SHEETS, cleaned
from portal.kit.web import Answer, again, done, get, page, post
from portal.people.access import staff_with
from portal.people.rules import STAFF, Person, Role

HOME, ADD = "/clients/reserves", "/clients/reserves/ajout"
SALES = frozenset({Role.SALES, Role.ADMIN})
FIELD_OF = {"until_first": "until", "on_the_list": "name"}
FORM = "clients/reserved_add.html"

CELLS: Cells = {
    "name": lambda row: row["name"],
    "siren": lambda row: row["siren"],
    "domain": lambda row: row["domain"],
    "owner": lambda row: row["owner_name"] or "",
    "since": lambda row: row["since"],
    "until": lambda row: row["until"],
    "reason": lambda row: row["reason"],
    "listed": lambda row: row["listed_at"],
    "state": lambda row: _state(row)[0],
}


def _state(row: Any) -> tuple[str, str]:
    if row["withdrawn_at"]:
        return _("Retiré"), "plain"
    return (_("Réservé"), "good") if row["stands"] else (_("Échu"), "plain")


@get(HOME, allows=STAFF)
async def accounts(request: Request, person: Person) -> Answer:
    listing = Listing.asked(
        request,
        columns=(
            Column("name", _("Entreprise"), sortable=True), Column("siren", _("SIREN")), Column("domain", _("Domaine")),
            Column("owner", _("Compte de")), Column("since", _("Depuis le"), sortable=True), Column("until", _("Jusqu'au")),
            Column("reason", _("Motif")), Column("listed", _("Inscrit le"), sortable=True), Column("state", _("État")),
        ),
        filters=(
            Filter("q", _("Rechercher")),
            Filter("etat", _("État"), "select", [("oui", _("Réservés")), ("non", _("Retirés ou échus"))]),
        ),
        sort="-listed",
    )  # fmt: skip
    await reserved.listed(listing)
    return await listing.answer(
        "clients/reserved.html", cells=CELLS, name="comptes-reserves", state_of=_state, may_edit=person.may(*SALES)
    )  # fmt: skip


@get(ADD, allows=SALES)
async def new(person: Person) -> Answer:
    return page(FORM, **await _around(AccountForm.showing(since=today(), owner=person.user_id)))


@post(HOME, allows=SALES)
async def add(request: Request, person: Person) -> Answer:
    form = await AccountForm.read(request)
    around = await _around(form)
    if not form.errors and form.owner not in {None, *(user["id"] for user in await staff_with(Role.SALES))}:
        form.refuse("owner", _("Choisissez une des réponses proposées."))
    if form.errors:
        return again(FORM, **around)
    said = {name: getattr(form, name) for name in ("name", "siren", "domain", "since", "until", "reason")}
    try:
        async with deed(person, form.once) as doing:
            await reserved.reserve(reserved.Account(owner_id=form.owner, **said))
            doing.at(HOME)
    except Refused as no:
        form.refuse(FIELD_OF.get(no.code, ""), _(no.sentence))
        return again(FORM, **around)
    return done(doing)


@post(f"{HOME}/liste", allows=SALES, uploads=True)
async def add_list(request: Request, person: Person) -> Answer:
    """All of it or nothing: what is wrong is said line by line."""
    form = await ListForm.read(request)
    accounts = await _accounts(form)
    if form.errors:
        return again(FORM, **await _around(AccountForm.showing(since=today()), form))
    async with deed(person, form.once) as doing:
        await reserved.reserve_all(accounts)
        doing.at(HOME)
    return done(doing)


async def _accounts(form: ListForm) -> list[reserved.Account]:
    if form.errors:
        return []
    if not form.file and not form.text:
        form.refuse("text", _("Collez une liste ou choisissez un fichier."))
        return []
    field = "file" if form.file else "text"
    try:
        body = (
            (await cleaned(await form.file.read(), SHEETS))[0]
            if form.file
            else "\n".join(form.text.splitlines()).encode()
        )
        read = read_list(body, await _owners(), today())
    except Invalid as wrong:
        form.refuse(field, wrong.sentence)
        return []
    if read.faults:
        said = [
            _("ligne %(line)s : %(fault)s") % {"line": line, "fault": fault} for line, fault in read.faults
        ]
        many = ngettext(
            "%(num)d ligne ne va pas, rien n'est gardé :",
            "%(num)d lignes ne vont pas, rien n'est gardé :",
            len(said),
        ) % {"num": len(said)}
        form.refuse(field, " ".join([many, *said]))
    elif not read.accounts:
        form.refuse(field, _("Cette liste ne contient aucune entreprise."))
    return read.accounts


async def _owners() -> dict[str, int]:
    """By name or address, as a list may call them."""
    return {
        plain_words(said): user["id"]
        for user in await staff_with(Role.SALES)
        for said in (user["name"], user["email"])
    }


@post(f"{HOME}/{{ref:str}}/retrait", allows=SALES)
async def withdraw(request: Request, person: Person, ref: str) -> Answer:
    account, form = await reserved.account_by_ref(ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        await reserved.withdraw(account)
        doing.at(HOME)
    return done(doing)


async def _around(form: Form, listed: Form | None = None) -> dict[str, Any]:
    sales = [(user["id"], user["name"]) for user in await staff_with(Role.SALES)]
    return {"form": form, "listed": listed, "owners": [("", _("Toute l'équipe")), *sales]}
