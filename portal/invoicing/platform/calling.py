"""One call to the platform over HTTP: an OAuth2 token by client credentials, a few seconds, a bounded answer.

What may pass by itself is `Unreachable` (a job tries it again, ever more slowly); what the platform refuses for good is
`Rejected`. Nothing here opens a deed, and no secret comes into a message."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import msgspec

from portal.jobs.queue import Later
from portal.kit.days import now
from portal.kit.problems import Problem
from portal.kit.text import N_
from portal.settings import settings

SECONDS = 20.0
MOST_BYTES = 25_000_000
BEFORE_ITS_END = timedelta(seconds=30)
USUAL_LIFE = 300  # seconds, where the token does not say

FAULTS = {
    "silent": N_("La plateforme ne répond pas."),
    "busy": N_("La plateforme demande de patienter."),
    "broken": N_("La plateforme est en panne."),
    "garbled": N_("La réponse de la plateforme ne se lit pas."),
    "locked": N_("La plateforme refuse nos identifiants."),
    "off": N_("Aucune plateforme n'est branchée."),
}


class Unreachable(Later, Problem):
    """No answer, or none that counts. `code`: a key of FAULTS."""

    status = 503

    def __init__(self, code: str) -> None:
        Problem.__init__(self, code, FAULTS[code])


class Rejected(Exception):
    """The platform says no to what was asked; asking again gives the same."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code, self.message = status, code, message

    @property
    def said(self) -> str:
        return " : ".join(filter(None, (self.code, self.message)))[:500]


class Refusal(msgspec.Struct, rename="camel"):
    """An error as the standard gives it."""

    error_code: str = ""
    error_message: str = ""


class Grant(msgspec.Struct):
    access_token: str
    expires_in: int = USUAL_LIFE


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    until: datetime


_tokens: dict[tuple[str, str], Token] = {}  # this process's, by where and for whom


def is_on() -> bool:
    """Everything that sending needs is set."""
    known = settings()
    return all(
        (
            known.platform_flow_url,
            known.platform_token_url,
            known.platform_client_id,
            known.platform_client_secret,
        )
    )


def has_directory() -> bool:
    return is_on() and bool(settings().platform_directory_url)


async def call(method: str, service: str, path: str, **asked: Any) -> bytes:
    """`service`: the address of the flow or of the directory service. A token that is no longer taken is renewed once."""
    if not is_on():
        raise Unreachable("off")
    status, body = await _called(method, service, path, await _token(), asked)
    if status == httpx.codes.UNAUTHORIZED:
        _tokens.pop(_key(), None)
        status, body = await _called(method, service, path, await _token(), asked)
    return _judged(status, body)


async def _called(
    method: str, service: str, path: str, token: Token, asked: Mapping[str, Any]
) -> tuple[int, bytes]:
    headers = {
        "authorization": f"Bearer {token.text}",
        "accept": "application/json, application/octet-stream",
    }
    if settings().platform_organization:
        headers["organization-id"] = settings().platform_organization
    return await _sent(method, f"{service.rstrip('/')}{path}", headers=headers, **asked)


async def _sent(method: str, url: str, **asked: Any) -> tuple[int, bytes]:
    try:
        async with (
            httpx.AsyncClient(timeout=SECONDS, follow_redirects=False) as client,
            client.stream(method, url, **asked) as answer,
        ):
            return answer.status_code, await _body(answer)
    except (httpx.HTTPError, httpx.InvalidURL) as broken:
        raise Unreachable("silent") from broken


async def _body(answer: httpx.Response) -> bytes:
    body = bytearray()
    async for part in answer.aiter_bytes():
        body += part
        if len(body) > MOST_BYTES:
            raise Unreachable("garbled")
    return bytes(body)


def _judged(status: int, body: bytes) -> bytes:
    if status in (httpx.codes.OK, httpx.codes.CREATED, httpx.codes.ACCEPTED):
        return body
    if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        raise Unreachable("locked")
    if status in (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.REQUEST_TIMEOUT):
        raise Unreachable("busy")
    if status >= httpx.codes.INTERNAL_SERVER_ERROR or status < httpx.codes.BAD_REQUEST:
        raise Unreachable("broken")
    told = _refusal(body)
    raise Rejected(status, told.error_code, told.error_message)


def _refusal(body: bytes) -> Refusal:
    try:
        return msgspec.json.decode(body, type=Refusal)
    except msgspec.DecodeError:
        return Refusal()


# The token


async def _token() -> Token:
    known = _tokens.get(_key())
    if known is None or known.until <= now():
        known = _tokens[_key()] = await _granted()
    return known


async def _granted() -> Token:
    status, body = await _sent(
        "POST", settings().platform_token_url,
        data={"grant_type": "client_credentials"},
        auth=(settings().platform_client_id, settings().platform_client_secret),
    )  # fmt: skip
    try:
        grant = msgspec.json.decode(_granting(status, body), type=Grant)
    except msgspec.DecodeError as garbled:
        raise Unreachable("garbled") from garbled
    return Token(grant.access_token, now() + timedelta(seconds=grant.expires_in) - BEFORE_ITS_END)


def _granting(status: int, body: bytes) -> bytes:
    """A refused client is no answer that a job could mend: it waits until the settings are right."""
    try:
        return _judged(status, body)
    except Rejected as refused:
        raise Unreachable("locked") from refused


def _key() -> tuple[str, str]:
    return settings().platform_token_url, settings().platform_client_id
