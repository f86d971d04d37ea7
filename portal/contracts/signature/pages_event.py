"""/evenement: somebody at an event scans a code, says who they are, reads the contract, types the mailed code: it is in force."""

from typing import Any

from litestar import Request
from markupsafe import Markup

from portal.company import access as company
from portal.contracts import access as contracts
from portal.contracts.forms import SignForm
from portal.contracts.rules import ContractState
from portal.contracts.signature import presealed, signing
from portal.contracts.signature.forms_presealed import EVENT_FORMS, asked
from portal.contracts.signature.signing import CONSENT, Place
from portal.doors import cookie, device_cookie, session_cookie
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import Machine, deed
from portal.kit.forms import Form
from portal.kit.problems import Refused
from portal.kit.text import _, language, speak_words
from portal.kit.web import ANYONE, Answer, again, get, page, post, see
from portal.people import entrance
from portal.people.access import user
from portal.people.counters import QUARTER, Limit, attempt
from portal.people.entrance import Browser, itself
from portal.people.links import Purpose
from portal.people.rules import Person, Role, Seat
from portal.referrers.countries import named
from portal.referrers.forms import INPUTS, RegisteredForm, StandingForm
from portal.referrers.rules import NATURAL_PERSONS, STATUS_LABELS, STATUS_MEANS, Status
from portal.referrers.words import vat_answers

BY_ADDRESS = Limit("event.address", 60, QUARTER)  # a whole fair comes from one address
CODES_BY_CONTRACT = Limit("event.code", 5, QUARTER)
YEAR = 365 * 24 * 3600
KNOWN = ("already_referrer", "colleague")


@get("/evenement/{ref:str}", allows=ANYONE)
async def show(request: Request, person: Person | None, ref: str) -> Answer:
    session = await _session(ref)
    status = _status(session, request.query_params.get("statut", ""))
    return page("evenement/page.html", **await _shown(session, status, None, person))


async def _session(ref: str) -> db.Row:
    session = await presealed.session_by_ref(ref)
    speak_words(session["words"])
    return session


def _status(session: db.Row, typed: str) -> Status | None:
    """The one that was chosen, or the only one."""
    offered = session["statuses"]
    if typed in offered:
        return Status(typed)
    return Status(offered[0]) if len(offered) == 1 else None


async def _shown(
    session: db.Row, status: Status | None, form: Form | None, person: Person | None = None
) -> dict[str, Any]:
    entity = await company.legal_entity()
    over = presealed.standing(session, now())
    shown: dict[str, Any] = {
        "session": session,
        "over": _(presealed.SAYS[over]) if over else "",
        "company": entity["name"] if entity else "",
        "statuses": [
            (one, _(STATUS_LABELS[Status(one)]), _(STATUS_MEANS[Status(one)])) for one in session["statuses"]
        ],
        "chosen": status,
        "owner": person is not None and person.may(Role.REFERRER) and person.seat is Seat.OWNER,
    }
    if status is None:
        return shown
    fields = EVENT_FORMS[status]
    return shown | {
        "form": form or fields.showing(country="FR"),
        "fields": asked(status),
        "inputs": INPUTS,
        "labels": fields.LABELS,  # type: ignore[attr-defined]
        "countries": named(fields.COUNTRIES),  # type: ignore[attr-defined]
        "answers": vat_answers(status),
        "declares": status in NATURAL_PERSONS,
        "status_label": _(STATUS_LABELS[status]),
    }


@post("/evenement/{ref:str}", allows=ANYONE)
async def begin(request: Request, ref: str) -> Answer:
    """Who they are; the code goes to their address at once."""
    session = await _session(ref)
    await attempt(BY_ADDRESS, request.scope["state"]["address"])
    typed = await Form.read(request)
    status = _status(session, str(typed.values.get("status", "")))
    if status is None or presealed.standing(session, now()):
        return again("evenement/page.html", **await _shown(session, status, None))
    form = await EVENT_FORMS[status].read(request)
    if form.errors or form.website:  # type: ignore[attr-defined]
        shown = form.propose() if isinstance(form, RegisteredForm) else form
        return again("evenement/page.html", **await _shown(session, status, shown))
    return await _begun(request, session, status, form)


async def _begun(request: Request, session: db.Row, status: Status, form: StandingForm) -> Answer:
    try:
        async with deed(Machine(f"event:{session['ref']}"), form.once, notify=False) as doing:
            contract = await presealed.begin(
                session, status, form.vat_regime, email=form.email, language=language(), identity=form.identity(),  # type: ignore[attr-defined]
                vat_on_debits=form.vat_on_debits,
            )  # fmt: skip
            doing.at(presealed.path_of(session, contract))
    except Refused as no:
        if no.code in KNOWN:
            return await _known(request, session, form.email)  # type: ignore[attr-defined]
        form.refuse("", _(no.sentence) % no.params)
        return again("evenement/page.html", **await _shown(session, status, form))
    await _mail_code(contract)
    return see(presealed.path_of(session, contract))


