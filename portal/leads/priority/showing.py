"""What the page of a recommendation tells of its priority: to sales the line, what was known and its proof; to who
recommended their own days, and nothing of anybody else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import msgspec

from portal.kit import db
from portal.kit.days import now, today
from portal.kit.text import _
from portal.leads.priority import access, known
from portal.leads.priority.known import Finding
from portal.leads.priority.rules import (
    WAITS,
    About,
    Countdown,
    contests,
    countdown,
    latest_end,
    may_appeal,
    may_extend,
    seen_state,
)
from portal.leads.rules import REJECTIONS, SALES, SOURCES, UNANSWERED, LeadState
from portal.people.rules import Person, Role, Seat


class Place(msgspec.Struct, frozen=True):
    """One of the line, the first that goes ahead."""

    id: int
    ref: str
    state: str
    source: str
    recommended_on: date
    submitted_at: datetime
    first: bool
    referrer_name: str

    @property
    def way(self) -> str:
        return _(SOURCES[self.source])


class Step(msgspec.Struct, frozen=True):
    """An extension that was asked for, granted or refused."""

    kind: str
    body: str
    at: datetime
    until: date | None
    before: date | None
    who: str | None


class Contested(msgspec.Struct, frozen=True):
    ref: str
    lead_id: int
    against_id: int | None
    about: str
    state: str
    decision: str
    due_at: datetime
    appeal_until: date | None
    appealed_lead_id: int | None

    def __getitem__(self, name: str, /) -> Any:
        """As the rules read a row."""
        return getattr(self, name)

    @property
    def waits(self) -> bool:
        return self.state in WAITS


class Register(msgspec.Struct, frozen=True):
    result: str
    ended_on: date | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    seen: str  # the state that this reader is told
    countdown: Countdown | None
    known: list[Finding]
    line: list[Place]
    steps: list[Step]
    dispute: Contested | None
    contests: About | None
    code: str
    register: Register | None
    latest: date
    may: Mapping[str, bool] = field(default_factory=dict)

    @property
    def asked(self) -> Step | None:
        """An extension that waits for its answer."""
        return self.steps[-1] if self.steps and self.steps[-1].kind == "asked" else None

    def reason_of(self, code: str) -> str:
        return _(REJECTIONS[code])

    @property
    def suspect(self) -> bool:
        return bool(self.known or len(self.line) > 1 or (self.register and self.register.result == "ended"))


async def shown(person: Person, lead: db.Row) -> Shown:
    staff = person.is_staff
    found = await access.around(lead, staff=staff)
    line = msgspec.convert(found["line"] or [], list[Place])
    disputes = msgspec.convert(found["disputes"], list[Contested])
    dispute = disputes[-1] if disputes else None
    contested = contests(lead, now())
    return Shown(
        seen=lead["state"] if staff else seen_state(lead, now()),
        countdown=countdown(lead, today()),
        known=known.read(found["known"] or [], lead),
        line=line if len(line) > 1 else [],
        steps=msgspec.convert(found["steps"], list[Step]),
        dispute=dispute, contests=contested, code=found["code"] or "",
        register=msgspec.convert(found["register"], Register | None),
        latest=latest_end(lead["recommended_on"]), may=_may(person, lead, disputes, contested),
    )  # fmt: skip


def _may(person: Person, lead: db.Row, disputes: list[Contested], contested: About | None) -> dict[str, bool]:
    acts, sells = person.seat is not Seat.ACCOUNTANT, person.may(*SALES)
    mine, last = person.may(Role.REFERRER), disputes[-1] if disputes else None
    again = {one.about for one in disputes if one.lead_id == lead["id"]}
    beaten = any(one.against_id == lead["id"] for one in disputes)
    return {
        "see": sells and last is not None,
        "contest": acts and (mine or sells) and contested is not None and contested not in again and not beaten,
        "appeal": acts and mine and last is not None and may_appeal(last, lead["id"], today())
        and lead["state"] in (LeadState.WAITING, LeadState.REJECTED),
        "follow": mine and any(one.lead_id == lead["id"] or one.appealed_lead_id == lead["id"] for one in disputes),
        "extend": sells and may_extend(lead),
        "ask": acts and mine and may_extend(lead),
        "refuse": sells and lead["state"] in UNANSWERED,
    }  # fmt: skip
