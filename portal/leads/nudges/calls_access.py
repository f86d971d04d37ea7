"""Whom a colleague might call today: a few of each kind, found by index, in one question."""

from datetime import timedelta

from portal.company import access as company
from portal.kit import db
from portal.kit.days import now, today
from portal.law.figures import Figures
from portal.leads.nudges.calls_rules import ABOUT_A_LEAD, Candidate, five
from portal.leads.prospect.calling import call_of
from portal.referrers.access import NAME

FEW = 12  # of each kind: more than five are needed where some have no number
SOON = timedelta(hours=30)
STUCK, FIRST, QUIET, RESTED = timedelta(days=5), timedelta(days=7), timedelta(days=90), timedelta(days=14)
COLUMNS = f"""referrer.id AS referrer_id, referrer.ref AS referrer_ref, {NAME} AS referrer, referrer.phone AS referrer_phone"""
OF_LEAD = "lead.id AS lead_id, lead.ref AS lead_ref, lead.company_name AS company, lead.contact_name, lead.contact_phone, programme.prospects, lead.call_asked_at, lead.objected_at"
OF_NONE = "NULL::bigint AS lead_id, '' AS lead_ref, '' AS company, '' AS contact_name, '' AS contact_phone, '' AS prospects, NULL::timestamptz AS call_asked_at, NULL::timestamptz AS objected_at"
LEADS = "FROM lead JOIN referrer ON referrer.id = lead.referrer_id JOIN programme ON programme.id = lead.programme_id"
CALLED = "SELECT FROM sales_call WHERE sales_call.user_id = $1 AND"
DONE_LEAD = f"NOT EXISTS ({CALLED} sales_call.lead_id = lead.id AND (on_day = $2 OR again_on > $2))"
DONE_REFERRER = f"NOT EXISTS ({CALLED} sales_call.referrer_id = referrer.id AND sales_call.lead_id IS NULL AND (at > $3 AND outcome <> 'missed' OR on_day = $2 OR again_on > $2))"
PARTS = (
    f"""SELECT 'due' AS why, lead.answer_due_at AS since, {COLUMNS}, {OF_LEAD} {LEADS}
        WHERE lead.sales_user_id = $1 AND lead.state = 'submitted' AND lead.answer_due_at < $4 AND {DONE_LEAD}
        ORDER BY lead.answer_due_at LIMIT {FEW}""",
    f"""SELECT 'asked', lead.call_asked_at, {COLUMNS}, {OF_LEAD} {LEADS}
        WHERE lead.sales_user_id = $1 AND lead.state IN ('submitted', 'accepted') AND lead.call_asked_at IS NOT NULL AND {DONE_LEAD}
          AND NOT EXISTS ({CALLED} sales_call.lead_id = lead.id AND outcome = 'reached')
        ORDER BY lead.call_asked_at LIMIT {FEW}""",
    f"""SELECT 'again', promised.at, {COLUMNS}, {OF_LEAD}
        FROM sales_call promised JOIN referrer ON referrer.id = promised.referrer_id
        LEFT JOIN lead ON lead.id = promised.lead_id AND lead.erased_at IS NULL LEFT JOIN programme ON programme.id = lead.programme_id
        WHERE promised.user_id = $1 AND promised.again_on BETWEEN $2 - 7 AND $2 AND (promised.lead_id IS NULL OR lead.state IN ('submitted', 'accepted', 'contacted', 'qualified', 'proposal'))
          AND NOT EXISTS ({CALLED} sales_call.id > promised.id AND sales_call.referrer_id = promised.referrer_id
                            AND sales_call.lead_id IS NOT DISTINCT FROM promised.lead_id)
        ORDER BY promised.again_on LIMIT {FEW}""",
    f"""SELECT 'first', lead.submitted_at, {COLUMNS}, {OF_LEAD} {LEADS}
        WHERE lead.sales_user_id = $1 AND lead.state IN ('submitted', 'accepted', 'contacted', 'qualified', 'proposal')
          AND lead.submitted_at > $5 AND {DONE_REFERRER}
          AND NOT EXISTS (SELECT FROM lead other WHERE other.referrer_id = lead.referrer_id AND other.id <> lead.id)
        ORDER BY lead.submitted_at LIMIT {FEW}""",
    f"""SELECT 'stuck', contract.sent_at, {COLUMNS}, {OF_NONE}
        FROM contract JOIN referrer ON referrer.id = contract.referrer_id
        WHERE contract.state = 'sent' AND referrer.sales_user_id = $1 AND contract.sent_at < $6 AND {DONE_REFERRER}
        ORDER BY contract.sent_at LIMIT {FEW}""",
    f"""SELECT 'quiet', latest.submitted_at, {COLUMNS}, {OF_NONE}
        FROM referrer CROSS JOIN LATERAL (SELECT submitted_at FROM lead WHERE lead.referrer_id = referrer.id ORDER BY submitted_at DESC LIMIT 1) latest
        CROSS JOIN LATERAL (SELECT FROM lead WHERE lead.referrer_id = referrer.id AND lead.state = 'won' AND latest.submitted_at < $7 LIMIT 1) brought
        WHERE referrer.sales_user_id = $1 AND referrer.state = 'active' AND {DONE_REFERRER}
        ORDER BY latest.submitted_at DESC LIMIT {FEW}""",
    f"""SELECT 'anniversary', contract.starts_on::timestamp AT TIME ZONE 'Europe/Paris', {COLUMNS}, {OF_NONE}
        FROM referrer JOIN contract ON contract.referrer_id = referrer.id
        WHERE referrer.sales_user_id = $1 AND contract.state = 'in_force' AND contract.starts_on < $2 - 300
          AND to_char(contract.starts_on, 'MMDD') = to_char($2::date, 'MMDD') AND {DONE_REFERRER}
        ORDER BY contract.starts_on LIMIT {FEW}""",
)  # fmt: skip
ANY_OF_THEM = "\nUNION ALL\n".join(f"({part})" for part in PARTS)
MIGHT = f"SELECT might.*, ({company.OVERRIDES}) AS overrides FROM ({ANY_OF_THEM}) might"


