"""What was agreed to, refused or asked for, word for word: append-only, and bound to the recommendation and the instant by a digest."""

import hashlib
import hmac
from datetime import datetime

from portal.kit import db
from portal.kit.days import now
from portal.kit.keyring import ring
from portal.kit.text import language

FIELD = "consent_proof.subject"


async def keep(lead: db.Row, kind: str, words: str, via: str) -> None:
    """`words` as they stood on the page, in the language in which they were read."""
    at = now()
    await db.insert(
        "consent_proof",
        lead_id=lead["id"], kind=kind, via=via, words=words, language=language(), at=at,
        sha256=digest(lead["ref"], kind, words, at), subject_mac=whose(lead["contact_email"], lead["contact_phone"]),
    )  # fmt: skip


def digest(ref: str, kind: str, words: str, at: datetime) -> bytes:
    return hashlib.sha256("\n".join((ref, kind, at.isoformat(), words)).encode()).digest()


def whose(email: str, phone: str) -> bytes:
    """Nothing can be read back; who shows the same address and number is recognised, also after an erasure."""
    return ring().blind(f"{email.lower()}|{phone}", FIELD)


async def of(lead_id: int) -> list[db.Row]:
    return await db.rows("SELECT * FROM consent_proof WHERE lead_id = $1 ORDER BY id", lead_id)


async def faulty() -> list[int]:
    """Those whose words, recommendation or instant are no longer what the digest was made of."""
    rows = await db.rows(
        "SELECT proof.*, lead.ref FROM consent_proof proof JOIN lead ON lead.id = proof.lead_id ORDER BY proof.id"
    )
    return [
        row["id"]
        for row in rows
        if not hmac.compare_digest(row["sha256"], digest(row["ref"], row["kind"], row["words"], row["at"]))
    ]
