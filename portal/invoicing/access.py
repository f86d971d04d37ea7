"""The only doors to papers, and what waits to be put on one."""

from collections.abc import Sequence
from datetime import date

from portal.earnings import access as earnings
from portal.invoicing.papers import Kind
from portal.invoicing.rules import kind_of
from portal.kit import db
from portal.kit.listing import Listing
from portal.kit.problems import NotFound
from portal.people.rules import Person, Role
from portal.referrers.access import CERTIFIED, NAME
from portal.referrers.rules import Standing

MAY_SEE_ALL = (Role.FINANCE, Role.ADMIN)
# How its amounts are shown: those of a barter too, though they are transferred by nobody (rules.counted).
SHOWN = """(CASE WHEN barter_id IS NULL THEN sign WHEN kind IN ('credit_note', 'receipt_credit', 'sale_credit') THEN -1 ELSE 1 END)"""
INVOICE = f"""
SELECT invoice.*, {NAME} AS referrer_name, referrer.ref AS referrer_ref, referrer.number AS referrer_number,
       contract.ref AS contract_ref, contract.number AS contract_number, contract.filled,
       said.state AS said, said.reason AS said_reason, said.at AS said_at,
       credited.ref AS credited_ref, credited.number AS credited_number,
       file.ref AS file_ref, file.media_type AS file_type, received.ref AS received_ref, letter_file.ref AS letter_ref, transfer.ref AS run_ref, transfer.number AS run_number, transfer.line_state
FROM invoice
JOIN referrer ON referrer.id = invoice.referrer_id
JOIN contract ON contract.id = invoice.contract_id
LEFT JOIN invoice credited ON credited.id = invoice.credits_id
LEFT JOIN invoice_file ON invoice_file.invoice_id = invoice.id
LEFT JOIN stored_file file ON file.id = invoice_file.file_id
LEFT JOIN received_invoice received ON received.invoice_id = invoice.id
LEFT JOIN employer_letter letter ON letter.invoice_id = invoice.id
LEFT JOIN stored_file letter_file ON letter_file.id = letter.file_id
LEFT JOIN LATERAL (SELECT * FROM invoice_acceptance WHERE invoice_id = invoice.id ORDER BY id DESC LIMIT 1) said ON true
LEFT JOIN LATERAL (
  SELECT run.ref, run.number, line.state AS line_state FROM payout_invoice part
  JOIN payout_line line ON line.id = part.line_id JOIN payout_run run ON run.id = line.run_id
  WHERE part.invoice_id = invoice.id AND NOT part.released
) transfer ON true
"""


async def invoice_for(person: Person, ref: str) -> db.Row:
    """A referrer sees their own papers; finance and administration see all."""
    found = await db.row(
        f"{INVOICE} WHERE invoice.ref = $1 AND ($2 OR invoice.referrer_id = ANY ((SELECT ids_of($3))::bigint[]))",
        ref, person.may(*MAY_SEE_ALL), person.referrer_id,
    )  # fmt: skip
    if found is None:
        raise NotFound("invoice")
    return found


async def invoice(invoice_id: int) -> db.Row:
    found = await db.row(f"{INVOICE} WHERE invoice.id = $1", invoice_id)
    if found is None:
        raise NotFound("invoice")
    return found


async def lines_of(invoice_id: int) -> list[db.Row]:
    """Each line of a paper with the commission, deal and client that it pays for."""
    return await db.rows(
        """SELECT line.*, earning.ref AS earning_ref, earning.occurred_on, coalesce(deal.title, lead.company_name) AS deal_title,
                  coalesce(client.name, lead.company_name) AS client_name
           FROM invoice_line line JOIN earning ON earning.id = line.earning_id
           LEFT JOIN deal ON deal.id = earning.deal_id LEFT JOIN client ON client.id = deal.client_id
           LEFT JOIN lead ON lead.id = earning.lead_id
           WHERE line.invoice_id = (SELECT CASE kind WHEN 'corrective' THEN credits_id ELSE id END FROM invoice WHERE id = $1)
           ORDER BY line.position""",
        invoice_id,
    )


async def credit_notes_of(invoice_id: int) -> list[db.Row]:
    return await db.rows(
        "SELECT ref, number, kind, sign, issued_on, net_cents, vat_cents, total_cents FROM invoice WHERE credits_id = $1 ORDER BY id",
        invoice_id,
    )


