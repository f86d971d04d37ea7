"""What was sent and came back, who must and what they lack, what is told of purchases from abroad."""

from collections.abc import Sequence
from datetime import date

from portal.invoicing.platform.rules import ABROAD, DEAD, DOMESTIC, ISSUED, OWN, SOLD, TAKEN
from portal.kit import db
from portal.kit.listing import Listing
from portal.kit.problems import NotFound
from portal.law.einvoicing import SAME_TERRITORY
from portal.people.rules import Person, Role
from portal.referrers.access import NAME

MAY = (Role.FINANCE, Role.ADMIN)

# Papers

ENDED = f"ended.invoice_id = {{}} AND NOT ended.ours AND ended.code IN ({db.literals(DEAD)})"
# What takes back a paper that was refused or rejected stays in the books: the platform does not know of that paper.
GOES = f"""invoice.kind IN ({db.literals([*ISSUED, *SOLD])}) AND invoice.vat_regime <> 'exempt'
  AND invoice.paper ->> 'treatment' = '{DOMESTIC}'
  AND NOT (invoice.kind = 'credit_note' AND EXISTS (SELECT FROM paper_status ended WHERE {ENDED.format("invoice.credits_id")}))"""
UNSENT = "NOT EXISTS (SELECT FROM platform_flow sent WHERE sent.invoice_id = invoice.id AND sent.content = 'invoice' AND sent.direction = 'out')"
BY_PLATFORM = f"""(EXISTS (SELECT FROM platform_flow went WHERE went.invoice_id = invoice.id AND went.content = 'invoice'
    AND went.state IN ({db.literals(TAKEN)}))
  OR EXISTS (SELECT FROM platform_arrival came JOIN received_invoice own ON own.id = came.received_id WHERE own.invoice_id = invoice.id))"""


async def papers_to_send(invoice_ids: Sequence[int], since: date) -> list[db.Row]:
    return await db.rows(
        f"SELECT id, number FROM invoice WHERE id = ANY ($1::bigint[]) AND issued_on >= $2 AND {GOES} AND {UNSENT} ORDER BY id",
        list(invoice_ids), since,
    )  # fmt: skip


async def papers_left(since: date) -> list[int]:
    """Issued from that day on, and never sent."""
    found = await db.rows(
        f"SELECT id FROM invoice WHERE issued_on >= $1 AND {GOES} AND {UNSENT} ORDER BY id", since
    )
    return [row["id"] for row in found]


PAID = f"""
SELECT invoice.*, contract.filled FROM payout_line line
JOIN payout_invoice part ON part.line_id = line.id AND NOT part.released
JOIN invoice ON invoice.id = part.invoice_id JOIN contract ON contract.id = invoice.contract_id
WHERE {{}} = $1 AND invoice.kind IN ('self_billed', 'corrective', 'own') AND {BY_PLATFORM}
"""


async def papers_of_run(run_id: int) -> list[db.Row]:
    """What a run pays of what went or came by platform."""
    return await db.rows(PAID.format("line.run_id") + " ORDER BY invoice.id", run_id)


async def papers_of_line(line_id: int) -> list[db.Row]:
    return await db.rows(PAID.format("line.id") + " ORDER BY invoice.id", line_id)


async def named(number: str) -> list[db.Row]:
    """Papers of that number, each with the SIREN of its seller."""
    return await db.rows(
        """SELECT id, referrer_id, issued_on, paper -> 'seller' ->> 'siren' AS siren FROM invoice
           WHERE number = $1 AND kind <> 'receipt' ORDER BY id""",
        number,
    )


# Statuses


async def statuses_of(invoice_id: int) -> list[db.Row]:
    """In the order of what is told."""
    return await db.rows("SELECT * FROM paper_status WHERE invoice_id = $1 ORDER BY said_at, id", invoice_id)


async def sent_of(invoice_id: int) -> db.Row | None:
    """How the paper went out, if it went by platform."""
    return await db.row(
        "SELECT ref, state, fault, moved_at FROM platform_flow WHERE invoice_id = $1 AND direction = 'out' AND content = 'invoice'",
        invoice_id,
    )


