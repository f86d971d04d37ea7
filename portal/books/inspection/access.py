"""The lights of all referrers in one question; the dossiers that were made; what goes into one."""

from collections.abc import Sequence
from datetime import date

from portal.books.inspection.rules import in_order
from portal.kit import db, files
from portal.kit.days import today
from portal.kit.listing import Listing
from portal.kit.problems import NotFound
from portal.people.rules import Person, Role
from portal.referrers.access import NAME

MAY_SEE = (Role.FINANCE, Role.ADMIN)
SIGNED = "('in_force', 'suspended', 'ended', 'superseded')"
OF = "{0}.referrer_id = ANY ((SELECT ids_of(referrer.id))::bigint[])"  # also of the files that joined theirs
# One line a fault: what is looked for exists and should not. $1 is today.
LIGHTS = f"""
SELECT referrer.id, referrer.ref, referrer.number, {NAME} AS name, ARRAY (
  SELECT fault.code FROM (VALUES
    ('contract', EXISTS (SELECT FROM earning WHERE {OF.format("earning")}) AND NOT EXISTS (
      SELECT FROM contract WHERE {OF.format("contract")} AND contract.state IN {SIGNED})),
    ('proof', EXISTS (SELECT FROM contract WHERE {OF.format("contract")} AND contract.state IN {SIGNED} AND CASE WHEN on_paper
      THEN paper_file IS NULL ELSE NOT EXISTS (SELECT FROM signature_proof WHERE contract_id = contract.id AND side = 'referrer') END)),
    ('standing', coalesce((SELECT told.vat_regime FROM referrer_standing told WHERE told.referrer_id = referrer.id AND told.since <= $1
      ORDER BY told.since DESC, told.id DESC LIMIT 1), 'missing') = 'missing'),
    ('identity', {NAME} = '' OR referrer.street = '' OR referrer.city = '' OR (referrer.company_name <> '' AND referrer.country = 'FR' AND referrer.siret = '')),
    ('document', EXISTS (SELECT FROM document_request wanted WHERE wanted.referrer_id = referrer.id AND wanted.closed_at IS NULL AND wanted.due_on < $1)),
    ('unchecked', EXISTS (SELECT FROM referrer_document given WHERE given.referrer_id = referrer.id AND given.state = 'received')),
    ('paper', EXISTS (SELECT FROM invoice WHERE {OF.format("invoice")} AND NOT EXISTS (
      SELECT FROM stored_file WHERE subject_kind = 'invoice' AND subject_id = invoice.id AND erased_at IS NULL))),
    ('uninvoiced', EXISTS (SELECT FROM payout_line line WHERE {OF.format("line")} AND line.state = 'settled' AND NOT EXISTS (
      SELECT FROM payout_invoice WHERE line_id = line.id)))
  ) AS fault (code, found) WHERE fault.found
) AS missing
FROM referrer
WHERE referrer.state <> 'merged' AND EXISTS (SELECT FROM earning WHERE {OF.format("earning")})
"""
SORTS = {"who": "lower(name)", "number": "number", "light": "cardinality(missing)"}
FILTERS = {
    "q": "concat_ws(' ', name, number) ILIKE {}",
    "etat": "CASE WHEN cardinality(missing) = 0 THEN 'complete' ELSE 'missing' END = {}",
}
DOSSIER = f"""
SELECT dossier.*, app_user.name AS who, referrer.number AS referrer_number, referrer.ref AS referrer_ref, {NAME} AS referrer_name,
       file.ref AS file_ref, file.name AS file_name, file.size AS file_size, file.sha256, file.erased_at
FROM control_file dossier JOIN app_user ON app_user.id = dossier.asked_by
LEFT JOIN referrer ON referrer.id = dossier.referrer_id LEFT JOIN stored_file file ON file.id = dossier.file_id
"""
YEARS = """
SELECT DISTINCT extract(year FROM occurred_on)::int AS year FROM earning
WHERE legal_entity_id = $1 ORDER BY year DESC
"""


async def lights_page(listing: Listing, entity_id: int) -> Listing:
    """Whoever earned something, with what would be missing."""
    return await listing.fetch(
        f"SELECT * FROM ({LIGHTS} AND referrer.legal_entity_id = $2) light WHERE true",
        today(), entity_id, sorts=SORTS, where=FILTERS, then="number",
    )  # fmt: skip


async def missing_of(referrer_ids: Sequence[int]) -> dict[int, list[str]]:
    """Referrer → codes of what is missing, in order; who never earned anything is not in it."""
    found = await db.rows(f"{LIGHTS} AND referrer.id = ANY ($2::bigint[])", today(), list(referrer_ids))
    return {row["id"]: in_order(row["missing"]) for row in found}


async def referrers_of(entity_id: int, year: int) -> list[int]:
    """Who earned, was paid or got a paper in that year."""
    found = await db.rows(
        """SELECT DISTINCT coalesce(referrer.alias_of, referrer.id) AS id FROM referrer WHERE referrer.legal_entity_id = $1 AND (
             EXISTS (SELECT FROM earning WHERE referrer_id = referrer.id AND occurred_on BETWEEN $2 AND $3)
             OR EXISTS (SELECT FROM invoice WHERE referrer_id = referrer.id AND issued_on BETWEEN $2 AND $3)
             OR EXISTS (SELECT FROM payout_line line JOIN payout_run run ON run.id = line.run_id
                        WHERE line.referrer_id = referrer.id AND coalesce(line.settled_on, run.settled_on) BETWEEN $2 AND $3))
           ORDER BY 1""",
        entity_id, date(year, 1, 1), date(year, 12, 31),
    )  # fmt: skip
    return [row["id"] for row in found]


async def years_of(entity_id: int) -> list[int]:
    return [row["year"] for row in await db.rows(YEARS, entity_id)]


async def dossiers(entity_id: int) -> list[db.Row]:
    """The latest first."""
    return await db.rows(
        f"{DOSSIER} WHERE dossier.legal_entity_id = $1 ORDER BY dossier.id DESC LIMIT 20", entity_id
    )


async def dossier(dossier_id: int) -> db.Row:
    found = await db.row(f"{DOSSIER} WHERE dossier.id = $1", dossier_id)
    assert found is not None
    return found


async def dossier_for(person: Person, ref: str) -> db.Row:
    """Finance and administration alone."""
    found = await db.row(f"{DOSSIER} WHERE dossier.ref = $1 AND $2", ref, person.may(*MAY_SEE))
    if found is None:
        raise NotFound("dossier")
    return found


async def fetched(dossier_id: int) -> list[db.Row]:
    """Who took it away, the latest first."""
    return await db.rows(
        """SELECT event.at, app_user.name AS who FROM history_event event LEFT JOIN app_user ON app_user.id = event.user_id
           WHERE event.what = 'books.dossier_fetched' AND event.subject_kind = 'control_file' AND event.subject_id = $1
           ORDER BY event.id DESC LIMIT 50""",
        dossier_id,
    )


async def over(day: date) -> list[db.Row]:
    """Kept long enough."""
    return await db.rows(
        """SELECT dossier.id, dossier.file_id FROM control_file dossier JOIN stored_file file ON file.id = dossier.file_id
           WHERE dossier.keep_until < $1 AND file.erased_at IS NULL""",
        day,
    )


@files.door("control_file")
async def opens_dossier(person: Person, dossier_id: int) -> None:
    """By its own page alone, where it is written down who took it."""
    raise NotFound("dossier")
