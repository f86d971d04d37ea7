"""Preparing a run, and what finance does with it: approve, send, settle, cancel, note what came back."""

from typing import Any

from litestar import Request, Response

from portal.company import access as company
from portal.kit import db, files
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Listing
from portal.kit.problems import NotFound, Refused
from portal.kit.sheets import euros
from portal.kit.text import N_, _, day
from portal.kit.web import Answer, again, done, get, post, see
from portal.law.holidays import is_bank_day, same_or_next
from portal.payouts import access, actions
from portal.payouts.agreement import agreement
from portal.payouts.candidate_rules import Candidate
from portal.payouts.forms import PrepareForm, RefuseForm, SettleForm
from portal.payouts.pages import run_shown
from portal.payouts.rails.rules import RAIL_LABELS, RailName
from portal.payouts.rules import BLOCKS
from portal.payouts.waiting import waiting
from portal.people.rules import Person, Role

PAYERS = {Role.FINANCE, Role.ADMIN}
WAITING_CELLS: Cells = {
    "who": lambda candidate: candidate.referrer["referrer_name"],
    "number": lambda candidate: candidate.referrer["referrer_number"],
    "papers": lambda candidate: ", ".join(paper["number"] for paper in candidate.papers),
    "due": lambda candidate: candidate.due_on,
    "why": lambda candidate: reason_of(candidate) if candidate.block else "",
    "net": lambda candidate: euros(candidate.parts.net),
    "vat": lambda candidate: euros(candidate.parts.vat),
    "amount": lambda candidate: euros(candidate.total_cents),
}


@get("/virements/preparation", allows=PAYERS)
async def preparation(request: Request) -> Answer:
    first = same_or_next(today(), is_bank_day)
    form, shown = PrepareForm.showing(executes_on=first.isoformat()), await _waiting()
    columns = (
        Column("who", _("Apporteur")), Column("number", _("Numéro")), Column("papers", _("Pièces")),
        Column("due", _("À payer avant le")), Column("why", _("Pourquoi")),
        Column("net", _("HT"), numeric=True), Column("vat", _("TVA"), numeric=True), Column("amount", _("TTC"), numeric=True),
    )  # fmt: skip
    listing = Listing.whole(request, columns, [*shown["ready"], *shown["left_out"]])
    return await listing.answer(
        "virements/prepare.html", cells=WAITING_CELLS, name="virements-a-preparer", **shown, form=form
    )


@post("/virements/preparation", allows=PAYERS)
async def prepare(request: Request, person: Person) -> Answer:
    form = await PrepareForm.read(request)
    if not form.errors and form.executes_on < today():
        form.refuse("executes_on", _("Choisissez un jour d'exécution à venir."))
    if not form.errors and not is_bank_day(form.executes_on):
        said = _("Les banques ne règlent rien le %(day)s : choisissez le %(next)s.")
        coming = same_or_next(form.executes_on, is_bank_day)
        form.refuse("executes_on", said % {"day": day(form.executes_on), "next": day(coming)})
    if form.errors:
        return again("virements/prepare.html", **await _waiting(), form=form)
    async with deed(person, form.once) as doing:
        runs = await actions.prepare_all(await _entity_id(), form.executes_on)
        doing.at(f"/virements/{runs[0]['ref']}" if len(runs) == 1 else "/virements")
    return see(doing.answer["location"])


async def _entity_id() -> int:
    entity = await company.legal_entity()
    assert entity is not None
    return entity["id"]


async def _waiting() -> dict[str, Any]:
    found = await waiting(await _entity_id())
    ready = [candidate for candidate in found if not candidate.block]
    papers = [paper for candidate in ready for paper in candidate.papers]
    transfers = (
        sum(candidate.parts.net for candidate in ready), sum(candidate.parts.vat for candidate in ready)
    )  # fmt: skip
    return {
        "ready": ready,
        "left_out": [candidate for candidate in found if candidate.block],
        "agreement": await agreement(papers, transfers),
        "rail_labels": {name: _(label) for name, label in RAIL_LABELS.items()},
        "reason_of": reason_of,
        "today": today(),
    }


def reason_of(candidate: Candidate) -> str:
    block = BLOCKS[candidate.block]
    return _(block) % {"until": day(candidate.until)}


