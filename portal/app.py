"""Builds the Litestar application: routes, doors, errors, templates."""

import contextlib
import pkgutil
from collections.abc import AsyncIterator
from importlib import import_module

from litestar import Litestar, Request
from litestar.datastructures import State
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template.config import TemplateConfig

import portal
from portal import consequences, doors, faults
from portal.kit import db
from portal.kit.templates import environment
from portal.people.rules import Person
from portal.settings import settings
from portal.shell import shell

ROOMS = ("pages", "api")  # a domain's modules that hold routes; `pages_…` where one file would be too long
SMALL_BODY = 256 * 1024


def routes() -> list[HTTPRouteHandler]:
    """Every handler of every domain's pages and api."""
    found = [
        thing
        for package in pkgutil.iter_modules(portal.__path__)
        if package.ispkg
        for module in _rooms(package.name)
        for thing in vars(import_module(module)).values()
        if isinstance(thing, HTTPRouteHandler)
    ]
    return list(dict.fromkeys(found))


def _rooms(domain: str) -> list[str]:
    package = import_module(f"portal.{domain}")
    names = [found.name for found in pkgutil.iter_modules(package.__path__)]
    return [f"portal.{domain}.{name}" for name in names if name.partition("_")[0] in ROOMS]


async def person_of(request: Request) -> Person | None:
    return request.scope["state"].get("person")


@contextlib.asynccontextmanager
async def connected(_app: Litestar) -> AsyncIterator[None]:
    engine = db.engine()
    engine.point_at(settings().database_url)
    await engine.start_connection_pool()
    try:
        yield
    finally:
        await engine.close_connection_pool()


def create_app(*, connect: bool = True) -> Litestar:
    consequences.install()
    return Litestar(
        route_handlers=routes(),
        guards=[doors.allowed],
        before_request=doors.before_request,
        middleware=[doors.SecurityHeaders, doors.WhoIsThere],
        exception_handlers=faults.HANDLERS,
        dependencies={"person": Provide(person_of)},
        template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment())),
        lifespan=[connected] if connect else [],
        request_max_body_size=SMALL_BODY,
        state=State({"shell": shell}),
        openapi_config=None,
    )
