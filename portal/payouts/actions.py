"""What is done with runs: prepared, approved by another, sent, settled; lines that come back."""

from collections.abc import Iterable, Sequence
from datetime import date

from portal.company import years
from portal.invoicing import numbering
from portal.invoicing.issuing import lock
from portal.kit import db, files
from portal.kit.days import day_of, now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.files import Kept
from portal.kit.problems import Refused
from portal.kit.text import N_, money
from portal.payouts import access, booking
from portal.payouts.approval import approving
from portal.payouts.candidate_rules import Candidate
from portal.payouts.events import LineFailed, LineSettled, RunApproved, RunPrepared, RunSaid, RunSent
from portal.payouts.moves import chain, free, locked, move_lines, move_run
from portal.payouts.rails.rules import RailName
from portal.payouts.rails.table import rail
from portal.payouts.rules import APPROVAL, RUN_MOVES, LineState, RunState, check
from portal.payouts.sending import CONTESTED, check_still_stands, contested_in, refuse_contested
from portal.payouts.waiting import waiting
from portal.payouts.writing import digest_of, write
from portal.people import approvals
from portal.people.approvals import ApprovalState
from portal.people.rules import Person
from portal.search import access as search

NOTHING = N_("Aucune pièce à régler pour l'instant.")


async def prepare(entity_id: int, executes_on: date, by: RailName = RailName.SEPA) -> db.Row:
    """A run of all unpaid papers of all who can be paid by this rail: one line each. Raises Refused when there is none."""
    made = await _prepare(entity_id, executes_on, [by])
    return made[0]


async def prepare_all(entity_id: int, executes_on: date) -> list[db.Row]:
    """A run for each rail that has somebody to pay. Raises Refused when none has."""
    return await _prepare(entity_id, executes_on, list(RailName))


async def _prepare(entity_id: int, executes_on: date, rails: Sequence[RailName]) -> list[db.Row]:
    if executes_on < today():
        raise Refused("past_day", N_("Choisissez un jour d'exécution à venir."))
    await lock(sorted(candidate.referrer["referrer_id"] for candidate in await waiting(entity_id)))
    ready = [candidate for candidate in await waiting(entity_id) if not candidate.block]
    by_rail = {name: [one for one in ready if one.rail == name] for name in rails}
    if not any(by_rail.values()):
        raise Refused("nothing_to_pay", NOTHING)
    return [await _make(entity_id, executes_on, name, ready) for name, ready in by_rail.items() if ready]


async def _make(entity_id: int, executes_on: date, by: RailName, ready: Sequence[Candidate]) -> db.Row:
    year = today().year
    series = await numbering.series(entity_id, f"payout:{year}", f"VIR-{year}-")
    number = series.number(await numbering.take(series, today()))
    run_id = await write(entity_id, executes_on, number, by, ready)
    await chain(run_id, "prepared", number=number)
    made = await access.run(run_id)
    await approvals.ask(APPROVAL, "payout_run", run_id, made["digest"])
    await search.put(
        "payout_run", run_id,
        title=number, path=f"/virements/{made['ref']}", find=(money(made["total_cents"]),),
    )  # fmt: skip
    emit(RunPrepared(run_id=run_id))
    return made


async def approve(run: db.Row) -> None:
    """One yes to exactly these lines; with as many as it takes the run may be sent. Raises NotAllowed for who prepared it."""
    run = (await locked([run["id"]]))[run["id"]]
    person, asked = _person(), await _asked(run)
    await refuse_contested(run["id"])
    shown = await digest_of(run["id"])
    if shown != asked["digest"]:
        raise Refused("run_altered", ALTERED)
    largest = max(line["total_cents"] for line in await access.lines_of(run["id"]))
    word = await approving.say(run, person, largest, shown)
    if not word.suffices:
        emit(RunSaid(run_id=run["id"], user_id=person.user_id))
        return
    await _decide(asked, person, shown)
    alone = person.user_id == run["prepared_by"]
    await move_run(run, "approve", approved_by=person.user_id, approved_at=now(), four_eyes=not alone)
    emit(RunApproved(run_id=run["id"]))


async def _decide(asked: db.Row, person: Person, shown: bytes) -> None:
    """Who approves alone what they prepared needs nobody's yes any more."""
    if asked["prepared_by"] == person.user_id:
        await approvals.withdraw(asked, person)
    else:
        await approvals.decide(asked, person, shown)


async def refuse(run: db.Row, reason: str) -> None:
    """The second pair of eyes says no: nothing leaves, all papers are free again."""
    await approvals.refuse(await _asked(run), _person(), reason)
    await _cancel(run)


async def cancel(run: db.Row) -> None:
    """While it is not sent: its papers are free for another run."""
    asked = await approvals.latest(APPROVAL, "payout_run", run["id"])
    if asked and asked["state"] == ApprovalState.WAITING:
        await approvals.withdraw(asked, _person())
    await _cancel(run)


async def leave_out_contested(run: db.Row) -> db.Row:
    """Prepared again without the papers contested meanwhile, to be approved anew; nothing is prepared where nothing is left.
    Raises Refused when none is contested."""
    run = (await locked([run["id"]]))[run["id"]]
    numbers = await contested_in(run["id"])
    if not numbers:
        raise Refused("none_contested", N_("Plus rien n'y est contesté : relisez ce règlement."))
    asked = await approvals.latest(APPROVAL, "payout_run", run["id"])
    if asked and asked["state"] == ApprovalState.WAITING:
        await _let_go(asked, ", ".join(numbers))
    await _cancel(run)
    ready = [
        one for one in await waiting(run["legal_entity_id"]) if not one.block and one.rail == run["rail"]
    ]
    if not ready:
        return await access.run(run["id"])
    return await _make(run["legal_entity_id"], max(run["executes_on"], today()), RailName(run["rail"]), ready)


