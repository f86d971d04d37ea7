"""The only doors to what the bank said, and the transfers that it may speak of."""

from collections.abc import Sequence

from portal.kit import db
from portal.kit.days import day_of
from portal.kit.listing import Listing
from portal.kit.problems import NotFound
from portal.payouts.access import LINE
from portal.payouts.bank.reading import Kind
from portal.payouts.bank.rules import Known, Line, State, Told
from portal.payouts.rules import LineState
from portal.people.rules import Person, Role

READERS = (Role.FINANCE, Role.ADMIN)
ENTRY = """
SELECT entry.*, file.ref AS file_ref, file.format, file.legal_entity_id, line.ref AS line_ref, line.total_cents AS line_cents,
       line.state AS line_state, referrer.ref AS referrer_ref,
       coalesce(nullif(referrer.company_name, ''), referrer.first_name || ' ' || referrer.last_name) AS referrer_name,
       coalesce(run.ref, own.ref) AS run_ref, coalesce(run.number, own.number) AS run_number
FROM bank_entry entry JOIN bank_file file ON file.id = entry.bank_file_id
LEFT JOIN payout_line line ON line.id = entry.line_id LEFT JOIN referrer ON referrer.id = line.referrer_id
LEFT JOIN payout_run own ON own.id = line.run_id LEFT JOIN payout_run run ON run.id = entry.run_id
"""
# A transfer, or each share of one where others are paid in the place of the referrer. What Stripe pays is not with the bank.
TRANSFER = """
SELECT line.id, coalesce(share.position, 0) AS position, line.run_id, line.ref, line.state AS line_state, run.legal_entity_id,
       CASE WHEN line.state NOT IN ('sent', 'settled') OR ended.arrived IS NULL THEN line.state WHEN ended.arrived THEN 'settled' ELSE 'failed' END AS state,
       coalesce(share.amount_cents, line.total_cents) AS total_cents, coalesce(share.end_to_end_id, line.end_to_end_id) AS end_to_end_id,
       CASE WHEN share.payee_id IS NULL THEN coalesce(bank.iban_blind, '') ELSE '' END AS iban_blind, coalesce(share.name, bank.holder, '') AS holder,
       run.number AS run_number, run.sent_at,
       coalesce(line.settled_on, CASE WHEN ended.arrived THEN ended.on_day END) AS settled_on,
       coalesce(line.came_back_on, CASE WHEN NOT ended.arrived THEN ended.on_day END) AS came_back_on,
       EXISTS (SELECT FROM bank_entry told WHERE told.kind = 'debit' AND told.state = 'applied'
                 AND (told.line_id = line.id AND share.position IS NULL OR told.run_id = line.run_id)) AS by_bank
FROM payout_line line JOIN payout_run run ON run.id = line.run_id AND run.rail <> 'stripe'
LEFT JOIN bank_detail bank ON bank.id = line.bank_detail_id
LEFT JOIN payout_share share ON share.line_id = line.id
LEFT JOIN LATERAL (SELECT arrived, on_day FROM payout_share_end said WHERE said.line_id = share.line_id AND said.position = share.position
                   ORDER BY said.id DESC LIMIT 1) ended ON true
"""
ABOUT = """
WITH told (blind, cents) AS (SELECT * FROM unnest($4::bytea[], $5::bigint[])), named AS (
  SELECT id FROM payout_line WHERE end_to_end_id = ANY ($2::text[])
  UNION SELECT line_id FROM payout_share WHERE end_to_end_id = ANY ($2::text[])
  UNION SELECT line.id FROM payout_line line JOIN payout_run run ON run.id = line.run_id WHERE run.number = ANY ($3::text[])
  UNION SELECT line.id FROM told JOIN bank_detail bank ON bank.iban_blind = told.blind
    JOIN payout_line line ON line.bank_detail_id = bank.id AND line.total_cents = told.cents WHERE line.state IN ('sent', 'settled')
)
"""