CREDITED = """
SELECT invoice.id AS credits_id, invoice.ref, invoice.kind AS credited_kind, invoice.number AS credited_number,
       invoice.issued_on AS credited_issued_on, invoice.referrer_id, invoice.legal_entity_id,
       invoice.paper AS credited_paper, fixed.paper AS corrected_paper, invoice.vat_regime AS credited_regime,
       invoice.vat_rate AS credited_rate, invoice.vat_on_debits AS credited_on_debits, invoice.net_cents AS credited_net,
       invoice.vat_cents AS credited_vat, invoice.withheld_cents AS credited_withheld, invoice.mandate AS credited_mandate,
       before.*, coalesce(transfer.state IN ('drafted', 'sent'), false) AS credited_in_run,
       coalesce(transfer.state = 'settled', false) AS credited_paid,
       ARRAY(SELECT line.earning_id FROM living_line line JOIN invoice paper ON paper.id = line.invoice_id
             WHERE paper.id = invoice.id OR (paper.credits_id = invoice.id AND paper.sign < 0) ORDER BY line.earning_id) AS standing_ids
FROM invoice
CROSS JOIN LATERAL (
  SELECT coalesce(sum(net_cents), 0)::bigint AS before_net, coalesce(sum(vat_cents), 0)::bigint AS before_vat,
         coalesce(sum(withheld_cents), 0)::bigint AS before_withheld FROM invoice note WHERE note.credits_id = invoice.id AND note.sign < 0
) before
LEFT JOIN LATERAL (
  SELECT paper FROM invoice later WHERE later.credits_id = invoice.id AND later.kind = 'corrective' ORDER BY id DESC LIMIT 1
) fixed ON true
LEFT JOIN LATERAL (
  SELECT line.state FROM payout_invoice part JOIN payout_line line ON line.id = part.line_id
  WHERE part.invoice_id = invoice.id AND NOT part.released
) transfer ON true
WHERE invoice.id = $1
"""


async def credited(invoice_id: int) -> db.Row:
    """A paper as what takes it back names it: its amounts, what was taken back before, where its money is, and the
    commissions that it and its credit notes hold now."""
    found = await db.row(CREDITED, invoice_id)
    assert found is not None
    return found


async def replacements_of(invoice_id: int) -> list[db.Row]:
    """The papers on which the commissions of this one stand since it was taken back."""
    return await db.rows(
        """SELECT DISTINCT paper.ref, paper.number, paper.issued_on, paper.total_cents, paper.id
           FROM invoice_line line JOIN invoice_line later ON later.earning_id = line.earning_id AND later.turn = line.turn + 2
           JOIN invoice paper ON paper.id = later.invoice_id WHERE line.invoice_id = $1 ORDER BY paper.id""",
        invoice_id,
    )


# What waits for a paper

# Of an employee of a partner: what has reached them this year, in money and rewards, and papers that are still to be paid.
REACHED = """(SELECT coalesce(sum(value_cents), 0) FROM third_party_sum
  WHERE referrer_id = earning.referrer_id AND year = extract(year FROM CAST($2 AS date)))"""
ON_ITS_WAY = """(SELECT coalesce(sum(sign * net_cents), 0) FROM invoice
  WHERE referrer_id = earning.referrer_id AND paper ->> 'employment' IS NOT NULL AND issued_on <= CAST($2 AS date)
    AND NOT EXISTS (SELECT FROM payout_invoice part JOIN payout_line line ON line.id = part.line_id
                    WHERE part.invoice_id = invoice.id AND NOT part.released AND line.state = 'settled'))"""
