"""Issuing: numbers, rows, lines, final XML and ledger of many papers in one deed.

The referrers are locked first. A supplier's series is only used under that lock, so its next number is known and
the final XML is checked before anything is written; what is written afterwards cannot fail, and no number is lost."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from portal.earnings import settle
from portal.earnings.policy import Sight
from portal.history.access import record_chained
from portal.invoicing import numbering
from portal.invoicing.composing import compose, figures_used, said
from portal.invoicing.conformity import faults
from portal.invoicing.facturx import final_xml
from portal.invoicing.mentions import missing_mentions
from portal.invoicing.numbering import Series
from portal.invoicing.papers import RECEIPTS, Kind, Paper, PaperRefused
from portal.invoicing.proposals import Proposal
from portal.invoicing.rules import ROW_KINDS, line_vats, series_of
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.references import new_ref
from portal.kit.rows import Row
from portal.kit.text import money
from portal.law import Figures
from portal.ledger import recipes
from portal.ledger.posting import post
from portal.ledger.rules import Entry
from portal.search import access as search


@dataclass(frozen=True, slots=True)
class Draft:
    """A paper that may be issued: its row id is known, and its number when it has XML."""

    id: int
    proposal: Proposal
    series: Series
    paper: Paper
    xml: bytes | None


@dataclass(frozen=True, slots=True)
class Refusal:
    referrer_id: int
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """What every paper of one issue shares."""

    company: Row
    figures: Figures
    day: date
    sight: Sight = Sight.BASE


async def lock(referrer_ids: Sequence[int]) -> None:
    await db.rows(
        "SELECT id FROM referrer WHERE id = ANY ($1::bigint[]) ORDER BY id FOR NO KEY UPDATE",
        list(referrer_ids),
    )


async def drafted(proposals: Sequence[Proposal], desk: Desk) -> list[Draft] | Refusal:
    """The papers of one referrer with their final XML; one faulty paper refuses all of them."""
    drafts: list[Draft] = []
    for proposal in proposals:
        made = await _draft(proposal, desk, taken=[draft.series.id for draft in drafts])
        if isinstance(made, Refusal):
            return made
        drafts.append(made)
    return drafts


async def _draft(proposal: Proposal, desk: Desk, taken: list[int]) -> Draft | Refusal:
    assert proposal.treatment is not None
    kind, referrer = proposal.treatment.kind, proposal.referrer
    key, prefix = series_of(kind, referrer["referrer_number"], desk.day.year)
    series = await numbering.series(desk.company["id"], key, prefix)
    series.check_day(desk.day)
    number = "" if kind in RECEIPTS else series.number(series.last + 1 + taken.count(series.id))
    paper = compose(proposal, number, desk.day, desk.company, desk.figures, desk.sight)
    xml, broken = await asyncio.to_thread(_checked, paper)
    if broken:
        return Refusal(referrer["referrer_id"], broken)
    return Draft(await next_id(), proposal, series, paper, xml)


def _checked(paper: Paper) -> tuple[bytes | None, tuple[str, ...]]:
    """The final XML, none of a receipt; or the mentions that it lacks and the rules that it breaks."""
    if lacking := missing_mentions(paper):
        return None, lacking
    if paper.kind in RECEIPTS:
        return None, ()
    try:
        xml = final_xml(paper)
    except PaperRefused as why:
        return None, (str(why),)
    broken = tuple(dict.fromkeys(fault.rule for fault in faults(xml)))
    return xml, broken


async def next_id() -> int:
    return await db.value("SELECT nextval(pg_get_serial_sequence('invoice', 'id'))")


async def issued(drafts: Sequence[Draft], desk: Desk) -> list[int]:
    """Ledger, then numbers, then rows; the ids."""
    if not drafts:
        return []
    await post([entry for draft in drafts for entry in _entries(draft, desk)])
    numbered = await _numbered(drafts, desk.day)
    await _write(numbered, desk)
    for draft, _ in numbered:
        await tell(draft.id, draft.paper, draft.proposal.referrer, draft.xml)
    return [draft.id for draft in drafts]


def _entries(draft: Draft, desk: Desk) -> list[Entry]:
    made = (
        _entry(draft, desk),
        _contribution(draft, desk),
        self_assessed(draft.id, draft.proposal, desk.company, desk.figures, desk.day),
    )
    return [entry for entry in made if entry]


def _entry(draft: Draft, desk: Desk) -> Entry | None:
    """A corrective moves no money: it goes with the paper that it corrects."""
    proposal, paper = draft.proposal, draft.paper
    assert proposal.treatment is not None
    facts = (
        desk.company["id"], proposal.referrer["referrer_id"], draft.id,
        paper.net_cents, paper.vat_cents, desk.day, proposal.treatment.on_debits,
    )  # fmt: skip
    if paper.kind is Kind.SELF_BILLED_CORRECTIVE:
        return None
    if proposal.is_credit and proposal.credits:
        return recipes.credit_note_issued(*facts, paid=proposal.credits["credited_paid"])
    return recipes.invoice_issued(*facts)


def self_assessed(
    invoice_id: int, proposal: Proposal, company: Row, figures: Figures, on: date
) -> Entry | None:
    """Of a paper from abroad: both sides of its VAT, which the company declares itself."""
    cents = proposal.self_assessed_cents(company["place"], figures)
    return recipes.vat_self_assessed(company["id"], invoice_id, cents, on) if cents else None


def _contribution(draft: Draft, desk: Desk) -> Entry | None:
    """The company's own, on what it pays to a partner's employee; given back when the paper is taken back."""
    employment = draft.paper.employment
    if employment is None or not employment.contribution_cents:
        return None
    sign = -1 if draft.proposal.credits else 1
    return recipes.contribution_due(
        desk.company["id"], draft.id, sign * employment.contribution_cents, desk.day
    )


async def _numbered(drafts: Sequence[Draft], day: date) -> list[tuple[Draft, int]]:
    """Each series is locked once and gives as many numbers as it has papers, in the order of the drafts."""
    by_series: dict[int, list[Draft]] = {}
    for draft in drafts:
        by_series.setdefault(draft.series.id, []).append(draft)
    found = []
    for series_id in sorted(by_series):
        group = by_series[series_id]
        first = await numbering.take(group[0].series, day, len(group))
        found += [(_named(draft, first + place), first + place) for place, draft in enumerate(group)]
    return found


def _named(draft: Draft, position: int) -> Draft:
    number = draft.series.number(position)
    if draft.xml is None:
        return replace(draft, paper=replace(draft.paper, number=number))
    assert draft.paper.number == number, "a supplier's series moved under the lock of its referrer"
    return draft


INSERT = """
INSERT INTO invoice (id, ref, legal_entity_id, referrer_id, contract_id, kind, type_code, series_id, series_position, number,
                     issued_on, due_on, net_cents, vat_cents, total_cents, vat_regime, vat_rate, vat_on_debits,
                     paper, xml, xml_sha256, credits_id, leaves_debt, issued_at, by_user, withheld_cents, mandate)
