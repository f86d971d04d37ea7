"""What each domain holds about somebody: ONE table. What it hands over, what it erases when asked, until when it keeps the rest.

`exports` are queries of a user ($1) and of the referrer they speak for ($2, or null). `erases` is a verb of the domain;
where there is none, the law wants the rows kept: `until` is the period of portal.law.retention that rules."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.books.own import copies
from portal.contracts import erasing as contracts
from portal.earnings import claims
from portal.gifts.orders import erasing as orders
from portal.gifts.rewards import own_wishes
from portal.history.access import record
from portal.imports import erasing as imports
from portal.jobs import erasing as jobs
from portal.kit import db
from portal.leads.intake import drafts
from portal.leads.nudges import calls
from portal.leads.priority import disputes
from portal.ledger.balances import balances_of
from portal.mail import actions as mails
from portal.mail import notices
from portal.people import erasing as people
from portal.referrers import erasing as referrers
from portal.referrers.joining import applying
from portal.referrers.vigilance import documents
from portal.taxes.das2 import filing as das2
from portal.webhooks import applying as webhooks

Erase = Callable[[int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Holds:
    exports: Mapping[str, str] = field(default_factory=dict)
    erases: Erase | None = None
    also: tuple[Erase, ...] = ()  # further verbs of the same domain, done first
    until: str = ""


PRIVACY: dict[str, Holds] = {
    "people": Holds(
        {
            "account": "SELECT email, name, phone, language, state, created_at, last_seen_at FROM app_user WHERE id = $1 AND $2::bigint IS NOT DISTINCT FROM $2",
            "passkeys": "SELECT name, created_at, last_used_at FROM passkey WHERE user_id = $1 AND $2::bigint IS NOT DISTINCT FROM $2",
            "seats": "SELECT role, seat, since, ended_at FROM membership WHERE user_id = $1 AND $2::bigint IS NOT DISTINCT FROM $2",
            "looked_at_by": """SELECT seeing.started_at, seeing.reason, app_user.name AS who FROM seeing JOIN app_user ON app_user.id = seeing.user_id
                               WHERE seeing.referrer_id = $2 AND $1::bigint IS NOT NULL""",
            "erasure_requests": "SELECT state, asked_at, due_on, reason FROM erasure_request WHERE user_id = $1 AND $2::bigint IS NOT DISTINCT FROM $2",
            "sessions": "SELECT created_at, seen_at, expires_at, address, agent FROM session WHERE user_id = $1 AND $2::bigint IS NOT DISTINCT FROM $2",
        },
        erases=people.erase_of,
        until="inactive_account",
    ),
    "referrers": Holds(
        {
            "profile": """SELECT number, first_name, last_name, company_name, siret, vat_number, street, postcode, city, country, email, phone
                          FROM referrer WHERE id = $2 AND $1::bigint IS NOT NULL""",
            "standings": "SELECT since, status, vat_regime, recorded_at FROM referrer_standing WHERE referrer_id = $2 AND $1::bigint IS NOT NULL",
            "confirmations": "SELECT reason, asked_on, confirmed_at FROM standing_confirmation WHERE referrer_id = $2 AND $1::bigint IS NOT NULL",
            "register_answers": "SELECT register, number, result, name, address, asked_at FROM register_answer WHERE referrer_id = $2 AND $1::bigint IS NOT NULL",
            "electronic_addresses": "SELECT address, recorded_at FROM electronic_address WHERE referrer_id = $2 AND $1::bigint IS NOT NULL",
            "payees": "SELECT kind, state, name, last4, act, since, until, ceiling_cents FROM payee WHERE referrer_id = $2 AND kind <> 'death' AND $1::bigint IS NOT NULL",
            "applications": """SELECT programme.name AS programme, application.state, application.first_name, application.last_name,
                                 application.email, application.phone, application.knows, submitted_at, decided_at, reason, application.words
                               FROM application JOIN programme ON programme.id = application.programme_id
                               WHERE referrer_id = $2 AND $1::bigint IS NOT NULL""",
            "employer": """SELECT state, answers, employer_name, employer_siren, contact_name, contact_email, agreed_at
                           FROM partner_employment WHERE referrer_id = $2 AND $1::bigint IS NOT NULL""",
            "employer_consents": """SELECT state, employer_name, words, asked_at, given_at, ended_at FROM employer_consent
                                    WHERE referrer_id = $2 AND $1::bigint IS NOT NULL""",
            "bank_details": "SELECT holder, last4, bic, state, proposed_at FROM bank_detail WHERE referrer_id = $2 AND $1::bigint IS NOT NULL",
            "documents": """SELECT kind, state, given_at, issued_on, valid_until, next_check_on, checked_at, reason, declared <> '' AS declared
                            FROM referrer_document WHERE referrer_id = $2 AND $1::bigint IS NOT NULL""",
            "documents_asked": "SELECT kind, reason, asked_at, due_on, closed_at FROM document_request WHERE referrer_id = $2 AND $1::bigint IS NOT NULL",
            "turnover_elsewhere": "SELECT year, cents, at FROM referrer_turnover WHERE referrer_id = $2 AND $1::bigint IS NOT NULL",
            "watched": "SELECT what, year, level, value, ceiling, seen_on FROM referrer_watch WHERE referrer_id = $2 AND $1::bigint IS NOT NULL",
        },
        erases=referrers.erase_of,
        also=(applying.erase_of, documents.erase_of),
        until="contract",
    ),
    "contracts": Holds(
        {
            "contracts": "SELECT number, state, starts_on, ends_on, signed_at FROM contract WHERE referrer_id = $2 AND $1::bigint IS NOT NULL",
            "contract_notices": """SELECT contract.number, notice.kind, notice.side, notice.given_at, notice.until, notice.reason
                                   FROM contract_notice notice JOIN contract ON contract.id = contract_id
                                   WHERE referrer_id = $2 AND $1::bigint IS NOT NULL""",
            "signatures": """SELECT contract.number, proof.at, proof.side, proof.signer_name, proof.signer_email, proof.capacity, proof.consent,
                                    proof.address, proof.agent FROM signature_proof proof JOIN contract ON contract.id = contract_id
                             WHERE user_id = $1 AND $2::bigint IS NOT DISTINCT FROM $2""",
        },
        erases=contracts.erase_of,
        until="contract",
    ),
    "leads": Holds(
        {
            "recommendations": "SELECT ref, CASE state WHEN 'waiting' THEN 'submitted' ELSE state END AS state, submitted_at FROM lead WHERE referrer_id = $2 AND $1::bigint IS NOT NULL",
            "recommendation_drafts": "SELECT typed, kept_at FROM lead_draft WHERE referrer_id = $2 AND user_id = $1",
            "files": """SELECT stored_file.name, size, attachment.at FROM attachment JOIN stored_file ON stored_file.id = file_id
                        WHERE given_by = $1 AND removed_at IS NULL AND $2::bigint IS NOT DISTINCT FROM $2""",
            "tasks": "SELECT title, due_on, made_at, done_at FROM task WHERE user_id = $1 AND $2::bigint IS NOT DISTINCT FROM $2",
            "words": """SELECT lead.ref, lead_note.at, body, shared FROM lead_note JOIN lead ON lead.id = lead_id
                        WHERE author_id = $1 AND lead_note.erased_at IS NULL AND $2::bigint IS NOT DISTINCT FROM $2""",
            "contestations": """SELECT lead.ref, word.kind, word.at, word.body FROM dispute_word word JOIN dispute ON dispute.id = word.dispute_id
                                JOIN lead ON lead.id = dispute.lead_id
                                WHERE word.author_id = $1 AND word.erased_at IS NULL AND $2::bigint IS NOT DISTINCT FROM $2""",
            "extensions_asked": """SELECT lead.ref, said.kind, said.at, said.body FROM lead_extension said JOIN lead ON lead.id = said.lead_id
                                   WHERE said.by_user = $1 AND said.erased_at IS NULL AND $2::bigint IS NOT DISTINCT FROM $2""",
            "personal_links": "SELECT code, made_at, revoked_at FROM referral_link WHERE referrer_id = $2 AND $1::bigint IS NOT NULL",
        },
        erases=drafts.erase_of,
        also=(calls.erase_of, disputes.erase_of),
        until="prospect",  # of those who were recommended: leads.retention, and leads.erasing when they ask
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
    "gifts": Holds(
        {
            "points": """SELECT ref, points, left_over, worth_cents, opened_on, expires_on FROM point_stock
                         WHERE opened_for IN (SELECT unnest(ids_of($2))) AND $1::bigint IS NOT NULL""",
            "points_moved": """SELECT move.kind, move.points, move.on_day FROM point_move move JOIN point_lot lot ON lot.id = move.lot_id
                               WHERE lot.referrer_id IN (SELECT unnest(ids_of($2))) AND $1::bigint IS NOT NULL""",
            "points_handed_over": """SELECT kind, points, reason, on_day FROM point_transfer
                                     WHERE $2 IN (from_id, to_id) AND $1::bigint IS NOT NULL""",
            "rewards_wished": """SELECT reward.title, wished_at, ended_at FROM reward_wish wish JOIN reward ON reward.id = wish.reward_id
                                 WHERE referrer_id = $2 AND $1::bigint IS NOT NULL""",
            "reward_orders": """SELECT ref, title, state, points, requested_at, recipient, street, postcode, city, country, phone, sent_at, received_at, reason
                                FROM reward_order WHERE referrer_id = $2 AND $1::bigint IS NOT NULL""",
            "own_wishes": "SELECT title, words, link, state, asked_at, reason FROM own_wish WHERE referrer_id = $2 AND $1::bigint IS NOT NULL",
            "reward_surveys": """SELECT survey.question, choice.label, given.at FROM reward_survey_answer given
                                 JOIN reward_survey survey ON survey.id = given.survey_id JOIN reward_survey_choice choice ON choice.id = given.choice_id
                                 WHERE referrer_id = $2 AND $1::bigint IS NOT NULL""",
        },
        erases=own_wishes.erase_of,
        also=(orders.erase_of,),
        until="accounting",
    ),
    "books": Holds(
        {
            "copies": "SELECT email, since, ended_at FROM paper_copy WHERE by_user = $1 AND $2::bigint IS NOT DISTINCT FROM $2"
        },
        erases=copies.erase_of,
        until="accounting",
    ),
    "invoicing": Holds(until="accounting"),
    "payouts": Holds(
        {
            "stripe_account": "SELECT state, opened_at FROM stripe_account WHERE referrer_id = $2 AND $1::bigint IS NOT NULL"
        },
        until="accounting",
    ),
    "ledger": Holds(until="accounting"),
    "taxes": Holds(
        {
            "told_to_employer": """SELECT on_day, kind, value_cents, exempt_cents, flat_cents, ordinary_cents, contribution_cents
                                   FROM third_party_sum WHERE referrer_id = $2 AND $1::bigint IS NOT NULL ORDER BY id""",
            "year_papers": "SELECT year, kind, turn, money_cents, in_kind_cents, at FROM year_paper WHERE referrer_id = $2 AND $1::bigint IS NOT NULL",
            "birth_date": "SELECT born_on, given_at FROM birth_date WHERE referrer_id = $2 AND $1::bigint IS NOT NULL",
            "declared": """SELECT run.year, run.turn, line.route, line.commission_cents, line.benefit_cents, line.withheld_cents, filing.filed_on
                           FROM das2_line line JOIN das2_run run ON run.id = line.run_id LEFT JOIN das2_filing filing ON filing.run_id = run.id
                           WHERE line.referrer_id = $2 AND $1::bigint IS NOT NULL ORDER BY run.id""",
        },
        erases=das2.erase_of,
        until="accounting",
    ),
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
    "imports": Holds(erases=imports.erase_of, until="unanswered_recommendation"),
    "history": Holds(
        {
            "events": "SELECT at, what, subject_kind FROM history_event WHERE user_id = $1 AND $2::bigint IS NOT DISTINCT FROM $2"
        },
        until="log",
    ),
    "mail": Holds(
        {
            "mails": "SELECT created_at, subject, text_body FROM mail_message WHERE to_user = $1 AND erased_at IS NULL AND $2::bigint IS NOT DISTINCT FROM $2",
            "notices": "SELECT at, kind, read_at FROM notice WHERE user_id = $1 AND $2::bigint IS NOT DISTINCT FROM $2",
            "mails_chosen": "SELECT topic, how, at FROM mail_choice WHERE user_id = $1 AND $2::bigint IS NOT DISTINCT FROM $2",
        },
        erases=mails.erase_of,
        also=(notices.erase_of,),
        until="log",
    ),
    "jobs": Holds(erases=jobs.erase_of, until="log"),
    "webhooks": Holds(erases=webhooks.erase_of, until="log"),
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


OPEN_MONEY = ("held", "due", "invoiced", "in_transit", "owes")
BOUND = """
SELECT contract.id FROM contract JOIN membership seat ON seat.referrer_id = contract.referrer_id AND seat.seat = 'owner'
WHERE seat.user_id = $1 AND contract.state IN ('signed', 'in_force', 'suspended')
"""
OWNED = "SELECT DISTINCT referrer_id FROM membership WHERE user_id = $1 AND seat = 'owner'"


async def obstacles(user_id: int) -> list[str]:
    """Codes of what must end first: nobody is erased whom a contract binds, or to whom money is owed."""
    owned = [row["referrer_id"] for row in await db.rows(OWNED, user_id)]
    balances = (await balances_of(owned)).values() if owned else ()
    found = {
        "contract": bool(await db.rows(BOUND, user_id)),
        "money": any(getattr(balance, name) for balance in balances for name in OPEN_MONEY),
    }
    return [code for code, stands in found.items() if stands]


async def erase(user_id: int) -> None:
    """Every verb of the table, in one deed; the account itself last, for by it the others find what is theirs."""
    last = PRIVACY["people"]
    for holds in (*(one for one in PRIVACY.values() if one is not last), last):
        for verb in (*holds.also, *((holds.erases,) if holds.erases else ())):
            await verb(user_id)
    await record("privacy.erased", "user", user_id)
