"""The doors of the house: headers, who comes in, what they may, where forms come from."""

import ipaddress
import secrets
import time
from functools import cache
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from portal import logs
from portal.company import brand
from portal.kit import csrf, forms
from portal.kit.problems import NotAllowed, NotFound
from portal.kit.text import LANGUAGES, N_, speak
from portal.kit.web import ANYONE, SIGNED_IN
from portal.people import reading, seeing, sessions, tokens
from portal.people.reach import acts, check_reach
from portal.settings import settings

UNGUARDED = ("/static/", "/sante", "/metrics")
API = "/api/"
BEARER = "bearer "
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
PRIVATE = "no-store"
FOR_EVER = "public, max-age=31536000, immutable"
YEAR = 365 * 24 * 3600
SCOPE_MISSING = N_("Ce jeton n'ouvre pas cette partie.")


def session_cookie() -> str:
    return "__Host-session" if settings().secure_cookies else "session"


def visitor_cookie() -> str:
    return "__Host-visitor" if settings().secure_cookies else "visitor"


def device_cookie() -> str:
    return "__Host-device" if settings().secure_cookies else "device"


def cookie(name: str, value: str, max_age: int) -> dict[str, Any]:
    """For `response.set_cookie(**…)`: never readable by scripts, never sent along from elsewhere."""
    return {
        "key": name, "value": value, "max_age": max_age, "path": "/",
        "httponly": True, "samesite": "lax", "secure": settings().secure_cookies,
    }  # fmt: skip


def house(router: ASGIApp) -> ASGIApp:
    """Around everything, so that unknown addresses, static files and faults go through the same doors."""
    return SecurityHeaders(HeadersAlone(RequestLog(WhoIsThere(router))))


class SecurityHeaders:
    """Outermost: on every answer, errors and static files included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableScopeHeaders.from_message(message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", PRIVATE)
                if settings().secure_cookies:
                    headers.setdefault("strict-transport-security", f"max-age={YEAR}; includeSubDomains")
            await send(message)

        await self.app(scope, receive, send_with_headers)


class RequestLog:
    """One line a request: method, route, status, time, user."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.WEBSOCKET:
            return await self.app(
                scope, receive, send
            )  # the portal speaks HTTP only: it is refused further in
        begun, status = time.perf_counter(), 500

        async def send_noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_noting_status)
        finally:
            person = scope["state"].get("person")
            took = (time.perf_counter() - begun) * 1000
            logs.request_done(
                scope["method"], route_of(scope), status, took, person.user_id if person else None
            )


class HeadersAlone:
    """HEAD is answered as GET would be, without its body: routes need not know of it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        if scope.get("method") == "HEAD":
            asked: Any = {**scope, "method": "GET"}
            await self.app(asked, receive, send_without_body)
        else:
            await self.app(scope, receive, send)


def route_of(scope: Scope) -> str:
    """The template of the path ('/recommandations/{ref}'); empty for an unknown address."""
    return scope.get("path_template") or ""


class WhoIsThere:
    """Puts session, person, the binding of form tokens and the language into the scope. One query."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith(UNGUARDED):
            await self.app(scope, receive, send)
            return
        connection: ASGIConnection = ASGIConnection(scope)
        state = scope["state"]
        state["address"] = address_of(connection)
        try:
            await self._recognise(connection)
        except Exception as fault:
            state["fault"] = fault  # raised by the guard, where faults become answers
        person = state.get("person")
        if person:
            speak(person.language, person.words, person.called)
        else:
            speak(wanted_language(connection))
        await self.app(scope, receive, _remembering(connection, send))

    async def _recognise(self, connection: ASGIConnection) -> None:
        state = connection.scope["state"]
        state["visitor"] = connection.cookies.get(visitor_cookie(), "")
        state["binding"] = state["visitor"] or secrets.token_urlsafe(24)
        if bearer := _bearer(connection):
            state["bearer"] = True
            state["person"] = await tokens.person_of(bearer, state["address"])
            return
        token = connection.cookies.get(session_cookie(), "")
        state["session"] = session = await sessions.session_of(token)
        state["person"] = session.person if session else None
        state["binding"] = token if session else state["binding"]
        state["brand"] = await brand.current()


def _bearer(connection: ASGIConnection) -> str:
    given = connection.headers.get("authorization", "")
    is_api = connection.scope["path"].startswith(API)
    return given[len(BEARER) :].strip() if is_api and given.lower().startswith(BEARER) else ""


def _remembering(connection: ASGIConnection, send: Send) -> Send:
    """A visitor without a session gets a cookie of their own, to which form tokens are bound."""
    state = connection.scope["state"]
    known = state.get("session") or state.get("visitor") or connection.scope["path"].startswith(API)

    async def send_with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start" and not known and state.get("binding"):
            secure = "; Secure" if settings().secure_cookies else ""
            said = f"{visitor_cookie()}={state['binding']}; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400{secure}"
            MutableScopeHeaders.from_message(message).add("set-cookie", said)
        await send(message)

    return send_with_cookie


def address_of(connection: ASGIConnection) -> str:
    """From whom it comes. X-Forwarded-For is believed only as far as proxies that we trust have written it."""
    client = connection.scope.get("client")
    address = client[0] if client else ""
    forwarded = [
        part.strip() for part in connection.headers.get("x-forwarded-for", "").split(",") if part.strip()
    ]
    while forwarded and _is_trusted(address):
        address = forwarded.pop()
    return address


def _is_trusted(address: str) -> bool:
    try:
        return any(
            ipaddress.ip_address(address) in network for network in _trusted(settings().trusted_proxies)
        )
    except ValueError:
        return False


@cache
def _trusted(proxies: tuple[str, ...]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    return [ipaddress.ip_network(proxy, strict=False) for proxy in proxies]


def wanted_language(connection: ASGIConnection) -> str:
    chosen = connection.cookies.get("langue", "")
    if chosen in LANGUAGES:
        return chosen
    return "en" if connection.headers.get("accept-language", "").lower().startswith("en") else "fr"


def allowed(connection: ASGIConnection, handler: BaseRouteHandler) -> None:
    """The guard of every route. A route that does not say who may is open to nobody."""
    state, allows = connection.scope["state"], handler.opt.get("allows", frozenset())
    if fault := state.get("fault"):
        raise fault
    person = state.get("person")
    if person and (person.seeing or allows != ANYONE):
        check_reach(person, connection.scope.get("method", ""), route_of(connection.scope))
    forms.offer(person is None or acts(person, route_of(connection.scope)))
    if allows == ANYONE:
        return
    if person is None:
        raise NotAuthorizedException
    if allows != SIGNED_IN and not person.roles & allows:
        raise NotFound("role")
    if person.scopes is not None and handler.opt.get("scope") not in (None, *person.scopes):
        raise NotAllowed("scope", SCOPE_MISSING)


async def before_request(request: Request) -> None:
    """After the guard, before the handler: unsafe requests come from our own pages, or bring their own proof."""
    state = request.scope["state"]
    if (person := state.get("person")) and person.seeing and request.method in csrf.SAFE:
        await seeing.trace(person, route_of(request.scope))
    if person and person.reads_only and reading.takes_away(request.query_params, route_of(request.scope)):
        await reading.trace(person, route_of(request.scope), request.scope["path"])
    if state.get("bearer") or request.route_handler.opt.get(
        "proves_itself"
    ):  # also signed webhooks, one-click unsubscribe
        return
    await csrf.refuse_forged(request, settings().origin, state.get("binding", ""))
