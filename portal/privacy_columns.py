"""Every column that can hold words, declared once: erased by whom, kept by which law, or nothing personal.

A new column without a line here turns a test red. Names in TECHNICAL are nowhere personal: references, codes, digests."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.kit import db

TECHNICAL = frozenset(
    [
        "action",
        "actor",
        "arm",
        "binding_sha256",
        "cause",
        "challenge",
        "clause",
        "code",
        "code_blind",
        "code_hash",
        "column_title",
        "country",
        "currency",
        "dedupe_key",
        "digest",
        "document_kind",
        "document_sha256",
        "doubts",
        "draft_digest",
        "earns",
        "email_blind",
        "end_to_end_id",
        "entrypoint",
        "event",
        "expression",
        "external_id",
        "figure",
        "fault",
        "field",
        "from_state",
        "gesture",
        "iban_blind",
        "idempotency_key",
        "key",
        "kind",
        "language",
        "mapping",
        "media_type",
        "measure",
        "move",
        "number",
        "outcome",
        "plan_key",
        "prefix",
        "previous",
        "purpose",
        "ref",
        "register",
        "role",
        "rule",
        "seal",
        "seat",
        "sha256",
        "side",
        "size",
        "source",
        "state",
        "status",
        "statuses",
        "store",
        "subject_kind",
        "subject_mac",
        "sums_into",
        "table_name",
        "terms",
        "to_state",
        "token_sha256",
        "type_code",
        "unit",
        "vat_by_rate",
        "vat_regime",
        "version",
        "via",
        "warnings",
        "what",
        "words_sha256",
        "xml_sha256",
        "renderer",
        "brand",
        "mandate",
        "agreed_sha256",
        "agreed_digest",
        "answer_code",
        "register_code",
        "place",
        "scopes",
        "credential_id",
        "public_key",
        "self_billing_state",
        "chain",
        "route",
        "class",
        "tier",
    ]
)


@dataclass(frozen=True, slots=True)
class Kept:
    """By law, with the figure of portal.law.retention that says until when."""

    columns: tuple[str, ...]
    until: str
    why: str


def _kept(columns: str, until: str, why: str) -> Kept:
    return Kept(tuple(columns.split()), until, why)


KEPT: Mapping[str, Kept] = {
    "settlement_decision": _kept("reason", "accounting", "why finance decided so for a month"),
    "auxiliary_account": _kept("code", "accounting", "the account of a referrer in the books"),
    "adjustment": _kept("reason", "accounting", "why an amount was corrected"),
    "application": _kept("email first_name last_name phone knows words reason", "unanswered_recommendation", "while it waits for its answer"),
    "bank_detail": _kept("holder iban_sealed last4 bic", "accounting", "where a transfer went"),
    "client": _kept("name siren email phone street postcode city", "accounting", "who bought"),
    "client_tag": _kept("name value", "accounting", "by which a commission was reckoned"),
    "client_advantage": _kept("text_fr text_en conditions_fr conditions_en", "accounting", "what was granted on an invoice"),
    "client_credit": _kept("reason", "accounting", "why a client owes less"),
    "client_payment": _kept("source nature reason", "accounting", "of the books"),
    "consent_proof": _kept("words", "opposition", "what was agreed to, without a name"),
    "control_file": _kept("missing", "accounting", "whose file had a gap when it was handed over"),
    "contract": _kept("filled html overrides clauses reason refusal paper_signers", "contract", "what was agreed"),
    "contract_notice": _kept("filled html reason", "contract", "what was told about the contract"),
    "contract_signatory": _kept("name capacity", "contract", "who signed"),
    "das2_asking": _kept("lacks", "accounting", "what the yearly declaration lacked of somebody"),
    "das2_decision": _kept("reason", "accounting", "why somebody was declared or not"),
    "das2_line": _kept("lacks shortened record_sha256", "accounting", "how somebody was declared"),
    "das2_run": _kept("contact phone email", "accounting", "whom the tax office may ask"),
    "deal": _kept("title facts", "accounting", "what was sold"),
    "deal_cancellation": _kept("reason", "accounting", "why a sale ended"),
    "deal_change": _kept("reason", "accounting", "why a sale changed"),
    "deal_line": _kept("label", "accounting", "what was sold"),
    "directory_answer": _kept("result address name", "accounting", "where a public directory says that invoices go"),
    "earning": _kept("steps", "accounting", "how an amount was computed"),
    "electronic_address": _kept("address", "accounting", "where invoices go"),
    "employer_consent": _kept("employer_name contact_name email signer_name capacity words address agent", "contract", "who consented for the employer"),
    "bank_entry": _kept("name label last4 batch verdict reason", "accounting", "what the bank told of money that left or came back"),
    "bank_entry_move": _kept("reason", "accounting", "why a line of the bank was set aside"),
    "bank_statement": _kept("last4 message", "accounting", "of the company's own account"),
    "incoming_move": _kept("reason", "accounting", "why money was attached or set aside"),
    "incoming_payment": _kept("payer label invoice_number account_end words nature", "accounting", "what the bank told of money that came in"),
    "gift": _kept("reason", "accounting", "why something was given"),
    "invoice": _kept("paper xml", "accounting", "the paper itself"),
    "invoice_acceptance": _kept("reason", "accounting", "why a paper was contested"),
    "lead": _kept("company_name siren contact_name contact_email contact_phone need consent reason call_wished postcode city", "prospect", "of the person recommended, who asks for themselves"),
    "lead_move": _kept("reason", "prospect", "of the recommendation"),
    "ledger_entry": _kept("reason", "accounting", "of the books"),
    "paper_status": _kept("reason", "accounting", "what a platform told of a paper"),
    "partner_employment": _kept("answers employer_name employer_siren contact_name contact_email reason", "contract", "what the employer consented to"),
    "hand_payment": _kept("way reference", "accounting", "how somebody was paid by hand"),
    "holder_check": _kept("source result said decision reason", "accounting", "whose account it is, and who decided to pay there"),
    "payee": _kept("name iban_sealed last4 bic act", "accounting", "to whom the law had us pay"),
    "payout_line": _kept("destination why", "accounting", "where a transfer went, or why it came back"),
    "payout_rail_choice": _kept("rail reason", "accounting", "how somebody is paid, and why"),
    "payout_run": _kept("rail", "accounting", "how somebody is paid"),
    "payout_set_off": _kept("letter", "accounting", "of the books"),
    "payout_share": _kept("name last4", "accounting", "to whom the law had us pay"),
    "payout_share_end": _kept("why", "accounting", "why what others were paid came back"),
    "platform_flow": _kept("body fault name", "accounting", "what was exchanged with the approved platform"),
    "points_provision": _kept("reason", "accounting", "why a year counts points so"),
    "point_transfer": _kept("reason", "accounting", "why points went to somebody else"),
    "reserved_account": _kept("name siren domain reason", "accounting", "whose account a company was before it was recommended"),
    "received_invoice": _kept("told xml expected differences format reason reason_code", "accounting", "an invoice as it came in, and what was answered"),
    "code_reading": _kept("reason", "accounting", "why the code of a card was shown again"),
    "reward_order": _kept("title reason reason_code", "accounting", "what points were spent on, and why not"),
    "referrer": _kept(
        "first_name last_name company_name legal_form rcs_city siret vat_number street postcode city electronic_address represented_by represented_as",
        "accounting", "whom contracts and papers name",
    ),
    "referrer_document": _kept("declared reason", "accounting", "proof of vigilance"),
    "register_answer": _kept("result consultation name address", "accounting", "what a public register said"),
    "vat_report": _kept("xml", "accounting", "what was told to the administration"),
    "seal_certificate": _kept("certificate name", "contract", "of the company's own seal"),
    "stripe_account": _kept("account", "accounting", "where a transfer went"),
    "stripe_transfer": _kept("account transfer", "accounting", "where a transfer went"),
    "signature_proof": _kept("signer_name signer_email consent address agent capacity", "contract", "who signed, from where"),
}  # fmt: skip
ERASED: Mapping[str, str] = {  # by a verb of the domain, in portal.privacy, or by its task
    "app_user": "email name phone password_hash totp_sealed",
    "approval": "reason",
    "amendment_round": "reason",
    "amendment_round_contract": "left_out",
    "claim": "reason",
    "claim_message": "body",
    "gift_outsider": "name organisation",
    "handover": "message",
    "deed_once": "answer",
    "dispute": "about decision refused_as",
    "dispute_word": "decision body",
    "document_request": "reason",
    "erasure_request": "reason",
    "import_fault": "row_ref value params",
    "import_file": "name columns options",
    "invitation_line": "email first_name last_name",
    "invitation_list": "name",
    "lead_draft": "typed",
    "lead_extension": "body",
    "lead_field_value": "text_value",
    "lead_note": "body salt",
    "lead_view": "name asked",
    "mail_choice": "topic how",
    "mail_message": "to_email subject text_body html_body error",
    "match_key": "value",
    "membership": "capacity",
    "notice": "codes path",
    "own_wish": "title words link reason",
    "paper_copy": "email",
    "paper_to_rectify": "reason",
    "passkey": "name",
    "pgqueuer": "payload headers",
    "pgqueuer_log": "traceback",
    "presealed_session": "name texts consent address agent",
    "rate_counter": "",
    "referrer": "email phone employer_name employer_position employer_siren",
    "referrer_trait": "name value",
    "reward_order": "recipient street postcode city phone carrier tracking_number tracking_url",
    "sales_call": "why note",
    "search_row": "title subtitle path words",
    "seeing": "reason",
    "session": "address agent step",
    "standing_confirmation": "reason",
    "stored_file": "name",
    "task": "title",
    "webhook_event": "body",
}
IMPERSONAL: Mapping[str, str] = {  # of the company, its rules and its machines
    "paper_status": "code reason_code",
    "platform_flow": "code content direction tracking_id",
    "platform_hook": "key_sealed",
    "reward": "nature title summary body supplier tiers segments territories",
    "reward_code": "code_sealed pin_sealed last4",
    "reward_order": "supplier nature",
    "reward_survey": "question",
    "reward_survey_choice": "label",
    "supplier_export": "supplier",
    "supplier_size": "size",
    "api_token": "name",
    "bank_file": "format message",
    "application_page": "slug countries",
    "assignment_rule": "name conditions choice",
    "lead_assignment": "why",
    "lead_button": "token_blind used_for",
    "campaign": "name body",
    "client": "",
    "company_check": "result",
    "company_option": "value",
    "contract_text": "title body stands_for",
    "das2_filing": "receipt",
    "earning_deal_state": "state refused",
    "earning_lead_state": "state",
    "earning_period_state": "state",
    "figure_override": "value reason",
    "gift": "character nature",
    "history_event": "data",
    "import_mapping": "title",
    "invitation_link": "name",
    "lead_bulk": "refused",
    "journal_export": "format",
    "journal_number": "journal year",
    "ledger_role": "name",
    "lead_merge": "was_state",
    "legal_entity": (
        "name legal_form siren siret vat_number rcs_city ape street postcode city email phone represented_by represented_as "
        "privacy_contact iban_sealed iban_last4 bic electronic_address brand_name accent"
    ),
    "migration": "name app_name",
    "plan": "name",
    "plan_comparison": "result",
    "plan_comparison_deal": "told refused",
    "plan_example": "facts",
    "plan_trial": "name seed chosen",
    "plan_version": "body",
    "product": "name category",
    "product_category": "label",
    "territory": "name",
    "lead_reason": "label_fr label_en told_fr told_en",
    "lead_field": "label_fr label_en hint_fr hint_en choices filled_by seen_by",
    "programme": "name words prospects",
    "programme_points": "one_fr many_fr one_en many_en choice choosers",
    "text_draft": "stands_for body",
    "third_party_sum": "figures",
    "webhook_event": "about",
    "year_paper": "figures",
}
WORDS = """
SELECT table_name::text AS name, column_name::text AS said
FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
  AND udt_name IN ('text', 'jsonb', 'json', 'bytea', '_text', 'varchar', '_varchar') ORDER BY 1, ordinal_position
"""


async def columns_of() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in await db.rows(WORDS):
        found.setdefault(row["name"], []).append(row["said"])
    return found


def declared(table: str) -> set[str]:
    kept = set(KEPT[table].columns) if table in KEPT else set()
    return kept | set(ERASED.get(table, "").split()) | set(IMPERSONAL.get(table, "").split())


async def undeclared() -> list[str]:
    """'table.column' of what nobody has said anything about."""
    return [
        f"{table}.{column}"
        for table, columns in (await columns_of()).items()
        for column in columns
        if column not in TECHNICAL and column not in declared(table)
    ]
