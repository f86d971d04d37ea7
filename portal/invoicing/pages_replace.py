"""A paper put right, asked again, or told to an employer: what would replace it before it does, duplicates, the letter."""

import asyncio
from typing import Annotated, Any

from litestar import Request
from pydantic import StringConstraints

from portal.company import access as company
from portal.invoicing import access, actions, printing, replacing
from portal.invoicing.branding import assets_of, brand_of
from portal.invoicing.pages import READERS, file_answer
from portal.invoicing.replacing_rules import COMPARED, REMEDY_LABELS, Remedy
from portal.invoicing.rules import BLOCKS, KIND_LABELS_STAFF, ROW_KINDS
from portal.kit import db, files
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import NotFound
from portal.kit.text import N_, _
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import Person, Role
from portal.referrers.access import referrer_for

FINANCE = {Role.FINANCE, Role.ADMIN}
PATH = "/factures/{ref:str}/rectification"


class ReasonForm(Form):
    SENTENCES = {"reason.missing": N_("Dites pourquoi : cela reste dans l'historique.")}
    reason: Annotated[str, StringConstraints(max_length=300)]


@get(PATH, allows=FINANCE)
async def show(person: Person, ref: str) -> Answer:
    invoice = await access.invoice_for(person, ref)
    return page("factures/rectification.html", **await _shown(invoice, ReasonForm.showing()))


@post(PATH, allows=FINANCE)
async def rectify(request: Request, person: Person, ref: str) -> Answer:
    invoice = await access.invoice_for(person, ref)
    form = await ReasonForm.read(request)
    if form.errors:
        return again("factures/rectification.html", **await _shown(invoice, form))
    async with deed(person, form.once) as doing:
        ids = await replacing.rectify(invoice, form.reason)
        doing.at(f"/factures/{(await access.invoice(ids[-1]))['ref']}")
    return see(doing.answer["location"])


async def _shown(invoice: db.Row, form: Form) -> dict[str, Any]:
    return {
        "invoice": invoice,
        "form": form,
        "kind": _(KIND_LABELS_STAFF[invoice["kind"]]),
        **plan_words(await replacing.plan(invoice["id"], today())),
    }


def plan_words(planned: replacing.Plan | None) -> dict[str, Any]:
    """What the page says of it; nothing when nothing is left of the paper."""
    if planned is None:
        return {"planned": None, "possible": False}
    return {
        "planned": planned,
        "possible": planned.remedy is not Remedy.NOTHING and not planned.blocks,
        "remedy": _(REMEDY_LABELS[planned.remedy]),
        "differing": [_(COMPARED[code][0]) for code in planned.differing],
        "blocked": [_(BLOCKS[code]) for code in planned.blocks],
        "papers": [(_kind_of(proposal), proposal) for proposal in planned.papers],
    }


def _kind_of(proposal: Any) -> str:
    return _(KIND_LABELS_STAFF[ROW_KINDS[proposal.treatment.kind]])


@get("/factures/{ref:str}/duplicata", allows=READERS)
async def duplicate(person: Person, ref: str) -> Answer:
    """Printed when it is asked, and marked; the original is not touched."""
    invoice = await access.invoice_for(person, ref)
    if invoice["series_id"] is None:
        raise NotFound("duplicate")  # what the referrer issued is theirs to print again
    brand = await brand_of(await company.legal_entity_by(invoice["legal_entity_id"]))
    body = await asyncio.to_thread(printing.duplicate, invoice, brand, await assets_of(brand))
    return file_answer(body, "application/pdf", f"{invoice['number']}-duplicata.pdf")


@get("/factures/{ref:str}/employeur", allows=READERS)
async def employer(person: Person, ref: str) -> Answer:
    """What the employer of a partner's employee is told: the employee sees exactly that."""
    invoice = await access.invoice_for(person, ref)
    if invoice["letter_ref"] is None:
        raise NotFound("letter")
    file = await files.by_ref(invoice["letter_ref"])
    return file_answer(await files.content(file), file["media_type"], file["name"])


@post("/factures/a-etablir/mandat-tacite/{ref:str}", allows=FINANCE)
async def allow_tacit(request: Request, person: Person, ref: str) -> Answer:
    referrer = await referrer_for(person, ref)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at("/factures/a-etablir")
        await actions.allow_tacit(referrer["id"])
    return see("/factures/a-etablir")
