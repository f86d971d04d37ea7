"""An approved platform of our own, for the demo and the tests: it answers as XP Z12-013 1.3.0 says, and fails when told to.

Written from the published description alone; no real platform was ever asked. Non vérifié en réel."""

import base64
import hashlib
import hmac
import json
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from portal.kit.days import now

CLIENT, SECRET = "entremise", "un secret de démonstration"
SYNTAXES = {"CII", "UBL", "Factur-X", "CDAR", "FRR"}
TYPES = {
    "Factur-X": "SupplierInvoice",
    "CII": "SupplierInvoice",
    "UBL": "SupplierInvoice",
    "CDAR": "SupplierInvoiceLC",
    "FRR": "UnitarySupplierTransactionReport",
}
LOST, DROPPED, GARBLED = (
    "lost",
    "dropped",
    "garbled",
)  # done but not answered; not done; answered with nonsense
Answer = tuple[int, Any]


class _Hangs(Exception):
    """The line goes dead."""


@dataclass
class Platform:
    """What it has and is asked; `faults`: route → what goes wrong next there."""

    clock: Callable[[], datetime] = now
    flows: dict[str, dict[str, Any]] = field(default_factory=dict)
    bodies: dict[str, bytes] = field(default_factory=dict)
    directory: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    hooks: dict[str, tuple[str, str]] = field(default_factory=dict)  # id → url, key
    faults: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    asked: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    page: int = 100
    url: str = ""
    _lock: Lock = field(default_factory=Lock)
    _latest: datetime | None = None

    # What happens there, as told by who plays with it

    def fails(self, route: str, *faults: Any) -> None:
        """`route`: 'POST /v1/flows'; a fault is a status, or LOST, DROPPED, GARBLED; each once, in order."""
        self.faults[route].extend(faults)

    def checks(self, tracking_id: str = "", fault: tuple[str, str] | None = None) -> None:
        """What was deposited is checked: accepted, or refused for a reason."""
        for flow in self.flows.values():
            waits = flow["flowDirection"] == "Out" and flow["acknowledgement"]["status"] == "Pending"
            if waits and tracking_id in ("", flow["trackingId"]):
                details = [_detail(*fault)] if fault else []
                flow["acknowledgement"] = {"status": "Error" if fault else "Ok", "details": details}
                flow["updatedAt"] = self._stamp()

    def brings(
        self, body: bytes, flow_type: str = "SupplierInvoiceLC", syntax: str = "CDAR", flow_id: str = ""
    ) -> str:
        """Something comes in for us; its id."""
        flow_id = flow_id or secrets.token_hex(16)
        stamp = self._stamp()
        self.flows[flow_id] = {
            "flowId": flow_id, "submittedAt": stamp, "updatedAt": stamp, "flowDirection": "In", "flowType": flow_type,
            "flowSyntax": syntax, "name": f"{flow_type}.xml", "processingRule": "B2B", "flowProfile": "CIUS",
            "processingRuleSource": "Computed", "acknowledgement": {"status": "Ok", "details": []},
        }  # fmt: skip
        self.bodies[flow_id] = body
        return flow_id

    def lists(self, siren: str, name: str, status: str = "Enabled", address: str = "") -> None:
        """In the directory."""
        self.directory.setdefault(siren, []).append(
            {"addressingIdentifier": address or siren, "siren": siren, "platformType": "WK", "directoryLineStatus": status,
             "legalUnit": {"siren": siren, "businessName": name}}
        )  # fmt: skip

    def deposited(self, syntax: str = "") -> list[dict[str, Any]]:
        return [
            one
            for one in self.flows.values()
            if one["flowDirection"] == "Out" and syntax in ("", one["flowSyntax"])
        ]

    def call_of(self, flow_id: str, key: str) -> tuple[bytes, dict[str, str]]:
        """Body and headers of the call by which it tells of a flow."""
        body, stamp = json.dumps(self.flows[flow_id]).encode(), str(int(self.clock().timestamp()))
        digest = hashlib.sha256(body + b"@" + stamp.encode()).digest()
        signature = base64.b64encode(hmac.digest(base64.b64decode(key), digest, "sha256")).decode()
        return body, {
            "afnor-signature": signature,
            "afnor-signature-timestamp": stamp,
            "content-type": "application/json",
        }

    # The interface

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> Answer:
        parts = urlsplit(path)
        route = f"{method} {parts.path.removeprefix('/flow').removeprefix('/directory')}"
        with self._lock:
            self.asked.append(route)
            fault = self.faults[route].pop(0) if self.faults[route] else None
            if fault == DROPPED:
                raise _Hangs
            if isinstance(fault, int):
                return fault, _error("INJECTED", "as told")
            given = self._answered(route, parts.query, headers, body)
            if fault == LOST:
                raise _Hangs
            return (given[0], b"{ not json") if fault == GARBLED else given

    def _answered(self, route: str, query: str, headers: Any, body: bytes) -> Answer:
        if route == "POST /token":
            return self._token(headers)
        if (headers.get("authorization") or "").removeprefix("Bearer ") not in self.tokens:
            return 401, _error("UNAUTHORIZED", "no valid token")
        match route:
            case "GET /v1/healthcheck":
                return 200, {}
            case "POST /v1/flows":
                return self._deposit(headers, body)
            case "POST /v1/flows/search":
                return self._search(json.loads(body))
            case "POST /v1/webhooks":
                return self._hook(json.loads(body))
            case "POST /v1/directory-line/search":
                siren = json.loads(body)["filters"]["siren"]["value"]
                return 200, {"totalNumberOfResults": -1, "results": self.directory.get(siren, [])}
        return self._one(
            route.removeprefix("GET /v1/flows/"), parse_qs(query).get("docType", ["Metadata"])[0]
        )

    def _token(self, headers: Any) -> Answer:
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if headers.get("authorization") != f"Basic {basic}":
            return 401, {"error": "invalid_client"}
        token = secrets.token_hex(16)
        self.tokens.add(token)
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": 300}

    def _deposit(self, headers: Any, body: bytes) -> Answer:
        info, file = _multipart(headers.get("content-type") or "", body)
        if not info.get("name") or info.get("flowSyntax") not in SYNTAXES:
            return 400, _error("MISSING_REQUIRED_FIELD", "flowSyntax and name are required")
        twins = [one for one in self.flows.values() if one.get("trackingId") == info.get("trackingId")]
        faults = [_detail("AlreadyExistingFlow", "sent before")] if twins else []
        if info.get("sha256") not in (None, hashlib.sha256(file).hexdigest()):
            faults.append(_detail("ChecksumMismatch", "the file is another"))
        flow_id, stamp = secrets.token_hex(16), self._stamp()
        self.flows[flow_id] = {
            **{name: value for name, value in info.items() if name != "sha256"}, "flowId": flow_id, "submittedAt": stamp,
            "updatedAt": stamp, "flowDirection": "Out", "flowType": TYPES[info["flowSyntax"]], "flowProfile": "CIUS",
            "processingRuleSource": "Input", "acknowledgement": {"status": "Error" if faults else "Pending", "details": faults},
        }  # fmt: skip
        self.bodies[flow_id] = file
        return 202, {**info, "flowId": flow_id, "submittedAt": stamp}

    def _search(self, asked: dict[str, Any]) -> Answer:
        where = asked.get("where") or {}
        if not where:
            return 400, _error("MISSING_CRITERION", "at least one criterion is needed")
        found = sorted(
            (one for one in self.flows.values() if _fits(one, where)),
            key=lambda one: (one["updatedAt"], one["flowId"]),
        )
        start, size = int(asked.get("cursor") or 0), min(asked.get("limit", 25), self.page)
        more = {"nextCursor": str(start + size)} if len(found) > start + size else {}
        return 200, {"limit": size, "filters": where, "results": found[start : start + size], **more}

    def _hook(self, asked: dict[str, Any]) -> Answer:
        key, hook_id = base64.b64encode(secrets.token_bytes(32)).decode(), secrets.token_hex(16)
        self.hooks[hook_id] = (asked["callbackUrl"], key)
        return 201, {"webhookId": hook_id, "signingKey": key, "createdAt": self._stamp()}

    def _one(self, flow_id: str, wanted: str) -> Answer:
        if flow_id not in self.flows:
            return 404, _error("NOT_FOUND", "no such flow")
        return 200, self.flows[flow_id] if wanted == "Metadata" else self.bodies[flow_id]

    def _stamp(self) -> str:
        """Each later than the one before."""
        least = self._latest + timedelta(microseconds=1) if self._latest else self.clock()
        self._latest = max(self.clock(), least)
        return self._latest.isoformat().replace("+00:00", "Z")


