"""What is answered when something goes wrong: a page for people, a problem document (RFC 9457) for machines."""

from typing import Any
from urllib.parse import quote

import asyncpg
from litestar import Request, Response
from litestar.exceptions import HTTPException, NotAuthorizedException, NotFoundException
from litestar.response import Redirect

from portal import logs
from portal.kit.api import problem_document
from portal.kit.deed import AlreadyDone, KeyReused
from portal.kit.problems import Busy, NotFound, Problem, Refused, TooLarge, TooMany
from portal.kit.text import N_, _
from portal.kit.web import is_fragment, page

DATABASE_DOWN = (
    ConnectionRefusedError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError, asyncpg.InterfaceError,
)  # fmt: skip
TITLES = {
    403: N_("Cette action n'a pas été faite"),
    404: N_("Page introuvable"),
    409: N_("Rien n'a été modifié"),
    413: N_("C'est trop lourd"),
    429: N_("Un instant"),
    500: N_("Une erreur de notre côté"),
    503: N_("Revenez dans un instant"),
}
OTHERWISE = N_("Cette demande n'a pas abouti")
NO_TOKEN = N_("Un jeton d'accès valable est nécessaire.")
KEY_REUSED = N_("Ce formulaire a déjà été envoyé avec d'autres réponses. Rechargez la page.")
OUT_OF_REACH = N_(
    "Le portail ne répond pas pour l'instant. Rien n'est perdu : réessayez dans quelques minutes."
)
OUR_FAULT = N_(
    "Une erreur de notre côté a empêché cette action. Rien n'a été modifié ; nous sommes prévenus."
)


def wants_json(request: Request) -> bool:
    return request.scope["path"].startswith("/api/")


def problem(request: Request, fault: Problem) -> Response[Any]:
    sentence = _(fault.sentence) % fault.params
    answer = _document(fault, sentence) if wants_json(request) else _page(fault, sentence)
    if isinstance(fault, TooMany):
        answer.headers["retry-after"] = str(fault.seconds)
    return answer


def _document(fault: Problem, sentence: str) -> Response[Any]:
    more = {name: fault.params[name] for name in ("detail", "errors") if name in fault.params}
    return problem_document(fault.status, fault.code, sentence, **more)


def _page(fault: Problem, sentence: str) -> Response[Any]:
    title = _(TITLES.get(fault.status, OTHERWISE))
    return page("faults/problem.html", status=fault.status, fault=fault, title=title, sentence=sentence)


def not_signed_in(request: Request, _fault: NotAuthorizedException) -> Response[Any]:
    if wants_json(request):
        return problem_document(401, "not_signed_in", _(NO_TOKEN), headers={"www-authenticate": "Bearer"})
    if is_fragment(request):
        return Response("", status_code=204, headers={"HX-Redirect": "/connexion"})
    target = "/connexion"
    if request.method == "GET" and request.scope["path"] != "/":
        target = f"/connexion?suite={quote(_asked_for(request), safe='/')}"
    return Redirect(target, status_code=303)


def _asked_for(request: Request) -> str:
    query = request.scope.get("query_string", b"").decode("latin-1")
    return f"{request.scope['path']}?{query}" if query else request.scope["path"]


def already_done(request: Request, again: AlreadyDone) -> Response[Any]:
    """A second submit is one effect: the answer of the first is given again."""
    if wants_json(request):
        return Response(again.answer.get("body"), status_code=again.answer.get("status", 200))
    return Redirect(again.answer.get("location", "/"), status_code=303)


def key_reused(request: Request, _fault: KeyReused) -> Response[Any]:
    return problem(request, Refused("key_reused", KEY_REUSED))


def http(request: Request, fault: HTTPException) -> Response[Any]:
    if fault.status_code == 404:
        return problem(request, NotFound())
    if fault.status_code == 413:
        return problem(request, TooLarge())
    said = Problem("bad_request" if fault.status_code < 500 else "fault")
    said.status = fault.status_code
    answer = problem(request, said)
    answer.headers.update(fault.headers or {})
    return answer


def database_down(request: Request, _fault: Exception) -> Response[Any]:
    return problem(request, Busy("database", OUT_OF_REACH))


def ours(request: Request, fault: Exception) -> Response[Any]:
    """A fault of ours: told plainly, logged with its trace, never shown."""
    if isinstance(fault, DATABASE_DOWN):
        return database_down(request, fault)
    logs.unexpected(request.scope.get("path_template") or "", fault)
    said = Problem("fault", OUR_FAULT)
    said.status = 500
    return problem(request, said)


HANDLERS: dict[Any, Any] = {
    Problem: problem,
    NotAuthorizedException: not_signed_in,
    NotFoundException: http,
    HTTPException: http,
    AlreadyDone: already_done,
    KeyReused: key_reused,
    Exception: ours,
}
