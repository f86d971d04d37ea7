"""What a request to it says: form fields with brackets become nested values; a refusal has the shape of Stripe's errors."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

PART = re.compile(r"[^\[\]]+")


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    params: dict[str, Any]
    key: str = ""  # Idempotency-Key

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.path.strip("/").split("/"))


class Declined(Exception):
    """`kept`: the endpoint had begun, so its answer is the answer to this key from now on."""

    def __init__(
        self, status: int, kind: str, code: str = "", message: str = "", *, kept: bool = False
    ) -> None:
        self.status, self.kept = status, kept
        self.body = {"error": {"type": kind, "code": code or None, "message": message or code or kind}}


def invalid(code: str, message: str = "", *, kept: bool = False, status: int = 400) -> Declined:
    return Declined(status, "invalid_request_error", code, message, kept=kept)


def nested(encoded: str) -> dict[str, Any]:
    """`a[b]=1` → {"a": {"b": "1"}}."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        *way, last = PART.findall(name)
        place = found
        for step in way:
            place = place.setdefault(step, {})
        place[last] = value
    return found
