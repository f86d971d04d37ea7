"""What each domain holds about somebody: ONE table. What it hands over, what it erases when asked, until when it keeps the rest.

`exports` are queries of a user ($1) and of the referrer they speak for ($2, or null). `erases` is a verb of the domain;
where there is none, the law wants the rows kept: `until` is the period of portal.law.retention that rules."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.earnings import claims
from portal.history.access import record
from portal.kit import db
from portal.mail import actions as mails

Erase = Callable[[int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Holds:
    exports: Mapping[str, str] = field(default_factory=dict)
    erases: Erase | None = None
    until: str = ""


PRIVACY: dict[str, Holds] = {
    "people": Holds(
        {
            "account": "SELECT email, name, phone, language, state, created_at, last_seen_at FROM app_user WHERE id = $1 AND $2::bigint IS NOT DISTINCT FROM $2",
            "sessions": "SELECT created_at, seen_at, expires_at, address, agent FROM session WHERE user_id = $1 AND $2::bigint IS NOT DISTINCT FROM $2",
        },
        until="inactive_account",
    ),
    "referrers": Holds(
        {
            "profile": """SELECT number, first_name, last_name, company_name, siret, vat_number, street, postcode, city, country, email, phone
                          FROM referrer WHERE id = $2 AND $1::bigint IS NOT NULL""",
            "standings": "SELECT since, status, vat_regime, recorded_at FROM referrer_standing WHERE referrer_id = $2 AND $1::bigint IS NOT NULL",
            "bank_details": "SELECT holder, last4, bic, state, proposed_at FROM bank_detail WHERE referrer_id = $2 AND $1::bigint IS NOT NULL",
        },
        until="contract",
    ),
    "contracts": Holds(
        {
            "contracts": "SELECT number, state, starts_on, ends_on, signed_at FROM contract WHERE referrer_id = $2 AND $1::bigint IS NOT NULL"
        },
        until="contract",
    ),
    "leads": Holds(
        {
            "recommendations": "SELECT ref, state, submitted_at FROM lead WHERE referrer_id = $2 AND $1::bigint IS NOT NULL"
        },
        until="prospect",
    ),
    "earnings": Holds(
        {
            "commissions": "SELECT ref, occurred_on, amount FROM earning WHERE referrer_id = $2 AND $1::bigint IS NOT NULL",
            "claims": """SELECT claim.ref, claim.reason, claim.state, claim.outcome, claim.opened_at, claim.answered_at
                         FROM claim WHERE referrer_id = $2 AND $1::bigint IS NOT NULL""",
            "claim_messages": """SELECT claim.ref, claim_message.kind, claim_message.at, claim_message.body FROM claim_message
                                 JOIN claim ON claim.id = claim_id WHERE author_id = $1 AND $2::bigint IS NOT DISTINCT FROM $2""",
            "adjustments": """SELECT ref, at, amount, unit, reason FROM adjustment
                              WHERE referrer_id = $2 AND state = 'posted' AND $1::bigint IS NOT NULL""",
        },
        erases=claims.erase_of,
        until="accounting",
    ),
    "invoicing": Holds(until="accounting"),
    "payouts": Holds(until="accounting"),
    "ledger": Holds(until="accounting"),
    "clients": Holds(until="customer_marketing"),
    "deals": Holds(until="accounting"),
    "plans": Holds(
        {
            "trials": """SELECT trial.name, draw.arm, draw.at FROM plan_trial_draw draw JOIN plan_trial trial ON trial.id = draw.trial_id
                         WHERE draw.referrer_id = $2 AND $1::bigint IS NOT NULL"""
        },
        until="contract",  # which plan they drew: goes with the contract that was drafted on it
    ),
    "company": Holds(until="accounting"),
    "imports": Holds(until="unanswered_recommendation"),
    "history": Holds(
        {
            "events": "SELECT at, what, subject_kind FROM history_event WHERE user_id = $1 AND $2::bigint IS NOT DISTINCT FROM $2"
        },
        until="log",
    ),
    "mail": Holds(
        {
            "mails": "SELECT created_at, subject, text_body FROM mail_message WHERE to_user = $1 AND erased_at IS NULL AND $2::bigint IS NOT DISTINCT FROM $2"
        },
        erases=mails.erase_of,
        until="log",
    ),
    "search": Holds(),  # goes with what it leads to
    "kit": Holds(),  # files go with what they belong to
}


async def export(user_id: int, referrer_id: int | None) -> dict[str, list[dict[str, Any]]]:
    """Everything that may be handed over to somebody about themselves."""
    return {
        f"{domain}.{name}": [dict(row) for row in await db.rows(sql, user_id, referrer_id)]
        for domain, holds in PRIVACY.items()
        for name, sql in holds.exports.items()
    }


async def erase(user_id: int) -> None:
    """Every verb of the table, in one deed."""
    for holds in PRIVACY.values():
        if holds.erases:
            await holds.erases(user_id)
    await record("privacy.erased", "user", user_id)
