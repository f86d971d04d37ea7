"""/apporteurs: the network as the staff see it."""

from datetime import datetime
from typing import Any

from litestar import Request

from portal.books.inspection import access as dossiers
from portal.contracts import access as contracts
from portal.contracts.rules import LABELS as CONTRACT_LABELS
from portal.contracts.rules import TONES as CONTRACT_TONES
from portal.history import access as history
from portal.kit import db
from portal.kit.days import day_of, today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.invalid import Invalid
from portal.kit.listing import Column, Filter, Listing
from portal.kit.problems import Refused
from portal.kit.text import N_, _
from portal.kit.uploads import DOCUMENTS, receive
from portal.kit.web import Answer, again, get, page, post, see
from portal.law.withholding import HOME
from portal.leads.rules import SILENT_DAYS
from portal.people.access import staff_with, users_of_referrer
from portal.people.rules import STAFF, Person, Role
from portal.people.seeing import may_see
from portal.referrers import access, actions
from portal.referrers.forms import InviteForm
from portal.referrers.joining import employing
from portal.referrers.payee_rules import first_of
from portal.referrers.registers import vies
from portal.referrers.rules import (
    BLOCKS,
    REMEDIES,
    STATE_LABELS,
    STATUS_LABELS,
    ReferrerState,
    Standing,
    Status,
    paper_blocks,
)
from portal.referrers.vigilance import access as papers
from portal.referrers.vigilance.lines import LIGHT_TONES, light_by
from portal.referrers.vigilance.words import LIGHTS, light_labels
from portal.referrers.words import identity_of, labels, moments, withholding_said

INVITES = {Role.SALES, Role.ADMIN}
CHECKS = {Role.FINANCE, Role.ADMIN}
WAYS = (  # what else is kept of the network, and who opens it
    (N_("Candidatures"), "candidatures", INVITES),
    (N_("Invitations par liste"), "listes", INVITES),
    (N_("Liens d'invitation"), "liens", INVITES),
    (N_("Justificatifs à vérifier"), "justificatifs", CHECKS),
    (N_("Confirmations"), "confirmations", STAFF),
    (N_("Veille"), "veille", STAFF),
)


def columns(*, controls: bool) -> tuple[Column, ...]:
    """`controls`: whether the light of the dossier de contrôle is shown."""
    return (
        Column("name", _("Apporteur"), sortable=True),
        Column("number", _("Numéro"), sortable=True),
        Column("status", _("Statut"), sortable=True),
        Column("state", _("État"), sortable=True),
        Column("contract", _("Contrat")),
        Column("papers", _("Justificatifs")),
        *((Column("file", _("Dossier de contrôle")),) if controls else ()),
        Column("sales", _("Interlocuteur"), sortable=True),
    )


def filters() -> tuple[Filter, ...]:
    return (
        Filter("q", _("Nom, numéro, e-mail, SIRET")),
        Filter("etat", _("État"), "select", [(state, _(label)) for state, label in STATE_LABELS.items()]),
        Filter(
            "statut", _("Statut"), "select", [(status, _(label)) for status, label in STATUS_LABELS.items()]
        ),
    )


COMPLETE = {True: N_("Complet"), False: N_("Incomplet")}
BOUND = (ReferrerState.ACTIVE, ReferrerState.SUSPENDED)  # of whom documents are asked
CELLS = {
    "name": lambda row: row["name"],
    "number": lambda row: row["number"],
    "status": lambda row: _(STATUS_LABELS[Status(row["status"])]) if row["status"] else "",
    "state": lambda row: _(STATE_LABELS[ReferrerState(row["state"])]),
    "contract": lambda row: row["contract"] or "",
    "sales": lambda row: row["sales_name"] or "",
}


@get("/apporteurs", allows=STAFF)
async def index(request: Request, person: Person) -> Answer:
    asked = Listing.asked(request, columns(controls=person.may(*CHECKS)), filters(), sort="-number")
    listing = await access.referrers_for(asked)
    ids = [row["id"] for row in listing.rows]
    lights = await papers.lights(ids)
    missing = await dossiers.missing_of(ids) if person.may(*CHECKS) else {}
    cells = CELLS | {
        "papers": lambda row: _(LIGHTS[lights[row["id"]]]) if row["state"] in BOUND else "",
        "file": lambda row: _(COMPLETE[not missing[row["id"]]]) if row["id"] in missing else "",
    }
    return await listing.answer(
        "apporteurs/index.html", cells=cells, name="apporteurs", missing=missing,
        invites=person.may(*INVITES), ways=[(_(label), way) for label, way, who in WAYS if person.may(*who)],
        bound=BOUND, lights=lights, light_labels=light_labels(), light_tones=LIGHT_TONES, **labels(),
    )  # fmt: skip


