"""Facturation électronique: who must from when and what they lack; one supplier; is the platform there."""

from typing import Any

from litestar import Request

from portal.company import access as company
from portal.history.access import record
from portal.invoicing.platform import access, calling, directory, hooks, interface, outbox, words
from portal.invoicing.platform.calling import FAULTS, Unreachable
from portal.invoicing.platform.forms import SizeForm
from portal.invoicing.platform.rules import duty_for, usual_size
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Column, Filter, Listing
from portal.kit.problems import Refused
from portal.kit.text import N_, _, day
from portal.kit.web import Answer, again, get, page, post, see
from portal.law import Figures
from portal.people.rules import Person, Role
from portal.referrers.rules import STATUS_LABELS, Status

MONEY = {Role.FINANCE, Role.ADMIN}
HERE = "/factures/electronique"
FROM = {"now": N_("Depuis le %(day)s"), "later": N_("À partir du %(day)s")}
NO_SIREN = N_("Ce dossier n'a pas de SIREN : l'annuaire ne peut pas être interrogé.")
SETTINGS = (
    "PORTAL_PLATFORM_FLOW_URL", "PORTAL_PLATFORM_DIRECTORY_URL", "PORTAL_PLATFORM_TOKEN_URL", "PORTAL_PLATFORM_CLIENT_ID",
    "PORTAL_PLATFORM_CLIENT_SECRET", "PORTAL_PLATFORM_NUMBER",
)  # fmt: skip


class Told:
    """What is said of a supplier, by the law of the day."""

    def __init__(self, buyer_size: str, figures: Figures) -> None:
        self.buyer_size, self.figures = buyer_size, figures

    def duty(self, supplier: db.Row) -> str:
        return _(words.DUTY_LABELS[duty_for(supplier, self.buyer_size, today(), self.figures).duty])

    def since(self, supplier: db.Row) -> str:
        found = duty_for(supplier, self.buyer_size, today(), self.figures)
        return _(FROM["now" if found.now else "later"]) % {"day": day(found.since)} if found.since else ""

    def size(self, supplier: db.Row) -> str:
        if not (supplier["taxable"] and supplier["at_home"]):
            return ""
        known = _(words.SIZE_LABELS[supplier["size"] or usual_size(supplier["status"])])
        return known if supplier["size"] else _("%(size)s, à confirmer") % {"size": known}

    def lacks(self, supplier: db.Row) -> str:
        if not (supplier["taxable"] and supplier["at_home"]):
            return ""
        missing = {
            "address": not supplier["electronic_address"],
            "size": not supplier["size"],
            "platform": supplier["result"] not in (directory.ENABLED, directory.UPCOMING),
        }
        return ", ".join(_(words.MISSING_LABELS[code]) for code, is_missing in missing.items() if is_missing)


def _status_said(supplier: db.Row) -> str:
    return _(STATUS_LABELS[Status(supplier["status"])])


async def _told() -> Told:
    entity = await company.legal_entity()
    assert entity is not None
    return Told(entity["size"], await company.figures())


@get(HERE, allows=MONEY)
async def overview(request: Request, person: Person) -> Answer:
    listing, told = await access.suppliers(_listing(request), today()), await _told()
    cells = {
        "who": lambda row: row["name"], "status": _status_said, "duty": told.duty, "since": told.since,
        "size": told.size, "address": lambda row: row["electronic_address"], "lacks": told.lacks,
    }  # fmt: skip
    since = told.figures.day("einvoicing.receive_on", today())
    return await listing.answer(
        "factures/electronique/overview.html", cells=cells, name="facturation-electronique", told=told,
        status_said=_status_said, counts=await access.supplier_counts(today()), flows=await access.counts(since),
        dead=await access.dead_papers(), dead_labels=words.STATUS_LABELS, on=calling.is_on(), settings=SETTINGS if person.may(Role.ADMIN) else (), faults=FAULTS,
    )  # fmt: skip