PAYABLE = f"""
SELECT earning.*, {CERTIFIED.format("fact.day")} AS certified, {NAME} AS referrer_name, referrer.number AS referrer_number, referrer.ref AS referrer_ref,
       referrer.state, referrer.first_name, referrer.last_name, referrer.company_name, referrer.legal_form,
       referrer.rcs_city, referrer.siret, referrer.vat_number, referrer.street, referrer.postcode, referrer.city,
       referrer.country, referrer.electronic_address, referrer.employer_consent_file,
       coalesce(deal.ref, lead.ref) AS about_ref, coalesce(deal.title, lead.company_name) AS deal_title,
       coalesce(client.name, lead.company_name) AS client_name,
       contract.number AS contract_number, contract.state AS contract_state, contract.self_billing,
       contract.clauses, contract.filled, fact.day AS fact_on,
       standing.status, standing.vat_regime, standing.vat_on_debits,
       credited.id AS credits_id, credited.kind AS credited_kind, credited.number AS credited_number, credited.paper AS credited_paper,
       credited.vat_regime AS credited_regime, credited.vat_rate AS credited_rate,
       credited.vat_on_debits AS credited_on_debits, credited.net_cents AS credited_net, credited.vat_cents AS credited_vat,
       credited.withheld_cents AS credited_withheld, credited.mandate AS credited_mandate,
       before.net_cents AS before_net, before.vat_cents AS before_vat, before.withheld_cents AS before_withheld,
       (SELECT paper FROM invoice fixed WHERE fixed.credits_id = credited.id AND fixed.kind = 'corrective' ORDER BY id DESC LIMIT 1) AS corrected_paper,
       (SELECT coalesce(max(turn), 0) + 1 FROM invoice_line WHERE earning_id = earning.id)::int AS turn,
       CAST($2 AS date) AS asked_on, tacit.referrer_id IS NOT NULL AS tacit, told.tacit_count, told.year_cents,
       employment.employer_name, employment.employer_siren, employment.contact_name,
       coalesce(employment.customary, true) AS customary,
       vies.number AS vies_number, vies.result AS vies_result, vies.consultation AS vies_consultation, vies.asked_at AS vies_asked_at,
       coalesce(transfer.state IN ('drafted', 'sent'), false) AS credited_in_run,
       coalesce(transfer.state = 'settled', false) AS credited_paid,
       EXISTS (SELECT FROM received_invoice own WHERE own.state = 'compared' AND own.referrer_id = earning.referrer_id
               AND earning.id = ANY (own.earning_ids)) AS own_received
FROM owed_earning earning
JOIN referrer ON referrer.id = earning.referrer_id
LEFT JOIN deal ON deal.id = earning.deal_id
LEFT JOIN client ON client.id = deal.client_id
LEFT JOIN lead ON lead.id = earning.lead_id
JOIN contract ON contract.id = earning.contract_id
LEFT JOIN earning initial ON initial.id = earning.takes_back_id
CROSS JOIN LATERAL (SELECT coalesce(initial.occurred_on, earning.occurred_on) AS day) fact
LEFT JOIN LATERAL (
  SELECT status, vat_regime, vat_on_debits FROM referrer_standing told JOIN referrer file ON file.id = told.referrer_id
  WHERE (file.id = earning.referrer_id OR file.alias_of = earning.referrer_id) AND since <= fact.day
  ORDER BY since DESC, told.id DESC LIMIT 1
) standing ON true
LEFT JOIN living_line taken ON taken.earning_id = initial.id
LEFT JOIN invoice credited ON credited.id = taken.invoice_id AND credited.kind IN ('self_billed', 'own')
LEFT JOIN LATERAL (
  SELECT coalesce(sum(net_cents), 0)::bigint AS net_cents, coalesce(sum(vat_cents), 0)::bigint AS vat_cents,
         coalesce(sum(withheld_cents), 0)::bigint AS withheld_cents
  FROM invoice WHERE credits_id = credited.id AND sign < 0
) before ON true
LEFT JOIN LATERAL (
  SELECT line.state FROM payout_invoice part JOIN payout_line line ON line.id = part.line_id
  WHERE part.invoice_id = credited.id AND NOT part.released
) transfer ON true
LEFT JOIN tacit_mandate tacit ON tacit.referrer_id = earning.referrer_id
LEFT JOIN partner_employment employment ON employment.referrer_id = earning.referrer_id
CROSS JOIN LATERAL (
  SELECT (SELECT count(*) FROM invoice WHERE referrer_id = earning.referrer_id AND mandate = 'tacit' AND kind = 'self_billed'
            AND issued_on BETWEEN date_trunc('year', CAST($2 AS date)) AND CAST($2 AS date)) AS tacit_count,
         ({REACHED} + {ON_ITS_WAY})::bigint AS year_cents
) told
LEFT JOIN LATERAL (
  SELECT * FROM register_answer answer WHERE answer.referrer_id = earning.referrer_id AND answer.register = 'vat'
    AND answer.number = referrer.vat_number ORDER BY answer.id DESC LIMIT 1
) vies ON referrer.vat_number <> ''
WHERE earning.id = ANY ($1::bigint[]) AND earning.unit = 'EUR'
ORDER BY earning.referrer_id, earning.id
"""


async def payable_rows(entity_id: int, day: date, referrer_ids: Sequence[int] | None = None) -> list[db.Row]:
    """Commissions released by that day and on no paper yet, with all that a paper says of them. One query more than
    earnings asks, however many there are."""
    ids = [
        row["id"]
        for row in await earnings.payable(entity_id, day)
        if referrer_ids is None or row["referrer_id"] in referrer_ids
    ]
    return await rows_of(ids, day)


async def rows_of(earning_ids: Sequence[int], day: date) -> list[db.Row]:
    """All that a paper of that day says of these commissions, whatever papers they are on."""
    return await db.rows(PAYABLE, list(earning_ids), day)


async def refusals(referrer_ids: Sequence[int]) -> dict[int, str]:
    """By referrer: the rules broken when a paper was last tried, unless one was issued since."""
    found = await db.rows(
        """SELECT DISTINCT ON (subject_id) subject_id, data FROM history_event event
           WHERE what = 'invoicing.refused' AND subject_kind = 'referrer' AND subject_id = ANY ($1::bigint[])
             AND at > coalesce((SELECT max(issued_at) FROM invoice WHERE referrer_id = event.subject_id), '-infinity')
           ORDER BY subject_id, id DESC""",
        list(referrer_ids),
    )
    return {row["subject_id"]: ", ".join(row["data"]["rules"]) for row in found}


