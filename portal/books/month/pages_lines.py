"""/arretes/…/lignes: every figure of a month down to its lines, and the files of each."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Request

from portal.books.month import access
from portal.books.month.accruals import KINDS as ACCRUALS
from portal.books.month.accruing import accrued_rows
from portal.books.month.budgets import budgets_of
from portal.books.month.pages import FINANCE, HOME
from portal.books.month.reading import month_of
from portal.books.month.reading_vat import vat_of
from portal.books.month.vat import CAUSES, OTHER_CAUSE
from portal.books.month.words import accepted, month_name
from portal.invoicing.rules import ACCEPTANCE_TONES, KIND_LABELS_STAFF, payment_label
from portal.kit import db
from portal.kit.listing import Cells, Column, Listing
from portal.kit.sheets import euros
from portal.kit.text import N_, _
from portal.kit.web import Answer, get
from portal.people.rules import Person

Columns = Sequence[Column]


def _commission_columns() -> Columns:
    return (
        Column("client", _("Client")), Column("who", _("Apporteur")), Column("on", _("Encaissée le")),
        Column("paper", _("Document")), Column("net", _("HT"), numeric=True),
    )  # fmt: skip


def _paper_columns() -> Columns:
    return (
        Column("number", _("Numéro")), Column("who", _("Apporteur")), Column("due", _("À payer avant le")),
        Column("accepted", _("Acceptation")), Column("paid", _("Paiement")), Column("net", _("HT"), numeric=True),
        Column("vat", _("TVA"), numeric=True),
    )  # fmt: skip


def _transfer_columns() -> Columns:
    return (
        Column("number", _("Document")), Column("run", _("Règlement")), Column("paid", _("Paiement")),
        Column("due", _("À payer avant le")), Column("net", _("HT"), numeric=True), Column("vat", _("TVA"), numeric=True),
    )  # fmt: skip


def _booking_columns() -> Columns:
    return (
        Column("number", _("Document")), Column("on", _("Écrite le")), Column("concerns", _("Concerne le")),
        Column("net", _("HT"), numeric=True), Column("vat", _("TVA"), numeric=True),
    )  # fmt: skip


def _vat_columns() -> Columns:
    return (
        Column("piece", _("Pièce")), Column("who", _("Apporteur")), Column("on", _("Date")), Column("cause", _("Cause")),
        Column("pending", _("En attente"), numeric=True), Column("deductible", _("Déductible"), numeric=True),
        Column("due", _("Autoliquidée, due"), numeric=True),
    )  # fmt: skip


def _accrual_columns() -> Columns:
    return (
        Column("who", _("Apporteur")), Column("kind", _("Nature")), Column("net", _("HT"), numeric=True),
        Column("vat", _("TVA"), numeric=True),
    )  # fmt: skip


def _budget_columns() -> Columns:
    return (
        Column("programme", _("Programme")), Column("budget", _("Budget"), numeric=True),
        Column("month", _("Ce mois"), numeric=True), Column("cost", _("Depuis le début"), numeric=True),
        Column("left", _("Reste"), numeric=True),
    )  # fmt: skip


async def _commissions(settlement: db.Row) -> Sequence[Any]:
    """Those on papers, then those that wait for one."""
    month = await month_of(settlement)
    waiting = [
        {"ref": row["ref"], "client_name": row["client_name"], "title": row["deal_title"], "referrer_name": row["referrer_name"],
         "occurred_on": row["occurred_on"], "invoice_ref": None, "invoice_number": "", "amount": row["amount"]}
        for proposal in month.proposals for row in proposal.rows
    ]  # fmt: skip
    return [*await access.commission_rows([paper.id for paper in month.papers]), *waiting]


async def _papers(settlement: db.Row) -> Sequence[Any]:
    return (await month_of(settlement)).papers


async def _bookings(settlement: db.Row) -> Sequence[Any]:
    return await access.booking_rows([paper.id for paper in await _papers(settlement)])


async def _vat(settlement: db.Row) -> Sequence[Any]:
    return (await vat_of(settlement)).lines


PAPER_CELLS: Cells = {
    "number": lambda paper: paper.number,
    "who": lambda paper: paper.referrer_name,
    "due": lambda paper: paper.due_on,
    "accepted": lambda paper: accepted(paper).label,
    "run": lambda paper: paper.run_number or "",
    "paid": lambda paper: _(payment_label(paper.kind, paper.state)),
    "net": lambda paper: euros(paper.net),
    "vat": lambda paper: euros(paper.vat),
}


@dataclass(frozen=True, slots=True)
class View:
    label: str
    lead: str
    columns: Callable[[], Columns]
    rows: Callable[[db.Row], Awaitable[Sequence[Any]]]
    cells: Cells


VIEWS = {
    "commissions": View(
        N_("Commissions"), N_("Celles du mois, avec le document qui les porte."), _commission_columns, _commissions,
        {
            "client": lambda row: row["client_name"],
            "who": lambda row: row["referrer_name"],
            "on": lambda row: row["occurred_on"],
            "paper": lambda row: row["invoice_number"],
            "net": lambda row: euros(row["amount"]),
        },
    ),
    "pieces": View(N_("Factures"), N_("Établies depuis l'arrêté précédent, avec leur acceptation et leur date légale."), _paper_columns, _papers, PAPER_CELLS),
    "virements": View(N_("Virements"), N_("Où en est le paiement de chaque document."), _transfer_columns, _papers, PAPER_CELLS),
    "compte-401": View(
        N_("Compte 401"), N_("Ce que la comptabilité a écrit pour chaque document."), _booking_columns, _bookings,
        {
            "number": lambda row: row["invoice_number"],
            "on": lambda row: row["occurred_on"],
            "concerns": lambda row: row["concerns_on"],
            "net": lambda row: euros(0 if row["role"].startswith("vat_") else row["cents"]),
            "vat": lambda row: euros(row["cents"] if row["role"].startswith("vat_") else 0),
        },
    ),
    "tva": View(
        N_("TVA"), N_("Par date d'exigibilité : déductible quand elle est payée, ou dès la facture pour l'option sur les débits."), _vat_columns, _vat,
        {
            "piece": lambda line: line.piece,
            "who": lambda line: line.referrer,
            "on": lambda line: line.on,
            "cause": lambda line: _(CAUSES.get(line.cause, OTHER_CAUSE)),
            "pending": lambda line: euros(line.pending),
            "deductible": lambda line: euros(line.deductible),
            "due": lambda line: euros(line.due),
        },
    ),
    "charges-a-payer": View(
        N_("Charges à payer"), N_("Ce que le mois doit et qu'aucun document ne dit encore ; repris le premier du mois suivant."), _accrual_columns, accrued_rows,
        {
            "who": lambda row: row["referrer_name"],
            "kind": lambda row: _(ACCRUALS[row["kind"]]),
            "net": lambda row: euros(row["net_cents"]),
            "vat": lambda row: euros(row["vat_cents"]),
        },
    ),
    "budgets": View(
        N_("Budgets"), N_("Ce que chaque programme a coûté en commissions, à la fin du mois, et ce que son budget prévoit."), _budget_columns, budgets_of,
        {
            "programme": lambda row: row.name,
            "budget": lambda row: None if row.budget is None else euros(row.budget),
            "month": lambda row: euros(row.in_month),
            "cost": lambda row: euros(row.cost),
            "left": lambda row: None if row.left is None else euros(row.left),
        },
    ),
}  # fmt: skip


def _ways(ref: str, here: str) -> list[tuple[str, str, bool, None]]:
    return [(_(one.label), f"{HOME}/{ref}/lignes?vue={key}", key == here, None) for key, one in VIEWS.items()]


@get(f"{HOME}/{{ref:str}}/lignes", allows=FINANCE)
async def lines(request: Request, person: Person, ref: str) -> Answer:
    settlement = await access.settlement_for(person, ref)
    asked = request.query_params.get("vue", "")
    name = asked if asked in VIEWS else "commissions"
    view = VIEWS[name]
    listing = Listing.whole(request, view.columns(), await view.rows(settlement))
    return await listing.answer(
        "arretes/lines.html", cells=view.cells, name=f"{name}-{settlement['month']:%Y-%m}", settlement=settlement, view=name,
        about=view, ways=_ways(ref, name), month_name=month_name, accepted=accepted,
        acceptance_tones=ACCEPTANCE_TONES, payment_label=payment_label, kinds=KIND_LABELS_STAFF, accruals=ACCRUALS,
        causes=CAUSES, other_cause=OTHER_CAUSE,
    )  # fmt: skip
