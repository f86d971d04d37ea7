"""The deed: one transaction opened at the edge, done once, with all that follows from it."""

import contextlib
import hashlib
from collections.abc import AsyncIterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from portal.kit import db, events
from portal.kit.days import now


class Actor(Protocol):
    """Who does it: a person, a job, a command."""

    @property
    def actor_key(self) -> str: ...

    @property
    def user_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Machine:
    """A job, the clock or a command: `Machine("job:mail.send:12")`."""

    actor_key: str
    user_id: int | None = None


@dataclass(slots=True)
class Once:
    """The key of a form or of a request, with a digest of what it asks. An empty key: no protection wanted."""

    key: str
    route: str = ""
    body: bytes = b""


class AlreadyDone(Exception):
    """The same thing was submitted before; `answer` is what was answered then."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.answer = answer


class KeyReused(Exception):
    """The same key with other content: 409."""


@dataclass(slots=True)
class Deed:
    actor: Actor
    notify: bool = True  # an import of two years tells nobody, unless asked to
    answer: dict[str, Any] = field(default_factory=dict)

    def at(self, location: str) -> None:
        self.answer = {"location": location}


_current: ContextVar[Deed | None] = ContextVar("deed", default=None)


def current() -> Deed:
    found = _current.get()
    if found is None:
        raise db.NoTransaction("this verb needs an open deed")
    return found


@contextlib.asynccontextmanager
async def deed(actor: Actor, once: Once | str | None = None, *, notify: bool = True) -> AsyncIterator[Deed]:
    """Open the transaction, claim the key, run the verb, then its consequences, check, commit."""
    async with db.transaction():
        doing = Deed(actor, notify)
        claim = Once(once) if isinstance(once, str) else once
        if claim and claim.key:
            await _claim(actor, claim)
        token = _current.set(doing)
        try:
            with events.collecting():
                yield doing
                await events.dispatch()
        finally:
            _current.reset(token)
        await db.execute("SET CONSTRAINTS ALL IMMEDIATE")
        if claim and claim.key and doing.answer:
            await _remember(actor, claim, doing.answer)


async def was_done(actor: Actor, once: Once) -> bool:
    """Whether a deed under this key has been committed; whatever it was asked."""
    return await db.value(
        "SELECT EXISTS (SELECT FROM deed_once WHERE actor = $1 AND route = $2 AND key = $3)",
        actor.actor_key, once.route, once.key,
    )  # fmt: skip


@contextlib.asynccontextmanager
async def attempt() -> AsyncIterator[None]:
    """A part of the deed that may fail alone: its rows and its events are undone, the rest stands."""
    with events.forgotten_on_failure():
        async with db.savepoint():
            yield


async def _claim(actor: Actor, once: Once) -> None:
    """The unique key makes a second submit wait here until the first has ended."""
    digest = hashlib.sha256(once.body).digest()
    claimed = await db.value(
        "INSERT INTO deed_once (actor, route, key, digest, at) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT DO NOTHING RETURNING true",
        actor.actor_key, once.route, once.key, digest, now(),
    )  # fmt: skip
    if claimed:
        return
    before = await db.row(
        "SELECT digest, answer FROM deed_once WHERE actor = $1 AND route = $2 AND key = $3",
        actor.actor_key, once.route, once.key,
    )  # fmt: skip
    assert before is not None
    if before["digest"] != digest:
        raise KeyReused(once.key)
    raise AlreadyDone(before["answer"])


async def _remember(actor: Actor, once: Once, answer: dict[str, Any]) -> None:
    await db.execute(
        "UPDATE deed_once SET answer = $4 WHERE actor = $1 AND route = $2 AND key = $3",
        actor.actor_key, once.route, once.key, msgspec.to_builtins(answer),
    )  # fmt: skip
