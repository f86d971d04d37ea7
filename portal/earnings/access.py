"""The only doors to earnings."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.earnings.policy import Sight, policy
from portal.earnings.rules import Figures, Share, Why, plan_key
from portal.kit import db
from portal.kit.days import today
from portal.kit.problems import NotFound
from portal.people.rules import Person
from portal.plans.rules.overrides import IN_POINTS

SETTLED = "SELECT kind FROM earning_settlement s WHERE s.earning_id = earning.id AND s.kind <> 'rectified'"
STATE = f"""CASE ({SETTLED} ORDER BY s.id DESC LIMIT 1)
  WHEN 'released' THEN 'due' WHEN 'sent' THEN 'in_transit' WHEN 'paid' THEN 'paid' WHEN 'invoiced' THEN 'invoiced'
  WHEN 'receipted' THEN 'receipted' WHEN 'returned' THEN ({SETTLED} AND s.kind IN ('invoiced', 'receipted')) ELSE 'held' END"""
RELEASED = "EXISTS (SELECT FROM earning_settlement s WHERE s.earning_id = earning.id AND s.kind = 'released')"
ON_PAPER = "EXISTS (SELECT FROM earning_settlement s WHERE s.earning_id = earning.id AND s.kind IN ('invoiced', 'receipted'))"
CONFIRMED_ON = "greatest(earning.due_on, original.due_on)"
"""What takes back a held earning leaves with it."""

EARNING = f"""
SELECT earning.*, {STATE} AS state, {CONFIRMED_ON} AS confirmed_on, original.ref AS original_ref,
       deal.ref AS deal_ref, coalesce(deal.title, lead.company_name) AS deal_title,
       coalesce(client.name, lead.company_name) AS client_name,
       CASE WHEN deal.id IS NULL THEN '/recommandations/' || lead.ref ELSE '/affaires/' || deal.ref END AS about_path,
       contract.ref AS contract_ref, contract.number AS contract_number, contract.clauses,
       plan.name AS plan_name, plan_version.number AS plan_number, plan_version.ref AS plan_ref, plan_version.body AS plan_body,
       contract.overrides AS plan_overrides, campaign.name AS campaign_name,
       referrer.ref AS referrer_ref, referrer.number AS referrer_number,
       coalesce(nullif(referrer.company_name, ''), concat_ws(' ', referrer.first_name, referrer.last_name)) AS referrer_name
FROM earning LEFT JOIN earning original ON original.id = earning.takes_back_id
LEFT JOIN deal ON deal.id = earning.deal_id LEFT JOIN client ON client.id = deal.client_id
LEFT JOIN lead ON lead.id = earning.lead_id
JOIN contract ON contract.id = earning.contract_id
JOIN plan_version ON plan_version.id = earning.plan_version_id JOIN plan ON plan.id = plan_version.plan_id
JOIN referrer ON referrer.id = earning.referrer_id
LEFT JOIN campaign ON campaign.key = earning.rule
"""
MINE = "($1::boolean OR earning.referrer_id = ANY ((SELECT ids_of($2))::bigint[]))"


async def earning_for(person: Person, ref: str) -> db.Row:
    """A referrer sees their own; staff see all."""
    found = await db.row(
        f"{EARNING} WHERE earning.ref = $3 AND {MINE}", person.is_staff, person.referrer_id, ref
    )
    if found is None:
        raise NotFound("earning")
    return found


async def earning(earning_id: int) -> db.Row:
    found = await db.row(f"{EARNING} WHERE earning.id = $1", earning_id)
    if found is None:
        raise NotFound("earning")
    return found


async def sight_of(person: Person) -> Sight:
    """How much of the client's figures this person is shown."""
    return Sight.BASE if person.is_staff else (await policy()).sight


async def earnings_of_deal(person: Person, deal_id: int) -> list[db.Row]:
    """For a deal's page: what it earned, of which a referrer sees their own part."""
    return await db.rows(
        f"{EARNING} WHERE earning.deal_id = $3 AND {MINE} ORDER BY earning.occurred_on, earning.id",
        person.is_staff, person.referrer_id, deal_id,
    )  # fmt: skip