async def acceptance_said(invoice_id: int) -> db.Row | None:
    return await db.row(
        "SELECT state, at FROM invoice_acceptance WHERE invoice_id = $1 ORDER BY id DESC LIMIT 1", invoice_id
    )


async def has_ended(invoice_id: int) -> bool:
    """Whether the paper, or the last that corrects it, was refused or rejected for good."""
    return await db.value(
        f"""SELECT EXISTS (SELECT FROM paper_status ended WHERE {ENDED.format("paper.id")}) FROM invoice paper
            WHERE paper.id = $1 OR (paper.credits_id = $1 AND paper.kind = 'corrective') ORDER BY paper.id DESC LIMIT 1""",
        invoice_id,
    )


async def dead_papers() -> list[db.Row]:
    """Refused or rejected for good, and finance has not decided yet."""
    return await db.rows(
        f"""SELECT DISTINCT ON (todo.id) todo.ref, invoice.number, invoice.total_cents, ended.code, ended.said_at,
                   {NAME} AS referrer_name, referrer.ref AS referrer_ref
            FROM paper_to_rectify todo JOIN invoice ON invoice.id = todo.invoice_id
            JOIN referrer ON referrer.id = invoice.referrer_id
            JOIN invoice told ON told.id = invoice.id OR (told.credits_id = invoice.id AND told.kind = 'corrective')
            JOIN paper_status ended ON {ENDED.format("told.id")}
            WHERE todo.state = 'open' AND todo.cause = 'platform' ORDER BY todo.id, ended.said_at LIMIT 50"""
    )


# Flows

FLOW = f"""
SELECT flow.*, invoice.ref AS invoice_ref, invoice.number AS invoice_number, report.ref AS report_ref,
       report.begins_on AS report_begins, report.ends_on AS report_ends,
       referrer.ref AS referrer_ref, {NAME} AS referrer_name
FROM platform_flow flow
LEFT JOIN invoice ON invoice.id = flow.invoice_id
LEFT JOIN referrer ON referrer.id = invoice.referrer_id
LEFT JOIN vat_report report ON report.id = flow.report_id
"""
SORTS = {"day": "moved_at", "name": "name"}
WHERE = {
    "q": "name ILIKE {} OR invoice_number ILIKE {} OR referrer_name ILIKE {}",
    "etat": "state = {}", "contenu": "content = {}", "sens": "direction = {}",
}  # fmt: skip


async def flow_for(person: Person, ref: str) -> db.Row:
    found = await db.row(f"{FLOW} WHERE flow.ref = $1 AND $2", ref, person.may(*MAY))
    if found is None:
        raise NotFound("flow")
    return found


async def flow(flow_id: int) -> db.Row:
    found = await db.row(f"{FLOW} WHERE flow.id = $1", flow_id)
    if found is None:
        raise NotFound("flow")
    return found


async def flows_of(listing: Listing) -> Listing:
    return await listing.fetch(
        f"SELECT * FROM ({FLOW}) flow WHERE true", sorts=SORTS, where=WHERE, then="moved_at DESC, id DESC"
    )


async def is_known(external_id: str) -> bool:
    return await db.value("SELECT EXISTS (SELECT FROM platform_flow WHERE external_id = $1)", external_id)


async def ours(tracking_id: str | None, external_id: str) -> db.Row | None:
    return await db.row(
        "SELECT * FROM platform_flow WHERE direction = 'out' AND (tracking_id = $1 OR external_id = $2)",
        tracking_id, external_id,
    )  # fmt: skip


async def waiting_flows() -> list[db.Row]:
    return await db.rows("SELECT id, tries FROM platform_flow WHERE state = 'waiting' ORDER BY id LIMIT 500")


async def hooks() -> list[db.Row]:
    return await db.rows("SELECT * FROM platform_hook ORDER BY id DESC LIMIT 3")


