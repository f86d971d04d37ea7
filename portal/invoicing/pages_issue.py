"""Papers to be issued: what each referrer would get and why some get none, and the button that issues."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Request

from portal.company import access as company
from portal.invoicing import access, actions
from portal.invoicing.composing import clause_of, rate_of
from portal.invoicing.forms import IssueForm
from portal.invoicing.papers import Kind
from portal.invoicing.proposals import Proposal
from portal.invoicing.rules import BLOCKS
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.listing import Cells, Column, Listing
from portal.kit.sheets import euros
from portal.kit.text import N_, _
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import Person, Role
from portal.referrers.vigilance.words import REMEDIES

ISSUERS = {Role.FINANCE, Role.ADMIN}
KINDS = {
    Kind.SELF_BILLED: N_("Facture"),
    Kind.SELF_BILLED_CREDIT_NOTE: N_("Avoir"),
    Kind.RECEIPT: N_("Bordereau"),
}
WAITING, DUE = "exigibilite.attente", "exigibilite.exigible"  # anchors of the contract's texts
CELLS: Cells = {
    "who": lambda proposal: proposal.referrer["referrer_name"],
    "number": lambda proposal: proposal.referrer["referrer_number"],
    "kind": lambda proposal: kind_of(proposal) if proposal.treatment else "",
    "why": lambda proposal: " ".join(reasons_of(proposal)),
    "commissions": lambda proposal: len(proposal.rows),
    "net": lambda proposal: euros(proposal.net_cents),
    "vat": lambda proposal: euros(proposal.vat_cents),
    "amount": lambda proposal: euros(proposal.total_cents),
    "by": lambda proposal: proposal.invoice_by,
}


@dataclass(frozen=True, slots=True)
class Totals:
    """Cents: what is ready, credit notes deducted."""

    papers: int
    net: int
    vat: int


@get("/factures/a-etablir", allows=ISSUERS)
async def to_issue(request: Request) -> Answer:
    shown = await _shown()
    columns = (
        Column("who", _("Apporteur")), Column("number", _("Numéro")), Column("kind", _("Document")),
        Column("why", _("Pourquoi")), Column("commissions", _("Commissions"), numeric=True),
        Column("net", _("HT"), numeric=True), Column("vat", _("TVA"), numeric=True), Column("amount", _("TTC"), numeric=True),
        Column("by", _("À facturer avant le")),
    )  # fmt: skip
    listing = Listing.whole(request, columns, [*shown["ready"], *shown["left_out"]])
    return await listing.answer(
        "factures/to_issue.html", cells=CELLS, name="a-etablir", **shown, asked=_asked(request),
        form=IssueForm.showing(),
    )  # fmt: skip


@get("/factures/a-etablir/avancement", allows=ISSUERS)
async def progress(request: Request) -> Answer:
    """A fragment that asks again until all jobs have issued their part."""
    return page("factures/_progress.html", **await _shown(), asked=_asked(request))


@post("/factures/a-etablir", allows=ISSUERS)
async def issue(request: Request, person: Person) -> Answer:
    form = await IssueForm.read(request)
    if form.errors:
        return again("factures/to_issue.html", **await _shown(), asked=0, form=form)
    entity_id = await _entity_id()
    ids = await access.referrer_ids(form.referrer)
    async with deed(person, form.once) as doing:
        made = await actions.order(entity_id, ids, today())
        if made is None:
            doing.at(f"/factures/a-etablir?sur={len(ids)}")
        elif made.refusals:
            doing.at("/factures/a-etablir")
        else:
            doing.at("/factures")
    return see(doing.answer["location"])


async def _entity_id() -> int:
    entity = await company.legal_entity()
    assert entity is not None
    return entity["id"]


async def _shown() -> dict[str, Any]:
    found = await actions.dry_run(await _entity_id(), today())
    ready = [proposal for proposal in found if proposal.ready]
    return {
        "ready": ready,
        "left_out": [proposal for proposal in found if not proposal.ready],
        "totals": totals_of(ready),
        "day": today(),
        "kind_of": kind_of,
        "reasons_of": reasons_of,
        "remedies_of": remedies_of,
        "waiting_clause": waiting_clause,
        "rate_of": rate_of,
        "clause_of": clause_of,
    }


def totals_of(ready: Sequence[Proposal]) -> Totals:
    return Totals(
        len(ready),
        sum(proposal.net_cents for proposal in ready),
        sum(proposal.vat_cents for proposal in ready),
    )


def kind_of(proposal: Proposal) -> str:
    assert proposal.treatment
    label = KINDS[proposal.treatment.kind]
    return _(label)


def reasons_of(proposal: Proposal) -> list[str]:
    said = [_(BLOCKS[code]) for code in proposal.blocks or proposal.held.warnings]
    return [*said, proposal.detail] if proposal.detail else said


def remedies_of(proposal: Proposal) -> list[str]:
    """What to do about documents that are missing or not looked at."""
    codes = (*proposal.blocks, *proposal.held.warnings)
    return [_(REMEDIES[code]) for code in codes if code in REMEDIES]


def waiting_clause(proposal: Proposal) -> str:
    """Why the wait is lawful: the article of their very contract that puts documents into the due date."""
    found = proposal.contract["clauses"].get(WAITING) or proposal.contract["clauses"].get(DUE)
    article = f", article {found['number']}" if found else ""
    return f"Contrat {proposal.contract['contract_number']}{article}"


def _asked(request: Request) -> int:
    """How many referrers were handed to jobs; 0 when none."""
    typed = request.query_params.get("sur", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 0