async def _let_go(asked: db.Row, numbers: str) -> None:
    person = _person()
    if asked["prepared_by"] == person.user_id:
        await approvals.withdraw(asked, person)
    else:
        await approvals.refuse(asked, person, CONTESTED % {"numbers": numbers})


async def _asked(run: db.Row) -> db.Row:
    check(RUN_MOVES["approve"], run["state"])
    asked = await approvals.latest(APPROVAL, "payout_run", run["id"])
    assert asked is not None
    return asked


def _person() -> Person:
    actor = current().actor
    assert isinstance(actor, Person), "two pairs of eyes are those of people"
    return actor


async def bank_file(run: db.Row) -> Kept | None:
    """Before the deed that sends: what its rail hands to the bank, stored once and for all; none where nothing is."""
    check(RUN_MOVES["send"], run["state"])
    lines = await access.lines_of(run["id"])
    papers = await access.papers_of([line["id"] for line in lines])
    return await rail(run["rail"]).make_file(run, lines, papers)


ALTERED = N_("Les lignes ne sont plus celles qui ont été approuvées : annulez ce règlement.")


async def send(run: db.Row, kept: Kept | None) -> None:
    """Let it go: `kept` is bank_file(run). What was approved is what is sent, to accounts that still stand."""
    if not await approving.is_said(run["id"], await digest_of(run["id"])):
        raise Refused("run_altered", ALTERED)
    lines = await access.lines_of(run["id"])
    await refuse_contested(run["id"])
    await check_still_stands(lines)
    file = await files.attach(kept, "payout_run", run["id"]) if kept else None
    await move_run(run, "send", sent_at=now(), file_id=file["id"] if file else None)
    await move_lines(lines, "send")
    await booking.book_sent(run, lines)
    for line in lines:
        await _make_findable(line)
    await rail(run["rail"]).go(run, lines)
    if kept:
        await chain(run["id"], "file", sha256=kept.sha256.hex())
    emit(RunSent(run_id=run["id"]))


async def settle(run: db.Row, on: date) -> None:
    """The bank has paid, on this day, all lines that did not come back."""
    check(RUN_MOVES["settle"], run["state"])
    lines = [line for line in await access.lines_of(run["id"]) if line["state"] == LineState.SENT]
    if not rail(run["rail"]).as_one or any(came_back(line) for line in lines):
        raise Refused("settled_alone", N_("Notez d'abord chaque virement qui n'est pas arrivé."))
    await settle_lines(lines, on)


async def settle_lines(lines: Sequence[db.Row], on: date) -> None:
    """These arrived, on this day. A run of which nothing is under way any more is settled."""
    runs = await locked(line["run_id"] for line in lines)
    for run in runs.values():
        if not day_of(run["sent_at"] or now()) <= on <= today():
            raise Refused("settled_when", N_("Indiquez un jour entre l'envoi et aujourd'hui."))
    await years.refuse_closed(on)
    await move_lines(lines, "settle", settled_on=on)
    await booking.book_arrived(runs, lines, on)
    for line in lines:
        emit(LineSettled(line_id=line["id"]))
    await _finish(runs.values(), on)


async def fail(line: db.Row, on: date, why: str = "") -> None:
    """The transfer came back, perhaps after it had arrived: its papers are free for another run. `why`: the bank's code."""
    runs = await locked([line["run_id"]])
    line = await access.line(line["id"])
    run = runs[line["run_id"]]
    if any(share["end"] == "arrived" for share in line["shares"]):
        raise Refused("share_arrived", N_("Une part de ce virement est arrivée : payez l'autre à la main."))
    if line["state"] == LineState.SETTLED:
        await booking.book_undone(line, on)
    await move_lines([line], "fail", came_back_on=on, why=why)
    await free([line])
    await booking.book_returned(run, line, on)
    await chain(run["id"], "line_failed", line=line["id"], why=why)
    emit(LineFailed(line_id=line["id"]))
    await _finish([run], on)


def came_back(line: db.Row) -> bool:
    """One share of it did, the others may have arrived."""
    return any(share["end"] == "came_back" for share in line["shares"])


async def _finish(runs: Iterable[db.Row], on: date) -> None:
    """Nothing of it is on its way any more."""
    for run in runs:
        under_way = "SELECT EXISTS (SELECT FROM payout_line WHERE run_id = $1 AND state = 'sent')"
        if run["state"] == RunState.SENT and not await db.value(under_way, run["id"]):
            await move_run(run, "settle", settled_at=now(), settled_on=on)


async def _cancel(run: db.Row) -> None:
    lines = await access.lines_of(run["id"])
    await move_run(run, "cancel", cancelled_at=now())
    await move_lines(lines, "cancel")
    await free(lines)


async def _make_findable(line: db.Row) -> None:
    await search.put(
        "transfer", line["id"],
        title=money(line["total_cents"]), subtitle=f"{line['referrer_name']} {line['run_number']}",
        path=f"/virements/{line['ref']}", find=(line["referrer_number"], line["last4"]),
        referrer_id=line["referrer_id"],
    )  # fmt: skip