def _fits(flow: dict[str, Any], where: dict[str, Any]) -> bool:
    after = where.get("updatedAfter")
    late = after is None or datetime.fromisoformat(flow["updatedAt"]) > datetime.fromisoformat(after)
    return late and where.get("trackingId") in (None, flow.get("trackingId"))


def _detail(code: str, message: str) -> dict[str, str]:
    return {"level": "Error", "item": "", "reasonCode": code, "reasonMessage": message}


def _error(code: str, message: str) -> dict[str, str]:
    return {"errorCode": code, "errorMessage": message}


def _multipart(content_type: str, body: bytes) -> tuple[dict[str, Any], bytes]:
    message = BytesParser().parsebytes(b"content-type: " + content_type.encode() + b"\r\n\r\n" + body)
    found = {
        str(part.get_param("name", header="content-disposition")): cast(
            "bytes", part.get_payload(decode=True)
        )
        for part in message.walk()
    }
    return json.loads(found["flowInfo"]), found["file"]


@contextmanager
def serving(platform: Platform) -> Iterator[Platform]:
    """At 127.0.0.1, on a free port: `platform.url`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            with suppress(_Hangs, BrokenPipeError, ConnectionResetError):
                self._say(*platform.answer(self.command, self.path, self.headers, body))

        do_POST = do_GET

        def _say(self, status: int, said: Any) -> None:
            body = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header(
                "content-type", "application/octet-stream" if isinstance(said, bytes) else "application/json"
            )
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    platform.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
