"""Builds the Litestar application: routes, doors, errors, templates."""

import contextlib
import pkgutil
from collections.abc import AsyncIterator
from functools import cache
from importlib import import_module
from typing import Any

from litestar import Litestar, Request
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template.config import TemplateConfig

import portal
from portal import consequences, doors, faults, logs
from portal.kit import db
from portal.kit.templates import environment
from portal.kit.web import SIGNED_IN, get
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
    found = pkgutil.walk_packages(import_module(f"portal.{domain}").__path__, f"portal.{domain}.")
    return [module.name for module in found if module.name.rpartition(".")[2].partition("_")[0] in ROOMS]


@get("/api/v1/openapi.json", allows=SIGNED_IN)
async def openapi() -> dict[str, Any]:
    """The routes of the API as others may read them."""
    return api_schema()


@cache
def api_schema() -> dict[str, Any]:
    """Of the API alone: pages are for people and appear in no schema."""
    return Litestar(
        route_handlers=[handler for handler in routes() if handler.include_in_schema],
        dependencies=DEPENDENCIES,
        openapi_config=OpenAPIConfig(
            title="Entremise",
            version="1",
            components=Components(security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer")}),
        ),
    ).openapi_schema.to_schema()


async def person_of(request: Request) -> Person | None:
    return request.scope["state"].get("person")


DEPENDENCIES = {"person": Provide(person_of)}


# Static files are packed once (portal.house); what is stored is packed already. Form tokens differ in every answer.
COMPRESSION = CompressionConfig(
    backend="brotli",
    brotli_quality=5,
    brotli_gzip_fallback=True,
    exclude=["^/static/", "^/fichiers/", "^/marque/"],
)


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
    logs.configure()
    app = Litestar(
        route_handlers=[*routes(), openapi],
        guards=[doors.allowed],
        before_request=doors.before_request,
        exception_handlers=faults.HANDLERS,
        dependencies=DEPENDENCIES,
        template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment())),
        lifespan=[connected] if connect else [],
        compression_config=COMPRESSION,
        request_max_body_size=SMALL_BODY,
        state=State({"shell": shell}),
        logging_config=None,
        openapi_config=None,
    )
    app.asgi_handler = doors.house(
        app.asgi_handler
    )  # Litestar's own middleware sees only addresses that exist
    return app
