"""Transfers as their referrer reads them, and runs as finance follows them."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from litestar import Request

from portal.earnings import access as commissions
from portal.invoicing.composing import rate_of
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import NotFound
from portal.kit.text import _
from portal.kit.web import Answer, get, page
from portal.payouts import access
from portal.payouts.agreement import agreement
from portal.payouts.forms import RefuseForm, SettleForm
from portal.payouts.rules import APPROVAL, LINE_LABELS, RUN_LABELS, TONES, VISIBLE
from portal.people import approvals
from portal.people.rules import Person, Role

READERS = {Role.REFERRER, Role.FINANCE, Role.ADMIN}


def said(labels: Mapping[Any, str]) -> dict[str, str]:
    return {str(code): _(label) for code, label in labels.items()}


def _euros(name: str) -> Callable[[Any], Decimal]:
    return lambda row: Decimal(row[name]).scaleb(-2)


RUN_CELLS = {
    "number": lambda row: row["number"],
    "day": lambda row: row["executes_on"],
    "state": lambda row: said(RUN_LABELS)[row["state"]],
    "lines": lambda row: row["lines"],
    "net": _euros("net_cents"),
    "vat": _euros("vat_cents"),
    "amount": _euros("total_cents"),
}
LINE_CELLS = {
    "day": lambda row: row["executes_on"],
    "account": lambda row: f"…{row['last4']}",
    "state": lambda row: said(LINE_LABELS)[row["state"]],
    "amount": _euros("total_cents"),
}


@get("/virements", allows=READERS)
async def listed(request: Request, person: Person) -> Answer:
    if person.referrer_id is not None:
        return await _own(request, person)
    listing = Listing.asked(
        request,
        columns=(
            Column("number", _("Règlement"), sortable=True),
            Column("day", _("Exécuté le"), sortable=True),
            Column("state", _("État")),
            Column("lines", _("Virements"), numeric=True),
            Column("net", _("HT"), numeric=True),
            Column("vat", _("TVA"), numeric=True),
            Column("amount", _("TTC"), numeric=True, sortable=True),
        ),
        filters=(
            Filter("q", _("Numéro")),
            Filter("etat", _("État"), "select", [(code, _(label)) for code, label in RUN_LABELS.items()]),
        ),
        sort="-number",
    )
    await access.runs_page(listing)
    return await listing.answer(
        "virements/runs.html", cells=RUN_CELLS, name="reglements", labels=said(RUN_LABELS), tones=TONES
    )


async def _own(request: Request, person: Person) -> Answer:
    listing = Listing.asked(
        request,
        columns=(
            Column("day", _("Date"), sortable=True),
            Column("account", _("Compte")),
            Column("state", _("État")),
            Column("amount", _("Montant"), numeric=True, sortable=True),
        ),
        filters=(Filter("etat", _("État"), "select", [(code, _(LINE_LABELS[code])) for code in VISIBLE]),),
        sort="-day",
    )
    await access.lines_page(person, listing)
    return await listing.answer(
        "virements/own.html", cells=LINE_CELLS, name="virements", labels=said(LINE_LABELS), tones=TONES,
        coming=await access.next_release(person.referrer_id or 0),
    )  # fmt: skip


@get("/virements/{ref:str}", allows=READERS)
async def show(request: Request, person: Person, ref: str) -> Answer:
    """A transfer; for finance also a whole run."""
    try:
        line = await access.line_for(person, ref)
    except NotFound:
        return await _run(request, await run_shown(person, ref))
    return page(
        "virements/show.html", line=line, labels=said(LINE_LABELS), tones=TONES, rate_of=rate_of,
        sight=await commissions.sight_of(person),
        earnings=(await access.earnings_of([line["id"]]))[line["id"]],
        papers=(await access.papers_of([line["id"]]))[line["id"]],
        coming=await access.next_release(line["referrer_id"]),
    )  # fmt: skip


async def _run(request: Request, shown: dict[str, Any]) -> Answer:
    columns = (
        Column("who", _("Apporteur")), Column("number", _("Numéro")), Column("holder", _("Titulaire")),
        Column("account", _("Compte")), Column("papers", _("Pièces")), Column("state", _("État")),
        Column("net", _("HT"), numeric=True), Column("vat", _("TVA"), numeric=True), Column("amount", _("TTC"), numeric=True),
    )  # fmt: skip
    cells: Cells = {
        "who": lambda row: row["referrer_name"],
        "number": lambda row: row["referrer_number"],
        "holder": lambda row: row["holder"],
        "account": lambda row: f"…{row['last4']}",
        "papers": lambda row: ", ".join(paper["number"] for paper in shown["papers"][row["id"]]),
        "state": lambda row: shown["line_labels"][row["state"]],
        "net": _euros("net_cents"),
        "vat": _euros("vat_cents"),
        "amount": _euros("total_cents"),
    }
    listing = Listing.whole(request, columns, shown["lines"])
    return await listing.answer("virements/run.html", cells=cells, name=shown["run"]["number"], **shown)


async def run_shown(person: Person, ref: str, form: SettleForm | None = None) -> dict[str, Any]:
    run = await access.run_for(person, ref)
    lines = await access.lines_of(run["id"])
    papers = await access.papers_of([line["id"] for line in lines])
    return {
        "run": run,
        "lines": lines,
        "papers": papers,
        "labels": said(RUN_LABELS),
        "line_labels": said(LINE_LABELS),
        "tones": TONES,
        "agreement": await agreement(
            [paper for each in papers.values() for paper in each], (run["net_cents"], run["vat_cents"])
        ),
        "approval": await approvals.latest(APPROVAL, "payout_run", run["id"]),
        "refusal": RefuseForm.showing(),
        "form": form or SettleForm.showing(on=run["executes_on"].isoformat()),
    }
