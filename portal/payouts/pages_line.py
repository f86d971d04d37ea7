"""What finance notes on one transfer: paid by hand, one share of it, what the bank answered about the holder."""

from litestar import Request

from portal.kit.deed import deed
from portal.kit.invalid import Invalid
from portal.kit.problems import Refused
from portal.kit.text import _
from portal.kit.uploads import DOCUMENTS, receive
from portal.kit.web import Answer, again, post, see
from portal.payouts import access
from portal.payouts.by_hand import paying
from portal.payouts.forms import AnswerForm, HandForm, ShareForm
from portal.payouts.holder import checking
from portal.payouts.pages import line_shown
from portal.payouts.shares import ending
from portal.people.rules import Person, Role

PAYERS = {Role.FINANCE, Role.ADMIN}


@post("/virements/{ref:str}/paiement", allows=PAYERS, uploads=True)
async def pay_by_hand(request: Request, person: Person, ref: str) -> Answer:
    """The proof is stored first; without it, or with another amount, nothing is noted."""
    line = await access.line_for(person, ref)
    form = await HandForm.read(request)
    kept = None
    if not form.errors:
        try:
            kept = await receive(form.document, DOCUMENTS)
        except Invalid as wrong:
            form.refuse("document", wrong.sentence)
    if kept is not None:
        try:
            async with deed(person, form.once) as doing:
                doing.at(f"/virements/{ref}")
                await paying.pay(
                    line, form.position, way=form.way, amount_cents=form.amount, paid_on=form.paid_on,
                    reference=form.reference, kept=kept,
                )  # fmt: skip
        except Refused as no:
            form.refuse("paid_on" if no.code == "settled_when" else "amount", _(no.sentence) % no.params)
    if form.errors:
        return again("virements/show.html", **await line_shown(person, line, hand=form))
    return see(f"/virements/{ref}")


@post("/virements/{ref:str}/parts", allows=PAYERS)
async def note_share(request: Request, person: Person, ref: str) -> Answer:
    line = await access.line_for(person, ref)
    form = await ShareForm.read(request)
    if form.errors:
        return again("virements/show.html", **await line_shown(person, line))
    async with deed(person, form.once) as doing:
        doing.at(f"/virements/{ref}")
        note = ending.share_arrived if form.arrived else ending.share_came_back
        await note(line, form.position, form.on)
    return see(f"/virements/{ref}")


@post("/virements/{ref:str}/verification", allows=PAYERS)
async def note_answer(request: Request, person: Person, ref: str) -> Answer:
    line = await access.line_for(person, ref)
    form = await AnswerForm.read(request)
    if not form.errors:
        try:
            async with deed(person, form.once) as doing:
                doing.at(f"/virements/{ref}#titulaire")
                await checking.note_answer(line, form.result, form.said, form.decision, form.why)
        except Refused as no:
            form.refuse("why", _(no.sentence))
    if form.errors:
        return again("virements/show.html", **await line_shown(person, line, answer=form))
    return see(f"/virements/{ref}#titulaire")
