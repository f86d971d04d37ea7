"""Papers that take another way: drawn up without a written mandate, found wrong and put right."""

from portal.demo import numbers, story
from portal.demo.closing import FINANCE
from portal.demo.plot import Member
from portal.demo.stage import Stage, last_working_day
from portal.invoicing import access, actions, replacing
from portal.kit import db
from portal.referrers import access as referrers
from portal.referrers import actions as profiles
from portal.referrers.rules import Regime, Status

WHY = "Redevable de la TVA dès le début : nous ne l'avons appris qu'après coup."


def rights(stage: Stage) -> None:
    """Put all of it on the agenda."""
    tacit, wrong = stage.plot.member(story.TACIT), stage.plot.member(story.WRONG)
    for ago, who, act, member in (
        (120, FINANCE[0], allow_tacit, tacit),
        (24, tacit.who.email, accept_all, tacit),
        (20, FINANCE[1], learn, wrong),
        (18, FINANCE[0], put_right, wrong),
    ):
        stage.on(last_working_day(stage.plot.ago(ago)), who, act, member, hour=15)


async def allow_tacit(stage: Stage, member: Member) -> None:
    await actions.allow_tacit(stage.referrers[member.who.email])


async def accept_all(stage: Stage, member: Member) -> None:
    """What was drawn up so far; what comes later waits for a yes."""
    for paper in await _papers(stage, member):
        await actions.answer(await access.invoice(paper["id"]), "accept")


async def learn(stage: Stage, member: Member) -> None:
    """Since they joined, VAT should have stood on their papers."""
    referrer_id = stage.referrers[member.who.email]
    number = numbers.vat(member.place)
    await profiles.change_identity(await referrers.referrer(referrer_id), vat_number=number)
    await profiles.record_standing(referrer_id, member.joined, Status.MICRO, Regime.STANDARD, "staff")


async def put_right(stage: Stage, member: Member) -> None:
    for paper in await _papers(stage, member):
        await replacing.rectify(await access.invoice(paper["id"]), WHY)


async def _papers(stage: Stage, member: Member) -> list[db.Row]:
    return await db.rows(
        "SELECT id FROM invoice WHERE referrer_id = $1 AND kind = 'self_billed' ORDER BY id",
        stage.referrers[member.who.email],
    )
