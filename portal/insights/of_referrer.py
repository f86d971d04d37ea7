"""A referrer's home: what was earned, what is coming and when, what to do now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.contracts.rules import TERMS
from portal.earnings.forecast import share_worth
from portal.insights.months import YEAR, Month, first_of, months
from portal.insights.reading import by_kind, joined, part
from portal.insights.rules import Next, next_payment
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.money import Cents
from portal.law.urssaf import Quarter, to_tell
from portal.leads import access as leads
from portal.leads.estimates import Scale, Worth, scale_of
from portal.leads.priority.rules import as_told
from portal.leads.rules import OPEN
from portal.ledger.balances import Balances, referrer_balances
from portal.referrers.access import REFERRER
from portal.referrers.rules import LIVING

FEW = 5
HELD_DAYS_SHOWN = 3
WORD_LASTS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Coming:
    """What clients may still bring, estimated by the plan; `many` deals or recommendations."""

    many: int
    worth: Worth


@dataclass(frozen=True, slots=True)
class ReferrerHome:
    referrer: db.Row  # with .earned_this_year and what HOME adds
    balances: Balances
    next_payment: Next | None
    held: list[db.Row]  # the next days on which something is confirmed: .day .cents
    held_rest: Cents  # on later days, or confirmed tonight
    deals: Coming | None  # signed, and the client has not paid all
    open_leads: Coming | None
    months: list[Month]
    recent: list[db.Row]
    quarter: Quarter  # to be told to the Urssaf now: .referrer["to_tell_cents"] of a micro-entrepreneur

    @property
    def expected(self) -> Worth | None:
        """Both taken together; one plan rules for both, so their unit is the same."""
        worths = [(1, coming.worth) for coming in (self.deals, self.open_leads) if coming]
        return found.worth if (found := _summed(worths)) else None


# What a page of theirs says at once; papers to check, words to read and money on its way beside it.
HOME = f"""
SELECT referrer.*, earned.cents AS earned_this_year, bank.state AS bank_state,
       contract.ref AS contract_ref, contract.state AS contract_state, contract.amends,
       paper.ref AS paper_ref, paper.number AS paper_number, paper.until AS paper_until,
       wanted.many AS documents, wanted.due_on AS documents_due_on,
       word.ref AS word_ref, word.company_name AS word_company, word.who AS word_who,
       transfer.ref AS transfer_ref, transfer.executes_on AS transfer_on,
       transfer.net_cents AS transfer_net, transfer.vat_cents AS transfer_vat,
       (SELECT asked.id FROM standing_confirmation asked WHERE asked.referrer_id = $1 AND asked.confirmed_at IS NULL) AS confirmation,
       (SELECT sum(line.total_cents)::bigint FROM payout_line line
        WHERE line.referrer_id = ANY ((SELECT ids_of($1))::bigint[]) AND line.state = 'settled' AND line.settled_on BETWEEN $5 AND $6
          AND 'micro' = (SELECT status FROM referrer_standing WHERE referrer_id = $1 AND since <= $3 ORDER BY since DESC, id DESC LIMIT 1)) AS to_tell_cents,
       unpaid.due_on AS unpaid_due_on, unpaid.net_cents AS unpaid_net, unpaid.vat_cents AS unpaid_vat