COUNTS = f"""
SELECT (SELECT count(*) FROM invoice WHERE issued_on >= $1 AND {GOES} AND {UNSENT}) AS unsent,
       (SELECT count(*) FROM platform_flow WHERE state = 'waiting') AS waiting,
       (SELECT count(*) FROM platform_flow WHERE state = 'refused') AS refused,
       (SELECT count(*) FROM platform_flow WHERE state = 'unreadable') AS unreadable,
       (SELECT count(*) FROM platform_flow WHERE state = 'accepted') AS accepted,
       (SELECT max(moved_at) FROM platform_flow WHERE external_id IS NOT NULL) AS last_at,
       (SELECT value FROM company_option WHERE key = $2) AS tested
"""
TESTED = "platform.tested"  # what the last try of the connection said


async def counts(since: date) -> db.Row:
    found = await db.row(COUNTS, since, TESTED)
    assert found is not None
    return found


# Suppliers

SUPPLIER = f"""
SELECT referrer.id, referrer.ref, referrer.number, referrer.state, referrer.siret, referrer.country, referrer.legal_entity_id,
       referrer.electronic_address, referrer.version, {NAME} AS name, standing.status, standing.vat_regime,
       coalesce((SELECT size FROM supplier_size WHERE referrer_id = referrer.id ORDER BY id DESC LIMIT 1), '') AS size,
       answer.result, answer.address AS found_address, answer.name AS found_name, answer.asked_at,
       standing.status NOT IN ('individual', 'partner_employee') AND standing.vat_regime NOT IN ('none', 'exempt') AS taxable,
       standing.status <> 'eu_company' AND referrer.country IN ({db.literals(SAME_TERRITORY)}) AS at_home
FROM referrer
JOIN LATERAL (
  SELECT status, vat_regime FROM referrer_standing told WHERE told.referrer_id = referrer.id AND since <= $1
  ORDER BY since DESC, told.id DESC LIMIT 1
) standing ON true
LEFT JOIN LATERAL (SELECT * FROM directory_answer WHERE referrer_id = referrer.id ORDER BY id DESC LIMIT 1) answer ON true
WHERE referrer.state IN ('applied', 'active', 'suspended')
"""
ELECTRONIC = "taxable AND at_home"
NO_PLATFORM = "coalesce(result, '') NOT IN ('enabled', 'upcoming')"
LACKS = {
    "address": f"{ELECTRONIC} AND electronic_address = ''",
    "size": f"{ELECTRONIC} AND size = ''",
    "platform": f"{ELECTRONIC} AND {NO_PLATFORM}",
}
DUTIES = {"electronic": ELECTRONIC, "reported": "taxable AND NOT at_home", "outside": "NOT taxable"}
SUPPLIER_SORTS = {"who": "name", "number": "number"}
SUPPLIER_WHERE = {
    "q": "name ILIKE {} OR number ILIKE {}",
    "obligation": "CASE {} " + " ".join(f"WHEN '{code}' THEN {sql}" for code, sql in DUTIES.items()) + " END",
    "manque": "CASE {} " + " ".join(f"WHEN '{code}' THEN {sql}" for code, sql in LACKS.items()) + " END",
}


async def suppliers(listing: Listing, day: date) -> Listing:
    return await listing.fetch(
        f"SELECT * FROM ({SUPPLIER}) supplier WHERE true", day,
        sorts=SUPPLIER_SORTS, where=SUPPLIER_WHERE, then="name, id",
    )  # fmt: skip


async def supplier_counts(day: date) -> db.Row:
    counted = ", ".join(f"count(*) FILTER (WHERE {sql}) AS {code}" for code, sql in (DUTIES | LACKS).items())
    found = await db.row(f"SELECT count(*) AS total, {counted} FROM ({SUPPLIER}) supplier", day)
    assert found is not None
    return found


async def supplier_for(person: Person, ref: str, day: date) -> db.Row:
    """Finance and administration alone."""
    found = await db.row(
        f"SELECT * FROM ({SUPPLIER}) supplier WHERE ref = $2 AND $3", day, ref, person.may(*MAY)
    )
    if found is None:
        raise NotFound("supplier")
    return found


