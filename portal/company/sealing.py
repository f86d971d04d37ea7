"""The seal of each legal entity, and every certificate that ever sealed here.

Without a file of the company's own, the key is derived from the current key of the ring and the certificate is made by
the portal itself: it shows that a paper is unchanged and comes from this portal, not more. A new key of the ring, a new
name or a certificate near its end brings a new certificate; the former ones are kept, so that old seals can be checked."""

import asyncio
from datetime import timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from portal.kit import db, seal
from portal.kit.days import now
from portal.kit.keyring import ring
from portal.kit.seal import Seal
from portal.settings import settings

RENEWED_BEFORE = timedelta(days=365)


async def sealed_pdf(entity: db.Row, pdf: bytes, reason: str) -> bytes:
    """The file, sealed as an increment: it begins with what was given."""
    from portal.kit.seal_pdf import seal_pdf, server_of  # 29 MB that only who seals needs

    return await asyncio.to_thread(
        seal_pdf, pdf, await seal_of(entity),
        reason=reason, at=now(), timestamps=server_of(settings().seal_timestamps),
    )  # fmt: skip


async def sealed_json(entity: db.Row, content: dict[str, Any]) -> dict[str, Any]:
    return seal.sealed_json(await seal_of(entity), content)


async def seal_of(entity: db.Row) -> Seal:
    own = settings().seal_file
    if own:
        found = seal.from_file(own, settings().seal_password)
        await _remember(entity, found.certificate, None)
        return found
    number = ring().current
    key = seal.key_of(ring(), number, f"legal_entity:{entity['ref']}")
    return Seal(key, await _certificate(entity, number) or await _certify(entity, number, key))


async def known(fingerprint: bytes) -> db.Row | None:
    """The certificate of this portal with that SHA-256, with the name of whose it is."""
    return await db.row(
        """SELECT seal_certificate.*, legal_entity.name AS entity_name FROM seal_certificate
           JOIN legal_entity ON legal_entity.id = legal_entity_id WHERE sha256 = $1 LIMIT 1""",
        fingerprint,
    )


async def certificates() -> list[db.Row]:
    return await db.rows("SELECT * FROM seal_certificate ORDER BY id DESC")


async def _certificate(entity: db.Row, number: int) -> x509.Certificate | None:
    found = await db.value(
        """SELECT certificate FROM seal_certificate WHERE legal_entity_id = $1 AND ring_key = $2 AND name = $3
             AND since <= $4 AND until > $5 ORDER BY id DESC LIMIT 1""",
        entity["id"], number, entity["name"], now(), now() + RENEWED_BEFORE,
    )  # fmt: skip
    return x509.load_der_x509_certificate(found) if found else None


async def _certify(entity: db.Row, number: int, key: Any) -> x509.Certificate:
    made = seal.self_signed(key, entity["name"], entity["siren"], now())
    await _remember(entity, made, number)
    return made


async def _remember(entity: db.Row, certificate: x509.Certificate, number: int | None) -> None:
    """In a transaction of its own: what was sealed with it can be checked whatever becomes of the deed."""
    async with db.transaction():
        await db.execute(
            """INSERT INTO seal_certificate (legal_entity_id, ring_key, sha256, certificate, name, since, until)
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (legal_entity_id, sha256) DO NOTHING""",
            entity["id"], number, seal.fingerprint(certificate), certificate.public_bytes(Encoding.DER), entity["name"],
            certificate.not_valid_before_utc, certificate.not_valid_after_utc,
        )  # fmt: skip
