"""Transfers as their referrer reads them, and runs as finance follows them."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from litestar import Request

from portal.earnings import access as commissions
from portal.invoicing.composing import rate_of
from portal.kit import db
from portal.kit.days import day_of, now, today
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import NotFound
from portal.kit.text import _
from portal.kit.web import Answer, get, page
from portal.payouts import access
from portal.payouts.agreement import agreement
from portal.payouts.approval.access import powers_of
from portal.payouts.approval.rules import word_of
from portal.payouts.bank import access as banking
from portal.payouts.bank.reasons import THEIRS, reason_said
from portal.payouts.by_hand import paying
from portal.payouts.by_hand.rules import WAYS, to_pay
from portal.payouts.forms import AnswerForm, HandForm, RefuseForm, SettleForm
from portal.payouts.holder import checking
from portal.payouts.holder.rules import DECISIONS, RESULT_TONES, RESULTS
from portal.payouts.rails.rules import RAIL_LABELS, RailName
from portal.payouts.rails.table import rail
from portal.payouts.rules import LINE_LABELS, RUN_LABELS, SENT_BY, TONES, VISIBLE, RunState
from portal.payouts.sending import contested_in
from portal.payouts.shares.rules import END_LABELS, END_TONES
from portal.payouts.showing import looked_at, others, own_cents
from portal.people.rules import Person, Role
from portal.referrers.payee_rules import KINDS

READERS = {Role.REFERRER, Role.FINANCE, Role.ADMIN}


def said(labels: Mapping[Any, str]) -> dict[str, str]:
    return {str(code): _(label) for code, label in labels.items()}


def _euros(name: str) -> Callable[[Any], Decimal]:
    return lambda row: Decimal(row[name]).scaleb(-2)


RUN_CELLS = {
    "number": lambda row: row["number"],
    "rail": lambda row: said(RAIL_LABELS)[row["rail"]],
    "day": lambda row: row["executes_on"],
    "state": lambda row: said(RUN_LABELS)[row["state"]],
    "lines": lambda row: row["lines"],
    "net": _euros("net_cents"),
    "vat": _euros("vat_cents"),
    "amount": _euros("total_cents"),
}
LINE_CELLS = {
    "day": lambda row: row["executes_on"],
    "account": lambda row: f"…{row['last4']}" if row["last4"] else "",
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
            Column("rail", _("Par")),
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
        "virements/runs.html",
        cells=RUN_CELLS,
        name="reglements",
        rails=said(RAIL_LABELS),
        tones=TONES,
        labels_by={name: said(RUN_LABELS | SENT_BY[name]) for name in RAIL_LABELS},
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
        rails=said(RAIL_LABELS), coming=await access.next_release(person.referrer_id or 0),
    )  # fmt: skip


@get("/virements/{ref:str}", allows=READERS)
async def show(request: Request, person: Person, ref: str) -> Answer:
    """A transfer; for finance also a whole run."""
    try:
        line = await access.line_for(person, ref)
    except NotFound:
        return await _run(request, await run_shown(person, ref))
    return page("virements/show.html", **await line_shown(person, line))


def _why(person: Person, line: db.Row) -> str:
    """The bank's reason; a referrer is told what is of their own account."""
    told = line["rail"] != RailName.STRIPE and (person.is_staff or line["why"] in THEIRS)
    return reason_said(line["why"]) if told else ""


async def line_shown(person: Person, line: db.Row, **forms: Form) -> dict[str, Any]:
    return {
        "line": line, "why": _why(person, line), "labels": said(LINE_LABELS), "tones": TONES, "rate_of": rate_of,
        "own_cents": own_cents(line), "others": others(line), "set_offs": await access.set_offs_of([line["id"]]),
        "sight": await commissions.sight_of(person),
        "earnings": (await access.earnings_of([line["id"]]))[line["id"]],
        "papers": (await access.papers_of([line["id"]]))[line["id"]],
        **(await _for_finance(line, forms) if person.is_staff else {"coming": await access.next_release(line["referrer_id"])}),
    }  # fmt: skip


async def _for_finance(line: db.Row, forms: dict[str, Form]) -> dict[str, Any]:
    waits = to_pay(line)
    return {
        "to_pay": waits,
        "payments": await paying.payments_of(line["id"]),
        "checks": await checking.checks_of(line["bank_detail_id"]) if line["bank_detail_id"] else [],
        "ways": [(code, _(label)) for code, label in WAYS.items()],
        "kinds": said(KINDS), "end_labels": said(END_LABELS), "end_tones": END_TONES,
        "results": said(RESULTS), "result_tones": RESULT_TONES,
        "decisions": [("", "–"), *((code, _(label)) for code, label in DECISIONS.items())],
        "hand": HandForm.showing(paid_on=today().isoformat()), "answer": AnswerForm.showing(), **forms,
    }  # fmt: skip


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
        "account": lambda row: f"…{row['last4']}" if row["last4"] else row["destination"],
        "papers": lambda row: ", ".join(paper["number"] for paper in shown["papers"][row["id"]]),
        "state": lambda row: shown["line_labels"][row["state"]],
        "net": _euros("net_cents"),
        "vat": _euros("vat_cents"),
        "amount": _euros("total_cents"),
    }
    listing = Listing.whole(request, columns, shown["lines"])
    return await listing.answer("virements/run.html", cells=cells, name=shown["run"]["number"], **shown)


def _debited(run: db.Row) -> date:
    """The day that the bank was asked for, as far as it can be one on which it paid."""
    return max(day_of(run["sent_at"] or now()), min(run["executes_on"], today()))


async def run_shown(person: Person, ref: str, form: SettleForm | None = None) -> dict[str, Any]:
    run = await access.run_for(person, ref)
    lines = await access.lines_of(run["id"])
    papers = await access.papers_of([line["id"] for line in lines])
    return {
        "run": run,
        "lines": lines,
        "papers": papers,
        "labels": said(RUN_LABELS | SENT_BY[run["rail"]]),
        "rail": rail(run["rail"]), "rail_label": said(RAIL_LABELS)[run["rail"]],
        "line_labels": said(LINE_LABELS),
        "tones": TONES,
        **(await _to_decide(person, run, lines, papers) if run["state"] == RunState.DRAFTED else {}),
        "agreement": await agreement(
            [paper for each in papers.values() for paper in each], (run["net_cents"], run["vat_cents"])
        ),
        "refusal": RefuseForm.showing(),
        "contested": [] if run["sent_at"] else await contested_in(run["id"]),
        "accepted": await banking.accepted_on(run["id"]) if run["sent_at"] else None,
        "form": form or SettleForm.showing(on=_debited(run).isoformat()),
    }  # fmt: skip


async def _to_decide(
    person: Person, run: db.Row, lines: list[db.Row], papers: dict[int, list[db.Row]]
) -> dict[str, Any]:
    """Before it is approved: what needs eyes first, and what the word of this person is worth."""
    powers = await powers_of(person.user_id, today())
    past = await access.past_of(run["id"], [line["referrer_id"] for line in lines])
    before = [word["user_id"] for word in run["words"]]
    largest = max(line["total_cents"] for line in lines)
    to_see, as_ever = looked_at(lines, past, papers, powers.own.line_cents)
    return {
        "to_see": to_see, "as_ever": as_ever,
        "as_ever_cents": sum(one.line["total_cents"] for one in as_ever),
        "is_own": run["prepared_by"] == person.user_id, "four_eyes": powers.four_eyes,
        "has_said": person.user_id in before,
        "word": word_of(powers.own, powers.lent, before, largest, run["total_cents"], run["prepared_by"]),
    }  # fmt: skip