async def known(entity_id: int, told: Sequence[Told]) -> Known:
    """All transfers of which one of these facts may speak. Two queries, however many."""
    pairs = sorted(
        {(one.iban_blind, one.amount_cents) for one in told if one.iban_blind and one.amount_cents}
    )
    numbers = sorted({one.batch for one in told if one.batch})
    found = await db.rows(
        f"{ABOUT} {TRANSFER} WHERE line.id IN (SELECT id FROM named) AND run.legal_entity_id = $1 ORDER BY line.id, position",
        entity_id, sorted({one.end_to_end_id for one in told if one.end_to_end_id}), numbers,
        [blind for blind, _ in pairs], [cents for _, cents in pairs],
    )  # fmt: skip
    runs = await db.rows(
        "SELECT id, number FROM payout_run WHERE number = ANY ($1::text[]) AND legal_entity_id = $2", numbers, entity_id
    )  # fmt: skip
    return Known(
        {row["end_to_end_id"]: _line(row) for row in found}, {run["number"]: run["id"] for run in runs}
    )


def _line(row: db.Row) -> Line:
    return Line(
        id=row["id"], position=row["position"], run_id=row["run_id"], state=row["state"], total_cents=row["total_cents"],
        end_to_end_id=row["end_to_end_id"], iban_blind=row["iban_blind"], holder=row["holder"], run_number=row["run_number"],
        sent_on=day_of(row["sent_at"]) if row["sent_at"] else None, settled_on=row["settled_on"],
        came_back_on=row["came_back_on"], by_bank=row["by_bank"],
    )  # fmt: skip


def told(entry: db.Row) -> Told:
    return Told(
        Kind(entry["kind"]), entry["said_on"], entry["amount_cents"], entry["currency"], entry["end_to_end_id"],
        entry["batch"], entry["count"], entry["reason"], entry["iban_blind"],
    )  # fmt: skip


async def rows_of(line_ids: Sequence[int]) -> list[db.Row]:
    """As the verbs of payouts want them."""
    return await db.rows(f"{LINE} WHERE line.id = ANY ($1::bigint[]) ORDER BY line.id", list(line_ids))


async def transfer(entity_id: int, end_to_end_id: str) -> Line:
    """Raises NotFound."""
    found = await db.row(
        f"SELECT * FROM ({TRANSFER}) transfer WHERE end_to_end_id = $1 AND legal_entity_id = $2",
        end_to_end_id.strip(), entity_id,
    )  # fmt: skip
    if found is None:
        raise NotFound("transfer")
    return _line(found)


# Files and entries


async def file_for(person: Person, ref: str) -> db.Row:
    found = await db.row("SELECT * FROM bank_file WHERE ref = $1 AND $2", ref, person.may(*READERS))
    if found is None:
        raise NotFound("bank_file")
    return found


async def by_digest(sha256: bytes) -> db.Row | None:
    return await db.row("SELECT * FROM bank_file WHERE sha256 = $1", sha256)


async def entry_for(person: Person, ref: str) -> db.Row:
    found = await db.row(f"{ENTRY} WHERE entry.ref = $1 AND $2", ref, person.may(*READERS))
    if found is None:
        raise NotFound("bank_entry")
    return found


async def unread(file_id: int, limit: int) -> list[db.Row]:
    """Locked: two readings of one file at once take turns. What names one transfer goes before what names a whole run."""
    return await db.rows(
        """SELECT * FROM bank_entry WHERE bank_file_id = $1 AND state = 'read'
           ORDER BY (end_to_end_id = ''), said_on, id LIMIT $2 FOR NO KEY UPDATE""",
        file_id, limit,
    )  # fmt: skip


async def counted(file_id: int) -> dict[str, int]:
    """State → how many entries of the file."""
    found = await db.rows(
        "SELECT state, count(*) AS count FROM bank_entry WHERE bank_file_id = $1 GROUP BY state", file_id
    )
    return {row["state"]: row["count"] for row in found}


SORTS = {"day": "said_on", "amount": "amount_cents"}