async def unpaid(entity_id: int, referrer_ids: Sequence[int] | None = None) -> list[db.Row]:
    """Papers in no transfer: credit notes come with a negative sign in net, vat and total."""
    return await db.rows(
        f"""SELECT invoice.id, invoice.ref, invoice.number, invoice.kind, invoice.referrer_id, invoice.due_on,
                   invoice.issued_on, invoice.credits_id, invoice.vat_on_debits, invoice.leaves_debt, invoice.mandate, contract.filled, said.state AS said,
                   invoice.sign * invoice.net_cents AS net_cents, invoice.sign * invoice.vat_cents AS vat_cents,
                   invoice.sign * invoice.total_cents AS total_cents, invoice.sign * invoice.withheld_cents AS withheld_cents,
                   referrer.number AS referrer_number, referrer.ref AS referrer_ref, {NAME} AS referrer_name
            FROM invoice JOIN referrer ON referrer.id = invoice.referrer_id
            JOIN contract ON contract.id = invoice.contract_id
            LEFT JOIN LATERAL (
              SELECT state FROM invoice_acceptance WHERE invoice_id = invoice.id ORDER BY id DESC LIMIT 1
            ) said ON true
            WHERE invoice.sign <> 0 AND invoice.legal_entity_id = $1 AND ($2::bigint[] IS NULL OR invoice.referrer_id = ANY ($2))
              AND NOT EXISTS (SELECT FROM payout_invoice part WHERE part.invoice_id = invoice.id AND NOT part.released)
            ORDER BY referrer.number, invoice.id""",
        entity_id, None if referrer_ids is None else list(referrer_ids),
    )  # fmt: skip


PAPERS_AGAINST = """
SELECT invoice.id, invoice.ref, invoice.number, invoice.kind, invoice.issued_on, invoice.vat_regime, invoice.vat_on_debits,
       invoice.net_cents, invoice.total_cents
FROM invoice
WHERE invoice.referrer_id = $1 AND invoice.kind IN ('self_billed', 'receipt')
  AND ((invoice.kind = 'receipt') <> $4 OR invoice.vat_regime <> $5 OR invoice.vat_on_debits <> $6)
  AND invoice.net_cents > (SELECT coalesce(sum(net_cents), 0) FROM invoice note WHERE note.credits_id = invoice.id AND note.sign < 0)
  AND NOT EXISTS (SELECT FROM invoice fixed WHERE fixed.credits_id = invoice.id AND fixed.kind = 'corrective'
                  AND fixed.vat_regime = $5 AND fixed.vat_on_debits = $6)
  AND EXISTS (
    SELECT FROM invoice_line line JOIN earning ON earning.id = line.earning_id
    LEFT JOIN earning initial ON initial.id = earning.takes_back_id
    WHERE line.invoice_id = invoice.id AND coalesce(initial.occurred_on, earning.occurred_on) >= $2
      AND ($3::date IS NULL OR coalesce(initial.occurred_on, earning.occurred_on) <= $3))
ORDER BY invoice.id
"""


async def papers_against(
    referrer_id: int, since: date, until: date | None, standing: Standing
) -> list[db.Row]:
    """Papers that would have been others, had this standing been on file for the facts of these days."""
    receipt = kind_of(standing) is Kind.RECEIPT
    return await db.rows(
        PAPERS_AGAINST, referrer_id, since, until, receipt, standing.vat_regime, standing.vat_on_debits
    )  # fmt: skip


SORTS = {
    "number": "number", "who": "referrer_name", "day": "issued_on", "due": "due_on", "amount": "total_cents",
}  # fmt: skip
FILTERS = {
    "q": "number ILIKE {} OR referrer_name ILIKE {} OR referrer_number ILIKE {}",
    "type": "kind = {}",
    "mois": "date_trunc('month', issued_on) = {}",
    "paiement": "coalesce(line_state, 'none') = {}",
}


async def page_of(person: Person, listing: Listing) -> Listing:
    return await listing.fetch(
        f"SELECT * FROM ({INVOICE}) paper WHERE ($1 OR referrer_id = ANY ((SELECT ids_of($2))::bigint[]))",
        person.may(*MAY_SEE_ALL), person.referrer_id, sorts=SORTS, where=FILTERS, then="issued_on DESC, id DESC",
    )  # fmt: skip


async def referrer_ids(refs: Sequence[str]) -> list[int]:
    """Of public references; those that nobody has are left out."""
    found = await db.rows("SELECT id FROM referrer WHERE ref = ANY ($1::text[]) ORDER BY id", list(refs))
    return [row["id"] for row in found]
