"""What must hold of recommendations: proofs say what they said, and who was erased is."""

from portal.kit import db
from portal.kit.faults import Fault
from portal.leads.prospect import proofs

CHECKED = {
    "proofs of consent": "SELECT count(*) FROM consent_proof",
    "erased recommendations": "SELECT count(*) FROM lead WHERE erased_at IS NOT NULL",
}
LEFT = """
SELECT ref FROM lead WHERE erased_at IS NOT NULL
  AND (contact_name || contact_email || contact_phone || need || call_wished <> ''
       OR EXISTS (SELECT FROM lead_note WHERE lead_id = lead.id AND lead_note.erased_at IS NULL AND lead_note.at < lead.erased_at))
ORDER BY id
"""


async def faults() -> list[Fault]:
    touched = [Fault("proof_differs", str(proof_id)) for proof_id in await proofs.faulty()]
    return [*touched, *(Fault("erased_but_there", row["ref"]) for row in await db.rows(LEFT))]
