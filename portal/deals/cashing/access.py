"""The only doors to money that came in, and what it may be for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.deals.cashing.rules import (
    NEAR_CENTS,
    Candidate,
    Incoming,
    Suggestion,
    names_in,
    numbers_in,
    rank,
)
from portal.kit import db
from portal.kit.cells import parse_amount
from portal.kit.invalid import Invalid
from portal.kit.listing import Listing
from portal.kit.problems import NotFound
from portal.people.rules import Person, Role
from portal.search.access import words

TOO_COMMON = 20  # a name that so many clients share says nothing
OPEN_OF_A_CLIENT = 10
NUMBER_KEY = "regexp_replace(upper(number), '[^A-Z0-9]', '', 'g')"


async def incoming_for(person: Person, ref: str) -> db.Row:
    found = await db.row(
        "SELECT * FROM incoming_payment WHERE ref = $1 AND $2", ref, person.may(Role.FINANCE, Role.ADMIN)
    )
    if found is None:
        raise NotFound("incoming_payment")
    return found


async def incoming(incoming_id: int) -> db.Row:
    found = await db.row("SELECT * FROM incoming_payment WHERE id = $1", incoming_id)
    assert found is not None
    return found


async def by_external_id(external_id: str) -> db.Row | None:
    return await db.row("SELECT * FROM incoming_payment WHERE external_id = $1", external_id)


async def incoming_after(incoming_id: int, limit: int) -> list[db.Row]:
    return await db.rows(
        "SELECT * FROM incoming_payment WHERE id > $1 ORDER BY id LIMIT $2", incoming_id, limit
    )


SORTS = {"day": "paid_on", "amount": "coalesce(total_cents, net_cents)"}


async def page_of(listing: Listing, state: str) -> None:
    """Of one state; what is searched is an amount as one writes it, else words of payer, label or number."""
    condition, asked = _sought(listing.value("q"))
    await listing.fetch(
        f"SELECT * FROM incoming_payment WHERE state = $1 AND {condition}", state, *asked,
        sorts=SORTS, then="paid_on DESC, id DESC",
    )  # fmt: skip


def _sought(typed: str) -> tuple[str, list[Any]]:
    try:
        return "coalesce(total_cents, net_cents) = $2", [abs(parse_amount(typed))]
    except Invalid:
        query = " & ".join(f"{word}:*" for word in words(typed).split())
    return ("to_tsvector('simple', words) @@ to_tsquery('simple', $2)", [query]) if query else ("true", [])


async def moves_of(incoming_id: int) -> list[db.Row]:
    """What was done with it, the last first."""
    return await db.rows(
        """SELECT incoming_move.*, app_user.name AS by_name FROM incoming_move LEFT JOIN app_user ON app_user.id = by_user
           WHERE incoming_id = $1 ORDER BY incoming_move.id DESC""",
        incoming_id,
    )


async def parts_of(incoming_id: int) -> list[db.Row]:
    """The client payments made of it that still stand."""
    return await db.rows(
        """SELECT payment.*, deal.ref AS deal_ref, deal.title, client.name AS client_name, invoice.number AS invoice_number
           FROM incoming_part part JOIN client_payment payment ON payment.id = part.client_payment_id
           JOIN deal ON deal.id = payment.deal_id JOIN client ON client.id = deal.client_id
           LEFT JOIN client_invoice invoice ON invoice.id = payment.client_invoice_id
           WHERE part.incoming_id = $1
             AND NOT EXISTS (SELECT FROM client_payment undone WHERE undone.refunds_id = payment.id AND undone.kind = 'correction')
           ORDER BY payment.id""",
        incoming_id,
    )


# What it may be for

LEFT = """invoice.total_cents
  - coalesce((SELECT sum(total_cents) FROM client_credit WHERE client_invoice_id = invoice.id), 0)
  - coalesce((SELECT sum((CASE paid.kind WHEN 'payment' THEN 1 ELSE -1 END) * coalesce(paid.total_cents,
                         round(paid.net_cents::numeric * invoice.total_cents / nullif(invoice.net_cents, 0))))
              FROM client_payment paid LEFT JOIN client_payment back ON back.id = paid.refunds_id
              WHERE paid.deal_id = invoice.deal_id AND coalesce(paid.client_invoice_id, back.client_invoice_id) = invoice.id), 0)"""
"""What a client has still to pay of an invoice, with tax."""
PAID_NET = """coalesce((SELECT sum(CASE kind WHEN 'payment' THEN net_cents ELSE -net_cents END)
                        FROM client_payment WHERE client_payment.deal_id = deal.id), 0)"""
BY_INVOICE = f"""
SELECT id FROM client_invoice WHERE {NUMBER_KEY} = ANY ($1::text[])
UNION SELECT near.id FROM unnest($2::bigint[]) AS amount CROSS JOIN LATERAL (
  SELECT id FROM client_invoice WHERE total_cents BETWEEN amount - {NEAR_CENTS} AND amount + {NEAR_CENTS}
  ORDER BY total_cents LIMIT {TOO_COMMON}) near
