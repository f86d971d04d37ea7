"""For machines that watch: does it live, can it work, how much waits."""

import hmac
from ipaddress import ip_address

from litestar import Request, Response
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from portal.house import state as house
from portal.house.state import State
from portal.kit.days import now
from portal.kit.problems import NotFound
from portal.kit.web import ANYONE, Answer, get
from portal.settings import settings


@get("/sante", allows=ANYONE)
async def lives() -> Answer:
    return Response({"status": "ok"})


@get("/sante/pret", allows=ANYONE)
async def ready() -> Answer:
    """503 while the database does not answer or is of another version than this program."""
    try:
        able = await house.is_ready()
    except Exception:
        able = False
    return Response({"status": "ok" if able else "unavailable"}, status_code=200 if able else 503)


@get("/metrics", allows=ANYONE)
async def metrics(request: Request) -> Answer:
    """From this machine, or with the token of the settings; for anybody else there is no such page."""
    if not (_has_token(request) or _is_near(request)):
        raise NotFound("metrics")
    return Response(generate_latest(measured(await house.state())), media_type=CONTENT_TYPE_LATEST)


def _has_token(request: Request) -> bool:
    wanted, given = settings().metrics_token, request.headers.get("authorization", "")
    return bool(wanted) and hmac.compare_digest(given.encode(), f"Bearer {wanted}".encode())


def _is_near(request: Request) -> bool:
    """Behind a proxy everybody seems near: only without one, and without a token."""
    if settings().metrics_token or "x-forwarded-for" in request.headers or request.client is None:
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def measured(state: State) -> CollectorRegistry:
    registry = CollectorRegistry()
    for name, says, value in (
        ("jobs_waiting", "Jobs in the queue", state.jobs_waiting),
        ("jobs_held", "Jobs that failed and wait for a decision", len(state.jobs_held)),
        ("mails_waiting", "Mails to be sent", state.mails_waiting),
        ("mails_undelivered", "Mails given up", len(state.mails_undelivered)),
        (
            "verify_faults",
            "Faults found by the last verification",
            len(state.verify["faults"]) if state.verify else 0,
        ),
        ("verify_age_seconds", "Since the last verification", _age(state.verify)),
        ("backup_age_seconds", "Since the last backup", _age(state.backup)),
    ):
        Gauge(f"portal_{name}", says, registry=registry).set(value)
    return registry


def _age(done: dict | None) -> float:
    return (now() - done["at"]).total_seconds() if done else float("inf")
