"""The stage: what is to happen, in the order of the days, each deed by who does it and at its hour."""

import heapq
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from portal.demo.plot import Plot
from portal.demo.story import LOUD
from portal.kit import db
from portal.kit.days import at, clock_at, day_of
from portal.kit.deed import Actor, Machine, deed
from portal.kit.text import _, short_day
from portal.law import Figures
from portal.law.holidays import same_or_next, same_or_previous
from portal.mail.tasks import send
from portal.people.access import user_by_email
from portal.people.rules import Person, Role, Seat

COMMAND = Machine("command:demo")
CLOCK = Machine("clock")
Say = Callable[[str], None]
Act = Callable[..., Awaitable[None]]


@dataclass(slots=True)
class Stage:
    plot: Plot
    password: str  # hashed, of all
    agreement: bytes  # of an employer, as a PDF
    scan: bytes  # of any paper, as a PDF
    people: dict[str, Person] = field(default_factory=dict)
    referrers: dict[str, int] = field(default_factory=dict)
    figures: Figures | None = None
    entity_id: int = 0
    programme_id: int = 0
    plan_version_id: int = 0
    sponsoring_id: int = 0  # the second programme
    sponsoring_plan_id: int = 0
    _agenda: list[tuple[datetime, int, str, Act, tuple[Any, ...]]] = field(default_factory=list)
    _order: count = field(default_factory=count)
    _invoices: count = field(default_factory=lambda: count(1))

    @property
    def last_day(self) -> date:
        return self.plot.last_day

    def on(self, day: date, who: str, act: Act, *args: Any, hour: int = 9) -> None:
        """`who`: the address of somebody; "clock"; empty for an act that opens its own deeds. What lies after the
        last day never happens."""
        if day <= self.last_day:
            order = next(self._order)
            instant = at(day, hour) + timedelta(seconds=order % 3000)
            heapq.heappush(self._agenda, (instant, order, who, act, args))

    async def play(self, say: Say) -> None:
        quarter = 0
        while self._agenda:
            instant, _order, who, act, args = heapq.heappop(self._agenda)
            if quarter != (quarter := (instant.month + 2) // 3):
                say("  " + _("le %(day)s") % {"day": short_day(day_of(instant))})
            await self._perform(instant, who, act, args)

    async def _perform(self, instant: datetime, who: str, act: Act, args: tuple[Any, ...]) -> None:
        with clock_at(instant):
            if who:
                async with deed(self.actor(who), notify=self.is_loud(instant)):
                    await act(self, *args)
            else:
                await act(self, *args)
            if self.is_loud(instant) or not who:
                await deliver()

    def is_loud(self, instant: datetime) -> bool:
        return day_of(instant) > self.last_day - LOUD

    def actor(self, who: str) -> Actor:
        return CLOCK if who == "clock" else self.people.get(who, COMMAND)

    def next_invoice(self, day: date) -> str:
        """The number of an invoice to a client: they come from elsewhere."""
        return f"FA-{day.year}-{next(self._invoices):04d}"

    async def welcome(self, email: str, role: Role, referrer_id: int | None = None) -> None:
        """From now on this person acts in their own name."""
        user = await user_by_email(email)
        assert user is not None
        seat = Seat.OWNER if referrer_id else None
        self.people[email] = Person(
            user["id"], user["name"], email, "fr", frozenset({role}), referrer_id, seat
        )


async def deliver() -> None:
    """Mails leave on the day on which they were written."""
    for mail in await db.rows("SELECT id FROM mail_message WHERE sent_at IS NULL ORDER BY id"):
        await send(mail["id"])


def working_day(day: date) -> date:
    return same_or_next(day)


def last_working_day(day: date, before: int = 0) -> date:
    """`before`: so many working days earlier than the last one up to that day."""
    day = same_or_previous(day)
    return last_working_day(day - timedelta(1), before - 1) if before else day
