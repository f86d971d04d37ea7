"""What was bartered came back, or was noted wrongly: a credit note to each of the two papers, for all of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from portal.gifts.events import GiftTakenBack
from portal.gifts.register import access as register
from portal.invoicing import issuing, numbering
from portal.invoicing.barter import access
from portal.invoicing.barter.making import checked, sale_series
from portal.invoicing.barter.writing import Drawn, keep
from portal.invoicing.composing import paper_from
from portal.invoicing.events import PaperIssued
from portal.invoicing.numbering import Series
from portal.invoicing.papers import Corrected, Kind, Paper
from portal.invoicing.rules import ROW_KINDS, series_of
from portal.kit import db
from portal.kit.days import today
from portal.kit.events import emit
from portal.ledger import gifts as recipes
from portal.ledger.posting import post
from portal.ledger.recipes import vat_self_assessed
from portal.ledger.rules import Entry

CREDITED_BY = {
    "self_billed": Kind.SELF_BILLED_CREDIT_NOTE,
    "receipt": Kind.RECEIPT_CREDIT,
    "sale": Kind.CREDIT_NOTE,
}
KINDS = ROW_KINDS | {Kind.CREDIT_NOTE: "sale_credit"}
REASON = "Récompense reprise : l’échange est annulé des deux côtés."
SETTLED = "Compensé le jour même avec l’avoir n° %s : rien à payer."


@dataclass(frozen=True, slots=True)
class Undone:
    """A paper and the credit note that takes it back."""

    id: int
    paper: db.Row
    partner: db.Row
    series: Series

    @property
    def kind(self) -> Kind:
        return CREDITED_BY[self.paper["kind"]]


async def undo(events: Sequence[GiftTakenBack]) -> None:
    for event in events:
        gift = await register.gift(event.gift_id)
        barter = await access.barter_of_order(gift["order_id"]) if gift["sold"] else None
        if barter:
            await _undo(barter, gift)


async def _undo(barter: db.Row, gift: db.Row) -> None:
    partner = await access.partner(barter["referrer_id"], today())
    notes = [await _open(paper, partner) for paper in await access.living_papers(barter["id"])]
    if not notes:
        return
    await post([entry for one in notes for entry in await _entries(one, gift)])
    numbers = [one.series.number(await numbering.take(one.series, today())) for one in notes]
    for one, number, other in zip(notes, numbers, reversed(numbers), strict=True):
        await _issue(one, barter["id"], number, other)


async def _open(paper: db.Row, partner: db.Row) -> Undone:
    year = today().year
    key = sale_series(year) if paper["kind"] == "sale" else _own_series(paper, partner, year)
    return Undone(
        await issuing.next_id(), paper, partner, await numbering.series(paper["legal_entity_id"], *key)
    )


def _own_series(paper: db.Row, partner: db.Row, year: int) -> tuple[str, str]:
    return series_of(CREDITED_BY[paper["kind"]], partner["referrer_number"], year)


async def _entries(one: Undone, gift: db.Row) -> list[Entry]:
    paper, day = one.paper, today()
    facts = (
        paper["legal_entity_id"],
        one.partner["referrer_id"],
        one.id,
        -paper["net_cents"],
        -paper["vat_cents"],
        day,
    )
    if one.kind is Kind.CREDIT_NOTE:
        cost = recipes.goods_sold(facts[0], one.id, -gift["cost_cents"], -gift["vat_cents"], day)
        return [recipes.barter_sold(*facts), cost]
    assessed = await _assessed(paper["id"])
    bought = recipes.barter_bought(*facts)
    return [bought, vat_self_assessed(facts[0], one.id, -assessed, day)] if assessed else [bought]


async def _assessed(invoice_id: int) -> int:
    """What the company assessed itself of the paper."""
    return await db.value(
        """SELECT coalesce(-sum(line.amount), 0)::bigint FROM ledger_entry entry JOIN ledger_line line ON line.entry_id = entry.id
           JOIN ledger_account account ON account.id = line.account_id
           WHERE entry.subject_kind = 'invoice' AND entry.subject_id = $1 AND account.role = 'vat_self_assessed'""",
        invoice_id,
    )


async def _issue(one: Undone, barter_id: int, number: str, other: str) -> None:
    note = _credit_note(paper_from(one.paper["paper"]), one.kind, number, other)
    position = int(number.removeprefix(one.series.prefix))
    await keep(Drawn(
        one.id, barter_id, KINDS[one.kind], note, await checked(note), one.series.id, position, one.partner,
        one.paper["vat_regime"], one.paper["vat_on_debits"], one.paper["mandate"], one.paper["id"],
    ))  # fmt: skip
    emit(PaperIssued(invoice_id=one.id))


def _credit_note(initial: Paper, kind: Kind, number: str, other: str) -> Paper:
    """With the parties, the VAT and the amounts of the paper that it takes back."""
    return replace(
        initial,
        kind=kind, number=number, issued_on=today(), due_on=today(), corrects=Corrected(initial.number, initial.issued_on),
        reason=REASON, payment_terms=SETTLED % other, set_off=Corrected(other, today()), hint="",
    )  # fmt: skip
