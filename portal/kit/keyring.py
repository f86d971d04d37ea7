"""Keys by id, in a file beside the database and with a backup of its own: fields sealed, values blinded, tokens signed.

A field is sealed with AES-GCM; its associated data names table and column, so that a value moved elsewhere does
not open. Rotation adds a key and makes it current; older ones go on opening what they sealed."""

import base64
import hashlib
import hmac
import json
import os
import secrets
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.settings import settings

NONCE = 12


class KeyRingMismatch(RuntimeError):
    """The ring does not hold the keys with which this database was written."""


class NotSealedHere(ValueError):
    """The bytes were not sealed for this table and column with a key of this ring."""


class KeyRing:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._take(json.loads(path.read_text()) if path.exists() else self._make())

    def _take(self, content: dict[str, Any]) -> None:
        self.keys = {int(number): base64.b64decode(key) for number, key in content["keys"].items()}
        self.current = int(content["current"])

    def _make(self) -> dict[str, Any]:
        content = {"current": 1, "keys": {"1": base64.b64encode(secrets.token_bytes(32)).decode()}}
        self._write(content)
        return content

    def _write(self, content: dict[str, object]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        partial = self.path.with_suffix(".partial")
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(content, file, indent=1)
        partial.replace(self.path)

    def rotate(self) -> int:
        """Add a key and use it from now on; its number."""
        self.current = max(self.keys) + 1
        self.keys[self.current] = secrets.token_bytes(32)
        keys = {str(number): base64.b64encode(key).decode() for number, key in self.keys.items()}
        self._write({"current": self.current, "keys": keys})
        return self.current

    def fingerprint(self) -> str:
        """Says which ring it is without giving anything away: the first key never changes."""
        return hashlib.sha256(b"fingerprint" + self.keys[min(self.keys)]).hexdigest()[:32]

    def seal(self, text: str, field: str) -> bytes:
        """`field` is 'table.column'."""
        return self.seal_bytes(text.encode(), field)

    def open(self, sealed: bytes, field: str) -> str:
        return self.open_bytes(sealed, field).decode()

    def seal_bytes(self, content: bytes, field: str) -> bytes:
        head, nonce = self.current.to_bytes(2), secrets.token_bytes(NONCE)
        return head + nonce + self._cipher(self.current).encrypt(nonce, content, head + field.encode())

    def open_bytes(self, sealed: bytes, field: str) -> bytes:
        head, nonce, body = sealed[:2], sealed[2 : 2 + NONCE], sealed[2 + NONCE :]
        try:
            return self._cipher(int.from_bytes(head)).decrypt(nonce, body, head + field.encode())
        except (InvalidTag, KeyError, ValueError) as wrong:
            raise NotSealedHere(field) from wrong

    def _cipher(self, number: int) -> AESGCM:
        if number not in self.keys and self.path.exists():  # another process has rotated since
            self._take(json.loads(self.path.read_text()))
        return AESGCM(self._key(number, "seal"))

    def blind(self, value: str, field: str) -> bytes:
        """A keyed hash: equal values are equal, nothing can be read back. The first key, for ever."""
        return self.mac(value, f"blind:{field}", min(self.keys))

    def mac(self, value: str, purpose: str, number: int | None = None) -> bytes:
        return hmac.digest(self._key(number or self.current, purpose), value.encode(), "sha256")

    def _key(self, number: int, purpose: str) -> bytes:
        return hmac.digest(self.keys[number], purpose.encode(), "sha256")


@cache
def ring() -> KeyRing:
    return KeyRing(settings().key_ring_path)