FROM ({REFERRER} WHERE referrer.id = $1) referrer
CROSS JOIN LATERAL (
  SELECT coalesce(sum(amount), 0)::bigint AS cents FROM earning
  WHERE referrer_id = ANY ((SELECT ids_of($1))::bigint[]) AND unit = 'EUR' AND occurred_on >= $2
) earned
LEFT JOIN LATERAL (
  SELECT state FROM bank_detail WHERE referrer_id = $1 AND state IN ({db.literals(LIVING)}) ORDER BY id DESC LIMIT 1
) bank ON true
LEFT JOIN LATERAL (
  SELECT ref, state, amends_id IS NOT NULL AS amends FROM contract
  WHERE referrer_id = ANY ((SELECT ids_of($1))::bigint[]) AND state <> 'drafted'
  ORDER BY array_position(ARRAY['sent', 'in_force', 'signed'], state), id DESC LIMIT 1
) contract ON true
LEFT JOIN LATERAL (
  SELECT invoice.ref, invoice.number, delay.until FROM invoice JOIN contract signed ON signed.id = invoice.contract_id
  CROSS JOIN LATERAL (
    SELECT invoice.issued_on + coalesce((signed.filled ->> 'contract.contest_days')::int, {TERMS["contest_days"]}) AS until
  ) delay
  WHERE invoice.referrer_id = $1 AND invoice.kind IN ('self_billed', 'credit_note', 'corrective') AND delay.until >= $3
    AND NOT EXISTS (SELECT FROM invoice_acceptance said WHERE said.invoice_id = invoice.id)
  ORDER BY delay.until, invoice.id LIMIT 1
) paper ON true
CROSS JOIN LATERAL (
  SELECT count(*) AS many, min(due_on) AS due_on FROM document_request request
  WHERE referrer_id = $1 AND closed_at IS NULL AND NOT EXISTS (
    SELECT FROM referrer_document given WHERE given.referrer_id = $1 AND given.kind = request.kind AND given.state = 'received')
) wanted
LEFT JOIN LATERAL (
  SELECT lead.ref, lead.company_name, author.name AS who
  FROM lead JOIN lead_note note ON note.lead_id = lead.id JOIN app_user author ON author.id = note.author_id
  WHERE lead.referrer_id = $1 AND lead.state IN ({db.literals(OPEN)}) AND note.shared AND note.erased_at IS NULL AND note.at > $4
    AND NOT EXISTS (SELECT FROM membership WHERE user_id = author.id AND referrer_id = $1)
    AND NOT EXISTS (SELECT FROM lead_note later WHERE later.lead_id = lead.id AND later.shared AND later.id > note.id)
  ORDER BY note.id DESC LIMIT 1
) word ON true
LEFT JOIN LATERAL (
  SELECT line.ref, run.executes_on, line.net_cents, line.vat_cents FROM payout_line line JOIN payout_run run ON run.id = line.run_id
  WHERE line.referrer_id = $1 AND line.state = 'sent' ORDER BY run.executes_on, line.id LIMIT 1
) transfer ON true
CROSS JOIN LATERAL (
  SELECT min(due_on) AS due_on, coalesce(sum(invoice.sign * invoice.net_cents), 0)::bigint AS net_cents,
         coalesce(sum(invoice.sign * invoice.vat_cents), 0)::bigint AS vat_cents
  FROM invoice
  WHERE invoice.referrer_id = $1 AND invoice.sign <> 0 AND NOT EXISTS (
    SELECT FROM payout_invoice part JOIN payout_line line ON line.id = part.line_id
    WHERE part.invoice_id = invoice.id AND NOT part.released AND line.state IN ('sent', 'settled'))
) unpaid
"""

RELEASED = "EXISTS (SELECT FROM earning_settlement settled WHERE settled.earning_id = {}.id AND settled.kind = 'released')"
COMING = joined(
    part(
        "month",
        """FROM earning WHERE referrer_id = ANY ((SELECT ids_of($1))::bigint[]) AND unit = 'EUR' AND occurred_on >= $2
           GROUP BY date_trunc('month', occurred_on)""",
        day="date_trunc('month', occurred_on)::date", cents="sum(amount)::bigint",
    ),
    part(
        "held",
        f"""FROM earning CROSS JOIN LATERAL (
              SELECT coalesce(sum(back.amount), 0) AS amount FROM earning back
              WHERE back.takes_back_id = earning.id AND NOT {RELEASED.format("back")}) lost
            WHERE earning.referrer_id = ANY ((SELECT ids_of($1))::bigint[]) AND unit = 'EUR' AND earning.amount > 0 AND due_on > $3 AND NOT {RELEASED.format("earning")}
            GROUP BY due_on HAVING sum(earning.amount + lost.amount) <> 0 ORDER BY due_on LIMIT {HELD_DAYS_SHOWN}""",
        day="due_on", cents="sum(earning.amount + lost.amount)::bigint",
    ),
    part(
        "deal",
        # OFFSET 0: their own deals first, not all deals by day until a hundred of them are found
        """FROM (SELECT deal.*, share.weight FROM deal_share share JOIN deal ON deal.id = share.deal_id JOIN lead ON lead.id = deal.lead_id
                 WHERE share.referrer_id = ANY ((SELECT ids_of($1))::bigint[]) AND share.contract_id IS NOT NULL AND lead.earns = 'yes' AND deal.earns AND deal.state = 'signed'
                 OFFSET 0) deal
           CROSS JOIN LATERAL (
             SELECT deal.net_cents - coalesce(sum(CASE kind WHEN 'payment' THEN net_cents ELSE -net_cents END), 0)::bigint AS cents
             FROM client_payment WHERE deal_id = deal.id) rest
           WHERE rest.cents > 0 ORDER BY deal.signed_on DESC LIMIT 100""",
        ref="deal.ref", cents="rest.cents",
        more="""jsonb_build_object('share', deal.weight::text,
                  'whole', (SELECT sum(weight)::text FROM deal_share WHERE deal_id = deal.id),
                  'products', (SELECT jsonb_agg(DISTINCT product.key) FROM deal_line JOIN product ON product.id = product_id
                               WHERE deal_id = deal.id))""",
    ),
    part(
        "lead",
        f"""FROM lead WHERE referrer_id = ANY ((SELECT ids_of($1))::bigint[]) AND state IN ({db.literals(OPEN)}) AND earns <> 'no' AND estimate_cents > 0
            GROUP BY estimate_cents LIMIT 200""",
        cents="estimate_cents", many="count(*)",
    ),
)  # fmt: skip


async def referrer_home(referrer_id: int) -> ReferrerHome:
    on, quarter = today(), to_tell(today())
    row = await db.row(
        HOME, referrer_id, date(on.year, 1, 1), on, now() - WORD_LASTS, quarter.first, quarter.last
    )
    assert row is not None
    balances = await referrer_balances(referrer_id)
    rows = await db.rows(COMING, referrer_id, first_of(on), on)
    found = by_kind(rows, ("month", "held", "deal", "lead"))
    scale = await scale_of(referrer_id) if found["deal"] or found["lead"] else None
    return ReferrerHome(
        referrer=row,
        balances=balances,
        next_payment=next_payment(row, balances.due, found["held"]),
        held=found["held"],
        held_rest=balances.held - sum(one["cents"] for one in found["held"]),
        deals=_of_deals(scale, found["deal"]),
        open_leads=_of_leads(scale, found["lead"])
        if row["state"] == "active"
        else None,  # also while an amendment waits
        months=months({one["day"]: (one["cents"],) for one in found["month"]}, on, YEAR),
        recent=[as_told(row, now()) for row in await leads.latest_of(referrer_id, FEW)],
        quarter=quarter,
    )


def _of_leads(scale: Scale | None, rows: Sequence[db.Row]) -> Coming | None:
    """Each estimate taken alone, as often as it stands."""
    worths = [(row["many"], scale.worth(row["cents"])) for row in rows] if scale else []
    return _summed([(many, worth) for many, worth in worths if worth])


def _of_deals(scale: Scale | None, rows: Sequence[db.Row]) -> Coming | None:
    """What the client still has to pay, this referrer's share, under the products of the deal."""
    worths = [_worth_of(scale, row["cents"], row["more"]) for row in rows] if scale else []
    return _summed([(1, worth) for worth in worths if worth])


def _worth_of(scale: Scale, rest: Cents, more: dict[str, Any]) -> Worth | None:
    return share_worth(scale, rest, more["share"], more["whole"], more["products"])


def _summed(worths: Sequence[tuple[int, Worth]]) -> Coming | None:
    if not worths:
        return None
    return Coming(
        sum(many for many, _worth in worths),
        Worth(
            sum(many * worth.low for many, worth in worths),
            sum(many * worth.high for many, worth in worths),
            worths[0][1].unit,
        ),
    )
