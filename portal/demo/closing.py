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
from portal.payouts import access, actions

FINANCE = (STAFF[3].email, STAFF[4].email)


@dataclass(slots=True)
class Closing:
    """One month: on which day, by whom. `steps`: what is done, days before or after that day."""

    day: date
    months_ago: int
    preparer: str
    approver: str
    steps: dict[str, int]
    run_ids: list[int] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        return self.months_ago in story.REFUSED

    @property
    def has_return(self) -> bool:
        return self.months_ago in story.RETURNED


def closes(stage: Stage) -> None:
    """Put every month on the agenda, the extra one, and the weekly work of the clock."""
    day, months = stage.today, 0
    while day > stage.plot.opened_on + timedelta(60):
        preparer, approver = FINANCE if months % 2 else FINANCE[::-1]
        _on_agenda(stage, Closing(day, months, preparer, approver, story.CLOSING))
        months += 1
        day = add_months(stage.today, -months)
    _on_agenda(stage, Closing(stage.today, 0, *FINANCE, story.BETWEEN))
    stage.on(last_working_day(stage.today - timedelta(2)), "", contest, hour=14)
    day = stage.plot.opened_on
    while day <= stage.today:
        stage.on(day, "", strike, hour=5)
        day += timedelta(1 if day > stage.today - story.LOUD else 7)


def _on_agenda(stage: Stage, closing: Closing) -> None:
    for hour, (step, days) in enumerate(closing.steps.items(), 9):
        who = closing.approver if step == "approve" else closing.preparer
        day = (last_working_day if days < 0 else working_day)(closing.day + timedelta(days))
        stage.on(day, "" if step == "send" else who, STEPS[step], closing, hour=hour)


async def strike(_stage: Stage) -> None:
    """What the clock does each night, here each week before the last few."""
    for task in story.CLOCKWORK:
        await TASKS[task]()


async def issue(stage: Stage, _closing: Closing) -> None:
    await invoicing.issue(stage.entity_id)


async def prepare(stage: Stage, closing: Closing) -> None:
    if any(not candidate.block for candidate in await access.waiting(stage.entity_id)):
        run = await actions.prepare(stage.entity_id, today() + timedelta(3))
        closing.run_ids.append(run["id"])


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


async def come_back(_stage: Stage, closing: Closing) -> None:
    """The bank sends one transfer back; its papers go into the next run."""
    for run_id in closing.run_ids[-1:] if closing.has_return else ():
        lines = await access.lines_of(run_id)
        others = [line for line in lines if (await _email(line)) not in story.SHOWN]
        await actions.fail((others or lines)[0], today())


async def _email(line: db.Row) -> str:
    return await db.value("SELECT email FROM referrer WHERE id = $1", line["referrer_id"])


async def settle(_stage: Stage, closing: Closing) -> None:
    for run_id in closing.run_ids[-1:]:
        await actions.settle(await access.run(run_id), today())


async def contest(stage: Stage) -> None:
    """The most active of all does not agree with the latest paper."""
    person = stage.people[story.HUGO]
    latest = await db.value(
        "SELECT max(id) FROM invoice WHERE referrer_id = $1 AND kind = 'self_billed'", person.referrer_id
    )
    async with deed(person, notify=stage.is_loud(now())):
        await invoicing.answer(await papers.invoice(latest), "contest", story.CONTEST)


STEPS = {step.__name__: step for step in (issue, prepare, approve, send, come_back, settle)}
