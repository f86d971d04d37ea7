"""The pack of a closed month: one ZIP, kept once, that says of each of its files what its digest is."""

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime

from portal.books.journal import exporting
from portal.books.month import access
from portal.books.month.accruals import KINDS as ACCRUAL_KINDS
from portal.books.month.accruals import Accrual, EntryLine, entries
from portal.books.month.looks import OUTCOMES
from portal.books.month.reading import Month, month_of
from portal.books.month.reading_vat import vat_of
from portal.books.month.reminders import reminders_of
from portal.books.month.rules import last_day, window_of
from portal.books.month.shapes import Paper
from portal.books.month.vat import CAUSES, OTHER_CAUSE
from portal.books.month.words import accepted, month_name
from portal.company import access as company
from portal.invoicing.rules import KIND_LABELS_STAFF
from portal.kit import db, files
from portal.kit.days import PARIS
from portal.kit.sheets import Cell, csv_bytes, euros
from portal.kit.text import _, moment

Table = Sequence[Sequence[Cell]]
SUMMARY = "sommaire.txt"


async def files_of(settlement: db.Row) -> dict[str, bytes]:
    """Name → content, in French: books are kept in French. What was closed does not change any more."""
    month = await month_of(settlement)
    tables = {
        "commissions.csv": await _commissions(month),
        "pieces.csv": _papers(month),
        "rapprochement.csv": _agreement(month),
        "decisions.csv": _decisions(month),
        "tva.csv": await _vat(settlement),
        "charges-a-payer.csv": await _accruals(settlement),
        "ecritures-inventaire.csv": await _entries(settlement),
        "relances.csv": await _reminders(settlement),
    }
    return {
        **{name: csv_bytes(table) for name, table in tables.items()},
        **await _journal(settlement),
        **await _bank_files(settlement),
    }


def zipped(settlement: db.Row, content: Mapping[str, bytes]) -> bytes:
    """The same content gives the same bytes: every file has the instant of the closing."""
    body = io.BytesIO()
    closed = settlement["closed_at"].astimezone(PARIS)
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in sorted({**content, SUMMARY: _summary(settlement, content)}.items()):
            pack.writestr(_info(name, closed), data)
    return body.getvalue()


def _info(name: str, at: datetime) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, at.timetuple()[:6])
    info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    return info


def _summary(settlement: db.Row, content: Mapping[str, bytes]) -> bytes:
    head = _("%(company)s, arrêté du mois (%(month)s)") % {
        "company": settlement["entity_name"], "month": month_name(settlement["month"])
    }  # fmt: skip
    who = _("Contrôlé par %(first)s, clos par %(second)s, %(when)s.") % {
        "first": settlement["controller"], "second": settlement["closer"], "when": moment(settlement["closed_at"])
    }  # fmt: skip
    lines = [f"{hashlib.sha256(data).hexdigest()}  {name}" for name, data in sorted(content.items())]
    return "\n".join([head, who, "", "SHA-256", *lines, ""]).encode()


# Tables


async def _commissions(month: Month) -> Table:
    rows = await access.commission_rows([paper.id for paper in month.papers])
    head = [
        _("Apporteur"),
        _("Nom"),
        _("Client"),
        _("Affaire"),
        _("Encaissée le"),
        _("Exigible le"),
        _("Document"),
        _("HT"),
    ]
    return [head, *(
        [row["referrer_number"], row["referrer_name"], row["client_name"], row["title"], row["occurred_on"], row["due_on"],
         row["invoice_number"], euros(row["amount"])]
        for row in rows
    )]  # fmt: skip


def _papers(month: Month) -> Table:
    """With the acceptance log: who accepted what and when, or nobody by the end of the delay."""
    head = [_("Numéro"), _("Document"), _("Apporteur"), _("Nom"), _("Établi le"), _("À payer avant le"), _("HT"), _("TVA"), _("TTC"),
            _("Acceptation"), _("Dite le"), _("Par"), _("Délai jusqu'au"), _("Règlement")]  # fmt: skip
    return [head, *(
        [paper.number, _(KIND_LABELS_STAFF.get(paper.kind, paper.kind)), paper.referrer_number, paper.referrer_name, paper.issued_on,
         paper.due_on, euros(paper.net), euros(paper.vat), euros(paper.net + paper.vat), *_accepted(paper), paper.run_number or ""]
        for paper in month.papers
    )]  # fmt: skip