async def earnings_after(person: Person, after: int, limit: int) -> list[db.Row]:
    """For the API: in the order in which they came."""
    return await db.rows(
        f"{EARNING} WHERE earning.id > $3 AND {MINE} ORDER BY earning.id LIMIT $4",
        person.is_staff, person.referrer_id, after, limit,
    )  # fmt: skip


# What accrual reads


async def deals_of(happened: Sequence[Any]) -> list[int]:
    """The deals that these events speak of, each once, sorted."""
    named: set[int] = {event.deal_id for event in happened if hasattr(event, "deal_id")}
    payments = [event.payment_id for event in happened if hasattr(event, "payment_id")]
    invoices = [event.client_invoice_id for event in happened if hasattr(event, "client_invoice_id")]
    found = await db.rows(
        """SELECT deal_id FROM client_payment WHERE id = ANY ($1::bigint[])
           UNION SELECT deal_id FROM client_invoice WHERE id = ANY ($2::bigint[])""",
        payments, invoices,
    )  # fmt: skip
    return sorted(named | {row["deal_id"] for row in found})


HAS_NEWS = """EXISTS (
  SELECT FROM (
    SELECT 'signed' AS event UNION ALL
    SELECT (CASE kind WHEN 'correction' THEN 'undone:' ELSE 'payment:' END) || payment.id FROM client_payment payment WHERE payment.deal_id = deal.id UNION ALL
    SELECT (CASE kind WHEN 'correction' THEN 'corrected:' ELSE 'amended:' END) || generation FROM deal_change change WHERE change.deal_id = deal.id UNION ALL
    SELECT 'cancelled' FROM deal_cancellation cancelled WHERE cancelled.deal_id = deal.id
  ) told WHERE NOT EXISTS (SELECT FROM earning_fact fact WHERE fact.deal_id = deal.id AND fact.event = told.event)
)"""
"""Something of the deal has not been shown to any plan: a second accrual costs next to nothing."""


async def with_news(deal_ids: Sequence[int]) -> list[int]:
    found = await db.rows(
        f"SELECT deal.id FROM deal WHERE deal.id = ANY ($1::bigint[]) AND {HAS_NEWS} ORDER BY deal.id",
        list(deal_ids),
    )
    return [row["id"] for row in found]


async def deals_after(deal_id: int, limit: int) -> list[int]:
    """The next deals, by id."""
    found = await db.rows("SELECT id FROM deal WHERE id > $1 ORDER BY id LIMIT $2", deal_id, limit)
    return [row["id"] for row in found]


async def shares_of(deal_ids: Sequence[int]) -> list[Share]:
    """Who shares these deals and under which plan; deals that do not earn, or whose recommendation does not, have none."""
    found = await db.rows(
        """SELECT share.deal_id, deal.lead_id, share.referrer_id, deal.legal_entity_id, share.contract_id,
                  contract.plan_version_id, contract.starts_on, contract.overrides, share.in_points
           FROM deal_share share JOIN deal ON deal.id = share.deal_id JOIN lead ON lead.id = deal.lead_id
           LEFT JOIN contract ON contract.id = share.contract_id
           WHERE share.deal_id = ANY ($1::bigint[]) AND deal.earns AND lead.earns = 'yes' ORDER BY share.deal_id, share.position""",
        list(deal_ids),
    )
    return [_share(row) for row in found]


def _share(row: db.Row) -> Share:
    if row["starts_on"] is None:
        return Share(row["deal_id"], row["referrer_id"], row["legal_entity_id"], lead_id=row["lead_id"])
    overrides = row["overrides"] | (IN_POINTS if row["in_points"] else {})
    key = plan_key(row["plan_version_id"], row["contract_id"], overrides)
    return Share(
        row["deal_id"], row["referrer_id"], row["legal_entity_id"],
        row["contract_id"], row["plan_version_id"], row["starts_on"], key, row["lead_id"], row["in_points"],
    )  # fmt: skip


async def figures_of(contract_ids: Sequence[int]) -> dict[int, Figures]:
    """By contract."""
    found = await db.rows(
        """SELECT contract.id, plan_version.body, contract.overrides, contract.programme_id
           FROM contract JOIN plan_version ON plan_version.id = contract.plan_version_id WHERE contract.id = ANY ($1::bigint[])""",
        list(contract_ids),
    )
    return {row["id"]: Figures(row["body"], row["overrides"], row["programme_id"]) for row in found}