async def answers_of(referrer_id: int) -> list[db.Row]:
    return await db.rows(
        "SELECT * FROM directory_answer WHERE referrer_id = $1 ORDER BY id DESC LIMIT 20", referrer_id
    )


# Purchases from abroad

BOUGHT = f"""
SELECT invoice.id, invoice.ref, invoice.number, invoice.kind, invoice.type_code, invoice.issued_on, invoice.due_on, invoice.net_cents,
       invoice.vat_cents, invoice.vat_rate, invoice.paper, credited.number AS credited_number, credited.issued_on AS credited_on,
       referrer.ref AS referrer_ref, {NAME} AS referrer_name, referrer.country, invoice.sign
FROM invoice JOIN referrer ON referrer.id = invoice.referrer_id
LEFT JOIN invoice credited ON credited.id = invoice.credits_id
WHERE invoice.legal_entity_id = $1 AND invoice.kind IN ({db.literals([*ISSUED, *OWN])})
  AND invoice.paper ->> 'treatment' = '{ABROAD}'
"""


async def bought(entity_id: int, begins_on: date, ends_on: date) -> list[db.Row]:
    """Papers of suppliers abroad, of these days."""
    return await db.rows(
        f"{BOUGHT} AND invoice.issued_on BETWEEN $2 AND $3 ORDER BY invoice.issued_on, invoice.id",
        entity_id,
        begins_on,
        ends_on,
    )


async def bought_by_day(entity_id: int, since: date) -> list[db.Row]:
    """Day → papers and net, from which periods are made."""
    return await db.rows(
        f"""SELECT issued_on, count(*)::int AS papers, sum(sign * net_cents)::bigint AS net_cents
            FROM ({BOUGHT} AND invoice.issued_on >= $2) bought GROUP BY issued_on ORDER BY issued_on""",
        entity_id, since,
    )  # fmt: skip


REPORT = """
SELECT report.*, flow.ref AS flow_ref, flow.state, flow.fault, flow.moved_at FROM vat_report report
LEFT JOIN platform_flow flow ON flow.report_id = report.id
"""


async def reports(entity_id: int, since: date) -> list[db.Row]:
    return await db.rows(
        f"{REPORT} WHERE report.legal_entity_id = $1 AND report.ends_on >= $2 ORDER BY report.begins_on, report.position",
        entity_id, since,
    )  # fmt: skip


async def reports_of(entity_id: int, begins_on: date, ends_on: date) -> list[db.Row]:
    return await db.rows(
        f"{REPORT} WHERE report.legal_entity_id = $1 AND report.begins_on = $2 AND report.ends_on = $3 ORDER BY report.position",
        entity_id, begins_on, ends_on,
    )  # fmt: skip


# Invoices of suppliers that came in


async def supplier_of(siren: str) -> int | None:
    """The referrer of that SIREN; none when there is none, or more than one."""
    if not siren:
        return None
    found = await db.rows(
        "SELECT id FROM referrer WHERE siret LIKE $1 || '%' AND alias_of IS NULL AND state <> 'merged' LIMIT 2",
        siren,
    )
    return found[0]["id"] if len(found) == 1 else None


async def arrival(received_id: int) -> db.Row | None:
    """An own invoice that came by platform, with the flow that brought it."""
    return await db.row(
        """SELECT received.*, arrival.flow_id FROM platform_arrival arrival
           JOIN received_invoice received ON received.id = arrival.received_id WHERE received.id = $1""",
        received_id,
    )


async def not_handed_over() -> list[int]:
    """Came in, and the work ended before they were handed over."""
    found = await db.rows(
        """SELECT id FROM platform_flow flow WHERE direction = 'in' AND content = 'invoice' AND fault = ''
             AND NOT EXISTS (SELECT FROM platform_arrival WHERE flow_id = flow.id) ORDER BY id"""
    )
    return [row["id"] for row in found]
