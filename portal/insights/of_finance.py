"""The home of finance: what to approve, what stops money, the days of the law, what will have to be paid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.earnings.claim_rules import ASKED
from portal.insights import forecast as rules
from portal.insights.forecast import PACE_DAYS, Line, Pace
from portal.insights.months import YEAR, Month, first_of, months
from portal.insights.reading import ENOUGH, by_kind, counted, joined, part
from portal.kit import db
from portal.kit.days import add_months, now, today
from portal.kit.money import Cents
from portal.referrers.access import CERTIFIED, NAME
from portal.referrers.rules import LIVING, Regime, Standing, Status, paper_blocks

FEW = 5
STOPS = ("unsigned", "refused", "rectify", "own")  # exceptions that are counted
NAMED = ("failed", "shares", "contested", "bankless", "iban")  # exceptions that are shown one by one
ALL = "count(*) OVER ()"  # how many there are, beside the few that are shown
STILL_PAYS_MONTHS = 12
"""A deal signed before that and not paid in full is not counted on any more."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """A referrer whose commissions are confirmed and who can get no paper: the codes of why."""

    row: db.Row
    why: list[str]


@dataclass(frozen=True, slots=True)
class FinanceHome:
    lists: Mapping[
        str, list[db.Row]
    ]  # run, adjustment, claim, iban, contested, failed, shares, bankless, paper
    blocked: list[Blocked]
    # late papers, deals paid without contract, deals that no plan can take, papers to rectify, rewards to approve, documents to check,
    # what came in and waits for its deal, what the bank said and somebody decides
    counts: Mapping[str, int]
    to_issue: db.Row  # .cents confirmed and on no paper, .many referrers
    forecast: list[Line]
    pace: Pace
    months: list[Month]  # earned less taken back, paid

    @property
    def exceptions(self) -> int:
        """How many things stop money, those that are not shown included."""
        named = sum(self.lists[kind][0]["many"] for kind in NAMED if self.lists[kind])
        return named + len(self.blocked) + sum(self.counts[kind] for kind in STOPS)


# Issued and not sent to the bank; credit notes count negative.
UNPAID = """WITH unpaid AS MATERIALIZED (
  SELECT invoice.id, invoice.ref, invoice.number, invoice.sign, invoice.referrer_id, invoice.due_on,
         invoice.sign * invoice.net_cents AS net_cents, invoice.sign * invoice.total_cents AS total_cents
  FROM invoice
  WHERE invoice.sign <> 0 AND NOT EXISTS (
    SELECT FROM payout_invoice part JOIN payout_line line ON line.id = part.line_id
    WHERE part.invoice_id = invoice.id AND NOT part.released AND line.state IN ('sent', 'settled'))
)"""
RELEASED = "EXISTS (SELECT FROM earning_settlement settled WHERE settled.earning_id = {}.id AND settled.kind = 'released')"
PERSONAL = """FROM ledger_account account JOIN ledger_balance balance ON balance.account_id = account.id
  WHERE account.sums_into IN (SELECT 'entity:' || id || ':{}' FROM legal_entity) AND balance.balance < 0"""
LATEST_BANK = f"""LEFT JOIN LATERAL (
  SELECT state, usable_from FROM bank_detail WHERE referrer_id = owed.referrer_id AND state IN ({db.literals(LIVING)}) ORDER BY id DESC LIMIT 1
) bank ON true"""
STANDING = """LEFT JOIN LATERAL (
  SELECT status, vat_regime FROM referrer_standing WHERE referrer_id = referrer.id AND since <= $2 ORDER BY since DESC, id DESC LIMIT 1
) standing ON true"""
SIGNED_SUM = "coalesce(sum(CASE kind WHEN 'payment' THEN net_cents ELSE -net_cents END), 0)::bigint"

FOUND = UNPAID + joined(
    part(
        "run",
        f"""FROM payout_run run JOIN app_user preparer ON preparer.id = run.prepared_by CROSS JOIN LATERAL (
              SELECT count(*) AS many, coalesce(sum(total_cents), 0)::bigint AS cents FROM payout_line WHERE run_id = run.id) lines
            WHERE run.state IN ('drafted', 'approved', 'sent') ORDER BY run.executes_on, run.id LIMIT {FEW}""",
        ref="run.ref", name="run.number", who="preparer.name", state="run.state", at="run.prepared_at", day="run.executes_on",
        cents="lines.cents", many="lines.many", more="jsonb_build_object('mine', run.prepared_by = $1)",
    ),
    part(
        "adjustment",
        f"""FROM approval JOIN adjustment ON adjustment.id = approval.subject_id JOIN referrer ON referrer.id = adjustment.referrer_id
            JOIN app_user preparer ON preparer.id = approval.prepared_by
            WHERE approval.state = 'waiting' AND approval.subject_kind = 'adjustment' ORDER BY approval.prepared_at LIMIT {FEW}""",
        ref="adjustment.ref", name=NAME, who="preparer.name", state="adjustment.unit", at="approval.prepared_at", cents="adjustment.amount",
        more="jsonb_build_object('mine', approval.prepared_by = $1)",
    ),
    part(
        "claim",
        f"""FROM claim JOIN referrer ON referrer.id = claim.referrer_id
            WHERE claim.state IN ({db.literals(ASKED)}) ORDER BY claim.due_at LIMIT {FEW}""",
        ref="claim.ref", name=NAME, state="claim.reason", at="claim.due_at",
    ),
    part(
        "iban",
        f"""FROM bank_detail JOIN referrer ON referrer.id = bank_detail.referrer_id
            WHERE bank_detail.state = 'proposed' ORDER BY proposed_at LIMIT {FEW}""",
        ref="referrer.ref", name=NAME, at="bank_detail.proposed_at", many=ALL,
    ),
    part(
        "contested",
        f"""FROM invoice_acceptance said JOIN invoice ON invoice.id = said.invoice_id JOIN referrer ON referrer.id = invoice.referrer_id
            WHERE said.state = 'contested' AND NOT EXISTS (SELECT FROM invoice_acceptance later
                    WHERE later.invoice_id = said.invoice_id AND later.id > said.id)
              AND invoice.total_cents > (SELECT coalesce(sum(total_cents), 0) FROM invoice note WHERE note.credits_id = invoice.id AND note.sign < 0)
            ORDER BY said.at LIMIT {FEW}""",
        ref="invoice.ref", name="invoice.number", who=NAME, state="said.reason", at="said.at", cents="invoice.total_cents", many=ALL,
    ),
    part(
        "failed",
        f"""FROM payout_line line JOIN payout_run run ON run.id = line.run_id JOIN referrer ON referrer.id = line.referrer_id
            WHERE line.state = 'failed' AND EXISTS (
              SELECT FROM payout_invoice part JOIN unpaid ON unpaid.id = part.invoice_id WHERE part.line_id = line.id)
            ORDER BY run.executes_on, line.id LIMIT {FEW}""",
        ref="line.ref", name="run.number", who=NAME, day="run.executes_on", cents="line.total_cents", many=ALL,
    ),
    part(
        "shares",
        f"""FROM payout_share share JOIN payout_line line ON line.id = share.line_id JOIN referrer ON referrer.id = line.referrer_id
            JOIN LATERAL (SELECT arrived, on_day FROM payout_share_end said WHERE said.line_id = line.id AND said.position = share.position
                          ORDER BY said.id DESC LIMIT 1) ended ON NOT ended.arrived
            WHERE line.state IN ('sent', 'settled') ORDER BY ended.on_day, line.id, share.position LIMIT {FEW}""",
        ref="line.ref", name="share.name", who=NAME, day="ended.on_day", cents="share.amount_cents", many=ALL,
    ),
    part(
        "bankless",
        f"""FROM (SELECT referrer_id, sum(total_cents)::bigint AS cents, min(due_on) AS due_on FROM unpaid
                  GROUP BY referrer_id HAVING sum(total_cents) > 0) owed
            JOIN referrer ON referrer.id = owed.referrer_id {LATEST_BANK}
            WHERE bank.state IS NULL OR (bank.state <> 'proposed' AND bank.usable_from > $3) ORDER BY owed.due_on LIMIT {FEW}""",
        ref="referrer.ref", name=NAME, state="CASE WHEN bank.state IS NULL THEN 'no_iban' ELSE 'iban_waits' END",
        at="bank.usable_from", day="owed.due_on", cents="owed.cents", many=ALL,
    ),
    part(
        "unready",
        f"""FROM (SELECT account.referrer_id, -sum(balance.balance)::bigint AS cents {PERSONAL.format("due")}
                  GROUP BY account.referrer_id ORDER BY sum(balance.balance) LIMIT {ENOUGH}) owed
            JOIN referrer ON referrer.id = owed.referrer_id {STANDING}""",
        ref="referrer.ref", name=NAME, cents="owed.cents",
        more=f"""to_jsonb(standing) || jsonb_build_object('state', referrer.state, 'siret', referrer.siret,
                  'country', referrer.country, 'certified', {CERTIFIED.format("CAST($2 AS date)")},
                  'vat_number', referrer.vat_number, 'street', referrer.street, 'postcode', referrer.postcode,
                  'city', referrer.city, 'employer_consent_file', referrer.employer_consent_file)""",
    ),
    part(
        "paper",
        f"""FROM unpaid JOIN referrer ON referrer.id = unpaid.referrer_id WHERE unpaid.sign > 0
            ORDER BY unpaid.due_on, unpaid.id LIMIT {FEW}""",
        ref="unpaid.ref", name="unpaid.number", who=NAME, day="unpaid.due_on", cents="unpaid.total_cents",
    ),
    counted("late", "FROM unpaid WHERE sign > 0 AND due_on < $2"),
    counted(
        "unsigned",
        """FROM deal_share share WHERE contract_id IS NULL
           AND EXISTS (SELECT FROM client_payment WHERE deal_id = share.deal_id) GROUP BY share.deal_id""",
    ),
    counted("rectify", "FROM paper_to_rectify WHERE state = 'open'"),
    counted("refused", "FROM earning_deal_state WHERE refused <> '' GROUP BY deal_id"),
    counted("own", "FROM received_invoice WHERE state = 'compared'"),
    counted("orders", "FROM reward_order WHERE state = 'requested'"),
    counted("documents", "FROM referrer_document WHERE state = 'received'"),
    counted("incoming", "FROM incoming_payment WHERE state = 'waiting'"),
    counted("bank", "FROM bank_entry WHERE state = 'waiting'"),
    part("to_issue", PERSONAL.format("due"), cents="coalesce(-sum(balance.balance), 0)::bigint", many="count(*)"),
    part("invoiced", "FROM unpaid GROUP BY due_on", day="due_on", cents="sum(net_cents)::bigint"),
    part(
        "held",
        f"""FROM earning CROSS JOIN LATERAL (
              SELECT coalesce(sum(back.amount), 0) AS amount FROM earning back
              WHERE back.takes_back_id = earning.id AND NOT {RELEASED.format("back")}) lost
            WHERE earning.unit = 'EUR' AND earning.amount > 0 AND due_on > $2 AND NOT {RELEASED.format("earning")} GROUP BY due_on""",
        day="due_on", cents="sum(earning.amount + lost.amount)::bigint",
    ),
    part("all_held", PERSONAL.format("held"), cents="coalesce(-sum(balance.balance), 0)::bigint"),
    part("cashed", "FROM client_payment WHERE counts_on > $4 AND counts_on <= $2", cents=SIGNED_SUM),
    part(
        "rest",
        f"""FROM deal LEFT JOIN (SELECT deal_id, {SIGNED_SUM} AS cents FROM client_payment WHERE counts_on > $5 GROUP BY deal_id) paid
              ON paid.deal_id = deal.id
            WHERE deal.state = 'signed' AND deal.signed_on > $5 AND deal.net_cents > coalesce(paid.cents, 0)""",
        cents="coalesce(sum(deal.net_cents - coalesce(paid.cents, 0)), 0)::bigint", many="count(*)",
    ),
)  # fmt: skip
KINDS = (
    "run", "adjustment", "claim", "iban", "contested", "failed", "shares", "bankless", "unready", "paper", "late", "unsigned", "refused",
    "rectify", "own", "orders", "documents", "incoming", "bank", "to_issue", "invoiced", "held", "all_held", "cashed", "rest",
)  # fmt: skip
# The company's totals by day and what was posted since they were summed up.
MONTHS = """
SELECT date_trunc('month', day)::date AS month,
       coalesce(sum(amount) FILTER (WHERE role <> 'paid'), 0)::bigint AS earned,
       coalesce(-sum(amount) FILTER (WHERE role = 'paid'), 0)::bigint AS paid,
       coalesce(sum(amount) FILTER (WHERE role <> 'paid' AND day > $2), 0)::bigint AS lately
