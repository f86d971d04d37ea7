"""What every route of the API shares: who may with which scope, keys that make a POST count once, pages, problems."""

import base64
import binascii
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Request, Response, handlers

from portal.kit.deed import Deed, Once
from portal.kit.keyring import NotSealedHere, ring
from portal.kit.problems import Problem
from portal.kit.text import N_

ROOT = "/api/v1"
PAGE, MOST = 50, 200
KEY_LONGEST = 200
SEALED = "api.cursor"  # bigint ids never leave the server, not even inside a cursor
KEY_MISSING = N_(
    "L'en-tête Idempotency-Key est nécessaire : une clé nouvelle par demande, de 1 à 200 caractères."
)
CURSOR_WRONG = N_("Ce curseur n'est pas valable. Reprenez la liste depuis le début.")
LIMIT_WRONG = N_("limit est un nombre entier de 1 à %(most)s.")
BODY_WRONG = N_("Le corps de la demande n'est pas un objet JSON de la forme attendue.")


class BadRequest(Problem):
    status = 400


class Unprocessable(Problem):
    """The request reads well and says something impossible."""

    status = 422


def get(path: str, *, allows: Collection[str], scope: str | None = None, **options: Any) -> Any:
    """A reading route under /api/v1."""
    return _route(handlers.get, path, allows, scope, options)


def post(path: str, *, allows: Collection[str], scope: str | None = None, **options: Any) -> Any:
    """A writing route under /api/v1: `async with deed(person, await once(request)) as d: … answer(d, body)`."""
    return _route(handlers.post, path, allows, scope, {"status_code": 200, **options})


def _route(made: Any, path: str, allows: Collection[str], scope: str | None, options: dict[str, Any]) -> Any:
    opt = {"allows": frozenset(allows), "scope": scope}
    return made(
        ROOT + path,
        opt=opt,
        include_in_schema=True,
        security=[{"bearer": [scope] if scope else []}],
        **options,
    )


def problem_document(
    status: int, code: str, sentence: str, headers: dict[str, str] | None = None, **more: Any
) -> Response[Any]:
    """RFC 9457. `code` is for programs and stays the same; the sentence is in the reader's language."""
    content = {"type": "about:blank", "title": sentence, "status": status, "code": code, **more}
    return Response(content, status_code=status, media_type="application/problem+json", headers=headers)


async def once(request: Request) -> Once:
    """The key of a POST, with its body. Raises a problem 400 when the client sent none."""
    key = request.headers.get("idempotency-key", "").strip()
    if not 1 <= len(key) <= KEY_LONGEST:
        raise BadRequest("idempotency_key_missing", KEY_MISSING)
    return Once(key, f"POST {request.scope['path']}", await request.body())


def answer(deed: Deed, body: Any, status: int = 201) -> Response[Any]:
    """What is said now, and again to whoever sends the same key and body."""
    deed.answer = {"status": status, "body": msgspec.to_builtins(body)}
    return Response(deed.answer["body"], status_code=status)


async def read_json(request: Request, shape: Any = dict[str, Any]) -> Any:
    """The body as `shape` (a msgspec Struct or a type). Raises a problem 422 that says where it differs."""
    try:
        return msgspec.json.decode(await request.body(), type=shape)
    except msgspec.ValidationError as wrong:
        raise Unprocessable("body", BODY_WRONG, detail=str(wrong)) from wrong
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise BadRequest("body", BODY_WRONG) from wrong


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a list goes on: after this id, so many rows. Ask the database for `limit + 1`."""

    after: int
    limit: int


def cursor_of(request: Request) -> Cursor:
    return Cursor(
        _opened(request.query_params.get("cursor", "")), _limit(request.query_params.get("limit", ""))
    )


def cursor_page(
    rows: Iterable[Any], cursor: Cursor, shown: Callable[[Any], Any], id_of: str = "id"
) -> dict[str, Any]:
    """`rows` are at most `cursor.limit + 1`: the one too many says that there is a next page."""
    found = list(rows)
    here = found[: cursor.limit]
    following = _closed(here[-1][id_of]) if len(found) > cursor.limit else None
    return {"data": [shown(row) for row in here], "next": following}


def _limit(given: str) -> int:
    if not given:
        return PAGE
    if not (given.isascii() and given.isdigit() and 1 <= int(given[:9]) <= MOST):
        raise BadRequest("limit", LIMIT_WRONG, most=MOST)
    return int(given)


def _closed(row_id: int) -> str:
    return base64.urlsafe_b64encode(ring().seal(str(row_id), SEALED)).decode().rstrip("=")


def _opened(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(ring().open(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), SEALED))
    except (NotSealedHere, binascii.Error, ValueError) as wrong:
        raise BadRequest("cursor", CURSOR_WRONG) from wrong
