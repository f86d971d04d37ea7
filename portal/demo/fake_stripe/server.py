"""The fake Stripe on a port of this machine: its API, and the page on which a referrer would prove who they are."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from portal.demo.fake_stripe import onboarding
from portal.demo.fake_stripe.asked import Asked, Declined, nested
from portal.demo.fake_stripe.bank import Bank
from portal.demo.fake_stripe.faults import Fault, Faults

KEY, SECRET = "sk_test_demonstration", "whsec_demonstration"
BROKEN = (Fault.BROKEN, Fault.BROKEN_AFTER)
WEB = "text/html; charset=utf-8"
ERROR = Declined(500, "api_error", message="An error occurred on our end")


class Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, bank: Bank, faults: Faults | None = None, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.bank, self.faults = bank, faults or Faults()
        self.in_hand: set[str] = set()
        self.asked = 0  # transfers, however they were answered

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed while we spoke is no news."""


@contextmanager
def serving(bank: Bank, faults: Faults | None = None, port: int = 0) -> Iterator[Server]:
    with Server(bank, faults, port) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server  # pyright: ignore[reportIncompatibleVariableOverride]

    def log_message(self, format: str, *args: Any) -> None:
        """It keeps silent: the portal says what it does."""

    def do_GET(self) -> None:
        self._answer("GET", urlsplit(self.path).query)

    def do_POST(self) -> None:
        self._answer("POST", self.rfile.read(int(self.headers.get("content-length", 0))).decode())

    def _answer(self, method: str, said: str) -> None:
        path = urlsplit(self.path).path
        asked = Asked(method, path, nested(said), self.headers.get("idempotency-key", ""))
        if asked.parts[0] == "onboarding":
            return self._onboard(asked)
        try:
            self._api(asked)
        except Declined as no:
            self._send(no.status, no.body)

    def _api(self, asked: Asked) -> None:
        if self.headers.get("authorization") != f"Bearer {KEY}":
            raise Declined(401, "invalid_request_error", message="Invalid API Key provided")
        fault = self._met() if (asked.method, asked.path) == ("POST", "/v1/transfers") else None
        if fault is Fault.TOO_MANY:
            raise Declined(429, "invalid_request_error", "rate_limit", "Too many requests")
        if fault is Fault.LOST_BEFORE:
            self._hang_up()
            return
        status, body, replayed = self._worked(asked, fault)
        if fault is Fault.SLOW:
            time.sleep(self.server.faults.slow_seconds)
        if fault is Fault.LOST_AFTER:
            self._hang_up()
            return
        if asked.path == "/v1/account_links":
            body = {**body, "url": self.server.address + body["url"]}
        self._send(status, body, {"idempotent-replayed": "true"} if replayed else {})

    def _met(self) -> Fault | None:
        self.server.asked += 1
        return self.server.faults.next()

    def _worked(self, asked: Asked, fault: Fault | None) -> tuple[int, dict[str, Any], bool]:
        bank, in_hand = self.server.bank, self.server.in_hand
        with bank.lock:
            if asked.key and asked.key in in_hand:
                raise Declined(409, "idempotency_error", "idempotency_key_in_use")
            in_hand.add(asked.key)
        try:
            if fault in BROKEN and asked.key not in bank.holds["answers"]:
                return self._broken(asked, done=fault is Fault.BROKEN_AFTER)
            return bank.answer(asked)
        finally:
            in_hand.discard(asked.key)

    def _broken(self, asked: Asked, *, done: bool) -> tuple[int, dict[str, Any], bool]:
        bank = self.server.bank
        with bank.lock:
            if done:
                bank.transfer(asked.params)
            bank.keep_answer(asked, ERROR.status, ERROR.body)
        return ERROR.status, ERROR.body, False

    def _onboard(self, asked: Asked) -> None:
        location, page = onboarding.answered(self.server.bank, asked)
        if location:
            self._send(HTTPStatus.SEE_OTHER, b"", {"location": location})
        else:
            self._send(HTTPStatus.OK, page.encode(), {"content-type": WEB})

    def _send(self, status: int, body: bytes | dict[str, Any], headers: dict[str, str] | None = None) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        said = {"content-type": "application/json", "content-length": str(len(content)), **(headers or {})}
        for name, value in said.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _hang_up(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