FROM (
  SELECT total.day, split_part(total.code, ':', 3) AS role, total.amount
  FROM legal_entity CROSS JOIN unnest($3::text[]) wanted (role)
  JOIN ledger_day_total total ON total.code = 'entity:' || legal_entity.id || ':' || wanted.role WHERE total.day >= $1
  UNION ALL
  SELECT entry.occurred_on, account.role, line.amount
  FROM ledger_entry entry JOIN ledger_line line ON line.entry_id = entry.id JOIN ledger_account account ON account.id = line.account_id
  WHERE entry.id > (SELECT last_entry FROM ledger_cursor) AND entry.occurred_on >= $1 AND account.role = ANY ($3)
) moved GROUP BY 1
"""
IN_MONTHS = ["earned", "taken_back", "paid"]


async def finance_home(user_id: int) -> FinanceHome:
    on = today()
    since = on - timedelta(PACE_DAYS)
    found = by_kind(
        await db.rows(FOUND, user_id, on, now(), since, add_months(on, -STILL_PAYS_MONTHS)), KINDS
    )
    moved = await db.rows(MONTHS, first_of(on), since, IN_MONTHS)
    pace = Pace(_cents(found["cashed"]), sum(row["lately"] for row in moved), _cents(found["rest"]))
    return FinanceHome(
        lists=found,
        blocked=_blocked(found["unready"]),
        counts={
            kind: found[kind][0]["many"]
            for kind in (
                "late",
                "unsigned",
                "refused",
                "rectify",
                "own",
                "orders",
                "documents",
                "incoming",
                "bank",
            )
        },
        to_issue=found["to_issue"][0],
        forecast=rules.forecast(_dated(found, on), _cents(found["to_issue"]), pace, on),
        pace=pace,
        months=months({row["month"]: (row["earned"], row["paid"]) for row in moved}, on, YEAR, 2),
    )


def _cents(rows: Sequence[db.Row]) -> Cents:
    return sum(row["cents"] for row in rows)


def _dated(found: Mapping[str, list[db.Row]], on: date) -> dict[str, list[tuple[date, Cents]]]:
    """What is held without a day to come is confirmed tonight."""
    dated = {kind: [(row["day"], row["cents"]) for row in found[kind]] for kind in ("invoiced", "held")}
    dated["held"].append((on, _cents(found["all_held"]) - _cents(found["held"])))
    return dated


def _blocked(rows: Sequence[db.Row]) -> list[Blocked]:
    judged = [Blocked(row, paper_blocks(row["more"] or {}, _standing(row["more"] or {}))) for row in rows]
    return [one for one in judged if one.why]


def _standing(known: Mapping[str, str]) -> Standing | None:
    return Standing(Status(known["status"]), Regime(known["vat_regime"])) if known.get("status") else None
