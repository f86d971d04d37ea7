"""Papers: the list, each paper with its file, and what the referrer says of it."""

from typing import Any

from litestar import Request, Response

from portal.invoicing import access, actions
from portal.invoicing.barter import access as barters
from portal.invoicing.composing import paper_from
from portal.invoicing.forms import ContestForm
from portal.invoicing.platform import access as platform
from portal.invoicing.platform.words import moments
from portal.invoicing.received.access import sends_own
from portal.invoicing.replacing import RECTIFIABLE
from portal.invoicing.rules import (
    ACCEPTANCE_LABELS,
    ACCEPTANCE_TONES,
    ANSWERED,
    DEDUCTED,
    KIND_LABELS,
    KIND_LABELS_STAFF,
    PAYMENT_LABELS,
    PAYMENT_TONES,
    contest_days,
    contest_until,
    counted,
    payment_label,
)
from portal.kit import db, files
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Column, Filter, Listing
from portal.kit.problems import NotFound
from portal.kit.sheets import euros
from portal.kit.text import _
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import Person, Role, Seat

READERS = {Role.REFERRER, Role.FINANCE, Role.ADMIN}


def _kinds(person: Person) -> dict[str, str]:
    return KIND_LABELS_STAFF if person.is_staff else KIND_LABELS


def _kind_said(labels: dict[str, str], invoice: db.Row) -> str:
    label = labels[invoice["kind"]]
    return _(label)


def _payment_said(invoice: db.Row) -> str:
    label = payment_label(invoice["kind"], invoice["line_state"], bartered=invoice["barter_id"] is not None)
    return _(label)


CELLS = {
    "number": lambda row: row["number"],
    "who": lambda row: row["referrer_name"],
    "kind": lambda row: _kind_said(KIND_LABELS, row),
    "day": lambda row: row["issued_on"],
    "due": lambda row: row["due_on"],
    "net": lambda row: euros(counted(row) * row["net_cents"]),
    "vat": lambda row: euros(counted(row) * row["vat_cents"]),
    "amount": lambda row: euros(counted(row) * row["total_cents"]),
    "state": _payment_said,
}


@get("/factures", allows=READERS)
async def listed(request: Request, person: Person) -> Answer:
    listing = await access.page_of(person, _listing(request, person))
    return await listing.answer(
        "factures/list.html", cells=CELLS, name="factures", kinds=_kinds(person), payment_label=payment_label,
        payment_tones=PAYMENT_TONES, counted=counted, sends_own=person.referrer_id is not None and await sends_own(person.referrer_id),
    )  # fmt: skip


def _listing(request: Request, person: Person) -> Listing:
    who = (Column("who", _("Apporteur"), sortable=True),) if person.is_staff else ()
    return Listing.asked(
        request,
        columns=(
            Column("number", _("Numéro"), sortable=True),
            *who,
            Column("kind", _("Document")),
            Column("day", _("Établi le"), sortable=True),
            Column("due", _("À payer avant le"), sortable=True),
            Column("state", _("Règlement")),
            Column("net", _("HT"), numeric=True),
            Column("vat", _("TVA"), numeric=True),
            Column("amount", _("TTC"), numeric=True, sortable=True),
        ),
        filters=(
            Filter("q", _("Numéro ou apporteur") if person.is_staff else _("Numéro")),
            Filter("type", _("Document"), "select", [(code, _(label)) for code, label in _kinds(person).items()]),
            Filter(
                "paiement", _("Règlement"), "select",
                [(code or "none", _(label)) for code, label in PAYMENT_LABELS.items()],
            ),
            Filter("mois", _("Mois"), "month"),
        ),
        sort="-day",
    )  # fmt: skip


@get("/factures/{ref:str}", allows=READERS)
async def show(person: Person, ref: str) -> Answer:
    invoice = await access.invoice_for(person, ref)
    return page("factures/show.html", **await _shown(person, invoice))


async def _shown(person: Person, invoice: db.Row, form: Form | None = None) -> dict[str, Any]:
    state = actions.acceptance_of(invoice) if invoice["kind"] in ANSWERED else ""
    return {
        "invoice": invoice,
        "paper": paper_from(invoice["paper"]),
        "lines": await access.lines_of(invoice["id"]),
        "beside": await barters.papers_beside(invoice["id"]) if invoice["barter_id"] else (),
        "credit_notes": await access.credit_notes_of(invoice["id"]),
        "replacements": await access.replacements_of(invoice["id"]),
        "deducted": invoice["kind"] in DEDUCTED,
        "rectifiable": person.may(Role.FINANCE, Role.ADMIN)
        and invoice["kind"] in RECTIFIABLE
        and invoice["barter_id"] is None,
        "kinds": _kinds(person),
        "kind": _kind_said(_kinds(person), invoice),
        "payment_label": payment_label,
        "payment_tones": PAYMENT_TONES,
        "acceptance": state,
        "acceptance_label": _(ACCEPTANCE_LABELS[state]) if state else "",
        "acceptance_tone": ACCEPTANCE_TONES.get(state, ""),
        "contest_until": contest_until(invoice["issued_on"], contest_days(invoice["filled"])),
        "life": moments(await platform.statuses_of(invoice["id"])),
        "sent": await platform.sent_of(invoice["id"]),
        "answers": person.referrer_id is not None and person.seat is not Seat.ACCOUNTANT,
        "form": form or ContestForm.showing(),
    }


@get("/factures/{ref:str}/pdf", allows=READERS)
async def pdf(person: Person, ref: str) -> Answer:
    invoice = await access.invoice_for(person, ref)
    if invoice["file_ref"] is None:
        raise NotFound("file")
    file = await files.by_ref(invoice["file_ref"])
    return file_answer(await files.content(file), file["media_type"], file["name"])


@get("/factures/{ref:str}/xml", allows=READERS)
async def xml(person: Person, ref: str) -> Answer:
    invoice = await access.invoice_for(person, ref)
    if invoice["xml"] is None:
        raise NotFound("xml")
    return file_answer(invoice["xml"], "application/xml", f"{invoice['number']}.xml")


def file_answer(body: bytes, media_type: str, name: str) -> Answer:
    return Response(
        body, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'}
    )


@post("/factures/{ref:str}/acceptation", allows={Role.REFERRER})
async def accept(request: Request, person: Person, ref: str) -> Answer:
    invoice = await _answerable(person, ref)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"/factures/{ref}")
        await actions.answer(invoice, "accept")
    return see(f"/factures/{ref}")


@post("/factures/{ref:str}/contestation", allows={Role.REFERRER})
async def contest(request: Request, person: Person, ref: str) -> Answer:
    invoice = await _answerable(person, ref)
    form = await ContestForm.read(request)
    if form.errors:
        return again("factures/show.html", **await _shown(person, invoice, form))
    async with deed(person, form.once) as doing:
        doing.at(f"/factures/{ref}")
        await actions.answer(invoice, "contest", form.reason)
    return see(f"/factures/{ref}")


async def _answerable(person: Person, ref: str) -> db.Row:
    """A receipt is not answered; an accountant reads."""
    invoice = await access.invoice_for(person, ref)
    if invoice["kind"] not in ANSWERED or person.seat is Seat.ACCOUNTANT:
        raise NotFound("invoice")
    return invoice
