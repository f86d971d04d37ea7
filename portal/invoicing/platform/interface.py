"""The calls of XP Z12-013 1.3.0 that we make: flows deposited, found, read; the directory; webhooks; is it there."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec

from portal.invoicing.platform.calling import Unreachable, call
from portal.settings import settings

PAGE = 100
OLDEST_SIGNATURE = 300  # seconds
FACTUR_X, CII, CDAR, FRR = "Factur-X", "CII", "CDAR", "FRR"


class Detail(msgspec.Struct, rename="camel"):
    level: str = "Error"
    item: str = ""
    reason_code: str = ""
    reason_message: str = ""


class Acknowledgement(msgspec.Struct, rename="camel"):
    status: str
    details: list[Detail] = []


class Flow(msgspec.Struct, rename="camel"):
    """A flow as the platform has it."""

    flow_id: str
    updated_at: datetime
    flow_direction: str
    flow_type: str
    flow_syntax: str
    name: str
    acknowledgement: Acknowledgement
    tracking_id: str | None = None

    @property
    def faults(self) -> list[Detail]:
        return [one for one in self.acknowledgement.details if one.level == "Error"]

    @property
    def is_twin(self) -> bool:
        """Refused only because the same was deposited before."""
        return bool(self.faults) and all(one.reason_code == "AlreadyExistingFlow" for one in self.faults)

    @property
    def said(self) -> str:
        told = (" : ".join(filter(None, (one.reason_code, one.reason_message))) for one in self.faults)
        return " ; ".join(told)[:500]


class Found(msgspec.Struct, rename="camel"):
    results: list[Flow]
    next_cursor: str | None = None


class Deposited(msgspec.Struct, rename="camel"):
    flow_id: str


class Unit(msgspec.Struct, rename="camel"):
    business_name: str = ""


class Line(msgspec.Struct, rename="camel"):
    """Where somebody receives, as the directory says."""

    addressing_identifier: str = ""
    directory_line_status: str = ""
    legal_unit: Unit | None = None


class Lines(msgspec.Struct, rename="camel"):
    results: list[Line] = []


class Hook(msgspec.Struct, rename="camel"):
    webhook_id: str
    signing_key: str


Said = TypeVar("Said")


# Flows


async def deposit(body: bytes, name: str, media_type: str, syntax: str, rule: str, tracking_id: str) -> str:
    """The platform's own name of it. Raises Unreachable, Rejected."""
    info = {
        "flowSyntax": syntax, "name": name, "processingRule": rule, "trackingId": tracking_id,
        "sha256": hashlib.sha256(body).hexdigest(),
    }  # fmt: skip
    answer = await call(
        "POST", settings().platform_flow_url, "/v1/flows",
        files={
            "flowInfo": ("flowInfo.json", msgspec.json.encode(info), "application/json"),
            "file": (name, body, media_type),
        },
    )  # fmt: skip
    return _read(answer, Deposited).flow_id


async def tracked(tracking_id: str) -> Flow | None:
    """What became of a deposit whose answer was lost. Of twins, the one that was not refused as a twin."""
    found = [
        one for one in (await _search({"trackingId": tracking_id})).results if one.tracking_id == tracking_id
    ]
    return min(found, key=lambda one: (one.is_twin, one.updated_at), default=None)


async def changed(after: datetime, cursor: str | None) -> Found:
    """What changed since, a page at a time."""
    return await _search({"updatedAfter": f"{after:%Y-%m-%dT%H:%M:%S.%fZ}"}, cursor)


async def _search(where: dict[str, Any], cursor: str | None = None) -> Found:
    asked = {"where": where, "limit": PAGE, **({"cursor": cursor} if cursor else {})}
    return _read(await call("POST", settings().platform_flow_url, "/v1/flows/search", json=asked), Found)


async def described(external_id: str) -> Flow:
    return _read(await _got(external_id, "Metadata"), Flow)


async def original(external_id: str) -> bytes:
    return await _got(external_id, "Original")


async def _got(external_id: str, what: str) -> bytes:
    path = f"/v1/flows/{quote(external_id, safe='')}"
    return await call("GET", settings().platform_flow_url, path, params={"docType": what})


async def alive() -> None:
    """Raises Unreachable."""
    await call("GET", settings().platform_flow_url, "/v1/healthcheck")


# The directory


async def lines_of(siren: str) -> Sequence[Line]:
    asked = {"filters": {"siren": {"op": "strict", "value": siren}}, "include": ["siren"], "limit": 50}
    answer = await call("POST", settings().platform_directory_url, "/v1/directory-line/search", json=asked)
    return _read(answer, Lines).results


# Being called


async def listen(url: str) -> Hook:
    asked = {"callbackUrl": url, "flowDirection": "In", "ackStatus": "Ok"}
    return _read(await call("POST", settings().platform_flow_url, "/v1/webhooks", json=asked), Hook)


def is_signed(body: bytes, key: str, signature: str, stamp: str, at: datetime) -> bool:
    """HMAC-SHA-256 over the SHA-256 of body, '@' and epoch; whether of its bytes or of its hex the text does not say:
    both need the key. An old one is a replay."""
    if (
        not (stamp.isascii() and stamp.isdigit())
        or abs(int(stamp[:12]) - int(at.timestamp())) > OLDEST_SIGNATURE
    ):
        return False
    print_ = hashlib.sha256(body + b"@" + stamp.encode())
    secret = base64.b64decode(key)
    return any(
        hmac.compare_digest(base64.b64encode(hmac.digest(secret, said, "sha256")), signature.encode())
        for said in (print_.digest(), print_.hexdigest().encode())
    )


def _read(body: bytes, kind: type[Said]) -> Said:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as garbled:
        raise Unreachable("garbled") from garbled
