"""What is kept on the file of a referrer: documents, a yearly confirmation, who is paid in their place, two files made one."""

from portal.demo import numbers, story
from portal.demo.cast import STAFF
from portal.demo.plot import Member
from portal.demo.stage import Act, Stage, last_working_day
from portal.jobs.queue import TASKS
from portal.kit import db, files
from portal.kit.days import now, today
from portal.kit.deed import deed
from portal.kit.pdf import render_pdf
from portal.people.rules import Person
from portal.referrers import access, confirming, merging, payees
from portal.referrers.confirming_rules import Reason
from portal.referrers.payee_rules import Kind as Instead
from portal.referrers.rules import Status
from portal.referrers.vigilance import documents
from portal.referrers.vigilance.rules import Kind

ADMIN, FIRST, SECOND = STAFF[0].email, STAFF[3].email, STAFF[4].email
SCAN = "<html lang=fr><title>Document</title><h1>Document</h1><p>Copie numérisée, fournie pour la démonstration.</p></html>"
HOURS = {"ask": 9, "give": 10, "declare": 11, "accept": 15, "refuse": 15}

UNREADABLE = "La seconde page manque : merci de déposer le document entier."
# Who is paid in the place of a referrer, by which act, up to how many cents.
PAYEES = {
    "attachment": ("Service des impôts de Saint-Nazaire", "SATD 44-2291", 300_00),
    "assignment": ("Banque des Deux Rives", "Bordereau de cession 118", None),
}


def scan() -> bytes:
    return render_pdf(SCAN, created=now(), identifier=bytes(16))


def keeps(stage: Stage) -> None:
    """Put all of it on the agenda."""
    abroad = [
        one.key
        for one in stage.plot.members
        if one.who.status is Status.EU_COMPANY and one.key != story.WITHHELD
    ]
    for by, kind, steps in (*story.DOCUMENTS, *((key, "residence", story.RESIDENCE) for key in abroad)):
        for step, ago in steps:
            member = stage.plot.member(by)
            who = {"declare": member.who.email, "give": ""}.get(step, ADMIN)
            _soon(stage, ago, who, DOCUMENT[step], member, Kind(kind), hour=HOURS[step])
    _soon(stage, 9, "clock", ask_to_confirm, stage.plot.member(story.RACHEL))
    _soon(stage, 60, "clock", ask_to_confirm, stage.plot.member(story.HUGO))
    _soon(stage, 57, story.HUGO, confirm, stage.plot.member(story.HUGO), hour=12)
    _soon(stage, 50, "", pay_another, stage.plot.member(story.SEIZED), Instead.ATTACHMENT, True)
    _soon(stage, 5, "", pay_another, stage.plot.member(story.CEDED), Instead.ASSIGNMENT, False)
    _soon(stage, 7, ADMIN, join_files)
    for ago in story.WATCHES:
        stage.on(stage.plot.ago(ago), "", look_around, hour=6)


def _soon(stage: Stage, ago: int, who: str, act: Act, *args: object, hour: int = 9) -> None:
    stage.on(last_working_day(stage.plot.ago(ago)), who, act, *args, hour=hour)


async def look_around(_stage: Stage) -> None:
    """What the clock asks for, watches and recalls: on some of the last nights only, for it takes its time."""
    for task in story.WATCHFUL:
        await TASKS[task]()


async def kept(stage: Stage, name: str) -> files.Kept:
    return await files.keep(files.Store.UPLOADS, stage.scan, media_type="application/pdf", name=name)


# Documents


async def ask(stage: Stage, member: Member, kind: Kind) -> None:
    await documents.ask_by_hand(stage.referrers[member.who.email], kind)


async def give(stage: Stage, member: Member, kind: Kind) -> None:
    file = await kept(stage, f"{kind}.pdf")
    async with deed(stage.people[member.who.email], notify=stage.is_loud(now())):
        await documents.give(stage.referrers[member.who.email], kind, file)


async def declare(stage: Stage, member: Member, kind: Kind) -> None:
    await documents.declare(stage.referrers[member.who.email], kind)


async def accept(stage: Stage, member: Member, kind: Kind) -> None:
    given = await _latest(stage, member, kind)
    await documents.accept(given, given["version"], today(), "AV7K2M4D" if kind is Kind.VIGILANCE else "")


async def refuse(stage: Stage, member: Member, kind: Kind) -> None:
    given = await _latest(stage, member, kind)
    await documents.refuse(given, given["version"], UNREADABLE)


async def _latest(stage: Stage, member: Member, kind: Kind) -> db.Row:
    found = await db.row(
        "SELECT * FROM referrer_document WHERE referrer_id = $1 AND kind = $2 ORDER BY id DESC LIMIT 1",
        stage.referrers[member.who.email], kind,
    )  # fmt: skip
    assert found is not None
    return found


DOCUMENT: dict[str, Act] = {step.__name__: step for step in (ask, give, declare, accept, refuse)}


# What holds, who is paid, which files are one


async def ask_to_confirm(stage: Stage, member: Member) -> None:
    await confirming.ask(stage.referrers[member.who.email], Reason.YEARLY)


async def confirm(stage: Stage, member: Member) -> None:
    asked = await db.row(
        "SELECT * FROM standing_confirmation WHERE referrer_id = $1 AND confirmed_at IS NULL",
        stage.referrers[member.who.email],
    )
    assert asked is not None
    await confirming.confirm(asked)


async def pay_another(stage: Stage, member: Member, why: Instead, approved: bool) -> None:
    """One of finance writes the act down; another looks at it, or has not yet."""
    first, second = stage.people[FIRST], stage.people[SECOND]
    made = await _proposed(stage, member, why, first)
    if approved:
        async with deed(second, notify=stage.is_loud(now())):
            await payees.approve(made, second)


async def _proposed(stage: Stage, member: Member, why: Instead, person: Person) -> db.Row:
    name, act, ceiling = PAYEES[why]
    file = await kept(stage, "acte.pdf")
    async with deed(person, notify=stage.is_loud(now())):
        return await payees.propose(
            stage.referrers[member.who.email], kind=why, name=name, iban=numbers.iban(9_000 + member.place), act=act,
            since=today(), until=None, ceiling_cents=ceiling, kept=file,
        )  # fmt: skip


async def join_files(stage: Stage) -> None:
    """Somebody who was invited twice, by two addresses."""
    joins, stays = [
        await access.referrer(stage.referrers[stage.plot.member(key).who.email])
        for key in (story.TWICE, story.KNOWN)
    ]
    await merging.merge(await merging.plan(joins, stays), stage.people[ADMIN])
