"""What is done with earnings. Everything takes a list: one payment and a million go the same way."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from portal.contracts.events import ContractInForce
from portal.deals.events import ClientInvoiced
from portal.deals.histories import histories
from portal.earnings import access, settle
from portal.earnings.evaluation import Memory, Rows, compiled, evaluate, groups_of
from portal.earnings.events import Earned, Released
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.events import Event, emit
from portal.kit.references import new_ref
from portal.ledger import recipes
from portal.ledger.posting import post
from portal.ledger.rules import Entry

EARNS = {"EUR": recipes.commission_earned, "POINT": recipes.points_earned}
TAKES_BACK = {"EUR": recipes.commission_taken_back, "POINT": recipes.points_taken_back}
RELEASES = {"EUR": recipes.hold_released, "POINT": recipes.points_released}
AT_ONCE = 1_000


async def accrue(happened: Sequence[Event]) -> None:
    """Handler of what happens to deals. It refuses nothing that a client does."""
    deal_ids = await access.deals_of(happened)
    asked = any(isinstance(event, ClientInvoiced) for event in happened)  # news to plans that pay on invoices alone
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
    figures = await access.figures_of(
        [members[0].contract_id for _, _, members, _ in groups if members[0].contract_id]
    )
    events = await histories(sorted({group[0] for group in groups}), today())
    made: Rows = []
    for group in groups:
        deal_id, _, members, _ = group
        made += evaluate(memory, group, compiled(*figures[members[0].contract_id or 0]), events[deal_id])
    earnings = await _keep(made)
    await memory.store()
    await _book(earnings)
    return [earning["id"] for earning in earnings]


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


async def wake(day: date) -> None:
    """Payments recorded ahead of their day earn on it."""
    await accrue_deals(await access.deals_to_wake(day))


async def release_due(day: date, limit: int = AT_ONCE) -> int:
    """Confirm what has been held long enough, oldest first; how many. Call until nothing is left."""
    return await _release(day, None, limit)


INSERT = """
INSERT INTO earning (ref, key, legal_entity_id, deal_id, referrer_id, contract_id, plan_version_id, client_payment_id, cause, rule,
                     clause, unit, base_cents, amount, occurred_on, due_on, takes_back_id, steps, at)
SELECT made.ref, made.key, made.legal_entity_id, made.deal_id, made.referrer_id, made.contract_id, made.plan_version_id,
       made.client_payment_id, made.cause, made.rule, made.clause, made.unit, made.base_cents, made.amount, made.occurred_on,
       made.due_on, original.id, made.steps, $2
FROM jsonb_to_recordset($1::jsonb) AS made (
  place int, ref text, key text, legal_entity_id bigint, deal_id bigint, referrer_id bigint, contract_id bigint, plan_version_id bigint,
  client_payment_id bigint, cause text, rule text, clause text, unit text, base_cents bigint, amount bigint, occurred_on date,
  due_on date, takes_back text[], steps jsonb)
LEFT JOIN LATERAL (SELECT id FROM earning WHERE key = ANY (made.takes_back) ORDER BY id DESC LIMIT 1) original ON true
ORDER BY made.place ON CONFLICT (key) DO NOTHING RETURNING *
"""


async def _keep(made: Rows) -> list[db.Row]:
    """What is taken back after what it takes back."""
    numbered = [{**row, "place": place, "ref": new_ref()} for place, row in enumerate(made)]
    gains = [row for row in numbered if row["amount"] > 0]
    losses = [row for row in numbered if row["amount"] < 0]
    return [row for rows in (gains, losses) if rows for row in await db.rows(INSERT, _json(rows), now())]


def _json(rows: list[dict[str, Any]]) -> str:
    return msgspec.json.encode(rows).decode()


async def _book(earnings: list[db.Row]) -> None:
    """Post what is new, confirm what is due already, tell."""
    if not earnings:
        return
    standing = await _still_held(
        [earning["takes_back_id"] for earning in earnings if earning["takes_back_id"]]
    )
    await post([_entry(earning, standing) for earning in earnings])
    at_once = [e["id"] for e in earnings if e["amount"] < 0 and e["takes_back_id"] not in standing]
    await settle.mark(at_once, "released", "clock", 0, today())
    for earning in earnings:
        emit(Earned(earning_id=earning["id"]))
    await _release(today(), [earning["id"] for earning in earnings], len(earnings))


async def _still_held(earning_ids: list[int]) -> set[int]:
    found = await db.rows(
        f"SELECT id FROM earning WHERE id = ANY ($1::bigint[]) AND NOT {access.RELEASED}", earning_ids
    )
    return {row["id"] for row in found}


def _entry(earning: db.Row, standing: set[int]) -> Entry:
    who = (earning["legal_entity_id"], earning["referrer_id"], earning["id"])
    if earning["amount"] > 0:
        return EARNS[earning["unit"]](*who, earning["amount"], earning["occurred_on"])
    held = earning["takes_back_id"] in standing
    return TAKES_BACK[earning["unit"]](*who, -earning["amount"], earning["occurred_on"], held=held)


async def _release(day: date, among: list[int] | None, limit: int) -> int:
    ready = await db.rows(
        f"""SELECT earning.*, {access.CONFIRMED_ON} AS confirmed_on
            FROM earning LEFT JOIN earning original ON original.id = earning.takes_back_id
            WHERE ($2::bigint[] IS NULL OR earning.id = ANY ($2)) AND {access.CONFIRMED_ON} <= $1 AND NOT {access.RELEASED}
            ORDER BY earning.due_on, earning.id LIMIT $3""",
        day, among, limit,
    )  # fmt: skip
    await post([_released(earning) for earning in ready])
    await settle.mark([earning["id"] for earning in ready], "released", "clock", 0, day)
    for earning in ready:
        emit(Released(earning_id=earning["id"]))
    return len(ready)


def _released(earning: db.Row) -> Entry:
    who = (earning["legal_entity_id"], earning["referrer_id"], earning["id"])
    return RELEASES[earning["unit"]](*who, earning["amount"], earning["confirmed_on"])
