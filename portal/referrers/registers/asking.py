"""One question to a register over HTTP: a few seconds, a bounded answer, JSON or silence."""

import json
from typing import Any

import httpx

from portal.referrers.registers import Silent

SECONDS = 4.0
MOST_BYTES = 500_000


async def ask(method: str, url: str, **asked: Any) -> dict[str, Any]:
    """Raises Silent for whatever is no answer. Follows no redirection: a register stays where it is."""
    try:
        async with (
            httpx.AsyncClient(timeout=SECONDS, follow_redirects=False) as client,
            client.stream(method, url, headers={"accept": "application/json"}, **asked) as answer,
        ):
            body = await _body(answer)
    except (httpx.HTTPError, httpx.InvalidURL) as broken:
        raise Silent("register_silent") from broken
    return _read(answer.status_code, body)


async def _body(answer: httpx.Response) -> bytes:
    body = b""
    async for part in answer.aiter_bytes():
        body += part
        if len(body) > MOST_BYTES:
            raise Silent("register_silent")
    return body


def _read(status: int, body: bytes) -> dict[str, Any]:
    if status != httpx.codes.OK:
        raise Silent("register_silent")
    try:
        said = json.loads(body)
    except ValueError as garbled:
        raise Silent("register_silent") from garbled
    if not isinstance(said, dict):
        raise Silent("register_silent")
    return said
