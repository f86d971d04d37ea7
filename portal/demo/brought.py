"""Recommendations of which more is told than how they end: who brings which company, and what is done about it, by whom, when.

Every step is a day's work of the office: on the last working day up to so many days ago, the steps of a day in their order."""

from dataclasses import dataclass, field, replace

from portal.demo.cast import STAFF
from portal.demo.plot import Prospect
from portal.demo.stage import Act, Stage, last_working_day
from portal.demo.story import HUGO, INES, RACHEL
from portal.kit import db
from portal.kit.days import today
from portal.leads import access, actions
from portal.leads.rules import consent_code

CLAIRE, SAMIR, ELISE, FANNY, _PAUL = (one.email for one in STAFF)
HOMES = (RACHEL, HUGO, INES)


@dataclass(frozen=True, slots=True)
class Step:
    """`who` does what so many days ago; `words`: what they say, or how it is decided."""

    ago: int
    who: str
    act: str
    words: str = ""


@dataclass(slots=True)
class Brought:
    """`about`: two of the same number are about the same company; `name`: a company that the story names."""

    by: str
    about: int
    ago: int
    steps: tuple[Step, ...] = ()
    name: str = ""
    place: tuple[str, str] = ("", "")
    estimate_cents: int | None = None
    need: str = ""
    lead_id: int = field(default=0)

    async def lead(self) -> db.Row:
        return await access.lead(self.lead_id)


Acts = dict[str, Act]


def tell(stage: Stage, told: tuple[Brought, ...], acts: Acts, prospects: list[Prospect]) -> None:
    """Put them on the agenda."""
    for one in told:
        prospect = prospects[one.about]
        known = replace(prospect, name=one.name, siren="") if one.name else prospect
        stage.on(last_working_day(stage.plot.ago(one.ago)), one.by, bring, one, known, hour=8)
        for hour, step in enumerate(one.steps, 9):
            day = last_working_day(stage.plot.ago(step.ago))
            stage.on(day, step.who, {**MOVES, **acts}[step.act], one, step.words, hour=hour)


async def bring(stage: Stage, one: Brought, prospect: Prospect) -> None:
    made = await actions.submit(
        stage.referrers[one.by], company_name=prospect.name, siren=prospect.siren, contact_name=prospect.contact,
        contact_email=prospect.email, contact_phone=prospect.phone, need=one.need or prospect.need,
        estimate_cents=one.estimate_cents, postcode=one.place[0], city=one.place[1],
        consent=consent_code("spoken", today()),
    )  # fmt: skip
    one.lead_id = made["id"]


def moving(name: str) -> Act:
    async def move(_stage: Stage, one: Brought, reason: str) -> None:
        await actions.move(await one.lead(), name, reason=reason)

    return move


async def word(_stage: Stage, one: Brought, words: str) -> None:
    """That both sides read."""
    await actions.note(await one.lead(), words, shared=True)


async def remark(_stage: Stage, one: Brought, words: str) -> None:
    """Between colleagues."""
    await actions.note(await one.lead(), words, shared=False)


MOVES: Acts = {
    **{name: moving(name) for name in ("accept", "reject", "contact", "qualify", "propose", "lose", "withdraw")},
    "word": word,
    "remark": remark,
}  # fmt: skip
