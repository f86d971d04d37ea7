"""The only doors to invoices that came in."""

from portal.invoicing.access import MAY_SEE_ALL
from portal.invoicing.received.words import OPEN, State
from portal.kit import db
from portal.kit.files import door
from portal.kit.listing import Listing
from portal.kit.problems import NotFound
from portal.people.rules import Person
from portal.referrers.access import NAME
from portal.referrers.rules import NATURAL_PERSONS

RECEIVED = f"""
SELECT received.*, {NAME} AS referrer_name, referrer.ref AS referrer_ref, referrer.number AS referrer_number,
       file.ref AS file_ref, file.name AS file_name, file.media_type, invoice.ref AS invoice_ref,
       invoice.number AS invoice_number, giver.name AS giver, decider.name AS decider
FROM received_invoice received
JOIN referrer ON referrer.id = received.referrer_id
JOIN stored_file file ON file.id = received.file_id
LEFT JOIN invoice ON invoice.id = received.invoice_id
LEFT JOIN app_user giver ON giver.id = received.received_by
LEFT JOIN app_user decider ON decider.id = received.decided_by
"""
MINE = "($1 OR received.referrer_id = ANY ((SELECT ids_of($2))::bigint[]))"


async def received_for(person: Person, ref: str) -> db.Row:
    """A referrer sees their own; finance and administration see all."""
    found = await db.row(
        f"{RECEIVED} WHERE {MINE} AND received.ref = $3", person.may(*MAY_SEE_ALL), person.referrer_id, ref
    )
    if found is None:
        raise NotFound("received_invoice")
    return found


async def received(received_id: int) -> db.Row:
    found = await db.row(f"{RECEIVED} WHERE received.id = $1", received_id)
    if found is None:
        raise NotFound("received_invoice")
    return found


@door("received_invoice")
async def opens(person: Person, received_id: int) -> None:
    row = await received(received_id)
    await received_for(person, row["ref"])


async def same_file(referrer_id: int, sha256: bytes) -> db.Row | None:
    return await db.row(
        """SELECT ref, state FROM received_invoice WHERE referrer_id = $1 AND sha256 = $2
           AND state IN ('received', 'compared', 'accepted')""",
        referrer_id, sha256,
    )  # fmt: skip


async def numbers_used(referrer_id: int) -> list[tuple[str, int]]:
    """Number and year of each of their own papers that was accepted."""
    found = await db.rows(
        "SELECT number, issued_on FROM invoice WHERE referrer_id = $1 AND kind IN ('own', 'own_credit_note')",
        referrer_id,
    )
    return [(row["number"], row["issued_on"].year) for row in found]


async def numbers_waiting(referrer_id: int, besides: int) -> list[str]:
    found = await db.rows(
        "SELECT number FROM received_invoice WHERE referrer_id = $1 AND state = $2 AND id <> $3",
        referrer_id, State.COMPARED, besides,
    )  # fmt: skip
    return [row["number"] for row in found]


async def open_of(referrer_id: int) -> list[db.Row]:
    """Theirs that wait for an answer, or for their own word."""
    return await db.rows(
        f"{RECEIVED} WHERE received.referrer_id = $1 AND received.state = ANY ($2::text[]) ORDER BY received.id",
        referrer_id, list(OPEN),
    )  # fmt: skip


async def sends_own(referrer_id: int) -> bool:
    """A contract stands in which they draw up their invoices themselves, or they have sent one before."""
    return await db.value(
        """SELECT EXISTS (SELECT FROM received_invoice WHERE referrer_id = $1)
             OR EXISTS (SELECT FROM contract WHERE referrer_id = $1 AND state = 'in_force' AND NOT self_billing)
             AND (SELECT status FROM referrer_standing WHERE referrer_id = $1 AND since <= CURRENT_DATE
                  ORDER BY since DESC, id DESC LIMIT 1) <> ALL ($2::text[])""",
        referrer_id, list(NATURAL_PERSONS),
    )  # fmt: skip


async def earnings_of(earning_ids: list[int]) -> list[db.Row]:
    """What an invoice pays for, to be shown beside it."""
    return await db.rows(
        """SELECT earning.ref, earning.amount, earning.occurred_on, coalesce(client.name, lead.company_name) AS client_name,
                  coalesce(deal.title, lead.company_name) AS deal_title
           FROM earning LEFT JOIN deal ON deal.id = earning.deal_id LEFT JOIN client ON client.id = deal.client_id
           LEFT JOIN lead ON lead.id = earning.lead_id WHERE earning.id = ANY ($1::bigint[]) ORDER BY earning.occurred_on, earning.id""",
        earning_ids,
    )


async def ids_of_refs(referrer_id: int, refs: list[str]) -> list[int]:
    """Their commissions by public reference; what is not theirs is left out."""
    found = await db.rows(
        "SELECT id FROM owed_earning WHERE referrer_id = $1 AND ref = ANY ($2::text[]) ORDER BY id", referrer_id, refs
    )  # fmt: skip
    return [row["id"] for row in found]


SORTS = {
    "number": "number", "who": "referrer_name", "day": "received_at", "issued": "issued_on", "amount": "total_cents",
    "state": "state",
}  # fmt: skip
FILTERS = {
    "q": "number ILIKE {} OR referrer_name ILIKE {} OR referrer_number ILIKE {}",
    "etat": "state = {}",
    "mois": "date_trunc('month', issued_on) = {}",
}


async def page_of(person: Person, listing: Listing) -> Listing:
    return await listing.fetch(
        f"SELECT * FROM ({RECEIVED} WHERE {MINE}) received WHERE true",
        person.may(*MAY_SEE_ALL), person.referrer_id, sorts=SORTS, where=FILTERS,
        then="state = 'compared' DESC, id DESC",
    )  # fmt: skip


async def after(person: Person, cursor_id: int, limit: int) -> list[db.Row]:
    return await db.rows(
        f"{RECEIVED} WHERE {MINE} AND received.id > $3 ORDER BY received.id LIMIT $4",
        person.may(*MAY_SEE_ALL), person.referrer_id, cursor_id, limit,
    )  # fmt: skip
