"""Route decorators that say who may, and the few answers a page gives. Knows no role by name."""

from collections.abc import Collection, Mapping
from typing import Any

from litestar import Request, Response, handlers
from litestar.response import Redirect, Template

from portal.kit.deed import Deed

ANYONE: frozenset[str] = frozenset({"anyone"})
SIGNED_IN: frozenset[str] = frozenset({"signed_in"})

UPLOAD_BODY = 21_000_000  # one file of 20 MB and its form

Answer = Response[Any]


class Page(Template):
    """A template with what every page of the shell shows: the person, the navigation, the tokens."""

    def to_asgi_response(self, app: Any, request: Request, **kwargs: Any) -> Any:
        self.context = {**request.app.state.shell(request), **self.context}
        return super().to_asgi_response(app, request, **kwargs)


def _opt(allows: Collection[str], opt: Mapping[str, Any] | None, **more: Any) -> dict[str, Any]:
    return {"allows": frozenset(allows), **(opt or {}), **more}


def get(
    path: str | list[str], *, allows: Collection[str], opt: Mapping[str, Any] | None = None, **options: Any
) -> Any:
    """A page or a fragment. Writes no business row."""
    return handlers.get(path, opt=_opt(allows, opt), include_in_schema=False, **options)


def post(
    path: str | list[str],
    *,
    allows: Collection[str],
    opt: Mapping[str, Any] | None = None,
    uploads: bool = False,
    **options: Any,
) -> Any:
    """An action, named by a noun. `uploads` lifts the limit on the body for files."""
    options = {"status_code": 200, "include_in_schema": False, **options}
    if uploads:
        options.setdefault("request_max_body_size", UPLOAD_BODY)
    return handlers.post(path, opt=_opt(allows, opt, uploads=uploads), **options)


def page(template: str, status: int = 200, **context: Any) -> Page:
    return Page(template_name=template, context=context, status_code=status)


def again(template: str, **context: Any) -> Page:
    """The same page with the typed values and a message under each field."""
    return page(template, status=422, **context)


def see(location: str) -> Redirect:
    return Redirect(location, status_code=303)


def done(deed: Deed) -> Redirect:
    """Where the deed said to look: `deed.at(location)`."""
    return see(deed.answer["location"])


def is_fragment(request: Request) -> bool:
    """htmx asks for a part of the page."""
    return request.headers.get("hx-request") == "true" and request.headers.get("hx-boosted") != "true"
