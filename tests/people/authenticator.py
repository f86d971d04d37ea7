"""A device that holds passkeys, as the standard describes it, with every way to answer wrongly."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def plain(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Device:
    """One key, made for one user. `verifies`: it recognises its owner by finger or code."""

    origin: str = "http://testserver.local"
    rp_id: str = "testserver.local"
    verifies: bool = True
    count: int = 0
    handle: str = ""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def creates(self, options: dict[str, Any]) -> str:
        self.handle = options["user"]["id"]
        told = self._client_data("webauthn.create", options["challenge"])
        attested = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + self._public()
        statement = {"fmt": "none", "attStmt": {}, "authData": self._data(ATTESTED) + attested}
        return self._answer(told, attestationObject=plain(cbor2.dumps(statement)))

    def signs(self, options: dict[str, Any], **other: str) -> str:
        """`other` replaces parts of the answer."""
        self.count += 1
        told, data = self._client_data("webauthn.get", options["challenge"]), self._data(0)
        signature = self.key.sign(data + hashlib.sha256(told).digest(), ec.ECDSA(SHA256()))
        parts = {"authenticatorData": plain(data), "signature": plain(signature), "userHandle": self.handle}
        return self._answer(told, **(parts | other))

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, more: int) -> bytes:
        flags = PRESENT | more | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _public(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        return cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        )

    def _answer(self, told: bytes, **parts: str) -> str:
        key = plain(self.credential)
        response = {"clientDataJSON": plain(told), **parts}
        return json.dumps({"id": key, "rawId": key, "type": "public-key", "response": response})
