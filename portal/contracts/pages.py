"""/contrats: reading, signing, refusing, countersigning; the proof and the copy."""

from typing import Any

import msgspec
from litestar import Request, Response
from markupsafe import Markup

from portal.company import access as company
from portal.company.sealing import sealed_json
from portal.contracts import access, overrides
from portal.contracts.conditions import of_contract
from portal.contracts.forms import RefuseForm, SignForm
from portal.contracts.lifetime.life import life_of
from portal.contracts.rules import CONTRACT_STATES, LABELS, TONES, ContractState
from portal.contracts.signature import signatories, signing
from portal.contracts.signature.proof import proof_file, told
from portal.contracts.signature.signatories import COMPANY, REFERRER
from portal.contracts.signature.signing import CONSENT, Place
from portal.gifts.points import access as points
from portal.kit import db, files
from portal.kit.days import now
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Column, Filter, Listing
from portal.kit.problems import NotFound, Refused
from portal.kit.text import _, ngettext
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import EVERYBODY, Person, Role

SIGNS = {Role.REFERRER}
COUNTERSIGNS = {Role.ADMIN}
FILES = ("pdf_file", "proof_file", "paper_file")


def place_of(request: Request) -> Place:
    return Place(request.scope["state"]["address"], request.headers.get("user-agent", ""))


CELLS = {
    "number": lambda row: row["number"],
    "referrer": lambda row: row["referrer_name"],
    "programme": lambda row: row["programme"],
    "state": lambda row: _(LABELS[ContractState(row["state"])]),
    "starts": lambda row: row["starts_on"],
}


@get("/contrats", allows=EVERYBODY)
async def index(request: Request, person: Person) -> Answer:
    """All of them for the staff, one's own for a referrer."""
    columns = [
        Column("number", _("Contrat"), sortable=True),
        *([Column("referrer", _("Apporteur"), sortable=True)] if person.is_staff else []),
        Column("programme", _("Programme"), sortable=True),
        Column("state", _("État"), sortable=True),
        Column("starts", _("En vigueur depuis"), sortable=True),
    ]
    states = [
        *((state.value, _(LABELS[state])) for state in CONTRACT_STATES),
        (access.TO_RENEW, _("À renouveler bientôt")),
    ]
    found = [Filter("q", _("Contrat ou apporteur")), Filter("etat", _("État"), "select", states)]
    listing = Listing.asked(request, columns, found if person.is_staff else (), sort="-number")
    await access.contracts_for(person, listing)
    return await listing.answer(
        "contrats/index.html", cells=CELLS, name="contrats", labels=said(LABELS), tones=TONES
    )


def said(labels: dict[Any, str]) -> dict[Any, str]:
    return {code: _(label) for code, label in labels.items()}


@get("/contrats/{ref:str}", allows=EVERYBODY)
async def show(person: Person, ref: str) -> Answer:
    contract = await access.contract_for(person, ref)
    return page("contrats/show.html", **await _shown(person, contract))


