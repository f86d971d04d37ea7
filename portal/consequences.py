"""What follows from what: ONE table. `now` runs in the same deed, `later` becomes a job per event."""

from portal.jobs.queue import enqueue_for
from portal.kit import events
from portal.kit.events import Event, Follows

CONSEQUENCES: dict[type[Event], Follows] = {}


def install() -> None:
    events.install(CONSEQUENCES, enqueue_for)
