"""What is done with earnings. Everything takes a list: one payment and a million go the same way."""

from collections.abc import Sequence
from datetime import date

from portal.contracts.events import ContractInForce
from portal.deals.events import ClientCredited, ClientInvoiced
from portal.deals.histories import histories
from portal.earnings import access, booking
from portal.earnings.evaluation import Rows, evaluate, groups_of, terms_of
from portal.earnings.memory import Memory
from portal.kit import db
from portal.kit.days import today
from portal.kit.events import Event

AT_ONCE = 1_000


async def accrue(happened: Sequence[Event]) -> None:
    """Handler of what happens to deals. It refuses nothing that a client does."""
    deal_ids = await access.deals_of(happened)
    asked = any(
        isinstance(event, ClientInvoiced | ClientCredited) for event in happened
    )  # news to plans that pay on invoices alone
    await accrue_deals(deal_ids if asked else await access.with_news(deal_ids))


async def accrue_deals(deal_ids: Sequence[int]) -> list[int]:
    """Show each plan what it has not seen of these deals; the ids of what was earned or taken back."""
    await db.rows(
        "SELECT id FROM deal WHERE id = ANY ($1::bigint[]) ORDER BY id FOR NO KEY UPDATE", list(deal_ids)
    )
    groups = list(groups_of(await access.shares_of(deal_ids)))
    if not groups:
        return []
    memory = Memory()
    await memory.load(groups)
    figures = await access.figures_of([members[0].contract_id or 0 for _, _, members, _ in groups])
    await memory.load_campaigns(one.programme_id for one in figures.values())
    events = await histories(sorted({group[0] for group in groups}), today())
    made: Rows = []
    for group in groups:
        deal_id, _, members, _ = group
        counted = figures[members[0].contract_id or 0].counted(members[0].in_points)
        made += evaluate(memory, group, terms_of(counted, memory), events[deal_id])
    await memory.store()
    return await booking.keep(made)


async def contract_stands(happened: Sequence[ContractInForce]) -> None:
    """Deals that waited for a contract of this referrer in this programme earn under it from now on."""
    waiting = await db.rows(
        """UPDATE deal_share share SET contract_id = contract.id
           FROM contract, deal, lead WHERE contract.id = ANY ($1::bigint[]) AND deal.id = share.deal_id AND lead.id = deal.lead_id
             AND share.referrer_id = contract.referrer_id AND lead.programme_id = contract.programme_id AND share.contract_id IS NULL
           RETURNING share.deal_id""",
        [event.contract_id for event in happened],
    )
    await accrue_deals(sorted({row["deal_id"] for row in waiting}))


async def release_due(day: date, limit: int = AT_ONCE) -> int:
    """Confirm what has been held long enough, oldest first; how many. Call until nothing is left."""
    return await booking.release_due(day, limit)