async def of_today(user_id: int) -> list[Candidate]:
    """The calls of the day. A prospect whom the law forbids to call is not proposed: the referrer is, for a deadline."""
    at, day = now(), today()
    found = await db.rows(MIGHT, user_id, day, at - RESTED, at + SOON, at - FIRST, at - STUCK, at - QUIET)
    figures = company.figures_above(found[0]["overrides"] if found else [])
    return five([_candidate(row, figures) for row in found])


def _candidate(row: db.Row, figures: Figures) -> Candidate:
    name, phone = row["referrer"], row["referrer_phone"]
    if row["lead_id"] and row["why"] in ABOUT_A_LEAD:
        call = call_of(row["prospects"], row["call_asked_at"], row["objected_at"], today(), figures)
        if call.allowed and row["contact_phone"]:
            name, phone = row["contact_name"] or row["company"], row["contact_phone"]
        elif row["why"] != "due":
            phone = ""
    return Candidate(
        row["why"], row["referrer_id"], row["referrer_ref"], row["referrer"], row["since"], name, phone,
        row["lead_id"], row["lead_ref"], row["company"] or "",
    )  # fmt: skip


async def done_today(user_id: int) -> list[db.Row]:
    """What came of those already made."""
    return await db.rows(
        f"""SELECT sales_call.outcome, sales_call.again_on, sales_call.at, {NAME} AS referrer, referrer.ref AS referrer_ref,
                   lead.company_name AS company, lead.ref AS lead_ref
            FROM sales_call JOIN referrer ON referrer.id = sales_call.referrer_id LEFT JOIN lead ON lead.id = sales_call.lead_id
            WHERE sales_call.user_id = $1 AND on_day = $2 ORDER BY sales_call.id""",
        user_id, today(),
    )  # fmt: skip