def _accepted(paper: Paper) -> list[Cell]:
    said = accepted(paper)
    by = _("tacitement, délai passé") if said.tacit else said.by
    return [said.label, said.at, by, said.until]


def _agreement(month: Month) -> Table:
    found = month.agreement
    return [
        ["", _("HT"), _("TVA")],
        [_("Commissions"), euros(found.commissions), None],
        [_("Factures et bordereaux"), euros(found.papers[0]), euros(found.papers[1])],
        [_("Virements"), euros(found.transfers[0]), euros(found.transfers[1])],
        [_("Compte fournisseurs (401)"), euros(found.booked[0]), euros(found.booked[1])],
        [_("Écart"), euros(found.off), None],
    ]


def _decisions(month: Month) -> Table:
    head = [_("Point"), _("Apporteur"), _("Décision"), _("Motif"), _("Date légale"), _("Par"), _("Le")]
    return [head, *(
        [one.key.split(":")[0], one.referrer_name or "", _(OUTCOMES[one.outcome]), one.reason, one.legal_on, one.who, one.at]
        for one in month.facts.decisions
    )]  # fmt: skip


async def _vat(settlement: db.Row) -> Table:
    found = await vat_of(settlement)
    head = [
        _("Date"),
        _("Concerne le"),
        _("Cause"),
        _("Pièce"),
        _("Apporteur"),
        _("En attente"),
        _("Déductible"),
        _("Autoliquidée, due"),
        _("Base autoliquidée"),
    ]
    lines = [
        [line.on, line.concerns_on, _(CAUSES.get(line.cause, OTHER_CAUSE)), line.piece, line.referrer, euros(line.pending), euros(line.deductible), euros(line.due),
         euros(line.base)]
        for line in found.lines
    ]  # fmt: skip
    opening = ["", "", _("En attente au début du mois"), "", "", euros(found.opening), None, None, None]
    closing = [
        "",
        "",
        _("Total du mois, et en attente à la fin"),
        "",
        "",
        euros(found.closing),
        euros(found.deductible),
        euros(found.due),
        euros(found.base),
    ]
    return [head, opening, *lines, closing]


async def _accruals(settlement: db.Row) -> Table:
    head = [_("Nature"), _("Apporteur"), _("Nom"), _("HT"), _("TVA"), _("TTC")]
    return [head, *(
        [_(ACCRUAL_KINDS[row["kind"]]), row["referrer_number"], row["referrer_name"], euros(row["net_cents"]), euros(row["vat_cents"]),
         euros(row["net_cents"] + row["vat_cents"])]
        for row in await access.accruals_of(settlement["id"])
    )]  # fmt: skip


async def _entries(settlement: db.Row) -> Table:
    """On the last day of the month, and taken back on the first of the next."""
    figures, rows = await company.figures(), await access.accruals_of(settlement["id"])
    numbers = {row["referrer_id"]: row["referrer_number"] for row in rows}
    found = [Accrual(row["kind"], row["referrer_id"], row["net_cents"], row["vat_cents"]) for row in rows]
    head = [_("Date"), _("Compte"), _("Libellé"), _("Débit"), _("Crédit")]
    return [head, *(
        [line.on, figures.text(line.account, line.on), entry_label(line, numbers[line.accrual.referrer_id]),
         euros(max(0, line.cents)), euros(max(0, -line.cents))]
        for line in entries(found, settlement["month"], figures)
    )]  # fmt: skip


def entry_label(line: EntryLine, number: str) -> str:
    kind = ACCRUAL_KINDS[line.accrual.kind]
    said = f"{_(kind)} {number}"
    return _("Extourne : %(what)s") % {"what": said} if line.taken_back else said


async def _reminders(settlement: db.Row) -> Table:
    head = [_("Le"), _("Relance"), _("À")]
    return [head, *await reminders_of(settlement)]


# Files of others


async def _journal(settlement: db.Row) -> dict[str, bytes]:
    """As a bookkeeper reads it, and as the tax office does."""
    entity = await company.legal_entity_by(settlement["legal_entity_id"])
    first, last = settlement["month"], last_day(settlement["month"])
    return {
        "journal.csv": await exporting.generic_csv(entity, first, last),
        exporting.file_name(entity, "fec", first, last): await exporting.fec(entity, first, last),
    }


async def _bank_files(settlement: db.Row) -> dict[str, bytes]:
    runs = await access.runs_between(settlement["legal_entity_id"], window_of(settlement))
    return {
        f"sepa/{run['number']}.xml": await files.content(await files.by_id(run["file_id"])) for run in runs
    }
