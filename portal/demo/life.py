"""How contracts live on: amended, and what one side tells the other about them, by the verbs."""

from datetime import timedelta

from portal.contracts import access
from portal.contracts.lifetime import amending, notices
from portal.contracts.lifetime.amending import Proposal
from portal.contracts.lifetime.rules import NoticeKind, Side
from portal.demo.plot import Member
from portal.demo.stage import Act, Stage
from portal.kit import db
from portal.kit.days import today

LONGER_PRIORITY = 18  # months
WHY_LONGER = "Vos contacts décident souvent au bout d'un an : nous allongeons votre priorité."
AHEAD = timedelta(40)  # more than the notice that contracts ask
WHY_SUSPENDED = "Trois contacts nous disent n'avoir jamais été informés de votre recommandation."
BREACH = "Vous avez présenté vos contacts en notre nom : le contrat ne le permet pas."
GRAVE = "Vous avez encaissé un acompte pour notre compte."


async def latest_contract(stage: Stage, member: Member) -> db.Row:
    """What was sent to them last."""
    return (await access.contracts_of(stage.referrers[member.who.email]))[0]


async def standing_contract(stage: Stage, member: Member) -> db.Row:
    found = await access.contracts_of(stage.referrers[member.who.email])
    return next(one for one in found if one["state"] in ("in_force", "suspended"))


async def amend(stage: Stage, member: Member) -> None:
    """From the day on which both have signed."""
    await _propose(stage, member, timedelta(0))


async def amend_ahead(stage: Stage, member: Member) -> None:
    await _propose(stage, member, AHEAD)


async def _propose(stage: Stage, member: Member, ahead: timedelta) -> None:
    former = await standing_contract(stage, member)
    await amending.propose(
        former,
        Proposal(
            plan_version_id=former["plan_version_id"], effective_on=today() + ahead, reason=WHY_LONGER,
            priority_months=LONGER_PRIORITY, sooner=not ahead,
        ),
    )  # fmt: skip


async def suspend(stage: Stage, member: Member) -> None:
    await _tell(stage, member, NoticeKind.SUSPENSION, Side.COMPANY, WHY_SUSPENDED)


async def resume(stage: Stage, member: Member) -> None:
    standing = await notices.standing_of((await standing_contract(stage, member))["id"])
    await notices.lift(standing[NoticeKind.SUSPENSION], Side.COMPANY)


async def warn(stage: Stage, member: Member) -> None:
    await _tell(stage, member, NoticeKind.FORMAL, Side.COMPANY, BREACH)


async def leave(stage: Stage, member: Member) -> None:
    """After the notice of their contract."""
    await _tell(stage, member, NoticeKind.TERMINATION, Side.REFERRER)


async def not_renew(stage: Stage, member: Member) -> None:
    await _tell(stage, member, NoticeKind.NON_RENEWAL, Side.COMPANY)


async def end_for_fault(stage: Stage, member: Member) -> None:
    contract = await standing_contract(stage, member)
    await notices.give(contract, NoticeKind.FAULT, Side.COMPANY, reason=GRAVE, grave=True)


async def _tell(stage: Stage, member: Member, kind: NoticeKind, side: Side, reason: str = "") -> None:
    await notices.give(await standing_contract(stage, member), kind, side, reason=reason)


STEPS: dict[str, Act] = {
    step.__name__: step
    for step in (amend, amend_ahead, suspend, resume, warn, leave, not_renew, end_for_fault)
}
BY = dict.fromkeys(set(STEPS) - {"leave"}, "admin")
