"""The doors of the house: headers, who comes in, what they may, where forms come from."""

import secrets
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import MutableScopeHeaders
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from portal.kit import csrf
from portal.kit.problems import NotFound
from portal.kit.text import LANGUAGES, speak
from portal.kit.web import ANYONE, SIGNED_IN
from portal.people import sessions
from portal.settings import settings

UNGUARDED = ("/static/", "/sante", "/metrics")
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
PRIVATE = "no-store"
FOR_EVER = "public, max-age=31536000, immutable"
YEAR = 365 * 24 * 3600


def session_cookie() -> str:
    return "__Host-session" if settings().secure_cookies else "session"


def visitor_cookie() -> str:
    return "__Host-visitor" if settings().secure_cookies else "visitor"


def cookie(name: str, value: str, max_age: int) -> dict[str, Any]:
    """For `response.set_cookie(**…)`: never readable by scripts, never sent along from elsewhere."""
    return {
        "key": name, "value": value, "max_age": max_age, "path": "/",
        "httponly": True, "samesite": "lax", "secure": settings().secure_cookies,
    }  # fmt: skip


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


class WhoIsThere:
    """Puts the person, the binding of form tokens and the language into the scope. One query."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(UNGUARDED):
            await self.app(scope, receive, send)
            return
        connection: ASGIConnection = ASGIConnection(scope)
        token = connection.cookies.get(session_cookie(), "")
        visitor = connection.cookies.get(visitor_cookie(), "")
        session = await sessions.session_of(token)
        person = session.person if session else None
        scope["state"]["person"] = person
        scope["state"]["binding"] = token if person else (visitor or secrets.token_urlsafe(24))
        speak(person.language if person else wanted_language(connection))
        await self.app(scope, receive, _remembering(scope, visitor, send))


def _remembering(scope: Scope, visitor: str, send: Send) -> Send:
    """A visitor without a session gets a cookie of their own, to which form tokens are bound."""

    async def send_with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start" and not scope["state"]["person"] and not visitor:
            secure = "; Secure" if settings().secure_cookies else ""
            MutableScopeHeaders.from_message(message).add(
                "set-cookie",
                f"{visitor_cookie()}={scope['state']['binding']}; Path=/; HttpOnly; SameSite=Lax; Max-Age=86400{secure}",
            )
        await send(message)

    return send_with_cookie


def wanted_language(connection: ASGIConnection) -> str:
    chosen = connection.cookies.get("langue", "")
    if chosen in LANGUAGES:
        return chosen
    return "en" if connection.headers.get("accept-language", "").lower().startswith("en") else "fr"


def allowed(connection: ASGIConnection, handler: BaseRouteHandler) -> None:
    """The guard of every route. A route that does not say who may is open to nobody."""
    allows = handler.opt.get("allows", frozenset())
    if allows == ANYONE:
        return
    person = connection.scope["state"].get("person")
    if person is None:
        raise NotAuthorizedException
    if allows != SIGNED_IN and not person.roles & allows:
        raise NotFound("role")


async def before_request(request: Request) -> None:
    """After the guard, before the handler: unsafe requests come from our own pages."""
    if request.route_handler.opt.get("proves_itself"):  # bearer API, signed webhooks, one-click unsubscribe
        return
    await csrf.refuse_forged(request, settings().origin, request.scope["state"]["binding"])
