"""Sealing a PDF: PAdES B-B, invisible, as an increment, so that the sealed file begins with the very file that was sealed.

Order: PDF/A-3, then what is attached, the seal last. With a server of timestamps: B-T. Non vérifié en réel: the
timestamp is tried against a local authority only."""

import io
from datetime import datetime
from typing import Any

from asn1crypto import keys, x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.requests_client import HTTPTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from portal.kit.seal import Seal, name_of

FIELD = "Cachet"
TOLD = "Cachet électronique"


class _AtOurTime(PdfSigner):
    """Says the time of our clock, not of the machine's."""

    def __init__(self, *args: Any, at: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.at = at

    def init_signing_session(self, *args: Any, **options: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **options)
        session.system_time = self.at
        return session


def seal_pdf(
    pdf: bytes, seal: Seal, *, reason: str, at: datetime, timestamps: TimeStamper | None = None
) -> bytes:
    """`at`: what the seal says of itself; a timestamp says it for others. Blocks: call it in a thread."""
    meta = PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason=reason,
        name=name_of(seal.certificate),
    )  # fmt: skip
    field = SigFieldSpec(FIELD, readable_field_name=TOLD)
    signer = _AtOurTime(meta, signer=_signer(seal), timestamper=timestamps, new_field_spec=field, at=at)
    out = io.BytesIO()
    signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out)
    return out.getvalue()


def server_of(url: str) -> TimeStamper | None:
    """The RFC 3161 server of the settings; none when no address is set."""
    return HTTPTimeStamper(url, timeout=10) if url else None


def _signer(seal: Seal) -> SimpleSigner:
    raw = seal.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    store = SimpleCertificateStore()
    store.register_multiple(x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in seal.chain)
    return SimpleSigner(
        signing_cert=x509.Certificate.load(seal.certificate.public_bytes(Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(raw),
        cert_registry=store,
    )
