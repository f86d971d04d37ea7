"""Logs: named fields only, one JSON line each. Never a body, a cookie, a header, a query or an address with a reference in it."""

import logging
from typing import Any

import structlog

from portal.settings import settings

QUIET = ("httpx", "httpcore", "asyncio", "fontTools", "weasyprint")


def configure() -> None:
    """Once, when web, worker or command starts."""
    logging.basicConfig(format="%(message)s", level=settings().log_level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelName(settings().log_level.upper())
        ),
        cache_logger_on_first_use=True,
    )


log: Any = structlog.get_logger("portal")


def request_done(method: str, path: str, status: int, milliseconds: float, user_id: int | None) -> None:
    """`path` is the template of the route: references and tokens stay out."""
    log.info("request", method=method, path=path, status=status, ms=round(milliseconds, 1), user_id=user_id)


def unexpected(path: str, fault: BaseException) -> None:
    log.error("fault", path=path, kind=type(fault).__name__, exc_info=fault)
