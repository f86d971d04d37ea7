"""What is known before a file is read, and what came of those read before."""

from portal.imports.checks import Known
from portal.imports.waiting import claim_of
from portal.kit import db
from portal.kit.days import today


async def known(kind: str) -> Known:
    """What a file of this kind may refer to, and what it may bring again."""
    return Known(
        today=today(),
        referrers=await _days("SELECT number, (SELECT min(starts_on) FROM contract WHERE referrer_id = referrer.id) FROM referrer"),
        leads=await _days(
            """SELECT lead.external_id, deal.signed_on FROM lead LEFT JOIN deal ON deal.lead_id = lead.id
               WHERE lead.external_id IS NOT NULL"""
        ),
        payments=await _ids("SELECT external_id FROM client_payment WHERE external_id IS NOT NULL"),
        clients=await _ids("SELECT siren FROM client WHERE siren <> '' AND external_id IS NOT NULL"),
        claims=await _claims() if kind == "leads" else (),
    )  # fmt: skip


async def _days(sql: str) -> dict:
    return {row[0]: row[1] for row in await db.rows(sql)}


async def _ids(sql: str) -> frozenset[str]:
    return frozenset(row[0] for row in await db.rows(sql))


async def _claims() -> tuple:
    leads = await db.rows(
        """SELECT coalesce(external_id, ref) AS ref, recommended_on AS day, siren, company_name AS company,
                  contact_email AS email FROM lead ORDER BY recommended_on, id"""
    )
    return tuple(claim_of(dict(lead)) for lead in leads)


async def import_file(import_id: int) -> db.Row:
    found = await db.row("SELECT * FROM import_file WHERE id = $1", import_id)
    assert found is not None
    return found


async def faults_of(import_id: int) -> list[db.Row]:
    return await db.rows(
        "SELECT * FROM import_fault WHERE import_id = $1 ORDER BY warning, line, id", import_id
    )
