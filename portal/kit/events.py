"""What happened, said once. `consequences` says what follows, in the same deed or as a job."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import groupby
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of all events: ids and codes only."""


Handler = Callable[[list[Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Follows:
    """`now`: handlers of a list of events, in the same deed. `later`: names of tasks, one job per event."""

    now: Sequence[Handler] = ()
    later: Sequence[str] = ()


class NotInstalled(RuntimeError):
    """Emitted before `consequences.install()`, or an event that has no row in its table."""


Enqueue = Callable[[str, Event], Awaitable[None]]

_table: dict[type[Event], Follows] = {}
_enqueue: Enqueue | None = None
_emitted: ContextVar[list[Event] | None] = ContextVar("emitted", default=None)


def install(table: dict[type[Event], Follows], enqueue: Enqueue) -> None:
    global _enqueue
    _table.clear()
    _table.update(table)
    _enqueue = enqueue


def emit(event: Event) -> None:
    waiting = _emitted.get()
    if waiting is None:
        raise NotInstalled(f"{type(event).__name__} was emitted outside a deed")
    if type(event) not in _table:
        raise NotInstalled(f"{type(event).__name__} has no row in the table of consequences")
    waiting.append(event)


@contextmanager
def collecting():
    token = _emitted.set([])
    try:
        yield
    finally:
        _emitted.reset(token)


@contextmanager
def forgotten_on_failure():
    """What was said inside is unsaid when it fails."""
    waiting = _emitted.get()
    said = len(waiting) if waiting is not None else 0
    try:
        yield
    except BaseException:
        if waiting is not None:
            del waiting[said:]
        raise


async def dispatch() -> None:
    """Run what follows, and what follows from that, until nothing is left."""
    waiting = _emitted.get()
    assert waiting is not None
    while waiting:
        batch = waiting[:]
        waiting.clear()
        for kind, happened in groupby(batch, key=type):
            await _follow(kind, list(happened))


async def _follow(kind: type[Event], happened: list[Event]) -> None:
    follows = _table[kind]
    for handler in follows.now:
        await handler(happened)
    assert _enqueue is not None
    for task in follows.later:
        for event in happened:
            await _enqueue(task, event)
