"""The seal: always the same key for the same ring, a certificate in the company's name, PAdES that covers the whole file."""

import base64
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs12,
)
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey
from pyhanko.keys import load_private_key_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pypdf import PdfReader, PdfWriter

from portal.kit import seal
from portal.kit.keyring import KeyRing
from portal.kit.seal import Seal
from portal.kit.seal_check import Unreadable, seals_of
from portal.kit.seal_pdf import seal_pdf

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
OWNER = "legal_entity:7"


@pytest.fixture(scope="module")
def ring(tmp_path_factory) -> KeyRing:
    return KeyRing(tmp_path_factory.mktemp("ring") / "keys.json")


@pytest.fixture(scope="module")
def ours(ring) -> Seal:
    key = seal.key_of(ring, 1, OWNER)
    return Seal(key, seal.self_signed(key, "Lumen Conseil", "732829320", AT))


@pytest.fixture(scope="module")
def plain() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def sealed(ours, plain) -> bytes:
    return seal_pdf(plain, ours, reason="Essai", at=AT)


def number_of(key: ec.EllipticCurvePrivateKey) -> int:
    return key.private_numbers().private_value


def test_the_same_ring_gives_the_same_key_and_a_new_key_of_the_ring_another(tmp_path):
    ring = KeyRing(tmp_path / "keys.json")
    first = number_of(seal.key_of(ring, 1, OWNER))
    assert number_of(seal.key_of(KeyRing(tmp_path / "keys.json"), 1, OWNER)) == first
    assert number_of(seal.key_of(ring, ring.rotate(), OWNER)) != first
    assert number_of(seal.key_of(ring, 1, OWNER)) == first


def test_each_company_has_a_key_of_its_own(ring):
    assert number_of(seal.key_of(ring, 1, OWNER)) != number_of(seal.key_of(ring, 1, "legal_entity:8"))


def test_the_certificate_names_the_company_and_lasts_twenty_years(ours):
    assert seal.name_of(ours.certificate) == "Lumen Conseil"
    assert "NTRFR-732829320" in ours.certificate.subject.rfc4514_string()
    assert ours.certificate.not_valid_after_utc - AT > timedelta(days=19 * 365)


def test_a_sealed_file_begins_with_the_file_that_was_sealed(plain, sealed):
    assert sealed.startswith(plain)
    assert len(sealed) > len(plain)


def test_the_seal_tells_our_time_and_shows_nothing_on_the_page(sealed):
    [field] = PdfReader(io.BytesIO(sealed)).get_fields().values()
    assert field["/V"]["/M"] == "D:20261120093000Z"
    assert field["/V"]["/SubFilter"] == "/ETSI.CAdES.detached"


async def test_the_seal_covers_the_whole_file(ours, sealed):
    [found] = await seals_of(sealed)
    assert (found.fingerprint, found.intact, found.covers) == (ours.fingerprint.hex(), True, len(sealed))


async def test_bytes_that_come_after_are_seen(sealed):
    [found] = await seals_of(sealed + b"\n% more\n")
    assert (found.intact, found.covers) == (True, len(sealed))


async def test_one_byte_that_differs_is_seen(plain, sealed):
    at = plain.index(b"200")
    [found] = await seals_of(sealed[:at] + b"300" + sealed[at + 3 :])
    assert not found.intact


async def test_a_file_without_a_seal_has_none(plain):
    assert await seals_of(plain) == []


@pytest.mark.parametrize("hostile", [b"%PDF-1.7\n" + b"[" * 100_000, b"%PDF-1.7\n%%EOF", b"%PDF-"])
async def test_what_does_not_open_is_said_to_be_so(hostile):
    with pytest.raises(Unreadable):
        await seals_of(hostile)


def test_with_a_server_of_timestamps_the_seal_carries_its_time(ours, plain):
    """A local authority, which knows RSA only, stands for the server."""
    key: Any = rsa.generate_private_key(65537, 2048)
    certificate = seal.self_signed(key, "Horodatage", "000000000", AT)
    raw = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    authority = DummyTimeStamper(
        asn1.Certificate.load(certificate.public_bytes(Encoding.DER)),
        load_private_key_from_pemder_data(raw, None),
        fixed_dt=AT,
    )
    stamped = seal_pdf(plain, ours, reason="Essai", at=AT, timestamps=authority)
    [found] = PdfFileReader(io.BytesIO(stamped)).embedded_regular_signatures
    held = [attribute["type"].native for attribute in found.signer_info["unsigned_attrs"]]
    assert held == ["signature_time_stamp_token"]


def test_the_company_may_bring_a_file_of_its_own(ours, tmp_path):
    path = written(tmp_path / "cachet.p12", ours.key, ours.certificate)
    assert seal.from_file(path, "secret").fingerprint == ours.fingerprint


@pytest.mark.parametrize("password", ["", "wrong"])
def test_a_file_that_does_not_open_is_refused(ours, tmp_path, password):
    path = written(tmp_path / "cachet.p12", ours.key, ours.certificate)
    with pytest.raises(seal.UnusableFile):
        seal.from_file(path, password)


def test_a_file_with_another_kind_of_key_is_refused(tmp_path):
    key = ec.generate_private_key(ec.SECP384R1())
    path = written(tmp_path / "cachet.p12", key, seal.self_signed(key, "Lumen", "732829320", AT))
    with pytest.raises(seal.UnusableFile):
        seal.from_file(path, "secret")


def written(path: Path, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> Path:
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"cachet", key, certificate, None, BestAvailableEncryption(b"secret")
        )
    )
    return path


WORD = st.text(max_size=6)
LEAF = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | WORD
JSON = LEAF | st.lists(LEAF, max_size=3) | st.dictionaries(WORD, LEAF, max_size=3)
CONTENT = st.dictionaries(WORD.filter(lambda name: name != "seal"), JSON, max_size=4)


@given(CONTENT)
def test_sealed_json_is_known_again_whatever_it_says(ours, content):
    certificate, intact = seal.json_seal(seal.sealed_json(ours, content))
    assert (seal.fingerprint(certificate), intact) == (ours.fingerprint, True)


@given(CONTENT, WORD.filter(lambda name: name != "seal"))
def test_one_member_that_differs_is_seen(ours, content, name):
    changed = seal.sealed_json(ours, content) | {name: ["something else", content.get(name)]}
    assert seal.json_seal(changed)[1] is False


@pytest.mark.parametrize("wrong", ["", "a.b", "..", "e30..AA", "bm8..AA", 3, None, "eyJ4NWMiOls1XX0..AA"])
def test_what_is_no_seal_is_none(wrong):
    assert seal.json_seal({"a": 1, "seal": wrong}) is None


def test_the_seal_of_json_can_be_checked_without_this_portal(ours):
    """As the file itself explains: an ordinary JWS library, the payload put in its place."""
    sealed = seal.sealed_json(ours, {"b": "é", "a": [1, {"z": None, "y": True}]})
    said = {name: value for name, value in sealed.items() if name != "seal"}
    payload = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    head, _detached, signature = sealed["seal"].split(".")
    whole = f"{head}.{base64.urlsafe_b64encode(payload).rstrip(b'=').decode()}.{signature}"
    registry = jws.JWSRegistry(algorithms=["ES256"])
    registry.max_header_length = 4096  # the header carries the certificate
    public = ours.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    assert jws.deserialize_compact(whole, ECKey.import_key(public), registry=registry).payload == payload


def test_the_fingerprint_is_the_sha256_of_the_certificate(ours):
    assert ours.fingerprint == ours.certificate.fingerprint(hashes.SHA256())
