"""The key and certificate with which the house seals: made from the key ring, or brought by the company in a PKCS#12 file.

Sealed are PDFs (portal.kit.seal_pdf) and JSON: a detached JWS over the bytes of the JSON with sorted keys, no spaces."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509.oid import NameOID

from portal.kit.keyring import KeyRing

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256, FIPS 186-5
LASTS = timedelta(days=20 * 365)
ALGORITHM = "ES256"
COORDINATE = 32


class UnusableFile(ValueError):
    """The company's own file does not open, or holds no P-256 key."""


@dataclass(frozen=True, slots=True)
class Seal:
    """`chain`: the certificates between ours and a root, when somebody issued it."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def fingerprint(self) -> bytes:
        return self.certificate.fingerprint(hashes.SHA256())


def key_of(ring: KeyRing, number: int, owner: str) -> ec.EllipticCurvePrivateKey:
    """Always the same for this key of the ring and this owner: it is kept nowhere else, and goes with the ring's backup."""
    wide = ring.mac(owner, "seal.1", number) + ring.mac(owner, "seal.2", number)
    return ec.derive_private_key(int.from_bytes(wide) % (ORDER - 1) + 1, CURVE)


def self_signed(key: ec.EllipticCurvePrivateKey, name: str, siren: str, at: datetime) -> x509.Certificate:
    """An organisation's certificate: the name and the number under which the law knows it (EN 319 412-3)."""
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, name[:64]),
            x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, f"NTRFR-{siren}"),
            x509.NameAttribute(NameOID.COMMON_NAME, name[:64]),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    since = at.astimezone(UTC) - timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def from_file(path: Path, password: str) -> Seal:
    """The company's own PKCS#12. Raises UnusableFile."""
    try:
        key, certificate, chain = pkcs12.load_key_and_certificates(
            path.read_bytes(), password.encode() or None
        )
    except (OSError, ValueError) as wrong:
        raise UnusableFile(path) from wrong
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != CURVE.name or certificate is None:
        raise UnusableFile(path)
    return Seal(key, certificate, tuple(chain))


def sealed_json(seal: Seal, content: dict[str, Any]) -> dict[str, Any]:
    """The same, with its seal as last member: a detached JWS (RFC 7515 appendix F) that carries the certificate."""
    head = {
        "alg": ALGORITHM,
        "x5c": [
            base64.b64encode(one.public_bytes(Encoding.DER)).decode()
            for one in (seal.certificate, *seal.chain)
        ],
    }
    protected = _b64(msgspec.json.encode(head))
    signature = seal.key.sign(_signed_bytes(protected, content), ec.ECDSA(hashes.SHA256()))
    r, s = utils.decode_dss_signature(signature)
    return content | {"seal": f"{protected}..{_b64(r.to_bytes(COORDINATE) + s.to_bytes(COORDINATE))}"}


def json_seal(content: dict[str, Any]) -> tuple[x509.Certificate, bool] | None:
    """The certificate that its seal names, and whether it is as it was sealed; none when there is no seal to read."""
    said = {name: value for name, value in content.items() if name != "seal"}
    try:
        protected, _detached, signature = str(content["seal"]).split(".")
        head = msgspec.json.decode(_unb64(protected))
        certificate = x509.load_der_x509_certificate(base64.b64decode(head["x5c"][0]))
        key, raw = certificate.public_key(), _unb64(signature)
    except (ValueError, KeyError, IndexError, TypeError, UnsupportedAlgorithm, msgspec.DecodeError):
        return None
    if head.get("alg") != ALGORITHM or not isinstance(key, ec.EllipticCurvePublicKey):
        return None
    return certificate, _is_signed(key, raw, _signed_bytes(protected, said))


def _is_signed(key: ec.EllipticCurvePublicKey, raw: bytes, content: bytes) -> bool:
    r, s = int.from_bytes(raw[:COORDINATE]), int.from_bytes(raw[COORDINATE:])
    try:
        key.verify(utils.encode_dss_signature(r, s), content, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def name_of(certificate: x509.Certificate) -> str:
    """Whose seal it says it is."""
    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else certificate.subject.rfc4514_string()


def fingerprint(certificate: x509.Certificate) -> bytes:
    return certificate.fingerprint(hashes.SHA256())


def canonical(content: dict[str, Any]) -> bytes:
    """Sorted keys, no spaces, UTF-8."""
    return msgspec.json.encode(content, order="sorted")


def _signed_bytes(protected: str, content: dict[str, Any]) -> bytes:
    return f"{protected}.{_b64(canonical(content))}".encode()


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