def _listing(request: Request) -> Listing:
    return Listing.asked(
        request,
        columns=(
            Column("who", _("Apporteur"), sortable=True),
            Column("status", _("Statut")),
            Column("duty", _("Obligation")),
            Column("since", _("Dès quand")),
            Column("size", _("Taille")),
            Column("address", _("Adresse de facturation")),
            Column("lacks", _("Il manque")),
        ),
        filters=(
            Filter("q", _("Nom ou numéro")),
            Filter("obligation", _("Obligation"), "select", [(code, _(label)) for code, label in words.DUTY_LABELS.items()]),
            Filter("manque", _("Il manque"), "select", [(code, _(label)) for code, label in words.MISSING_LABELS.items()]),
        ),
        sort="who",
    )  # fmt: skip


@post(f"{HERE}/essai", allows=MONEY)
async def test_connection(request: Request, person: Person) -> Answer:
    """The platform is asked before the deed; what it said is kept and shown. A first try that goes well asks it to call us."""
    form = await Form.read(request)
    code, hook = "", None
    try:
        await interface.alive()
        hook = None if await access.hooks() else await hooks.subscribe()
    except Unreachable as why:
        code = why.code
    except calling.Rejected as no:  # it is there, and takes no calls
        code = "" if no.status else "broken"
    async with deed(person, form.once) as doing:
        doing.at(HERE)
        if hook:
            await hooks.keep(hook)
        await company.set_option(access.TESTED, {"at": today().isoformat(), "code": code})
        await record("invoicing.platform_tested", "company", 0, code=code)
    return see(HERE)


@post(f"{HERE}/envoi", allows=MONEY)
async def send_all(request: Request, person: Person) -> Answer:
    """What was issued since the reform and never sent."""
    form = await Form.read(request)
    if not calling.is_on():
        raise Refused("off", FAULTS["off"])
    figures = await company.figures()
    async with deed(person, form.once) as doing:
        doing.at(f"{HERE}/envois")
        await outbox.put_papers(await access.papers_left(figures.day("einvoicing.receive_on", today())))
    return see(f"{HERE}/envois")


# One supplier


@get(f"{HERE}/apporteurs/{{ref:str}}", allows=MONEY)
async def supplier(person: Person, ref: str) -> Answer:
    found = await access.supplier_for(person, ref, today())
    return page("factures/electronique/supplier.html", **await _shown(found))


async def _shown(found: db.Row, form: Form | None = None) -> dict[str, Any]:
    return {
        "supplier": found, "told": await _told(), "status_said": _status_said(found), "answers": await access.answers_of(found["id"]),
        "results": words.RESULT_LABELS, "tones": words.RESULT_TONES, "directory": calling.has_directory(),
        "form": form or SizeForm.showing(size=found["size"] or usual_size(found["status"])),
        "sizes": [(code, _(label)) for code, label in words.SIZE_LABELS.items()],
        "proposed": bool(found["found_address"]) and found["found_address"] != found["electronic_address"],
    }  # fmt: skip


@post(f"{HERE}/apporteurs/{{ref:str}}/taille", allows=MONEY)
async def size(request: Request, person: Person, ref: str) -> Answer:
    found = await access.supplier_for(person, ref, today())
    form = await SizeForm.read(request)
    if form.errors:
        return again("factures/electronique/supplier.html", **await _shown(found, form))
    async with deed(person, form.once) as doing:
        doing.at(f"{HERE}/apporteurs/{ref}")
        await directory.size(found["id"], form.size)
    return see(f"{HERE}/apporteurs/{ref}")


@post(f"{HERE}/apporteurs/{{ref:str}}/annuaire", allows=MONEY)
async def look_up(request: Request, person: Person, ref: str) -> Answer:
    """The directory is asked before the deed, and its answer is kept in it."""
    found = await access.supplier_for(person, ref, today())
    form = await Form.read(request)
    siren = found["siret"][:9]
    if not siren or not calling.has_directory():
        raise Refused("no_directory", FAULTS["off"] if siren else NO_SIREN)
    lines = await directory.ask(siren)
    async with deed(person, form.once) as doing:
        doing.at(f"{HERE}/apporteurs/{ref}")
        await directory.keep(found["id"], siren, lines)
    return see(f"{HERE}/apporteurs/{ref}")


@post(f"{HERE}/apporteurs/{{ref:str}}/adresse", allows=MONEY)
async def take_over(request: Request, person: Person, ref: str) -> Answer:
    found = await access.supplier_for(person, ref, today())
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"{HERE}/apporteurs/{ref}")
        await directory.take_over(found)
    return see(f"{HERE}/apporteurs/{ref}")
