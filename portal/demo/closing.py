"""How months close: papers issued, a run prepared by one, approved by another, sent, settled; what the bank sends back."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from portal.demo import story
from portal.demo.cast import STAFF
from portal.demo.stage import Stage, last_working_day, working_day
from portal.invoicing import access as papers
from portal.invoicing import actions as invoicing
from portal.jobs.queue import TASKS
from portal.kit import db
from portal.kit.days import add_months, now, today
from portal.kit.deed import deed
from portal.law.holidays import is_bank_day, same_or_next
from portal.payouts import access, actions
from portal.payouts.rails.rules import RailName
from portal.payouts.waiting import waiting

FINANCE = (STAFF[3].email, STAFF[4].email)
IN_THE_BANK = timedelta(3)


@dataclass(slots=True)
class Closing:
    """Papers and a run, by whom."""

    preparer: str
    approver: str
    is_refused: bool = False
    executes_on: date | None = None  # else three days later
    run_ids: list[int] = field(default_factory=list)


def closes(stage: Stage) -> None:
    """Put the months on the agenda, the last weeks, and what the clock does."""
    months = 1
    while (day := add_months(stage.last_day, -months)) > stage.plot.opened_on + timedelta(60):
        closing = Closing(*FINANCE[:: 1 if months % 2 else -1], is_refused=months in story.REFUSED)
        for step, days in (story.CLOSING | story.INCIDENTS.get(months, {})).items():
            _on_agenda(
                stage, (last_working_day if days < 0 else working_day)(day + timedelta(days)), step, closing
            )
        months += 1
    for steps in story.LAST_RUNS:
        ahead = None if "send" in steps else stage.last_day + IN_THE_BANK
        closing = Closing(*FINANCE, executes_on=ahead)
        for step, before in steps.items():
            _on_agenda(stage, last_working_day(stage.last_day, before), step, closing)
    stage.on(last_working_day(stage.last_day, story.CONTESTED), "", contest, hour=14)
    stage.on(stage.last_day, FINANCE[0], issue_apart, hour=18)
    stage.on(stage.last_day, "", look_over, hour=20)
    day = stage.plot.opened_on
    while day <= stage.last_day:
        stage.on(day, "", strike, hour=5)
        day += timedelta(1 if day > stage.last_day - story.NIGHTLY else 7)


def _on_agenda(stage: Stage, day: date, step: str, closing: Closing) -> None:
    who = {"approve": closing.approver, "send": ""}.get(step, closing.preparer)
    stage.on(day, who, STEPS[step], closing, hour=HOURS[step])


async def strike(_stage: Stage) -> None:
    """What the clock does each night, here each week before the last few."""
    for task in story.CLOCKWORK:
        await TASKS[task]()


async def look_over(_stage: Stage) -> None:
    """The accounts of the whole house, as each night."""
    await TASKS[story.CHECKED]()


async def issue(stage: Stage, _closing: Closing) -> None:
    await invoicing.issue(stage.entity_id)


async def issue_apart(stage: Stage) -> None:
    """One paper for somebody who asked for it, after the run was prepared."""
    await invoicing.issue(stage.entity_id, [stage.referrers[stage.plot.member(story.MOVED).who.email]])


async def prepare(stage: Stage, closing: Closing) -> None:
    found = await waiting(stage.entity_id)
    if any(not candidate.block and candidate.rail is RailName.SEPA for candidate in found):
        day = same_or_next(closing.executes_on or today() + IN_THE_BANK, is_bank_day)
        run = await actions.prepare(stage.entity_id, day)
        closing.run_ids.append(run["id"])


async def withdraw(stage: Stage, closing: Closing) -> None:
    for run_id in closing.run_ids[-1:]:
        await actions.cancel(await access.run(run_id))
        stage.on(today(), closing.preparer, prepare, closing, hour=13)


async def approve(stage: Stage, closing: Closing) -> None:
    for run_id in closing.run_ids[-1:]:
        run = await access.run(run_id)
        if closing.is_refused and len(closing.run_ids) == 1:
            await actions.refuse(run, story.REFUSAL)
            stage.on(today(), closing.preparer, prepare, closing, hour=13)
            stage.on(today(), closing.approver, approve, closing, hour=15)
        else:
            await actions.approve(run)


async def send(stage: Stage, closing: Closing) -> None:
    """The file is stored before the deed that sends it."""
    for run_id in closing.run_ids[-1:]:
        run = await access.run(run_id)
        kept = await actions.bank_file(run)
        async with deed(stage.people[closing.preparer], notify=stage.is_loud(now())):
            await actions.send(run, kept)


async def come_back(stage: Stage, closing: Closing) -> None:
    """The bank sends one transfer back; its papers go into the next run."""
    stay = {*story.SHOWN, *(stage.plot.member(key).who.email for key in (story.SEIZED, story.ARRIVED))}
    for run_id in closing.run_ids[-1:]:
        lines = await access.lines_of(run_id)
        others = [line for line in lines if (await _email(line)) not in stay]
        await actions.fail((others or lines)[0], today())


async def _email(line: db.Row) -> str:
    return await db.value("SELECT email FROM referrer WHERE id = $1", line["referrer_id"])


async def settle(_stage: Stage, closing: Closing) -> None:
    for run_id in closing.run_ids[-1:]:
        run = await access.run(run_id)
        if run["state"] == "sent":  # else its only transfer came back
            await actions.settle(run, today())


async def contest(stage: Stage) -> None:
    """The most active of all does not agree with the latest paper."""
    person = stage.people[story.HUGO]
    latest = await db.value(
        "SELECT max(id) FROM invoice WHERE referrer_id = $1 AND kind = 'self_billed'", person.referrer_id
    )
    async with deed(person, notify=stage.is_loud(now())):
        await invoicing.answer(await papers.invoice(latest), "contest", story.CONTEST)


STEPS = {step.__name__: step for step in (issue, prepare, withdraw, approve, send, come_back, settle)}
# The later step has the later hour: weekends may bring them to the same day.
HOURS = {"issue": 9, "prepare": 10, "withdraw": 11, "approve": 12, "send": 16, "come_back": 17, "settle": 18}
