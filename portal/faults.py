"""What is answered when something goes wrong: a page for people, a problem document (RFC 9457) for machines."""

from typing import Any

import asyncpg
from litestar import Request, Response
from litestar.exceptions import HTTPException, NotAuthorizedException, NotFoundException
from litestar.response import Redirect

from portal.kit.deed import AlreadyDone, KeyReused
from portal.kit.problems import Busy, NotFound, Problem, Refused, TooLarge
from portal.kit.text import _
from portal.kit.web import is_fragment, page

DATABASE_DOWN = (ConnectionRefusedError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError, asyncpg.InterfaceError)


def wants_json(request: Request) -> bool:
    return request.scope["path"].startswith("/api/")


def problem(request: Request, fault: Problem) -> Response[Any]:
    sentence = _(fault.sentence) % fault.params
    if wants_json(request):
        return problem_document(fault.status, fault.code, sentence)
    return page("faults/problem.html", status=fault.status, fault=fault, sentence=sentence)


def problem_document(status: int, code: str, sentence: str, **more: Any) -> Response[Any]:
    content = {"type": "about:blank", "title": sentence, "status": status, "code": code, **more}
    return Response(content, status_code=status, media_type="application/problem+json")


def not_signed_in(request: Request, _fault: NotAuthorizedException) -> Response[Any]:
    if wants_json(request):
        return problem_document(401, "not_signed_in", _("Un jeton d'accès valable est nécessaire."))
    target = "/connexion"
    if request.method == "GET" and not is_fragment(request):
        target = f"/connexion?suite={request.scope['path']}"
    if is_fragment(request):
        return Response("", status_code=204, headers={"HX-Redirect": target})
    return Redirect(target, status_code=303)


def already_done(request: Request, again: AlreadyDone) -> Response[Any]:
    """A second submit is one effect: the answer of the first is given again."""
    if wants_json(request):
        return Response(again.answer.get("body"), status_code=again.answer.get("status", 200))
    return Redirect(again.answer.get("location", "/"), status_code=303)


def key_reused(request: Request, _fault: KeyReused) -> Response[Any]:
    return problem(request, Refused("key_reused", "Ce formulaire a déjà été envoyé avec d'autres réponses. Rechargez la page."))


def http(request: Request, fault: HTTPException) -> Response[Any]:
    if fault.status_code == 404:
        return problem(request, NotFound())
    if fault.status_code == 413:
        return problem(request, TooLarge())
    said = Problem("bad_request" if fault.status_code < 500 else "fault")
    said.status = fault.status_code
    return problem(request, said)


def database_down(request: Request, _fault: Exception) -> Response[Any]:
    return problem(request, Busy("database", "Le portail ne répond pas pour l'instant. Rien n'est perdu : réessayez dans quelques minutes."))


def ours(request: Request, fault: Exception) -> Response[Any]:
    """A fault of ours: told plainly, logged with its trace, never shown."""
    if isinstance(fault, DATABASE_DOWN):
        return database_down(request, fault)
    request.app.logger and request.logger.exception("unexpected fault")
    said = Problem("fault", "Une erreur de notre côté a empêché cette action. Rien n'a été modifié ; nous sommes prévenus.")
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
