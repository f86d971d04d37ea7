"""Contracts signed on paper: /apporteurs/{ref}/contrat/papier records one, /contrats/{ref}/original adds a missing scan."""

from typing import Any

from litestar import Request

from portal.contracts import access
from portal.contracts.automatic import Offer, offers
from portal.contracts.signature import vouching
from portal.contracts.signature.forms import PaperForm, VouchForm
from portal.contracts.wording import own_texts
from portal.contracts.wording.texts import STATUS_OF
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.files import Kept
from portal.kit.forms import Form
from portal.kit.invalid import Invalid
from portal.kit.problems import NotFound, Refused
from portal.kit.text import _
from portal.kit.uploads import DOCUMENTS, receive
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import Person, Role
from portal.referrers import access as referrers
from portal.referrers.rules import ON_RECEIPT

RECORDS = {Role.SALES, Role.ADMIN}


@get("/apporteurs/{ref:str}/contrat/papier", allows=RECORDS)
async def ask(person: Person, ref: str) -> Answer:
    referrer = await referrers.referrer_for(person, ref)
    choice = await offers(today(), referrer["id"])
    standing = await referrers.standing_on(referrer["id"], today())
    form = PaperForm.showing(
        offer=choice[0].key if len(choice) == 1 else "",
        mandate="1" if standing and standing.status not in ON_RECEIPT else "",
        signers=referrer["represented_by"] or referrer["name"],
    )
    return page("contrats/papier.html", **await _shown(referrer, choice, form))


async def _shown(referrer: db.Row, choice: list[Offer], form: Form) -> dict[str, Any]:
    return {
        "referrer": referrer,
        "form": form,
        "options": [
            (offer.key, f"{offer.programme['name']} · {offer.plan['plan_name']}") for offer in choice
        ],
        "texts": [("", _("Celui de son statut")), *await _texts()],
    }


async def _texts() -> list[tuple[str, str]]:
    """The contracts themselves; what is joined to one goes with it."""
    found = await own_texts.in_use(list(STATUS_OF), today())
    return [(key, found[key]["title"]) for key in STATUS_OF if key in found]


@post("/apporteurs/{ref:str}/contrat/papier", allows=RECORDS, uploads=True)
async def record(request: Request, person: Person, ref: str) -> Answer:
    referrer = await referrers.referrer_for(person, ref)
    form = await PaperForm.read(request)
    choice = await offers(today(), referrer["id"])
    found = next((offer for offer in choice if offer.key == form.values.get("offer")), None)
    if not form.errors and found is None:
        form.refuse("offer", _("Choisissez un barème."))
    if not form.errors and form.text not in ("", *STATUS_OF):
        form.refuse("text", _("Choisissez un texte publié."))
    scan = await _scan(form)
    if scan is None or found is None:
        return again("contrats/papier.html", **await _shown(referrer, choice, form))
    try:
        async with deed(person, form.once) as doing:
            recorded = await vouching.record(
                referrer["id"], found.programme["id"], found.plan["id"], scan, signed_on=form.signed_on,
                signers=form.signers, self_billing=form.mandate, text_key=form.text,
            )  # fmt: skip
            doing.at(f"/contrats/{recorded['ref']}")
    except Refused as wrong:
        form.refuse("", _(wrong.sentence) % wrong.params)
        return again("contrats/papier.html", **await _shown(referrer, choice, form))
    return see(doing.answer["location"])


async def _scan(form: VouchForm) -> Kept | None:
    """The scan, checked and stored before the deed, once nothing else is wrong."""
    if form.errors:
        return None
    try:
        return await receive(form.scan, DOCUMENTS)
    except Invalid as wrong:
        form.refuse("scan", wrong.sentence)
        return None


@get("/contrats/{ref:str}/original", allows=RECORDS)
async def ask_original(person: Person, ref: str) -> Answer:
    contract = await _without_original(person, ref)
    form = VouchForm.showing(signers=contract["referrer_name"])
    return page("contrats/original.html", contract=contract, form=form)


@post("/contrats/{ref:str}/original", allows=RECORDS, uploads=True)
async def add_original(request: Request, person: Person, ref: str) -> Answer:
    contract = await _without_original(person, ref)
    form = await VouchForm.read(request)
    scan = await _scan(form)
    if scan is None:
        return again("contrats/original.html", contract=contract, form=form)
    async with deed(person, form.once) as doing:
        doing.at(f"/contrats/{ref}#papier")
        await vouching.vouch(contract, scan, form.signers)
    return see(f"/contrats/{ref}#papier")


async def _without_original(person: Person, ref: str) -> db.Row:
    contract = await access.contract_for(person, ref)
    if not contract["on_paper"]:
        raise NotFound("paper")
    return contract