async def _known(request: Request, session: db.Row, email: str) -> Answer:
    """Somebody who is here already goes on by the link in their mail, then scans again."""
    await entrance.ask_link(email, Purpose.SIGN_IN, request.scope["state"]["address"])
    return page("evenement/connu.html", session=session)


@post("/evenement/{ref:str}/moi", allows={Role.REFERRER})
async def begin_again(request: Request, person: Person, ref: str) -> Answer:
    """A referrer who is signed in signs with what is on their file."""
    session, form = await _session(ref), await Form.read(request)
    if person.seat is not Seat.OWNER or person.referrer_id is None:
        return see(f"/evenement/{ref}")
    async with deed(person, form.once, notify=False) as doing:
        contract = await presealed.begin_again(session, person.referrer_id)
        doing.at(presealed.path_of(session, contract))
    await _mail_code(contract)
    return see(doing.answer["location"])


async def _mail_code(contract: db.Row) -> None:
    await attempt(CODES_BY_CONTRACT, contract["id"])
    async with deed(Machine(f"event:contract:{contract['ref']}")):
        await signing.request_code(contract, await presealed.signatory_of(contract))


@get("/evenement/{ref:str}/{contract:str}/{key:str}", allows=ANYONE)
async def read(ref: str, contract: str, key: str) -> Answer:
    session = await _session(ref)
    return page(
        "evenement/contrat.html",
        **await _to_sign(session, await presealed.contract_at(session, contract, key)),
    )


async def _to_sign(session: db.Row, contract: db.Row, form: Form | None = None) -> dict[str, Any]:
    signer = await presealed.signatory_of(contract)
    over = presealed.standing(session, now())
    signable = contract["state"] == ContractState.SENT and contract["expires_at"] > now() and not over
    return {
        "session": session,
        "contract": contract,
        "html": Markup(
            contract["html"]
        ),  # our own, escaped when it was filled, and the very thing that is signed
        "path": presealed.path_of(session, contract),
        "to_sign": signable,
        "signed": contract["state"]
        not in (ContractState.SENT, ContractState.EXPIRED, ContractState.WITHDRAWN),
        "over": _(presealed.SAYS[over]) if over else "",
        "email": signer.email,
        "consent": _(CONSENT),
        "form": form or SignForm.showing(),
    }


@post("/evenement/{ref:str}/{contract:str}/{key:str}/code", allows=ANYONE)
async def mail_code(request: Request, ref: str, contract: str, key: str) -> Answer:
    session = await _session(ref)
    found = await presealed.contract_at(session, contract, key)
    await Form.read(request)
    if found["state"] == ContractState.SENT:
        await _mail_code(found)
    return see(f"{presealed.path_of(session, found)}#signature")


@post("/evenement/{ref:str}/{contract:str}/{key:str}/signature", allows=ANYONE)
async def sign(request: Request, person: Person | None, ref: str, contract: str, key: str) -> Answer:
    session = await _session(ref)
    found = await presealed.contract_at(session, contract, key)
    form = await SignForm.read(request)
    if form.errors:
        return again("evenement/contrat.html", **await _to_sign(session, found, form))
    signer = await presealed.signatory_of(found)
    async with deed(itself(signer.user_id)):
        await signing.count_try(found, signer)
    try:
        async with deed(itself(signer.user_id), form.once) as doing:
            doing.at(f"/contrats/{contract}")
            await presealed.sign(found, form.code, _place(request))
    except Refused as no:
        form.values["code"] = ""
        form.refuse("code" if no.code == "wrong_code" else "", _(no.sentence) % no.params)
        return again(
            "evenement/contrat.html",
            **await _to_sign(await _session(ref), await contracts.contract(found["id"]), form),
        )
    if person and person.user_id == signer.user_id:
        return see(f"/contrats/{contract}")
    return await _let_in(request, signer, f"/contrats/{contract}")


def _place(request: Request) -> Place:
    return Place(request.scope["state"]["address"], request.headers.get("user-agent", ""))


async def _let_in(request: Request, signer: Person, path: str) -> Answer:
    """The code came to their own address: it opens their space as a mailed link would."""
    browser = Browser(
        request.scope["state"]["address"], request.headers.get("user-agent", ""), request.cookies.get(device_cookie(), "")
    )  # fmt: skip
    async with deed(itself(signer.user_id)):
        entered = await entrance.enter_seat(await user(signer.user_id), browser, path)
    answer = see(entered.path)
    answer.set_cookie(**cookie(session_cookie(), entered.token, entered.remembered_for))
    if entered.device:
        answer.set_cookie(**cookie(device_cookie(), entered.device, YEAR))
    return answer
