"""What is done with the closing of a year: opened, controlled, closed; its figures are frozen with it."""

from portal.history.access import record_chained
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.problems import Refused, Stale
from portal.kit.references import new_ref
from portal.kit.text import N_, day
from portal.ledger import posting
from portal.ledger.verify import faults as ledger_faults
from portal.payouts.verify import faults as payout_faults
from portal.people import approvals
from portal.people.approvals import ApprovalState
from portal.people.rules import Person
from portal.taxes.closing import access, papers
from portal.taxes.closing.requirements import lacking
from portal.taxes.closing.rules import (
    APPROVAL,
    FIGURES,
    YEAR_MOVES,
    check,
    check_closed,
    digest,
    is_over,
    last_day,
    obstacles,
)
from portal.taxes.events import YearClosed, YearControlled
from portal.taxes.verify import faults as year_faults

# Opening


async def open_due(entity_id: int) -> int | None:
    """The year that ended, from its first of January on, if anything was paid or given in it."""
    year = today().year - 1
    if (await access.totals(entity_id, year)).people == 0:
        return None
    return await _open(entity_id, year)


async def opened(entity_id: int, year: int) -> db.Row:
    """The closing of this year; made if nobody has opened it. Raises Refused before the year is over."""
    if not is_over(year, today()):
        raise Refused(
            "year_not_over", N_("L'année n'est pas terminée : elle pourra être close à partir du %(day)s."),
            day=day(last_day(year).replace(year=year + 1, month=1, day=1)),
        )  # fmt: skip
    await _open(entity_id, year)
    found = await access.closing_of(year)
    assert found is not None
    return found


async def _open(entity_id: int, year: int) -> int | None:
    """Two at once open it once."""
    made = await db.value(
        """INSERT INTO year_closing (ref, legal_entity_id, year, state, opened_at) VALUES ($1, $2, $3, 'opened', $4)
           ON CONFLICT (legal_entity_id, year) DO NOTHING RETURNING id""",
        new_ref(), entity_id, year, now(),
    )  # fmt: skip
    if made:
        await _chain(made, "opened", year=year)
    return made


# Closing


async def control(closing: db.Row) -> None:
    """Nothing is missing and all is proved. Another person closes; a company of one pair of eyes closes at once."""
    fresh = await access.locked(closing["id"])
    check(YEAR_MOVES["control"], fresh["state"])
    await refuse_obstacles(fresh)
    shown = digest(fresh["year"], await access.lines_now(fresh["legal_entity_id"], fresh["year"]))
    await _move(fresh, "control", controlled_by=_person().user_id, controlled_at=now(), digest=shown)
    if fresh["four_eyes"]:
        await approvals.ask(APPROVAL, "year_closing", fresh["id"], shown)
        emit(YearControlled(closing_id=fresh["id"]))
    else:
        await _close(await access.closing(fresh["id"]), alone=True)


async def approve(closing: db.Row) -> None:
    """The second pair of eyes closes what was controlled. Raises NotAllowed for who controlled it."""
    fresh = await access.locked(closing["id"])
    check(YEAR_MOVES["close"], fresh["state"])
    await _close(fresh)


async def refuse(closing: db.Row, reason: str) -> None:
    fresh = await access.locked(closing["id"])
    check(YEAR_MOVES["reopen"], fresh["state"])
    await approvals.refuse(await _asked(fresh), _person(), reason)
    await _reopen(fresh)


async def withdraw(closing: db.Row) -> None:
    """By who controlled it, to look again."""
    fresh = await access.locked(closing["id"])
    check(YEAR_MOVES["reopen"], fresh["state"])
    await approvals.withdraw(await _asked(fresh), _person())
    await _reopen(fresh)


async def _close(closing: db.Row, *, alone: bool = False) -> None:
    """The ledger first: who posts meanwhile is waited for, and is in what is read afterwards."""
    await _close_ledger(closing["legal_entity_id"], closing["year"])
    await refuse_obstacles(closing)
    lines = await access.lines_now(closing["legal_entity_id"], closing["year"])
    shown = digest(closing["year"], lines)
    if not alone:
        await approvals.decide(await _asked(closing), _person(), shown)
    elif shown != closing["digest"]:
        raise Stale("year_changed", approvals.CHANGED)
    await _freeze(closing["id"], lines)
    await _move(closing, "close", closed_by=_person().user_id, closed_at=now(), alone=alone)
    emit(YearClosed(closing_id=closing["id"]))


async def _close_ledger(entity_id: int, year: int) -> None:
    """A company that closes its months has closed December already; the lock is taken either way."""
    await db.execute(posting.WHILE_CLOSING)
    closed = (await posting.closed_until()).get(entity_id)
    if closed is None or closed < last_day(year):
        await posting.close(entity_id, last_day(year))


async def _freeze(closing_id: int, lines: list[db.Row]) -> None:
    names = ("referrer_id", *FIGURES)
    values = ", ".join(f"${place}" for place in range(1, len(names) + 2))
    await db.execute_many(
        f"INSERT INTO year_closing_line (closing_id, {', '.join(names)}) VALUES ({values})",
        [(closing_id, *(line[name] for name in names)) for line in lines],
    )


async def make_papers(closing: db.Row) -> None:
    """Those of a closed year that are not made yet."""
    check_closed(closing["state"])
    await papers.hand_out(closing["id"])


async def refuse_obstacles(closing: db.Row) -> None:
    """The first that stands in the way, in words. Everything is verified that the year says."""
    entity_id, year = closing["legal_entity_id"], closing["year"]
    broken = await ledger_faults() + await payout_faults() + await year_faults()
    for sentence, params in obstacles(year, await lacking(entity_id, year), today(), len(broken)):
        said = {name: day(value) if name == "day" else value for name, value in params.items()}
        raise Refused("year_not_ready", sentence, **said)


async def _reopen(closing: db.Row) -> None:
    await _move(closing, "reopen", controlled_by=None, controlled_at=None, digest=None)


async def _asked(closing: db.Row) -> db.Row:
    found = await approvals.latest(APPROVAL, "year_closing", closing["id"])
    if found is None or found["state"] != ApprovalState.WAITING:
        raise Refused("approval_decided", approvals.DECIDED)
    return found


async def _move(closing: db.Row, name: str, **changes: object) -> None:
    """One move of the table; the UPDATE repeats the state it starts from."""
    move = YEAR_MOVES[name]
    check(move, closing["state"])
    sets = "".join(f', "{column}" = ${place}' for place, column in enumerate(changes, 4))
    moved = await db.execute(
        f"UPDATE year_closing SET state = $2, version = version + 1{sets} WHERE id = $1 AND state = $3",
        closing["id"], move.to, move.source, *changes.values(),
    )  # fmt: skip
    if moved != 1:
        raise Stale("stale")
    await _chain(closing["id"], move.to)


async def _chain(closing_id: int, what: str, **data: object) -> None:
    await record_chained(
        f"year_closing:{closing_id}", f"taxes.year_{what}", "year_closing", closing_id, **data
    )


def _person() -> Person:
    actor = current().actor
    assert isinstance(actor, Person), "a year is closed by people"
    return actor