async def _form_of(request: Request, person: Person, ref: str) -> tuple[db.Row, Form]:
    return await access.run_for(person, ref), await Form.read(request)


@post("/virements/{ref:str}/approbation", allows=PAYERS)
async def approve(request: Request, person: Person, ref: str) -> Answer:
    run, form = await _form_of(request, person, ref)
    async with deed(person, form.once) as doing:
        doing.at(f"/virements/{ref}")
        await actions.approve(run)
    return see(f"/virements/{ref}")


@post("/virements/{ref:str}/approbation/refus", allows=PAYERS)
async def refuse(request: Request, person: Person, ref: str) -> Answer:
    run = await access.run_for(person, ref)
    form = await RefuseForm.read(request)
    if form.errors:
        return again("virements/run.html", **(await run_shown(person, ref) | {"refusal": form}))
    async with deed(person, form.once) as doing:
        doing.at(f"/virements/{ref}")
        await actions.refuse(run, form.reason)
    return see(f"/virements/{ref}")


@post("/virements/{ref:str}/annulation", allows=PAYERS)
async def cancel(request: Request, person: Person, ref: str) -> Answer:
    return await _cancelled(request, person, ref)


@post("/virements/{ref:str}/sans-contestees", allows=PAYERS)
async def leave_out_contested(request: Request, person: Person, ref: str) -> Answer:
    run, form = await _form_of(request, person, ref)
    async with deed(person, form.once) as doing:
        doing.at(f"/virements/{(await actions.leave_out_contested(run))['ref']}")
    return done(doing)


@post("/virements/{ref:str}/approbation/retrait", allows=PAYERS)
async def withdraw(request: Request, person: Person, ref: str) -> Answer:
    return await _cancelled(request, person, ref)


async def _cancelled(request: Request, person: Person, ref: str) -> Answer:
    run, form = await _form_of(request, person, ref)
    async with deed(person, form.once) as doing:
        doing.at(f"/virements/{ref}")
        await actions.cancel(run)
    return see(f"/virements/{ref}")


@post("/virements/{ref:str}/envoi", allows=PAYERS)
async def send(request: Request, person: Person, ref: str) -> Answer:
    """The file is stored first, then the run is sent; of a second submit only the first counts."""
    run, form = await _form_of(request, person, ref)
    if run["state"] != "approved":
        return see(f"/virements/{ref}")
    kept = await actions.bank_file(run)
    async with deed(person, form.once) as doing:
        doing.at(f"/virements/{ref}")
        await actions.send(run, kept)
    return see(f"/virements/{ref}")


@post("/virements/{ref:str}/reglement", allows=PAYERS)
async def settle(request: Request, person: Person, ref: str) -> Answer:
    run = await access.run_for(person, ref)
    form = await SettleForm.read(request)
    if not form.errors:
        try:
            async with deed(person, form.once) as doing:
                doing.at(f"/virements/{ref}")
                await actions.settle(run, form.on)
        except Refused as no:
            if no.code != "settled_when":
                raise
            form.refuse("on", _(no.sentence))
    if form.errors:
        return again("virements/run.html", **await run_shown(person, ref, form))
    return see(f"/virements/{ref}")


@post("/virements/{ref:str}/retour", allows=PAYERS)
async def come_back(request: Request, person: Person, ref: str) -> Answer:
    """`ref` is that of the transfer which the bank refused."""
    line = await access.line_for(person, ref)
    if line["rail"] == RailName.STRIPE:
        raise Refused("stripe_says", N_("Stripe dit lui-même ce qui est versé, refusé ou repris."))
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"/virements/{line['run_ref']}")
        await actions.fail(line, today())
    return see(f"/virements/{line['run_ref']}")


@get("/virements/{ref:str}/fichier", allows=PAYERS)
async def bank_file(person: Person, ref: str) -> Answer:
    run = await access.run_for(person, ref)
    if run["file_ref"] is None:
        raise NotFound("file")
    file = await files.by_ref(run["file_ref"])
    return Response(
        await files.content(file), media_type=file["media_type"],
        headers={"content-disposition": f'attachment; filename="{file["name"]}"'},
    )  # fmt: skip