async def _shown(
    person: Person, contract: db.Row, form: Form | None = None, refusal: Form | None = None
) -> dict[str, Any]:
    to_sign = contract["state"] == ContractState.SENT and contract["expires_at"] > now()
    signs = contract["state"] == ContractState.SENT and await signatories.may_sign(contract, person)
    countersigns = contract["state"] == ContractState.SIGNED and person.may(*COUNTERSIGNS)
    proofs = await access.proofs_of(contract["id"])
    places = await signatories.places(contract, proofs)
    done = {place.side for place in places if place.at and place.user_id == person.user_id}
    kept = {file["id"]: file for file in await files.of("contract", contract["id"])}
    return {
        "contract": contract,
        "html": Markup(
            contract["html"]
        ),  # our own, escaped when it was filled, and the very thing that is signed
        "labels": said(LABELS),
        "tones": TONES,
        "to_sign": to_sign and person.referrer_id is not None,
        "too_late": contract["state"] == ContractState.SENT and not to_sign,
        "owns": signs and REFERRER not in done,
        "has_signed": signs and REFERRER in done,
        "code_sent": signs and to_sign and await signing.tries_left(contract, person) > 0,
        "to_countersign": countersigns and COMPANY not in done,
        "has_countersigned": countersigns and COMPANY in done,
        "places": places,
        "conditions": contract["filled"].get("contract.overrides", ()),
        "approval": await overrides.approval_of(contract)
        if person.is_staff and of_contract(contract)
        else None,
        "to_approve": contract["state"] == ContractState.DRAFTED and person.may(Role.FINANCE, Role.ADMIN),
        "consent": _(CONSENT),
        "form": form or SignForm.showing(),
        "refusal": refusal or RefuseForm.showing(),
        "proofs": proofs,
        "events": await told(contract),
        "life": await life_of(person, contract),
        "choice": await points.choice_for_contract(contract) if signs and to_sign else None,
        "kept": {name: kept.get(contract[name]) for name in FILES},
    }


@post("/contrats/{ref:str}/code", allows=SIGNS)
async def request_code(request: Request, person: Person, ref: str) -> Answer:
    contract = await access.contract_for(person, ref)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"/contrats/{ref}#signature")
        await signing.request_code(contract, person)
    return see(f"/contrats/{ref}#signature")


@post("/contrats/{ref:str}/signature", allows=SIGNS)
async def sign(request: Request, person: Person, ref: str) -> Answer:
    contract = await access.contract_for(person, ref)
    form = await SignForm.read(request)
    if form.errors:
        return again("contrats/show.html", **await _shown(person, contract, form))
    async with deed(person):
        await signing.count_try(contract, person)
    try:
        async with deed(person, form.once) as doing:
            doing.at(f"/contrats/{ref}")
            await signing.sign(contract, person, form.code, place_of(request))
    except Refused as wrong:
        if wrong.code != "wrong_code":
            raise
        form.values["code"] = ""
        form.refuse("code", f"{_(wrong.sentence)} {_left(await signing.tries_left(contract, person))}")
        return again("contrats/show.html", **await _shown(person, contract, form))
    return see(f"/contrats/{ref}")


def _left(tries: int) -> str:
    if not tries:
        return _("Demandez-en un nouveau.")
    return ngettext("Il reste %(n)s essai.", "Il reste %(n)s essais.", tries) % {"n": tries}


@post("/contrats/{ref:str}/refus", allows=SIGNS)
async def refuse(request: Request, person: Person, ref: str) -> Answer:
    contract = await access.contract_for(person, ref)
    form = await RefuseForm.read(request)
    if form.errors:
        return again("contrats/show.html", **await _shown(person, contract, refusal=form))
    async with deed(person, form.once) as doing:
        doing.at(f"/contrats/{ref}")
        await signing.refuse(contract, person, form.reason)
    return see(f"/contrats/{ref}")


@post("/contrats/{ref:str}/contresignature", allows=COUNTERSIGNS)
async def countersign(request: Request, person: Person, ref: str) -> Answer:
    contract = await access.contract_for(person, ref)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"/contrats/{ref}")
        await signing.countersign(contract, person, place_of(request))
    return see(f"/contrats/{ref}")


@get("/contrats/{ref:str}/preuve", allows=EVERYBODY)
async def proof(person: Person, ref: str) -> Answer:
    """To be checked without this portal: it carries the digests and what they were made from."""
    contract = await access.contract_for(person, ref)
    if not await access.proofs_of(contract["id"]):
        raise NotFound("proof")
    entity = await company.legal_entity_by(contract["legal_entity_id"])
    body = msgspec.json.format(msgspec.json.encode(await sealed_json(entity, await proof_file(contract))))
    name = f"preuve-{contract['number']}.json"
    return Response(
        body, media_type="application/json", headers={"content-disposition": f'attachment; filename="{name}"'}
    )
