"""Many recommendations at once, as a file brings them: read for all, settled in their order, written by COPY.

Each stands in the end as if `actions.submit` had received it and `actions.move` had led it on, one after the other."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from portal.clients import actions as clients
from portal.clients.access import Key
from portal.clients.keys import keys_of
from portal.contracts import access as contracts
from portal.contracts.access import Seat
from portal.history.access import record_all
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.references import new_ref
from portal.leads import access, actions
from portal.leads.events import EarnsDecided, LeadMoved, LeadSubmitted
from portal.leads.fields import reasons
from portal.leads.priority.claims_of_many import line_of
from portal.leads.prospect import opposing
from portal.leads.rules import BY_NAME, CLAIMS, KEEPS_ITS_PLACE, LeadState, accepted_until, check
from portal.search import access as search

SOURCE = "import"
ITSELF = asdict(actions.ITSELF)
MOVES = ("lead_id", "move", "from_state", "to_state", "reason", "by_user", "at", "on_day")


@dataclass(frozen=True, slots=True)
class Step:
    move: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """What became of it since, all on its day. `earns`: what an administrator has yet to say of it, if anything."""

    steps: tuple[Step, ...] = ()
    earns: str = ""


@dataclass(frozen=True, slots=True)
class Brought:
    """`behind`: its course when it waits behind another; `then`: what is done with it once it stands."""

    referrer_id: int
    external_id: str
    recommended_on: date
    company_name: str
    consent: str
    siren: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    need: str = ""
    postcode: str = ""
    city: str = ""
    estimate_cents: int | None = None
    course: Course = Course()
    behind: Course = Course()
    then: Callable[[db.Row], Awaitable[object]] | None = None


WRITTEN = (
    "referrer_id", "external_id", "company_name", "consent", "siren", "contact_name", "contact_email", "contact_phone",
    "need", "postcode", "city", "estimate_cents",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class House:
    """What the rows of a list ask of programmes, contracts and reasons, asked once."""

    programmes: Mapping[int, db.Row]
    contracts: Mapping[Seat, db.Row]
    standings: Mapping[Seat, db.Row]
    reasons: Mapping[str, frozenset[str]]

    def receives(self, row: Brought) -> None:
        """Raises Refused."""
        contracts.refuse_if_closed(self.standings.get(self.seat(row)), row.recommended_on)

    def seat(self, row: Brought) -> Seat:
        return row.referrer_id, self.programmes[row.referrer_id]["id"]

    def persons(self, row: Brought) -> bool:
        return self.programmes[row.referrer_id]["prospects"] != "business"


@dataclass(slots=True)
class Arrived:
    """A row on its way into the tables."""

    row: Brought
    keys: frozenset[Key]
    lead: dict[str, Any]
    referrer_name: str
    decided: bool  # somebody else came first: it is not yet said whether it earns
    moves: list[tuple[str, str, str, str]] = field(default_factory=list)  # move, from, to, reason
    said: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


async def bring(rows: Sequence[Brought], *, programme_id: int | None = None) -> int:
    """How many were not there yet. Raises Refused when one of them may not be received: then none is."""
    new = await _new(rows)
    if not new:
        return 0
    await _refuse_opposed(new)
    house = await _house(new, programme_id)
    for row in new:
        house.receives(row)
    arrived = await _settled(new, house)
    moves = await _write(arrived)
    await _tell(arrived, moves)
    return len(new)


async def _new(rows: Sequence[Brought]) -> list[Brought]:
    """Of one that is brought twice, the first."""
    known = await access.known_external_ids([row.external_id for row in rows])
    first: dict[str, Brought] = {}
    for row in rows:
        if row.external_id not in known:
            first.setdefault(row.external_id, row)
    return list(first.values())


async def _refuse_opposed(rows: Sequence[Brought]) -> None:
    if await opposing.anybody():
        await opposing.refuse_opposed([
            key for row in rows for key in opposing.keys_of(
                email=row.contact_email, phone=row.contact_phone,
                company_name=row.company_name, contact_name=row.contact_name,
            )
        ])  # fmt: skip


async def _house(rows: Sequence[Brought], programme_id: int | None) -> House:
    programmes = await actions.programmes_of({row.referrer_id for row in rows}, programme_id)
    seats = [(referrer_id, programme["id"]) for referrer_id, programme in programmes.items()]
    moves = {step.move for row in rows for step in (*row.course.steps, *row.behind.steps) if step.reason}
    return House(
        programmes,
        await contracts.in_force_of(seats, today()),
        await contracts.standings(seats),
        {move: await reasons.codes(move) for move in moves},
    )


async def _settled(rows: Sequence[Brought], house: House) -> list[Arrived]:
    """In their order: each may wait behind one before it."""
    keys = [
        keys_of(name=row.company_name, siren=row.siren, email=row.contact_email, phone=row.contact_phone)
        for row in rows
    ]
    line = await line_of(keys, persons=any(map(house.persons, rows)))
    arrived = []
    for row, own, lead_id in zip(rows, keys, await db.next_ids("lead", len(rows)), strict=True):
        one = _arrived(row, own, lead_id, line.ahead_of(own, persons=house.persons(row)), house)
        line.add(lead_id, own, row.recommended_on if _claims(one.lead) else None)
        arrived.append(one)
    return arrived


def _claims(lead: Mapping[str, Any]) -> bool:
    return lead["state"] in CLAIMS and (lead["priority_until"] or today()) >= today()


def _arrived(row: Brought, keys: frozenset[Key], lead_id: int, behind: int | None, house: House) -> Arrived:
    programme, contract = house.programmes[row.referrer_id], house.contracts.get(house.seat(row))
    lead = {
        "id": lead_id, "ref": new_ref(), "source": SOURCE, "country": "FR", "reason": "", "version": 1, "accepted_at": None,
        "sales_user_id": programme["sales_user_id"], **{name: getattr(row, name) for name in WRITTEN},
        **ITSELF, **actions.arrival(programme, contract, behind, row.recommended_on),
    }  # fmt: skip
    course, months = row.behind if behind else row.course, contract["priority_months"] if contract else None
    one = Arrived(row, keys, lead, programme["referrer_name"], decided=bool(course.earns))
    one.moves.append(("submit", "", lead["state"], ""))
    one.said.append(("leads.submitted", {"source": SOURCE, "behind": behind}))
    if course.earns:
        lead |= {"earns": course.earns, "version": lead["version"] + 1}
        one.said.append(("leads.earns_decided", {"earns": course.earns}))
    for step in course.steps:
        _move(one, step, house.reasons.get(step.move), months)
    return one


def _move(one: Arrived, step: Step, known: frozenset[str] | None, months: int | None) -> None:
    lead, move = one.lead, BY_NAME[step.move]
    check(move, lead["state"], step.reason, known)
    one.moves.append((step.move, lead["state"], move.to, step.reason))
    one.said.append((f"leads.{step.move}", {"reason": step.reason}))
    lead |= {"state": move.to, "reason": step.reason, "moved_at": now(), "version": lead["version"] + 1}
    if move.to not in KEEPS_ITS_PLACE:
        lead["behind_lead_id"] = None
    if move.to == LeadState.ACCEPTED:
        until = accepted_until(lead["recommended_on"], months, lead["priority_until"])
        lead |= {"accepted_at": now(), "priority_until": until}


async def _write(arrived: Sequence[Arrived]) -> dict[int, list[LeadMoved]]:
    """What they were moved by, of each."""
    leads = [one.lead for one in arrived]
    await db.copy("lead", list(leads[0]), [list(lead.values()) for lead in leads])
    await clients.remember_new_keys("lead", [(one.lead["id"], one.keys) for one in arrived])
    moves = [(one.lead["id"], *move, one.row.recommended_on) for one in arrived for move in one.moves]
    move_ids, by_user, at = await db.next_ids("lead_move", len(moves)), current().actor.user_id, now()
    await db.copy(
        "lead_move",
        ("id", *MOVES),
        [(move_id, *move[:-1], by_user, at, move[-1]) for move_id, move in zip(move_ids, moves, strict=True)],
    )
    await record_all("lead", [(what, one.lead["id"], data) for one in arrived for what, data in one.said])
    await search.put_new(
        "lead", [actions.findable({**one.lead, "referrer_name": one.referrer_name}) for one in arrived]
    )
    return _moved(move_ids, moves)


def _moved(move_ids: Sequence[int], moves: Sequence[tuple[Any, ...]]) -> dict[int, list[LeadMoved]]:
    moved: dict[int, list[LeadMoved]] = {}
    for move_id, (lead_id, move, *_rest) in zip(move_ids, moves, strict=True):
        told = moved.setdefault(lead_id, [])
        if move != "submit":
            told.append(LeadMoved(lead_id=lead_id, move_id=move_id, move=move))
    return moved


async def _tell(arrived: Sequence[Arrived], moved: Mapping[int, Sequence[LeadMoved]]) -> None:
    """What more is done with one follows upon its own moves, so that what it earns comes in the order of the list."""
    for one in arrived:
        emit(LeadSubmitted(lead_id=one.lead["id"]))
    going_on = await access.leads([one.lead["id"] for one in arrived if one.row.then])
    for one in sorted(arrived, key=lambda one: one.lead["id"] in going_on):
        if one.decided:
            emit(EarnsDecided(lead_id=one.lead["id"]))
        for move in moved[one.lead["id"]]:
            emit(move)
        if one.row.then:
            await one.row.then(going_on[one.lead["id"]])
