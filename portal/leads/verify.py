"""What must hold of recommendations: proofs say what they said, and who was erased is."""

from portal.kit import db
from portal.kit.faults import Fault
from portal.leads.dossier import words
from portal.leads.priority import receipts
from portal.leads.prospect import proofs

CHECKED = {
    "proofs of consent": "SELECT count(*) FROM consent_proof",
    "receipts": "SELECT count(*) FROM lead_receipt",
    "erased recommendations": "SELECT count(*) FROM lead WHERE erased_at IS NOT NULL",
    "words on recommendations": "SELECT count(*) FROM lead_note WHERE erased_at IS NULL AND salt <> ''",
}
LEFT = """
SELECT ref FROM lead WHERE erased_at IS NOT NULL
  AND (contact_name || contact_email || contact_phone || need || call_wished <> ''
       OR EXISTS (SELECT FROM lead_note WHERE lead_id = lead.id AND lead_note.erased_at IS NULL AND lead_note.at < lead.erased_at)
       OR EXISTS (SELECT FROM task WHERE task.lead_id = lead.id AND task.title <> '' AND task.made_at < lead.erased_at)
       OR EXISTS (SELECT FROM attachment WHERE attachment.lead_id = lead.id AND removed_at IS NULL AND attachment.at < lead.erased_at))
ORDER BY id
"""


async def faults() -> list[Fault]:
    touched = [Fault("proof_differs", str(proof_id)) for proof_id in await proofs.faulty()]
    touched += [Fault("words_differ", str(note_id)) for note_id in await words.faulty()]
    differing = [Fault("receipt_differs", ref) for ref in await receipts.faulty()]
    return [*touched, *differing, *(Fault("erased_but_there", row["ref"]) for row in await db.rows(LEFT))]
