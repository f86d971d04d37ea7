"""The home of sales: what to answer by when, who waits for a word, what was won and cashed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from portal.insights.months import Month, first_of, months
from portal.insights.reading import by_kind, counted, joined, part
from portal.kit import db
from portal.kit.days import now, today
from portal.leads.nudges.calls_access import of_today
from portal.leads.nudges.calls_rules import Candidate, reason
from portal.leads.rules import AT_WORK, OPEN, SILENT_DAYS
from portal.referrers.access import NAME

FEW = 5
MONTHS = 6
LONGEST = 500
"""Of the silent recommendations, who waits the longest is found among these."""
WORDS = timedelta(days=30)
SERIES = ("won", "open", "ended")


@dataclass(frozen=True, slots=True)
class SalesHome:
    calls: list[tuple[Candidate, str]]  # of the day, each with its reason
    lists: Mapping[str, list[db.Row]]  # inbox, word, silent, referrer, deal
    counts: Mapping[str, int]  # unanswered, behind, at_work, quiet; they stop at reading.ENOUGH
    year: db.Row  # .cents signed this year by .many deals of this person
    cashed: db.Row  # .cents of them that clients have paid
    months: list[Month]  # recommendations received: won, still open, ended without


WITH_REFERRER = "FROM lead JOIN referrer ON referrer.id = lead.referrer_id"
MINE = "(lead.sales_user_id = $1 OR lead.sales_user_id IS NULL)"
QUIET = f"lead.state IN ({db.literals(AT_WORK)}) AND lead.moved_at < $2 AND {MINE}"
PAID = """LEFT JOIN LATERAL (
  SELECT coalesce(sum(CASE kind WHEN 'payment' THEN net_cents ELSE -net_cents END), 0)::bigint AS cents
  FROM client_payment WHERE deal_id = deal.id) paid ON true"""
# This person's deals of the year, by what they won: read once, then their payments.
OWN = """WITH own AS MATERIALIZED (
  SELECT deal.id, deal.net_cents FROM deal JOIN lead ON lead.id = deal.lead_id
  WHERE lead.sales_user_id = $1 AND lead.state = 'won' AND deal.signed_on >= $3 AND deal.state <> 'cancelled'
)"""
FOUND = OWN + joined(
    part(
        "inbox",
        f"""{WITH_REFERRER} LEFT JOIN app_user sales ON sales.id = lead.sales_user_id AND sales.id <> $1
            WHERE lead.state = 'submitted' ORDER BY lead.answer_due_at, lead.id LIMIT {FEW}""",
        ref="lead.ref", name="lead.company_name", who=NAME, state="coalesce(sales.name, '')", at="lead.answer_due_at",
        cents="coalesce(lead.estimate_cents, 0)",
    ),
    part(
        "word",
        f"""FROM lead_note note JOIN lead ON lead.id = note.lead_id JOIN referrer ON referrer.id = lead.referrer_id
            WHERE note.shared AND note.erased_at IS NULL AND note.at > $4 AND lead.asked_at IS NOT NULL AND lead.state IN ({db.literals(OPEN)}) AND {MINE}
              AND EXISTS (SELECT FROM membership WHERE user_id = note.author_id AND referrer_id = lead.referrer_id)
              AND NOT EXISTS (SELECT FROM lead_note later WHERE later.lead_id = note.lead_id AND later.shared AND later.id > note.id)
            ORDER BY note.at LIMIT {FEW}""",
        ref="lead.ref", name="lead.company_name", who=NAME, at="note.at",
    ),
    part(
        "silent", f"{WITH_REFERRER} WHERE {QUIET} ORDER BY lead.moved_at, lead.id LIMIT {FEW}",
        ref="lead.ref", name="lead.company_name", who=NAME, state="lead.state", at="lead.moved_at",
    ),
    part(
        "referrer",
        f"""FROM (SELECT referrer_id, count(*) AS many, min(moved_at) AS since
                  FROM (SELECT referrer_id, moved_at FROM lead WHERE {QUIET} ORDER BY moved_at LIMIT {LONGEST}) quiet
                  GROUP BY referrer_id ORDER BY min(moved_at) LIMIT {FEW}) waits JOIN referrer ON referrer.id = waits.referrer_id ORDER BY waits.since""",
        ref="referrer.ref", name=NAME, state="referrer.phone", at="waits.since", many="waits.many",
    ),
    part(
        "deal",
        f"""FROM deal JOIN lead ON lead.id = deal.lead_id JOIN client ON client.id = deal.client_id {PAID}
            WHERE lead.sales_user_id = $1 ORDER BY deal.signed_on DESC, deal.id DESC LIMIT {FEW}""",
        ref="deal.ref", name="client.name", who="deal.title", state="deal.state", day="deal.signed_on",
        cents="deal.net_cents", other_cents="paid.cents",
    ),
    part("year", "FROM own", cents="coalesce(sum(net_cents), 0)::bigint", many="count(*)"),
    part(
        "cashed", "FROM own JOIN client_payment payment ON payment.deal_id = own.id",
        cents="coalesce(sum(CASE payment.kind WHEN 'payment' THEN payment.net_cents ELSE -payment.net_cents END), 0)::bigint",
    ),
    counted("unanswered", "FROM lead WHERE state = 'submitted'"),
    counted("behind", "FROM lead WHERE state = 'waiting'"),
    counted("at_work", f"FROM lead WHERE state IN ({db.literals(AT_WORK)})"),
    counted("quiet", f"FROM lead WHERE {QUIET}"),
)  # fmt: skip
COUNTS = ("unanswered", "behind", "at_work", "quiet")
RECEIVED = f"""
SELECT date_trunc('month', recommended_on)::date AS month,
       sum(many) FILTER (WHERE state = 'won')::bigint AS won, sum(many) FILTER (WHERE state IN ({db.literals(OPEN)}))::bigint AS open,
       sum(many) FILTER (WHERE state <> 'won' AND state NOT IN ({db.literals(OPEN)}, 'draft'))::bigint AS ended
FROM (SELECT recommended_on, state, count(*) AS many FROM lead WHERE recommended_on >= $1 GROUP BY recommended_on, state) days
GROUP BY 1
"""


async def sales_home(user_id: int) -> SalesHome:
    on = today()
    rows = await db.rows(FOUND, user_id, now() - timedelta(SILENT_DAYS), date(on.year, 1, 1), now() - WORDS)
    lists = by_kind(rows, ("inbox", "word", "silent", "referrer", "deal", "year", "cashed", *COUNTS))
    received = await db.rows(RECEIVED, first_of(on, MONTHS))
    known = {row["month"]: [row[series] or 0 for series in SERIES] for row in received}
    return SalesHome(
        calls=[(call, reason(call, now())) for call in await of_today(user_id)],
        lists=lists,
        counts={kind: lists[kind][0]["many"] for kind in COUNTS},
        year=lists["year"][0],
        cashed=lists["cashed"][0],
        months=months(known, on, MONTHS, len(SERIES)),
    )
