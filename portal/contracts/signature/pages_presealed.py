"""/contrats/evenements: the company signs ahead for an event, and sees who signed there."""

from typing import Any

from litestar import Request, Response

from portal.contracts.rules import LABELS as CONTRACT_LABELS
from portal.contracts.rules import TONES as CONTRACT_TONES
from portal.contracts.rules import ContractState
from portal.contracts.signature import presealed
from portal.contracts.signature.forms_presealed import SessionForm
from portal.contracts.signature.signing import Place
from portal.kit import db, qr
from portal.kit.days import at, now, today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Listing
from portal.kit.problems import Refused
from portal.kit.text import N_, _
from portal.kit.web import Answer, again, done, get, page, post, see
from portal.people import second_factor
from portal.people.access import staff_with
from portal.people.rules import Person, Role
from portal.plans import access as plans
from portal.referrers.rules import STATUS_LABELS
from portal.settings import settings

PATH = "/contrats/evenements"
SEES, SIGNS = {Role.SALES, Role.ADMIN}, {Role.ADMIN}
CONSENT = N_(
    "Je signe d'avance, pour l'entreprise, chaque contrat que quelqu'un signera dans cette session, aux textes et au barème de ce jour."
)
CELLS: Cells = {
    "name": lambda row: row["name"],
    "programme": lambda row: row["programme"],
    "state": lambda row: _(presealed.LABELS[presealed.standing(row, now())]),
    "from": lambda row: row["opens_at"],
    "until": lambda row: row["closes_at"],
    "signed": lambda row: row["signed"],
    "most": lambda row: row["most"],
    "signer": lambda row: row["signer_name"],
}
SIGNED_CELLS: Cells = {
    "name": lambda row: row["name"],
    "number": lambda row: row["number"],
    "state": lambda row: _(CONTRACT_LABELS[ContractState(row["state"])]),
    "begun": lambda row: row["begun_at"],
    "signed": lambda row: row["signed_at"],
}


@get(PATH, allows=SEES)
async def index(request: Request, person: Person) -> Answer:
    listing = Listing.asked(
        request,
        columns=(
            Column("name", _("Événement"), sortable=True), Column("programme", _("Programme"), sortable=True),
            Column("state", _("État")), Column("from", _("Du"), sortable=True), Column("until", _("Au")),
            Column("signed", _("Signés"), numeric=True, sortable=True), Column("most", _("Au plus"), numeric=True),
            Column("signer", _("Signé d'avance par")),
        ),
        sort="-from",
    )  # fmt: skip
    await presealed.sessions(listing)
    return await listing.answer(
        "contrats/evenements.html",
        cells=CELLS,
        name="evenements",
        cell=CELLS,
        signs=person.may(*SIGNS),
        tone=tone,
    )


def tone(session: db.Row) -> str:
    return presealed.TONES.get(presealed.standing(session, now()), "plain")


@get(f"{PATH}/nouveau", allows=SIGNS)
async def new() -> Answer:
    form = SessionForm.showing(
        first_day=today().isoformat(), last_day=today().isoformat(), most=50, statuses=["individual", "micro"]
    )
    return page("contrats/evenement_nouveau.html", **await _asked(form))


async def _asked(form: Form) -> dict[str, Any]:
    return {
        "form": form,
        "consent": _(CONSENT),
        "programmes": [(one["ref"], one["name"]) for one in await plans.open_programmes(today())],
        "statuses": [(status.value, _(STATUS_LABELS[status])) for status in presealed.MAY_SIGN_AHEAD],
        "contacts": [(one["ref"], one["name"]) for one in await staff_with(Role.SALES)],
    }


@post(PATH, allows=SIGNS)
async def open_session(request: Request, person: Person) -> Answer:
    """The second factor is asked again: here somebody signs for the company."""
    form = await SessionForm.read(request)
    statuses = form.chosen()
    programmes = {one["ref"]: one for one in await plans.open_programmes(today())}
    if not form.errors and form.programme not in programmes:
        form.refuse("programme", _("Choisissez un programme."))
    if not form.errors and not await second_factor.check(person.user_id, form.code):
        form.refuse("code", _("Ce code n'est pas le bon. Attendez le suivant."))
    if form.errors:
        return await _again(form)
    contacts = {one["ref"]: one["id"] for one in await staff_with(Role.SALES)}
    place = Place(request.scope["state"]["address"], request.headers.get("user-agent", ""))
    try:
        async with deed(person, form.once) as doing:
            session = await presealed.open_session(
                person, place, name=form.name, programme=programmes[form.programme], statuses=statuses,
                opens_at=at(form.first_day, 0), closes_at=at(form.last_day, 23, 59), most=form.most,
                sales_user_id=contacts.get(form.contact),
            )  # fmt: skip
            doing.at(f"{PATH}/{session['ref']}")
    except Refused as no:
        form.refuse("", _(no.sentence) % no.params)
        return await _again(form)
    return done(doing)


async def _again(form: SessionForm) -> Answer:
    form.values["code"] = ""
    return again("contrats/evenement_nouveau.html", **await _asked(form))


@get(f"{PATH}/{{ref:str}}", allows=SEES)
async def show(request: Request, person: Person, ref: str) -> Answer:
    session = await presealed.session_by_ref(ref)
    listing = Listing.asked(
        request,
        columns=(
            Column("name", _("Apporteur")), Column("number", _("Contrat")), Column("state", _("État")),
            Column("begun", _("Commencé")), Column("signed", _("Signé")),
        ),
    )  # fmt: skip
    await presealed.contracts_of(session["id"], listing)
    return await listing.answer(
        "contrats/evenement.html", cells=SIGNED_CELLS, name=f"evenement-{ref}", cell=SIGNED_CELLS, session=session,
        state=_(presealed.LABELS[presealed.standing(session, now())]), tone=tone(session), url=_url(session),
        tones=CONTRACT_TONES, statuses=[_(STATUS_LABELS[status]) for status in session["statuses"]],
        signs=person.may(*SIGNS) and session["closed_at"] is None,
    )  # fmt: skip


def _url(session: db.Row) -> str:
    return f"{settings().origin}/evenement/{session['ref']}"


@get(f"{PATH}/{{ref:str}}/affiche", allows=SEES)
async def poster(ref: str) -> Answer:
    """To be printed or shown on a screen."""
    session = await presealed.session_by_ref(ref)
    return page(
        "contrats/evenement_affiche.html", session=session, url=_url(session), qr=qr.picture(_url(session))
    )


@get(f"{PATH}/{{ref:str}}/qr.svg", allows=SEES)
async def code(ref: str) -> Answer:
    session = await presealed.session_by_ref(ref)
    return Response(
        qr.file(_url(session)), media_type="image/svg+xml",
        headers={"content-disposition": f'attachment; filename="evenement-{ref}.svg"'},
    )  # fmt: skip


@post(f"{PATH}/{{ref:str}}/fermeture", allows=SIGNS)
async def close(request: Request, person: Person, ref: str) -> Answer:
    session = await presealed.session_by_ref(ref)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"{PATH}/{ref}")
        await presealed.close(session)
    return see(f"{PATH}/{ref}")