async def entries_page(listing: Listing, states: Sequence[State]) -> None:
    await listing.fetch(
        f"SELECT * FROM ({ENTRY}) entry WHERE state = ANY ($1::text[])", [str(state) for state in states],
        sorts=SORTS, then="said_on DESC, id DESC",
        where={"q": "(name || ' ' || label || ' ' || end_to_end_id || ' ' || batch) ILIKE {}"},
    )  # fmt: skip


async def entries_of(listing: Listing, file_id: int) -> None:
    await listing.fetch(
        f"SELECT * FROM ({ENTRY}) entry WHERE bank_file_id = $1", file_id,
        sorts=SORTS, where={"etat": "state = {}"}, then="id",
    )  # fmt: skip


FILES = """
SELECT file.*, by.name AS by_name,
       count(entry.id) FILTER (WHERE entry.state = 'applied') AS applied,
       count(entry.id) FILTER (WHERE entry.state IN ('waiting', 'read')) AS waiting
FROM bank_file file LEFT JOIN app_user by ON by.id = file.by_user LEFT JOIN bank_entry entry ON entry.bank_file_id = file.id
GROUP BY file.id, by.name
"""


async def files_page(listing: Listing) -> None:
    await listing.fetch(
        f"SELECT * FROM ({FILES}) file WHERE true", sorts={"day": "at"}, where={"format": "format = {}"}, then="id DESC"
    )  # fmt: skip


async def statements_of(file_id: int) -> list[db.Row]:
    """Each with what the statement before it, of the same account, closed at."""
    return await db.rows(
        """SELECT stated.*, before.closing_cents AS before_cents, before.closed_on AS before_on
           FROM bank_statement stated JOIN bank_file file ON file.id = stated.bank_file_id
           LEFT JOIN LATERAL (
             SELECT earlier.closing_cents, earlier.closed_on FROM bank_statement earlier JOIN bank_file other ON other.id = earlier.bank_file_id
             WHERE other.legal_entity_id = file.legal_entity_id AND earlier.closing_cents IS NOT NULL AND earlier.last4 = stated.last4
               AND earlier.message <> stated.message AND earlier.closed_on < coalesce(stated.closed_on, stated.opened_on)
             ORDER BY earlier.closed_on DESC, earlier.id DESC LIMIT 1) before ON true
           WHERE stated.bank_file_id = $1 ORDER BY stated.position""",
        file_id,
    )


async def moves_of(entry_id: int) -> list[db.Row]:
    return await db.rows(
        """SELECT bank_entry_move.*, app_user.name AS by_name FROM bank_entry_move LEFT JOIN app_user ON app_user.id = by_user
           WHERE bank_entry_id = $1 ORDER BY bank_entry_move.id DESC""",
        entry_id,
    )


async def accepted_on(run_id: int) -> db.Row | None:
    """When the bank first said that it takes the whole run, and in which file."""
    return await db.row(
        """SELECT entry.said_on, entry.ref FROM bank_entry entry WHERE entry.run_id = $1 AND entry.kind = 'accepted'
             AND entry.state = 'applied' ORDER BY entry.said_on, entry.id LIMIT 1""",
        run_id,
    )


# What an entry may be

OPEN_OF = {Kind.DEBIT: (LineState.SENT,), Kind.REJECTED: (LineState.SENT,)}
ALIKE = f"""
SELECT * FROM ({TRANSFER}) transfer WHERE legal_entity_id = $1 AND line_state = ANY ($2::text[]) AND state = ANY ($2::text[])
  AND total_cents = ANY ($3::bigint[]) ORDER BY id DESC LIMIT 500
"""


async def open_transfers(entity_id: int, facts: Sequence[Told]) -> list[Line]:
    """Those under way, or that may still come back, of one of these amounts."""
    states = {state for one in facts for state in OPEN_OF.get(one.kind, (LineState.SENT, LineState.SETTLED))}
    amounts = sorted({one.amount_cents for one in facts if one.amount_cents})
    return [_line(row) for row in await db.rows(ALIKE, entity_id, sorted(states), amounts)]
