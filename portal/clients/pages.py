"""Clients: found, described, corrected; who each is, what was sold to it, and who recommended it."""

from typing import Any

from babel import Locale
from litestar import Request

from portal.clients import access, actions, correcting, listed
from portal.clients.forms import ClientForm, read_tags, written_tags
from portal.deals import access as deals
from portal.deals.rules import LABELS, TONES
from portal.history import access as history
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import Refused
from portal.kit.text import LOCALES, N_, _, language
from portal.kit.web import Answer, again, done, get, page, post, see
from portal.leads.rules import LABELS as LEAD_LABELS
from portal.leads.rules import TONES as LEAD_TONES
from portal.people.rules import STAFF, Person, Role

PATH = "/clients"
SALES = frozenset({Role.SALES, Role.ADMIN})
AMONG = {
    "affaires": N_("Avec une affaire"),
    "importes": N_("Repris d'une liste"),
    "priorite": N_("Recommandé, priorité en cours"),
}
KEYS = {
    "siren": N_("SIREN"),
    "name": N_("Nom"),
    "email": N_("E-mail"),
    "domain": N_("Domaine"),
    "phone": N_("Téléphone"),
}
HAPPENED = {
    "clients.created": N_("Fiche ouverte"),
    "clients.corrected": N_("Fiche corrigée"),
    "clients.merged": N_("Une autre fiche réunie à celle-ci"),
    "clients.merged_into": N_("Réunie à une autre fiche"),
    "clients.separated": N_("Fiches séparées"),
}
CELLS: Cells = {
    "name": lambda row: row["name"],
    "siren": lambda row: row["siren"],
    "city": lambda row: row["city"],
    "since": lambda row: row["since"],
    "number": lambda row: row["external_id"] or "",
    "deals": lambda row: _("Oui") if row["has_deals"] else _("Non"),
}


@get(PATH, allows=STAFF)
async def index(request: Request) -> Answer:
    columns = (
        Column("name", _("Client"), sortable=True), Column("siren", _("SIREN"), sortable=True), Column("city", _("Ville")),
        Column("since", _("Client depuis"), sortable=True), Column("number", _("Votre numéro")), Column("deals", _("Affaires")),
    )  # fmt: skip
    filters = (
        Filter("q", _("Nom ou SIREN")),
        Filter("parmi", _("Parmi"), "select", [(code, _(label)) for code, label in AMONG.items()]),
    )
    listing = await listed.fetch(Listing.asked(request, columns, filters, sort="-since"), today())
    return await listing.answer("clients/list.html", cells=CELLS, name="clients", writes=SALES)


@get(f"{PATH}/nouveau", allows=SALES)
async def new() -> Answer:
    return page("clients/edit.html", **_editing(None, ClientForm.showing(country="FR")))


@post(PATH, allows=SALES)
async def create(request: Request, person: Person) -> Answer:
    form = await ClientForm.read(request)
    try:
        if not form.errors:
            async with deed(person, form.once) as doing:
                made = await actions.create(form.name, siren=form.siren, email=form.email, phone=form.phone)
                await correcting.correct(made, made["version"], read_tags(form.tags), **form.columns)
                doing.at(f"{PATH}/{made['ref']}")
            return done(doing)
    except Refused as no:
        _refuse(form, no)
    return again("clients/edit.html", **_editing(None, form))


@get(f"{PATH}/{{ref:str}}", allows=STAFF)
async def show(ref: str) -> Answer:
    client = await access.client_by_ref(ref)
    if client["stands_as"]:
        return see(f"{PATH}/{client['stands_as']}")
    return page("clients/show.html", **await _around(client))


async def _around(client: db.Row) -> dict[str, Any]:
    client_id = client["id"]
    known = await listed.known_of(client_id)
    return {
        "client": client, "known": known, "countries": countries(), "writes": SALES, "today": today(),
        "deals": await deals.deals_of_client(client_id), "recommendations": await listed.recommendations_of(client_id),
        "keys": sorted((_(KEYS[kind]), value) for kind, value in known["keys"] if kind in KEYS),
        "moments": [_moment(event) for event in reversed(await history.of("client", client_id)) if event["what"] in HAPPENED],
        "labels": {code: _(said) for code, said in LABELS.items()}, "tones": TONES,
        "lead_labels": {code: _(said) for code, said in LEAD_LABELS.items()}, "lead_tones": LEAD_TONES,
        "key_names": {code: _(said) for code, said in KEYS.items()},
    }  # fmt: skip


@get(f"{PATH}/{{ref:str}}/modification", allows=SALES)
async def edit(ref: str) -> Answer:
    client = await access.living_client(ref)
    tags = written_tags(await access.tags_of(client["id"]))
    return page("clients/edit.html", **_editing(client, ClientForm.showing(**client, tags=tags)))


@post(f"{PATH}/{{ref:str}}/modification", allows=SALES)
async def correct(request: Request, person: Person, ref: str) -> Answer:
    client, form = await access.living_client(ref), await ClientForm.read(request)
    try:
        if not form.errors:
            async with deed(person, form.once) as doing:
                await correcting.correct(client, form.version, read_tags(form.tags), **form.columns)
                doing.at(f"{PATH}/{ref}")
            return done(doing)
    except Refused as no:
        _refuse(form, no)
    return again("clients/edit.html", **_editing(client, form))


def _refuse(form: ClientForm, no: Refused) -> None:
    form.refuse("name" if no.code == "client_known" else no.code, _(no.sentence) % no.params)


def _editing(client: db.Row | None, form: Form) -> dict[str, Any]:
    return {"client": client, "form": form, "countries": list(countries().items())}


def countries() -> dict[str, str]:
    """Code → name in the reader's language, France first, then by name."""
    names = Locale.parse(LOCALES[language()]).territories
    known = {
        code: name for code, name in names.items() if len(code) == 2 and code not in {"EU", "EZ", "UN", "ZZ"}
    }
    return dict(sorted(known.items(), key=lambda pair: (pair[0] != "FR", pair[1])))


def _moment(event: db.Row) -> dict[str, Any]:
    data = event["data"]
    codes = [name for name in correcting.CODES if f"{name}_before" in data]
    text = " · ".join(f"{data[name + '_before'] or '–'} → {data[name + '_after'] or '–'}" for name in codes)
    return {"when": event["at"], "title": _(HAPPENED[event["what"]]), "who": event["who"] or "", "text": text}