OVERRIDING SYSTEM VALUE
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27)
"""
INSERT_LINE = """
INSERT INTO invoice_line (invoice_id, position, earning_id, net_cents, vat_cents, turn) VALUES ($1, $2, $3, $4, $5, $6)
"""


async def _write(numbered: Sequence[tuple[Draft, int]], desk: Desk) -> None:
    await db.execute_many(INSERT, [_row(draft, position, desk) for draft, position in numbered])
    await db.execute_many(INSERT_LINE, [line for draft, _ in numbered for line in _lines(draft)])
    for draft, _ in numbered:
        await _mark(draft)


async def _mark(draft: Draft) -> None:
    """Of a commission that goes on to another paper only that is told: it stands on a paper all the time."""
    kind = "receipted" if draft.paper.kind in RECEIPTS else "invoiced"
    by_kind: dict[str, list[int]] = {}
    for row in draft.proposal.rows if _has_lines(draft) and not draft.proposal.takes_off else ():
        by_kind.setdefault(kind if row["turn"] == 1 else "rectified", []).append(row["id"])
    for told, ids in by_kind.items():
        await settle.mark(ids, told, "invoice", draft.id, draft.paper.issued_on)


def _has_lines(draft: Draft) -> bool:
    """A corrective says again what stands on the paper that it corrects: the commissions stay on that one."""
    return draft.paper.kind is not Kind.SELF_BILLED_CORRECTIVE


def _row(draft: Draft, position: int, desk: Desk) -> tuple[object, ...]:
    proposal, paper, treatment = draft.proposal, draft.paper, draft.proposal.treatment
    assert treatment is not None
    credits = proposal.credits
    used = figures_used(
        treatment, desk.company["place"], proposal.rows[0]["fact_on"], desk.day, desk.figures,
        employed=bool(paper.employment and paper.employment.customary),
    )  # fmt: skip
    return (
        draft.id, new_ref(), desk.company["id"], proposal.referrer["referrer_id"], proposal.contract["contract_id"],
        ROW_KINDS[paper.kind], "" if paper.kind in RECEIPTS else paper.kind.value,
        draft.series.id, position, paper.number, paper.issued_on, paper.due_on or paper.issued_on,
        paper.net_cents, paper.vat_cents, paper.gross_cents, treatment.regime, treatment.rate, treatment.on_debits,
        said(paper, used), draft.xml, hashlib.sha256(draft.xml).digest() if draft.xml else None,
        credits["credits_id"] if credits else None, _leaves_debt(draft),
        now(), current().actor.user_id, paper.withheld_cents, proposal.mandate,
    )  # fmt: skip


def _leaves_debt(draft: Draft) -> bool:
    credits = draft.proposal.credits
    return bool(credits and credits["credited_paid"]) and draft.paper.kind is not Kind.SELF_BILLED_CORRECTIVE


def _lines(draft: Draft) -> list[tuple[int, int, int, int, int, int]]:
    if not _has_lines(draft):
        return []
    nets = [line.net_cents for line in draft.paper.lines]
    vats = line_vats(nets, draft.paper.lines[0].vat_rate)
    vats[-1] += draft.paper.vat_cents - sum(vats)  # a credit note's VAT is that of its invoice, to the cent
    return [
        (draft.id, place, row["id"], net, vat, row["turn"])
        for place, (row, net, vat) in enumerate(zip(draft.proposal.rows, nets, vats, strict=True), 1)
    ]


async def tell(invoice_id: int, paper: Paper, referrer: Row, xml: bytes | None) -> None:
    """History, chained per paper, and the row by which it is found."""
    await record_chained(
        f"invoice:{invoice_id}", "invoicing.issued", "invoice", invoice_id,
        number=paper.number, net=paper.net_cents, vat=paper.vat_cents, xml=hashlib.sha256(xml).hexdigest() if xml else "",
    )  # fmt: skip
    ref = await db.value("SELECT ref FROM invoice WHERE id = $1", invoice_id)
    await search.put(
        "invoice", invoice_id,
        title=paper.number, subtitle=referrer["referrer_name"], path=f"/factures/{ref}",
        find=(referrer["referrer_number"], money(paper.gross_cents), money(paper.net_cents)),
        referrer_id=referrer["referrer_id"],
    )  # fmt: skip