@get("/apporteurs/invitation", allows=INVITES)
async def invitation(person: Person) -> Answer:
    own = next((one["ref"] for one in await staff_with(Role.SALES) if one["id"] == person.user_id), "")
    return page(
        "apporteurs/invitation.html", **await _inviting(InviteForm.showing(contact=own, language="fr"))
    )


async def _inviting(form: Form) -> dict[str, Any]:
    contacts = [(colleague["ref"], colleague["name"]) for colleague in await staff_with(Role.SALES)]
    return {"form": form, "contacts": contacts}


@post("/apporteurs/invitation", allows=INVITES)
async def invite(request: Request, person: Person) -> Answer:
    form = await InviteForm.read(request)
    contacts = {colleague["ref"]: colleague["id"] for colleague in await staff_with(Role.SALES)}
    if form.values.get("contact") and form.values["contact"] not in contacts:
        form.refuse("contact", _("Choisissez un interlocuteur de la liste."))
    if form.errors:
        return again("apporteurs/invitation.html", **await _inviting(form))
    try:
        async with deed(person, form.once) as doing:
            made = await actions.invite(
                form.email, form.first_name, form.last_name, language=form.language,
                sales_user_id=contacts.get(form.contact),
            )  # fmt: skip
            doing.at(f"/apporteurs/{made['ref']}")
    except Refused as known:
        form.refuse("email", _(known.sentence) % known.params)
        return again("apporteurs/invitation.html", **await _inviting(form))
    return see(doing.answer["location"])


@get("/apporteurs/{ref:str}", allows=STAFF)
async def show(person: Person, ref: str) -> Answer:
    referrer = await access.referrer_for(person, ref)
    if referrer["joined_ref"]:
        return see(f"/apporteurs/{referrer['joined_ref']}")
    return page("apporteurs/show.html", **await _file(person, referrer))


async def _file(person: Person, referrer: db.Row, upload_error: str = "") -> dict[str, Any]:
    aside = await access.aside_of(referrer["id"], today())
    standing = access.ruling(aside["standings"], today())
    details = await access.bank_details_of(referrer["id"])
    return {
        "withheld": await _withheld(referrer, standing, aside["certified"]),
        "silent_days": _silent_days(aside["unheard_since"]),
        "referrer": referrer,
        "standing": standing,
        "standings": aside["standings"][::-1],
        "details": details,
        "vies": vies.is_on() and bool(referrer["vat_number"]),
        "vat_check": aside["vat_check"],
        "waiting": access.waiting_among(details),
        "payee": first_of(aside["payees"], today()),
        "contracts": await contracts.contracts_for_staff(referrer["id"]),
        "blocks": [
            (code, _(BLOCKS[code]), _(REMEDIES[code]))
            for code in paper_blocks(dict(referrer) | {"certified": aside["certified"]}, standing)
        ],
        "history": moments(await history.of("referrer", referrer["id"])),
        "users": await users_of_referrer(referrer["id"]),
        "light": light_by(
            received=referrer["papers_received"],
            wanted=referrer["papers_wanted"],
            late=referrer["papers_late"],
        ),
        "light_labels": light_labels(),
        "light_tones": LIGHT_TONES,
        "identity": identity_of(referrer),
        "today": today(),
        "drafts": person.may(*INVITES),
        "sees": may_see(person, referrer),
        "calls_back": person.may(*CHECKS),
        "upload_error": upload_error,
        "contract_labels": {code: _(label) for code, label in CONTRACT_LABELS.items()},
        "contract_tones": CONTRACT_TONES,
        **labels(),
    }


def _silent_days(unheard_since: datetime | None) -> int:
    """How long the one that waits the longest has been without news; 0 while none is silent."""
    days = (today() - day_of(unheard_since)).days if unheard_since else 0
    return days if days >= SILENT_DAYS else 0


async def _withheld(referrer: db.Row, standing: Standing | None, certified: bool) -> str:
    """What living outside France means for what they are paid; nothing is said of who lives in France."""
    if referrer["country"] == HOME:
        return ""
    return withholding_said(await access.withheld_from(referrer["country"], standing, certified, today()))


@post("/apporteurs/{ref:str}/accord-employeur", allows=INVITES, uploads=True)
async def employer_consent(request: Request, person: Person, ref: str) -> Answer:
    """The written consent of the employer: without it nothing is paid."""
    referrer = await access.referrer_for(person, ref)
    form = await Form.read(request)
    given = form.values.get("consent")
    if given is None or isinstance(given, str):
        return page(
            "apporteurs/show.html",
            status=422,
            **await _file(person, referrer, _("Choisissez un fichier.")),
        )
    try:
        kept = await receive(given, DOCUMENTS)
    except Invalid as wrong:
        return page("apporteurs/show.html", status=422, **await _file(person, referrer, wrong.sentence))
    async with deed(person, form.once) as doing:
        doing.at(f"/apporteurs/{ref}")
        await employing.record_paper(referrer, kept)
    return see(f"/apporteurs/{ref}")
