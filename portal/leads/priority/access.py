"""What is read about who was first: one question for the page of a recommendation, the doors to disputes, what waits for a decision."""

from portal.kit import db
from portal.kit.days import today
from portal.kit.listing import Listing
from portal.kit.problems import NotFound
from portal.leads.access import LEAD
from portal.leads.priority.known import KNOWN, asked
from portal.leads.priority.rules import may_appeal

# The line of a company: the one that goes first and those behind it, as they came.
LINE = """
SELECT coalesce(jsonb_agg(to_jsonb(one) ORDER BY one.first DESC, one.recommended_on, one.id), '[]') FROM (
  SELECT line.id, line.ref, line.state, line.source, line.recommended_on, line.submitted_at, line.id = coalesce($6, $1) AS first,
         coalesce(nullif(referrer.company_name, ''), concat_ws(' ', referrer.first_name, referrer.last_name)) AS referrer_name
  FROM (SELECT * FROM lead WHERE id = coalesce($6, $1)
        UNION ALL SELECT * FROM lead WHERE behind_lead_id = coalesce($6, $1) AND state IN ('waiting', 'disputed')) line
  JOIN referrer ON referrer.id = line.referrer_id) one
"""
STEPS = """
SELECT coalesce(jsonb_agg(to_jsonb(step) || jsonb_build_object('who', app_user.name) ORDER BY step.id), '[]')
FROM lead_extension step LEFT JOIN app_user ON app_user.id = step.by_user WHERE step.lead_id = $1
"""
DISPUTED = """
SELECT coalesce(jsonb_agg(jsonb_build_object('ref', dispute.ref, 'lead_id', dispute.lead_id, 'against_id', dispute.against_id,
         'about', dispute.about, 'state', dispute.state, 'decision', dispute.decision, 'due_at', dispute.due_at,
         'appeal_until', dispute.appeal_until, 'appealed_lead_id', dispute.appealed_lead_id) ORDER BY dispute.id), '[]')
FROM dispute WHERE dispute.lead_id = $1 OR dispute.against_id = $1
"""
AROUND = f"""
SELECT CASE WHEN $7 THEN ({KNOWN}) END AS known, CASE WHEN $7 THEN ({LINE}) END AS line,
       ({STEPS}) AS steps, ({DISPUTED}) AS disputes,
       (SELECT code FROM lead_receipt WHERE lead_id = $1) AS code,
       (SELECT to_jsonb(said) FROM company_check said WHERE said.lead_id = $1 ORDER BY said.id DESC LIMIT 1) AS register
"""

RECEIVED = LEAD.replace("SELECT lead.*", "SELECT lead.*, receipt.code AS receipt_code", 1)

DISPUTE = """
SELECT dispute.*, lead.ref AS lead_ref, lead.company_name, lead.version AS lead_version, decider.name AS decided_by_name,
       opener.name AS opened_by_name,
       coalesce(nullif(referrer.company_name, ''), concat_ws(' ', referrer.first_name, referrer.last_name)) AS referrer_name,
       (SELECT by_user FROM lead_move WHERE lead_id = dispute.lead_id AND move = 'reject' ORDER BY id DESC LIMIT 1) AS refused_by
FROM dispute JOIN lead ON lead.id = dispute.lead_id JOIN referrer ON referrer.id = lead.referrer_id
LEFT JOIN app_user decider ON decider.id = dispute.decided_by LEFT JOIN app_user opener ON opener.id = dispute.opened_by
"""
SORTS = {"company": "lower(company_name)", "due": "due_at", "opened": "opened_at"}
WHERE = {
    "q": "concat_ws(' ', company_name, referrer_name) ILIKE {}",
    "etat": "state = {}",
}


async def around(lead: db.Row, *, staff: bool) -> db.Row:
    """All that the page of a recommendation tells of its priority, asked at once."""
    found = await db.row(AROUND, *asked(lead), lead["behind_lead_id"], staff)
    assert found is not None
    return found


async def dispute(dispute_id: int) -> db.Row:
    found = await db.row(f"{DISPUTE} WHERE dispute.id = $1", dispute_id)
    assert found is not None
    return found


async def latest_dispute(lead_id: int) -> db.Row | None:
    """Of this recommendation, on whichever side it stands."""
    return await db.row(
        f"{DISPUTE} WHERE dispute.lead_id = $1 OR dispute.against_id = $1 ORDER BY dispute.id DESC LIMIT 1",
        lead_id,
    )


async def dispute_at(ref: str) -> db.Row:
    """For sales: that of a recommendation, on whichever side it stands."""
    found = await db.row(
        f"""{DISPUTE} JOIN lead asked ON asked.ref = $1
            WHERE dispute.lead_id = asked.id OR dispute.against_id = asked.id ORDER BY dispute.id DESC LIMIT 1""",
        ref,
    )
    if found is None:
        raise NotFound("dispute")
    return found


async def both_files(lead_ids: list[int]) -> list[db.Row]:
    """Each with the code of its receipt, in the order asked for."""
    return await db.rows(
        f"""{RECEIVED} LEFT JOIN lead_receipt receipt ON receipt.lead_id = lead.id
            WHERE lead.id = ANY ($1) ORDER BY array_position($1, lead.id)""",
        lead_ids,
    )


async def moves_of(lead_ids: list[int]) -> list[db.Row]:
    return await db.rows(
        """SELECT lead_move.*, app_user.name AS who FROM lead_move LEFT JOIN app_user ON app_user.id = lead_move.by_user
           WHERE lead_id = ANY ($1) ORDER BY lead_move.id""",
        lead_ids,
    )


async def proofs_of(lead_ids: list[int]) -> list[db.Row]:
    return await db.rows("SELECT * FROM consent_proof WHERE lead_id = ANY ($1) ORDER BY id", lead_ids)


async def appealable(lead: db.Row) -> db.Row:
    """The decision that this recommendation may have examined again."""
    found = await latest_dispute(lead["id"])
    if found is None or not may_appeal(found, lead["id"], today()):
        raise NotFound("dispute")
    return found


async def words_of(dispute_id: int) -> list[db.Row]:
    return await db.rows(
        """SELECT word.*, app_user.name AS who FROM dispute_word word LEFT JOIN app_user ON app_user.id = word.author_id
           WHERE word.dispute_id = $1 ORDER BY word.id""",
        dispute_id,
    )


async def listed(listing: Listing) -> Listing:
    """Disputes, those to decide first and by their date."""
    then = "(state IN ('opened', 'appealed')) DESC, due_at, id"
    return await listing.fetch(
        f"SELECT * FROM ({DISPUTE}) dispute WHERE true", sorts=SORTS, then=then, where=WHERE
    )


# The last word about an extension is a question.
UNANSWERED = """asked.kind = 'asked' AND asked.id = (SELECT max(id) FROM lead_extension WHERE lead_id = asked.lead_id)"""


async def extensions_asked(limit: int = 50) -> list[db.Row]:
    return await db.rows(
        f"""{LEAD.replace("SELECT lead.*", "SELECT lead.*, asked.body AS asked_body, asked.at AS asked_at", 1)}
            JOIN lead_extension asked ON asked.lead_id = lead.id AND {UNANSWERED}
            ORDER BY lead.priority_until, lead.id LIMIT $1""",
        limit,
    )


async def extension(extension_id: int) -> db.Row:
    found = await db.row("SELECT * FROM lead_extension WHERE id = $1", extension_id)
    assert found is not None
    return found


async def receipt_code(lead_id: int) -> str | None:
    return await db.value("SELECT code FROM lead_receipt WHERE lead_id = $1", lead_id)
