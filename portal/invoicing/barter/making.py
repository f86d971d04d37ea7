"""An approved order of a business becomes a barter: both papers, booked and numbered, in the deed that approves it.

All referrers are locked first, then the ledger is written, then numbers are taken: those of suppliers, then our own, so
that two deeds never wait for one another."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from portal.company import access as company
from portal.gifts.events import RewardApproved
from portal.gifts.orders import access as orders
from portal.invoicing import issuing, numbering
from portal.invoicing.barter import access
from portal.invoicing.barter.composing import Swap, as_proposal, sale_paper, service_paper
from portal.invoicing.barter.judging import swap_of
from portal.invoicing.barter.writing import Drawn, keep
from portal.invoicing.conformity import faults
from portal.invoicing.events import PaperIssued
from portal.invoicing.facturx import final_xml
from portal.invoicing.mentions import missing_mentions
from portal.invoicing.numbering import Series
from portal.invoicing.papers import RECEIPTS, Paper
from portal.invoicing.rules import ROW_KINDS, series_of
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.law import Figures
from portal.ledger import gifts as recipes
from portal.ledger.posting import post
from portal.ledger.rules import Entry

NOT_RIGHT = N_(
    "Les deux factures de cet échange ne peuvent pas être établies (%(rules)s) : complétez la fiche de l'apporteur."
)


@dataclass(frozen=True, slots=True)
class Made:
    """A barter whose rows are reserved: its ids, and the series of each paper."""

    barter_id: int
    swap: Swap
    service_id: int
    sale_id: int
    service_series: Series
    sale_series: Series


async def make(events: Sequence[RewardApproved]) -> None:
    """Raises Refused when a paper could not be made: the order is then not approved."""
    approved = [await orders.order(event.order_id) for event in events]
    await issuing.lock(sorted({order["referrer_id"] for order in approved}))
    figures = await company.figures()
    swaps = [
        swap
        for order in approved
        if not await access.is_made(order["id"]) and (swap := await swap_of(order, today(), figures))
    ]
    made = [await _open(swap) for swap in swaps]
    await post([entry for one in made for entry in _entries(one, figures)])
    for one, service_position, sale_position in await _numbered(made):
        await _issue(one, service_position, sale_position, figures)


async def _open(swap: Swap) -> Made:
    entity_id = swap.company["id"]
    barter_id = await db.insert(
        "barter",
        order_id=swap.order["id"], legal_entity_id=entity_id, referrer_id=swap.order["referrer_id"],
        value_cents=swap.value_cents, made_on=swap.day, made_at=now(), by_user=current().actor.user_id,
    )  # fmt: skip
    own = series_of(swap.treatment.kind, swap.referrer["referrer_number"], swap.day.year)
    return Made(
        barter_id, swap, await issuing.next_id(), await issuing.next_id(),
        await numbering.series(entity_id, *own), await numbering.series(entity_id, *sale_series(swap.day.year)),
    )  # fmt: skip


def sale_series(year: int) -> tuple[str, str]:
    """Key and prefix of the company's own invoices and credit notes."""
    return f"sale:{year}", f"FV-{year}-"


def _entries(one: Made, figures: Figures) -> list[Entry]:
    swap, day = one.swap, one.swap.day
    entity_id, referrer_id = swap.company["id"], swap.referrer["referrer_id"]
    service, sale, value = swap.service_net_cents, swap.sale_net_cents, swap.value_cents
    order = swap.order
    cost = order["price_cents"] + order["packaging_cents"] + order["shipping_cents"]
    assessed = issuing.self_assessed(one.service_id, as_proposal(swap), swap.company, figures, day)
    entries = [
        recipes.barter_bought(entity_id, referrer_id, one.service_id, service, value - service, day),
        recipes.barter_sold(entity_id, referrer_id, one.sale_id, sale, value - sale, day),
        recipes.goods_sold(entity_id, one.sale_id, cost, order["vat_cents"], day),
    ]
    return [*entries, assessed] if assessed else entries


async def _numbered(made: Sequence[Made]) -> list[tuple[Made, int, int]]:
    own = [await numbering.take(one.service_series, one.swap.day) for one in made]
    ours = [await numbering.take(one.sale_series, one.swap.day) for one in made]
    return list(zip(made, own, ours, strict=True))


async def _issue(one: Made, service_position: int, sale_position: int, figures: Figures) -> None:
    swap = one.swap
    his, ours = one.service_series.number(service_position), one.sale_series.number(sale_position)
    service, sale = service_paper(swap, his, ours, figures), sale_paper(swap, ours, his, figures)
    await keep(Drawn(
        one.service_id, one.barter_id, ROW_KINDS[service.kind], service, await checked(service), one.service_series.id,
        service_position, swap.referrer, swap.treatment.regime, swap.treatment.on_debits,
        "" if service.kind in RECEIPTS else "written" if swap.referrer["self_billing"] else "tacit",
    ))  # fmt: skip
    await keep(Drawn(
        one.sale_id, one.barter_id, "sale", sale, await checked(sale), one.sale_series.id, sale_position, swap.referrer
    ))  # fmt: skip
    for invoice_id in (one.service_id, one.sale_id):
        emit(PaperIssued(invoice_id=invoice_id))


async def checked(paper: Paper) -> bytes | None:
    """The final XML, none of a receipt. Raises Refused."""
    if missing := missing_mentions(paper):
        raise Refused("barter_mentions", NOT_RIGHT, rules=", ".join(missing))
    if paper.kind in RECEIPTS:
        return None
    xml = await asyncio.to_thread(final_xml, paper)
    if broken := await asyncio.to_thread(faults, xml):
        raise Refused(
            "barter_rules", NOT_RIGHT, rules=", ".join(dict.fromkeys(fault.rule for fault in broken))
        )
    return xml
