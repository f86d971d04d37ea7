"""The only doors to barters."""

from collections.abc import Sequence
from datetime import date

from portal.kit import db
from portal.people.rules import Person, Role
from portal.referrers.access import CERTIFIED, NAME

MAY_SEE_ALL = (Role.FINANCE, Role.ADMIN)
# All that the papers of that day say of who ordered; the contract that pays in points comes first, then the latest.
PARTNER = f"""
SELECT referrer.id AS referrer_id, {NAME} AS referrer_name, referrer.number AS referrer_number, referrer.ref AS referrer_ref,
       referrer.state, referrer.first_name, referrer.last_name, referrer.company_name, referrer.legal_form, referrer.rcs_city,
       referrer.siret, referrer.vat_number, referrer.street, referrer.postcode, referrer.city, referrer.country,
       referrer.electronic_address, referrer.employer_consent_file, coalesce(referrer.email, '') AS email,
       {CERTIFIED.format("CAST($2 AS date)")} AS certified, CAST($2 AS date) AS fact_on, CAST($2 AS date) AS asked_on,
       standing.status, standing.vat_regime, standing.vat_on_debits, tacit.referrer_id IS NOT NULL AS tacit,
       contract.id AS contract_id, contract.number AS contract_number, contract.self_billing, contract.filled,
       vies.number AS vies_number, vies.result AS vies_result, vies.consultation AS vies_consultation, vies.asked_at AS vies_asked_at
FROM referrer
LEFT JOIN LATERAL (
  SELECT status, vat_regime, vat_on_debits FROM referrer_standing told JOIN referrer file ON file.id = told.referrer_id
  WHERE (file.id = referrer.id OR file.alias_of = referrer.id) AND since <= CAST($2 AS date) ORDER BY since DESC, told.id DESC LIMIT 1
) standing ON true
LEFT JOIN LATERAL (
  SELECT contract.* FROM contract WHERE contract.referrer_id = ANY ((SELECT ids_of(referrer.id))::bigint[])
    AND contract.state IN ('in_force', 'suspended', 'ended', 'superseded')
  ORDER BY EXISTS (SELECT FROM earning WHERE earning.contract_id = contract.id AND earning.unit = 'POINT') DESC,
           contract.state = 'in_force' DESC, contract.id DESC LIMIT 1
) contract ON true
LEFT JOIN tacit_mandate tacit ON tacit.referrer_id = referrer.id
LEFT JOIN LATERAL (
  SELECT * FROM register_answer answer WHERE answer.referrer_id = referrer.id AND answer.register = 'vat'
    AND answer.number = referrer.vat_number ORDER BY answer.id DESC LIMIT 1
) vies ON referrer.vat_number <> ''
WHERE referrer.id = root_of($1)
"""


async def partner(referrer_id: int, day: date) -> db.Row:
    found = await db.row(PARTNER, referrer_id, day)
    assert found is not None
    return found


async def is_made(order_id: int) -> bool:
    return await db.value("SELECT EXISTS (SELECT FROM barter WHERE order_id = $1)", order_id)


PAPERS = """
SELECT invoice.id, invoice.ref, invoice.number, invoice.kind, invoice.issued_on, invoice.total_cents, invoice.net_cents,
       invoice.vat_cents, invoice.credits_id, barter.id AS barter_id, barter.value_cents, placed.ref AS order_ref, placed.title
FROM invoice JOIN barter ON barter.id = invoice.barter_id JOIN reward_order placed ON placed.id = barter.order_id
"""


async def papers_of_order(person: Person, order_ref: str) -> list[db.Row]:
    """Of an order: the referrer's own papers, or all for finance; none while it is no barter."""
    return await db.rows(
        f"""{PAPERS} WHERE placed.ref = $1 AND ($2 OR invoice.referrer_id = ANY ((SELECT ids_of($3))::bigint[]))
            ORDER BY invoice.id""",
        order_ref, person.may(*MAY_SEE_ALL), person.referrer_id,
    )  # fmt: skip


async def papers_beside(invoice_id: int) -> Sequence[db.Row]:
    """The other papers of the same barter."""
    return await db.rows(
        f"""{PAPERS} WHERE invoice.barter_id = (SELECT barter_id FROM invoice WHERE id = $1) AND invoice.id <> $1
            ORDER BY invoice.id""",
        invoice_id,
    )


async def living_papers(barter_id: int) -> list[db.Row]:
    """Those that nothing has taken back."""
    return await db.rows(
        """SELECT invoice.* FROM invoice WHERE barter_id = $1 AND credits_id IS NULL
             AND NOT EXISTS (SELECT FROM invoice note WHERE note.credits_id = invoice.id) ORDER BY id""",
        barter_id,
    )


async def barter_of_order(order_id: int) -> db.Row | None:
    return await db.row("SELECT * FROM barter WHERE order_id = $1", order_id)
