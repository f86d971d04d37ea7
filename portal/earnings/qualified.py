"""Plans that pay for a qualified recommendation: it earns before there is a deal, and its first deal goes on from there."""

from collections.abc import Sequence

import msgspec

from portal.contracts.events import ContractInForce
from portal.earnings import booking
from portal.earnings.evaluation import Rows, terms_of
from portal.earnings.memory import Memory
from portal.earnings.rules import QUALIFIED, Figures, Share, kept, plan_key
from portal.kit import db
from portal.kit.days import now
from portal.leads.events import EarnsDecided, LeadMoved
from portal.plans.rules.evaluate import apply
from portal.plans.rules.facts import Event
from portal.plans.rules.state import Deal, Referrer, State

QUALIFYING = ["qualified", "proposal", "won"]  # a forward move may skip
LEAD = """
SELECT lead.id AS lead_id, lead.referrer_id, lead.source, reached.on_day, contract.legal_entity_id, contract.id AS contract_id,
       contract.plan_version_id, contract.starts_on, contract.overrides, contract.programme_id, plan_version.body
FROM lead JOIN contract ON contract.id = lead.contract_id JOIN plan_version ON plan_version.id = contract.plan_version_id
CROSS JOIN LATERAL (SELECT min(on_day) AS on_day FROM lead_move WHERE lead_id = lead.id AND to_state = ANY ($1)) reached
"""
WAITING = f"""{LEAD} WHERE lead.{{column}} = ANY ($2::bigint[]) AND lead.earns = 'yes' AND contract.starts_on IS NOT NULL
  AND reached.on_day IS NOT NULL AND plan_version.body ->> 'pays_on' = 'lead_qualified'
  AND NOT EXISTS (SELECT FROM earning_fact WHERE lead_id = lead.id)
ORDER BY lead.id FOR NO KEY UPDATE OF lead"""


async def accrue(happened: Sequence[LeadMoved | EarnsDecided]) -> None:
    """Handler of what happens to recommendations."""
    ids = sorted({event.lead_id for event in happened})
    await _accrue(await db.rows(WAITING.format(column="id"), QUALIFYING, ids))


async def contract_stands(happened: Sequence[ContractInForce]) -> None:
    """What was qualified before any contract earns under the one that now stands, if that was on or after its first day."""
    ids = [event.contract_id for event in happened]
    await _accrue(await db.rows(WAITING.format(column="contract_id"), QUALIFYING, ids))


async def _accrue(leads: Sequence[db.Row]) -> None:
    if not leads:
        return
    shares = [share_of(lead) for lead in leads]
    memory = Memory()
    await memory.load_periods({(share.referrer_id, share.plan_key) for share in shares})
    await memory.load_campaigns(lead["programme_id"] for lead in leads)
    made: Rows = []
    for lead, share in zip(leads, shares, strict=True):
        deal, rows = evaluate(memory, lead, share)
        await _remember(share, deal)
        made += rows
    await memory.store_periods({share.plan_key for share in shares})
    await memory.spend()
    await booking.keep(made)


async def leads(lead_ids: Sequence[int]) -> dict[int, db.Row]:
    """Those that a plan has paid for, for a replay."""
    found = await db.rows(f"{LEAD} WHERE lead.id = ANY ($2::bigint[])", QUALIFYING, list(lead_ids))
    return {row["lead_id"]: row for row in found}


def share_of(lead: db.Row) -> Share:
    key = plan_key(lead["plan_version_id"], lead["contract_id"], lead["overrides"])
    return Share(
        None, lead["referrer_id"], lead["legal_entity_id"], lead["contract_id"], lead["plan_version_id"],
        lead["starts_on"], key, lead["lead_id"],
    )  # fmt: skip


def evaluate(memory: Memory, lead: db.Row, share: Share) -> tuple[Deal, Rows]:
    """What the plan remembers of it, for its first deal, and the earnings to keep."""
    name, referrer = f"lead:{share.lead_id}", str(share.referrer_id)
    known = memory.referrers.setdefault((share.plan_key, referrer), Referrer())
    state = State(referrers={referrer: known}, campaigns=memory.spent)
    event = Event(
        QUALIFIED, "lead_qualified", name, lead["on_day"], shares={referrer: 100},
        contracts={referrer: lead["starts_on"]}, lead={"source": lead["source"]},
    )  # fmt: skip
    terms = terms_of(Figures(lead["body"], lead["overrides"], lead["programme_id"]), memory)
    earned = apply(terms.plan, state, event, terms.campaigns)
    rows = [row for one in earned if share.earns_on(event.on) for row in kept(one, event, share)]
    return state.deals[name], rows


async def _remember(share: Share, deal: Deal) -> None:
    await db.execute(
        "INSERT INTO earning_fact (lead_id, plan_key, event, at) VALUES ($1, $2, $3, $4)",
        share.lead_id, share.plan_key, QUALIFIED, now(),
    )  # fmt: skip
    await db.execute(
        "INSERT INTO earning_lead_state (lead_id, plan_key, state) VALUES ($1, $2, $3)",
        share.lead_id, share.plan_key, msgspec.to_builtins(deal, str_keys=True),
    )  # fmt: skip
