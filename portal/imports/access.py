"""What is known before a file is read, and what came of those read before."""

from collections.abc import Sequence
from typing import Any

from portal.imports.checks import Known
from portal.imports.client_deals import ClientDeals, Deal
from portal.imports.faults import SKIPPED, Fault
from portal.imports.names import alias
from portal.imports.preview import Word, unknown_words
from portal.imports.waiting import Claims, claim_of
from portal.kit import db, files
from portal.kit.days import today
from portal.kit.listing import Listing
from portal.kit.problems import NotFound
from portal.people.rules import Person, Role

MOST_WORDS = 30
LEAD_REF = "coalesce(lead.external_id, lead.ref)"  # by which files call a recommendation
SET_ASIDE = f"(NOT warning OR code IN {tuple(sorted(SKIPPED))})"


async def known(kind: str) -> Known:
    """What a file of this kind may refer to, and what it may bring again."""
    return Known(
        today=today(),
        referrers=await _days(
            f"SELECT {'unnest(ARRAY[number, lower(email)])' if kind == 'referrers' else 'number'}, "
            "(SELECT min(starts_on) FROM contract WHERE referrer_id = referrer.id) FROM referrer"
        ),
        leads=await _days(f"SELECT {LEAD_REF}, deal.signed_on FROM lead LEFT JOIN deal ON deal.lead_id = lead.id"),
        payments=await _ids(
            """SELECT external_id FROM client_payment WHERE external_id IS NOT NULL
               UNION SELECT external_id FROM incoming_payment WHERE external_id IS NOT NULL AND state <> 'waiting'"""
        ),
        paid=await _paid() if kind == "payments" else frozenset(),
        clients=await _ids("SELECT external_id FROM client WHERE external_id IS NOT NULL"),
        claims=await _claims() if kind == "leads" else Claims(),
        aliases=await _aliases(kind),
        deals=await _deals() if kind == "payments" else ClientDeals(),
    )  # fmt: skip


async def _days(sql: str) -> dict:
    return {row[0]: row[1] for row in await db.rows(sql)}


async def _ids(sql: str) -> frozenset[str]:
    return frozenset(row[0] for row in await db.rows(sql))


NAMES = {
    "leads": """SELECT number, unnest(ARRAY[email, concat_ws(' ', first_name, last_name), company_name]) FROM referrer""",
    "payments": f"""SELECT {LEAD_REF}, unnest(ARRAY[lead.ref, invoice.number]) FROM lead
                    JOIN deal ON deal.lead_id = lead.id LEFT JOIN client_invoice invoice ON invoice.deal_id = deal.id""",
}


async def _aliases(kind: str) -> dict[str, str]:
    """Name → number; nothing for a name that two answer to."""
    found: dict[str, str] = {}
    for number, name in await db.rows(NAMES[kind]) if kind in NAMES else []:
        if name and found.setdefault(alias(name), number) != number:
            found[alias(name)] = ""
    return found


async def _paid() -> frozenset[tuple[object, ...]]:
    rows = await db.rows(
        f"""SELECT {LEAD_REF}, paid_on, CASE payment.kind WHEN 'payment' THEN payment.net_cents ELSE -payment.net_cents END
            FROM client_payment payment JOIN deal ON deal.id = payment.deal_id JOIN lead ON lead.id = deal.lead_id"""
    )
    return frozenset(map(tuple, rows))


async def _claims() -> Claims:
    leads = await db.rows(
        f"""SELECT {LEAD_REF} AS ref, referrer.number AS referrer, recommended_on AS day, siren, lead.company_name AS company,
                   contact_email AS email FROM lead JOIN referrer ON referrer.id = lead.referrer_id
            ORDER BY recommended_on, lead.id"""
    )
    return Claims(claim_of(lead["ref"], dict(lead)) for lead in leads)


async def _deals() -> ClientDeals:
    deals = await db.rows(
        f"""SELECT {LEAD_REF}, coalesce(nullif(client.siren, ''), lead.siren), ARRAY[client.name, lead.company_name],
                   ARRAY[number, referrer.email, concat_ws(' ', first_name, last_name), referrer.company_name]
            FROM deal JOIN lead ON lead.id = deal.lead_id JOIN client ON client.id = deal.client_id
            JOIN referrer ON referrer.id = lead.referrer_id ORDER BY deal.id"""
    )
    return ClientDeals(Deal(ref, siren, tuple(names), tuple(called)) for ref, siren, names, called in deals)


async def mapping(kind: str) -> dict[str, str]:
    """What administrators said that unusual columns of this kind mean."""
    return {
        row["title"]: row["field"]
        for row in await db.rows("SELECT title, field FROM import_mapping WHERE kind = $1", kind)
    }


# -- imports

IMPORT = """
SELECT import_file.*, app_user.name AS who,
       (SELECT count(*) FROM import_fault WHERE import_id = import_file.id AND warning) AS remarks
FROM import_file LEFT JOIN app_user ON app_user.id = import_file.by_user
"""