"""
BY_CLIENT = """
SELECT subject_id AS client_id, '' AS account_end FROM (
  SELECT subject_id, count(*) OVER (PARTITION BY value) AS owners FROM match_key
  WHERE kind = 'name' AND value = ANY ($1::text[]) AND subject_kind = 'client') named WHERE owners <= $3
UNION SELECT DISTINCT deal.client_id, before.account_end FROM incoming_payment before
  JOIN incoming_part part ON part.incoming_id = before.id JOIN client_payment payment ON payment.id = part.client_payment_id
  JOIN deal ON deal.id = payment.deal_id
  WHERE before.state = 'attached' AND before.account_end <> '' AND before.account_end = ANY ($2::text[])
"""
CANDIDATES = f"""
WITH named AS (
  SELECT deal_id, id FROM client_invoice WHERE id = ANY ($1::bigint[])
  UNION SELECT open.deal_id, open.id FROM unnest($2::bigint[]) AS client (id) CROSS JOIN LATERAL (
    SELECT client_invoice.deal_id, client_invoice.id FROM deal JOIN client_invoice ON client_invoice.deal_id = deal.id
    WHERE deal.client_id = client.id AND deal.state <> 'cancelled' ORDER BY client_invoice.issued_on DESC LIMIT {OPEN_OF_A_CLIENT}) open
)
SELECT deal.id AS deal_id, deal.ref AS deal_ref, deal.title, deal.signed_on, client.id AS client_id, client.name AS client_name,
       invoice.id AS invoice_id, invoice.ref AS invoice_ref, invoice.number, invoice.net_cents, invoice.total_cents, ({LEFT})::bigint AS left_cents
FROM named JOIN client_invoice invoice ON invoice.id = named.id JOIN deal ON deal.id = named.deal_id JOIN client ON client.id = deal.client_id
WHERE deal.state <> 'cancelled'
UNION ALL
SELECT deal.id, deal.ref, deal.title, deal.signed_on, client.id, client.name,
       NULL, '', '', 0, 0, (deal.net_cents - {PAID_NET})::bigint
FROM unnest($2::bigint[]) AS named (id) JOIN client ON client.id = named.id CROSS JOIN LATERAL (
  SELECT * FROM deal WHERE deal.client_id = client.id AND deal.state <> 'cancelled' ORDER BY signed_on DESC LIMIT {OPEN_OF_A_CLIENT}) deal
WHERE NOT EXISTS (SELECT FROM client_invoice WHERE client_invoice.deal_id = deal.id)
"""


@dataclass(frozen=True, slots=True)
class Known:
    """What stands open for some money, and whose account is known."""

    candidates: Sequence[Mapping[str, Any]] = ()
    accounts: Mapping[str, set[int]] = field(default_factory=dict)

    def suggestions(self, money: Incoming) -> list[Suggestion]:
        clients = self.accounts.get(money.account_end, set()) if money.account_end else set()
        return rank(
            money, [Candidate(**row, known_account=row["client_id"] in clients) for row in self.candidates]
        )


async def suggestions(rows: Sequence[db.Row]) -> dict[int, list[Suggestion]]:
    """For each, the likeliest first. Three queries, however many."""
    money = {row["id"]: told(row) for row in rows}
    known = await _known(list(money.values()))
    return {incoming_id: known.suggestions(one) for incoming_id, one in money.items()}


def told(row: db.Row) -> Incoming:
    return Incoming(**{name: row[name] for name in Incoming.__dataclass_fields__})


async def _known(money: Sequence[Incoming]) -> Known:
    numbers = sorted(set().union(*map(numbers_in, money)))
    names = sorted(set().union(*map(names_in, money)))
    amounts = sorted({one.total_cents for one in money if one.total_cents})
    ends = sorted({one.account_end for one in money if one.account_end})
    invoices = [row["id"] for row in await db.rows(BY_INVOICE, numbers, amounts)]
    clients = await db.rows(BY_CLIENT, names, ends, TOO_COMMON)
    accounts: dict[str, set[int]] = {}
    for row in clients:
        accounts.setdefault(row["account_end"], set()).add(row["client_id"])
    ids = sorted({row["client_id"] for row in clients})
    return Known([dict(row) for row in await db.rows(CANDIDATES, invoices, ids)], accounts)


async def invoice_choice(typed: str) -> db.Row | None:
    """An invoice by its number, its reference, or a deal by its reference; None where none or several answer."""
    found = await db.rows(
        f"""SELECT deal_id, id AS invoice_id FROM client_invoice WHERE {NUMBER_KEY} = $1 OR ref = $2
            UNION SELECT id, NULL FROM deal WHERE ref = $2 LIMIT 2""",
        "".join(sign for sign in typed.upper() if sign.isalnum() and sign.isascii()), typed.strip(),
    )  # fmt: skip
    return found[0] if len(found) == 1 else None
