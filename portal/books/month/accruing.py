"""Reading what a month owes on its last day, from facts that are never changed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from portal.books.month import access
from portal.books.month.accruals import UNCOLLECTED, Accrual, Owed, accruals
from portal.books.month.facts import UNCOLLECTED as OPEN_DEALS
from portal.books.month.rules import MonthState, last_day
from portal.company import access as company
from portal.deals.expected import expected
from portal.deals.histories import Told, histories
from portal.kit import db
from portal.kit.rows import Row

SETTLED_BY = "EXISTS (SELECT FROM earning_settlement s WHERE s.earning_id = earning.id AND s.on_day <= $2 AND s.kind IN ({}))"
LAYERS = f"""
SELECT CASE WHEN {SETTLED_BY.format("'released'")} THEN 'due' ELSE 'held' END AS kind, earning.referrer_id, sum(earning.amount)::bigint AS net
FROM owed_earning earning
WHERE earning.legal_entity_id = $1 AND earning.unit = 'EUR' AND earning.occurred_on <= $2 AND NOT {SETTLED_BY.format("'invoiced', 'receipted'")}
GROUP BY 1, 2
"""
OPEN_SHARES = f"""
SELECT open_deal.id, open_deal.rest, open_deal.paid, deal.state, deal.earns, share.referrer_id, share.contract_id,
       plan_version.body, contract.overrides
FROM ({OPEN_DEALS.replace("$5", "$2")}) open_deal JOIN deal ON deal.id = open_deal.id JOIN lead ON lead.id = deal.lead_id
JOIN deal_share share ON share.deal_id = deal.id JOIN contract ON contract.id = share.contract_id
JOIN plan_version ON plan_version.id = contract.plan_version_id
WHERE deal.earns AND lead.earns = 'yes' AND coalesce(contract.overrides ->> 'unit', plan_version.body ->> 'unit') = 'EUR' AND NOT share.in_points AND plan_version.body ->> 'pays_on' = 'client_paid'
ORDER BY share.referrer_id, deal.id
"""
# Who they are on that day, and, of an employee of a partner, what that year has brought: what reached them and papers to pay.
WHO = """
SELECT wanted.referrer_id, standing.status, standing.vat_regime, coalesce(work.customary, true) AS customary,
       (reached.cents + to_pay.cents)::bigint AS paid
FROM unnest($1::bigint[]) AS wanted (referrer_id)
LEFT JOIN LATERAL (
  SELECT status, vat_regime FROM referrer_standing WHERE referrer_id = wanted.referrer_id AND since <= $2 ORDER BY since DESC, id DESC LIMIT 1
) standing ON true
LEFT JOIN partner_employment work ON work.referrer_id = wanted.referrer_id
CROSS JOIN LATERAL (
  SELECT coalesce(sum(value_cents), 0) AS cents FROM third_party_sum
  WHERE referrer_id = wanted.referrer_id AND year = extract(year FROM $2::date) AND on_day <= $2
) reached
CROSS JOIN LATERAL (
  SELECT coalesce(sum(sign * net_cents), 0) AS cents FROM invoice
  WHERE referrer_id = wanted.referrer_id AND paper ->> 'employment' IS NOT NULL AND issued_on <= $2
    AND NOT EXISTS (SELECT FROM payout_invoice part JOIN payout_line line ON line.id = part.line_id
                    WHERE part.invoice_id = invoice.id AND NOT part.released AND line.state = 'settled' AND line.settled_on <= $2)
) to_pay
"""


async def accrued(settlement: Row) -> list[Accrual]:
    """A few questions and one simulation for each open deal."""
    entity_id, day = settlement["legal_entity_id"], last_day(settlement["month"])
    owed = [(row["kind"], row["referrer_id"], row["net"]) for row in await db.rows(LAYERS, entity_id, day)]
    owed += [
        (UNCOLLECTED, referrer_id, net) for referrer_id, net in (await _uncollected(entity_id, day)).items()
    ]
    who = {
        row["referrer_id"]: row
        for row in await db.rows(WHO, sorted({referrer_id for _, referrer_id, _ in owed}), day)
    }
    return accruals(
        [_owed(kind, net, who[referrer_id]) for kind, referrer_id, net in owed],
        settlement["month"], settlement["place"], await company.figures(),
    )  # fmt: skip


async def accrued_rows(settlement: Row) -> Sequence[Any]:
    """As they were kept when it was closed; before that, as they stand now."""
    if settlement["state"] == MonthState.CLOSED:
        return await access.accruals_of(settlement["id"])
    found = await accrued(settlement)
    names = await access.names_of([one.referrer_id for one in found])
    return [{**one._asdict(), **names[one.referrer_id]} for one in found]


def _owed(kind: str, net: int, who: Row) -> Owed:
    return Owed(
        kind, who["referrer_id"], net, who["status"], who["vat_regime"], who["paid"], who["customary"]
    )


async def _uncollected(entity_id: int, day: date) -> dict[int, int]:
    """By referrer: what the plans would pay if clients paid the rest of their invoices."""
    shares = await db.rows(OPEN_SHARES, entity_id, day)
    told = await histories(sorted({share["id"] for share in shares}), day)
    found: dict[int, int] = {}
    for share in shares:
        more = await _would_earn(share, told)
        found[share["referrer_id"]] = found.get(share["referrer_id"], 0) + more
    return found


async def _would_earn(share: db.Row, told: Mapping[int, Sequence[Told]]) -> int:
    """As if no more than what is invoiced were signed."""
    invoiced = {**share, "net_cents": share["paid"] + share["rest"]}
    said = await expected(
        cast("db.Row", invoiced), cast("db.Row", share), share["paid"], list(told[share["id"]])
    )
    return said[1] if said else 0
