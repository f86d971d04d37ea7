"""What is done with entries of the bank: judged and applied, attached by somebody, set aside. Each needs a deed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.problems import Refused, Stale
from portal.kit.text import N_
from portal.payouts import access as payouts
from portal.payouts import actions
from portal.payouts.bank import access
from portal.payouts.bank.reading import Kind
from portal.payouts.bank.rules import VERDICTS, Judgement, Known, Line, State, Told, judge, judge_line
from portal.payouts.bank.suggesting import rank
from portal.payouts.moves import locked
from portal.payouts.shares import ending

DECIDED = N_("Cette ligne a déjà été décidée.")
REASON_MISSING = N_("Dites en quelques mots pourquoi.")
OPEN = (State.WAITING, State.NOTHING)
Judged = tuple[db.Row, Told, Judgement]


async def apply(entity_id: int, entries: Sequence[db.Row], today: date) -> None:
    """Judge them one after the other, then settle and fail in as few steps as there are days."""
    told = [access.told(entry) for entry in entries]
    known = await _locked(entity_id, told)
    judged: list[Judged] = []
    for entry, one in zip(entries, told, strict=True):
        found = judge(one, known, today)
        known.change(found, one.said_on)
        judged.append((entry, one, found))
    judged = await _with_suggestions(entity_id, judged)
    await _settle(judged)
    await _fail(judged)
    await _keep(judged)


async def _locked(entity_id: int, told: Sequence[Told]) -> Known:
    """As they stand once nobody else can change them."""
    about = await access.known(entity_id, told)
    await locked({*(line.run_id for line in about.lines.values()), *about.run_ids.values()})
    return await access.known(entity_id, told)


async def _with_suggestions(entity_id: int, judged: Sequence[Judged]) -> list[Judged]:
    """What nothing matches waits for somebody only where something comes near."""
    unknown = [told for _, told, found in judged if found.state == State.NOTHING and told.amount_cents]
    lines = await access.open_transfers(entity_id, unknown) if unknown else []
    return [
        (entry, told, Judgement(State.WAITING, "suggested"))
        if found.state == State.NOTHING and told.kind != Kind.CREDIT and rank(told, entry["name"], entry["label"], lines)
        else (entry, told, found)
        for entry, told, found in judged
    ]  # fmt: skip


async def _settle(judged: Iterable[Judged]) -> None:
    by_day: dict[date, list[Line]] = defaultdict(list)
    for _, told, found in judged:
        if found.act == "settle":
            by_day[told.said_on] += found.lines
    for on, lines in sorted(by_day.items()):
        await settle(lines, on)


async def _fail(judged: Iterable[Judged]) -> None:
    for _, told, found in judged:
        if found.act == "fail":
            await fail(found.lines, told.said_on, told.reason)


async def settle(lines: Sequence[Line], on: date) -> None:
    """Whole transfers together; each share of one by itself."""
    if whole := [line.id for line in lines if not line.position]:
        await actions.settle_lines(await access.rows_of(whole), on)
    for line in lines:
        if line.position:
            await ending.share_arrived(await payouts.line(line.id), line.position, on)


async def fail(lines: Sequence[Line], on: date, why: str) -> None:
    for line in lines:
        row = await payouts.line(line.id)
        if line.position:
            await ending.share_came_back(row, line.position, on, why)
        else:
            await actions.fail(row, on, why)


async def _keep(judged: Iterable[Judged]) -> None:
    await db.execute_many(
        """UPDATE bank_entry SET state = $2, verdict = $3, line_id = $4, run_id = $5, version = version + 1
           WHERE id = $1 AND state = 'read'""",
        [(entry["id"], str(found.state), found.verdict, found.line_id, found.run_id) for entry, _, found in judged],
    )  # fmt: skip


async def leave_to_decide(entries: Sequence[db.Row], verdict: str) -> None:
    await _keep((entry, access.told(entry), Judgement(State.WAITING, verdict)) for entry in entries)


# Decided by somebody


async def attach(entry: db.Row, line: Line, today: date) -> None:
    """It is this transfer. Raises Refused where their amounts or states do not agree."""
    await locked([line.run_id])
    told = access.told(entry)
    found = judge_line(told, line, today, by_hand=True)
    if found.state not in (State.APPLIED, State.KNOWN):
        raise Refused(found.verdict, VERDICTS[found.verdict])
    await _move(entry, "attach", found.state, found.verdict, line_id=line.id)
    on = min(max(told.said_on, line.sent_on or told.said_on), today)
    if found.act == "settle":
        await settle([line], on)
    elif found.act == "fail":
        await fail([line], on, told.reason)


async def set_aside(entry: db.Row, reason: str) -> None:
    """It is none of ours, or nothing is to be done: nothing moves."""
    if not reason.strip():
        raise Refused("reason_missing", REASON_MISSING)
    await _move(entry, "set_aside", State.SET_ASIDE, entry["verdict"], reason=reason)


async def take_back(entry: db.Row) -> None:
    """What was set aside waits again."""
    await _move(entry, "take_back", State.WAITING, entry["verdict"])


FROM = {"attach": OPEN, "set_aside": OPEN, "take_back": (State.SET_ASIDE,)}


async def _move(
    entry: db.Row, name: str, to: State, verdict: str, *, reason: str = "", line_id: int | None = None
) -> None:
    if entry["state"] not in FROM[name]:
        raise Refused("decided", DECIDED)
    changed = await db.execute(
        """UPDATE bank_entry SET state = $3, verdict = $4, line_id = coalesce($5, line_id), version = version + 1
           WHERE id = $1 AND state = $2 AND version = $6""",
        entry["id"], entry["state"], str(to), verdict, line_id, entry["version"],
    )  # fmt: skip
    if changed != 1:
        raise Stale("stale")
    told = {"bank_entry_id": entry["id"], "move": name, "reason": reason}
    await db.insert("bank_entry_move", **told, by_user=current().actor.user_id, at=now())
    await record(f"payouts.bank_{name}", "bank_entry", entry["id"])