async def import_for(person: Person, ref: str) -> db.Row:
    found = await db.row(f"{IMPORT} WHERE import_file.ref = $1 AND $2", ref, person.may(Role.ADMIN))
    if found is None:
        raise NotFound("import")
    return found


async def import_file(import_id: int) -> db.Row:
    found = await db.row(f"{IMPORT} WHERE import_file.id = $1", import_id)
    if found is None:
        raise NotFound("import")
    return found


@files.door("import")
async def opens_file(person: Person, import_id: int) -> object:
    return await import_for(person, (await import_file(import_id))["ref"])


IMPORT_SORTS = {"name": "lower(import_file.name)", "at": "import_file.at"}
IMPORT_WHERE = {"contenu": "import_file.kind = {}", "etat": "import_file.state = {}"}


async def imports(listing: Listing) -> Listing:
    return await listing.fetch(
        f"{IMPORT} WHERE true", sorts=IMPORT_SORTS, then="import_file.id DESC", where=IMPORT_WHERE
    )


async def begun(kind: str, sha256: bytes) -> db.Row | None:
    """An import of the very same file that has not ended."""
    return await db.row(
        f"{IMPORT} WHERE import_file.kind = $1 AND import_file.sha256 = $2 AND import_file.state = 'applying'",
        kind, sha256,
    )  # fmt: skip


async def content(import_: db.Row) -> bytes:
    return await files.content(await files.by_id(import_["file_id"]))


async def rows_done(import_id: int) -> int:
    return await db.value("SELECT rows_done FROM import_file WHERE id = $1", import_id)


# -- faults


async def set_aside_by_reading(import_id: int) -> set[int]:
    """The lines that the reading which counts did not find good, or found there already."""
    found = await db.rows(
        f"SELECT DISTINCT line FROM import_fault WHERE import_id = $1 AND {SET_ASIDE} AND NOT while_taking",
        import_id,
    )
    return {row["line"] for row in found}


FAULT = """
SELECT fault.*, coalesce('/apporteurs/' || referrer.ref, '/recommandations/' || lead.ref) AS path
FROM import_fault fault JOIN import_file ON import_file.id = fault.import_id
LEFT JOIN referrer ON import_file.kind = 'referrers' AND referrer.id = (
    SELECT id FROM referrer WHERE fault.row_ref IN (number, lower(email)) ORDER BY id LIMIT 1)
LEFT JOIN lead ON import_file.kind = 'leads' AND lead.external_id = fault.row_ref
WHERE import_id = $1
"""
FIRST = "fault.warning, fault.line, fault.id"
WHERE = {"genre": "fault.warning = ({} = 'remarques')", "motif": "fault.code = {}"}


async def faults_of(import_id: int, limit: int) -> list[dict[str, Any]]:
    """The first, those that keep a row out before remarks."""
    return _with_sentences(await db.rows(f"{FAULT} ORDER BY {FIRST} LIMIT $2", import_id, limit))


async def list_faults(import_id: int, listing: Listing) -> None:
    """Each with the sentence that says why, and the path of the referrer or recommendation that it is about."""
    await listing.fetch(FAULT, import_id, sorts={"line": "fault.line"}, then=FIRST, where=WHERE)
    listing.rows = _with_sentences(listing.rows)


def _with_sentences(rows: Sequence[db.Row]) -> list[dict[str, Any]]:
    return [{**row, "sentence": fault_of(row).sentence} for row in rows]


def fault_of(row: db.Row) -> Fault:
    return Fault(row["line"], row["column_title"], row["value"], row["code"], row["params"], row["row_ref"])


async def words_of(import_: db.Row) -> list[Word]:
    """What stands in columns of known words and is none of them."""
    rows = await db.rows(
        "SELECT code, value FROM import_fault WHERE import_id = $1 GROUP BY code, value ORDER BY count(*) DESC, value LIMIT 500",
        import_["id"],
    )
    return unknown_words(import_["kind"], [(row["code"], row["value"]) for row in rows])[:MOST_WORDS]


async def codes_of(import_id: int) -> list[db.Row]:
    """How often each fault and each remark stands there, the most frequent first."""
    return await db.rows(
        """SELECT code, warning, count(*) AS many, (array_agg(params ORDER BY id))[1] AS params FROM import_fault
           WHERE import_id = $1 GROUP BY code, warning ORDER BY warning, many DESC, code""",
        import_id,
    )


async def reasons(import_id: int) -> dict[int, list[Fault]]:
    """Line → why it was not taken."""
    found: dict[int, list[Fault]] = {}
    for row in await db.rows(
        "SELECT * FROM import_fault WHERE import_id = $1 AND NOT warning ORDER BY line, id", import_id
    ):
        found.setdefault(row["line"], []).append(fault_of(row))
    return found
