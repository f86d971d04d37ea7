"""Which recommendations may be of the same prospect, found by their keys."""

from collections.abc import Sequence

from portal.clients import access as clients
from portal.clients.keys import keys_of
from portal.kit import db
from portal.kit.references import read_ref
from portal.leads import access
from portal.leads.dossier.merge_rules import STAYS

MOST = 12


async def alike(lead: db.Row) -> list[db.Row]:
    """Same company, address or number; the one for which it waits, and those that wait for it."""
    keys = keys_of(
        name=lead["company_name"],
        siren=lead["siren"],
        email=lead["contact_email"],
        phone=lead["contact_phone"],
    )
    ids = await clients.owners("lead", sorted(keys))
    return await _open(lead, [*ids, lead["behind_lead_id"] or 0])


async def named(lead: db.Row, typed: str) -> list[db.Row]:
    """By a name, a SIREN, an address or a number as somebody types it; by a reference."""
    keys = keys_of(name=typed, siren=typed, email=typed, phone=typed)
    ids = await clients.owners("lead", sorted(keys))
    by_ref = await db.value("SELECT id FROM lead WHERE ref = $1", read_ref(typed))
    return await _open(lead, [*ids, by_ref or 0])


async def _open(lead: db.Row, ids: Sequence[int]) -> list[db.Row]:
    return await db.rows(
        f"""{access.LEAD} WHERE (lead.id = ANY ($1) OR lead.behind_lead_id = $2) AND lead.id <> $2 AND lead.state = ANY ($3)
            ORDER BY lead.recommended_on, lead.id LIMIT $4""",
        list(ids), lead["id"], sorted(STAYS), MOST,
    )  # fmt: skip


async def counts(lead_ids: Sequence[int]) -> dict[int, db.Row]:
    """How many words, open tasks, files, proofs and deals each has."""
    rows = await db.rows(
        """SELECT id, (SELECT count(*) FROM lead_note WHERE lead_id = lead.id AND erased_at IS NULL) AS words,
                  (SELECT count(*) FROM task WHERE lead_id = lead.id AND done_at IS NULL) AS tasks,
                  (SELECT count(*) FROM attachment WHERE lead_id = lead.id AND removed_at IS NULL) AS files,
                  (SELECT count(*) FROM consent_proof WHERE lead_id = lead.id) AS proofs,
                  (SELECT count(*) FROM deal WHERE deal.lead_id = lead.id) AS deals
           FROM lead WHERE id = ANY ($1)""",
        list(lead_ids),
    )
    return {row["id"]: row for row in rows}
