"""Forms come from our own pages: where the browser says so, and by a token bound to the session."""

import hmac
import secrets

from litestar import Request

from portal.kit.keyring import ring
from portal.kit.problems import Forged

OUR_OWN = {"same-origin", "none"}
SAFE = {"GET", "HEAD", "OPTIONS"}


def token(binding: str) -> str:
    """`binding` is the session, or the visitor's cookie before there is one."""
    random = secrets.token_urlsafe(12)
    return f"{random}.{_mac(binding, random)}"


def belongs(given: str, binding: str) -> bool:
    random, _, mac = given.partition(".")
    return bool(binding) and hmac.compare_digest(mac.encode(), _mac(binding, random).encode())


def _mac(binding: str, random: str) -> str:
    return ring().mac(f"{binding}.{random}", "csrf", 1).hex()[:40]


async def refuse_forged(request: Request, origin: str, binding: str) -> None:
    """Raises Forged unless an unsafe request comes from one of our pages."""
    if request.method in SAFE:
        return
    if not _from_here(request, origin):
        raise Forged("origin")
    given = request.headers.get("x-csrf-token") or str((await request.form()).get("csrf", ""))
    if not belongs(given, binding):
        raise Forged("csrf")


def _from_here(request: Request, origin: str) -> bool:
    site = request.headers.get("sec-fetch-site")
    return site in OUR_OWN if site else request.headers.get("origin") == origin