async def facts_of(deal_ids: Sequence[int]) -> list[db.Row]:
    """(deal, plan key, event) that a plan has seen."""
    return await db.rows(
        "SELECT deal_id, plan_key, event FROM earning_fact WHERE deal_id = ANY ($1::bigint[])", list(deal_ids)
    )


# What invoicing reads


async def payable(entity_id: int, day: date) -> list[db.Row]:
    """Euros released by that day and on no paper, negative ones included. What takes back an earning that is on a
    paper already names it (`original_paper_id`, `original_paper_kind`): an invoice wants a credit note."""
    return await db.rows(
        f"""{EARNING.replace("FROM earning ", "FROM owed_earning earning ").replace("earning.*,", "earning.*, paper.document_id AS original_paper_id, paper.kind AS original_paper_kind,")}
            LEFT JOIN earning_settlement paper ON paper.earning_id = original.id AND paper.kind IN ('invoiced', 'receipted')
            WHERE earning.legal_entity_id = $1 AND earning.unit = 'EUR' AND NOT {ON_PAPER}
              AND EXISTS (SELECT FROM earning_settlement s WHERE s.earning_id = earning.id AND s.kind = 'released' AND s.on_day <= $2)
            ORDER BY earning.referrer_id, earning.occurred_on, earning.id""",
        entity_id, day,
    )  # fmt: skip


async def settlements_of(earning_id: int) -> list[db.Row]:
    """How it went on, with the paper and the transfer by name."""
    return await db.rows(
        """SELECT settlement.kind, settlement.on_day, settlement.at, invoice.ref AS invoice_ref, invoice.number AS invoice_number,
                  invoice.kind AS invoice_kind, invoice.vat_rate, line.ref AS line_ref, run.number AS run_number
           FROM earning_settlement settlement
           LEFT JOIN invoice ON settlement.document_kind = 'invoice' AND invoice.id = settlement.document_id
           LEFT JOIN payout_line line ON settlement.document_kind = 'payout_line' AND line.id = settlement.document_id
           LEFT JOIN payout_run run ON run.id = line.run_id
           WHERE settlement.earning_id = $1 ORDER BY settlement.id""",
        earning_id,
    )


# Why something earned nothing


async def why_nothing(payment_id: int) -> dict[int, Why | None]:
    """For each referrer who shares the deal: why this client payment earned nothing, or None when it did."""
    payment = await db.row(
        """SELECT payment.deal_id, payment.counts_on, lead.earns, deal.earns AS deal_earns FROM client_payment payment
           JOIN deal ON deal.id = payment.deal_id JOIN lead ON lead.id = deal.lead_id WHERE payment.id = $1""",
        payment_id,
    )
    if payment is None:
        raise NotFound("payment")
    shares = await db.rows(
        """SELECT share.referrer_id, contract.starts_on, contract.plan_version_id, contract.id AS contract_id, contract.overrides,
                  EXISTS (SELECT FROM earning WHERE client_payment_id = $2 AND earning.referrer_id = share.referrer_id) AS earned,
                  EXISTS (SELECT FROM earning_deal_state state WHERE state.deal_id = $1 AND state.refused <> '') AS refused
           FROM deal_share share LEFT JOIN contract ON contract.id = share.contract_id WHERE share.deal_id = $1 ORDER BY position""",
        payment["deal_id"], payment_id,
    )  # fmt: skip
    return {share["referrer_id"]: None if share["earned"] else _why(payment, share) for share in shares}


def _why(payment: db.Row, share: db.Row) -> Why:
    reasons = (
        (Why.UNDECIDED, payment["earns"] == "undecided"),
        (Why.EARNS_NOT, payment["earns"] == "no"),
        (Why.AFTER_PRIORITY, not payment["deal_earns"]),
        (Why.NO_CONTRACT, share["starts_on"] is None),
        (Why.BEFORE_CONTRACT, share["starts_on"] is not None and payment["counts_on"] < share["starts_on"]),
        (Why.TO_COME, payment["counts_on"] > today()),
        (Why.PLAN_REFUSES, share["refused"]),
    )
    return next((why for why, holds in reasons if holds), Why.NOT_IN_PLAN)
