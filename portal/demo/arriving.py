"""How others come: they apply, by a page or a link; they are on a list; they sign at an event, for which the company signed ahead."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from portal.contracts.signature import presealed, signing
from portal.demo.cast import STAFF
from portal.demo.signing import HOME, OFFICE, mailed_code
from portal.demo.stage import Act, Stage, last_working_day
from portal.kit import db
from portal.kit.days import at, now
from portal.kit.deed import deed
from portal.plans import access as plans
from portal.referrers.joining import access, applying, inviting
from portal.referrers.joining.eligibility import Why
from portal.referrers.joining.invitation_lines import Found
from portal.referrers.rules import Regime, Status

ADMIN, SALES = STAFF[0].email, STAFF[1].email
OPEN_TO = ("individual", "micro", "company", "association")
PAGE: dict[str, Any] = {
    "slug": "apporteurs", "opened": True, "statuses": list(OPEN_TO), "countries": ["FR"], "invited_only": False,
    "most": 60, "automatic": False, "sales_user_id": None,
}  # fmt: skip
LIST = (
    Found(1, "lea.marchadour@perso.example", "Léa", "Marchadour"),
    Found(2, "ronan.le-clech@perso.example", "Ronan", "Le Clech"),
    Found(3, "", "Oriane", "Thomazeau", "no_email"),
)
LINK, LISTED, EVENT = "Cartes de visite", "Petit-déjeuner des partenaires", "Salon des dirigeants"


@dataclass(frozen=True, slots=True)
class Applicant:
    """`steps`: what is done with what they sent, so many days ago. Who has a link is taken in as soon as they confirm."""

    first_name: str
    last_name: str
    knows: str
    steps: tuple[tuple[str, int], ...]
    by_link: bool = False

    @property
    def email(self) -> str:
        return f"{self.first_name}.{self.last_name}@perso.example".lower()


APPLICANTS = (
    Applicant("Armelle", "Jouanno", "Cliente depuis trois ans.", (("submit", 3), ("confirm", 3))),
    Applicant("Denis", "Kerouanton", "Ancien collègue de Samir.", (("submit", 15), ("confirm", 15)), by_link=True),
    Applicant("Edwige", "Plessis", "Nos bureaux sont voisins.", (("submit", 10), ("confirm", 10), ("accept", 8))),
    Applicant("Blandine", "Sorin", "Vu votre annonce.", (("submit", 22), ("confirm", 22), ("refuse", 20))),
    Applicant("Maxence", "Royer", "Par un ami.", (("submit", 2),)),
)  # fmt: skip
HOURS = {"submit": 10, "confirm": 11, "accept": 15, "refuse": 15}
NEWCOMER: dict[str, Any] = {
    "first_name": "Perrine", "last_name": "Boisdron", "street": "6 rue Kervégan", "postcode": "44000", "city": "Nantes",
    "country": "FR",
}  # fmt: skip
AT_THE_EVENT = "perrine.boisdron@perso.example"


def arrive(stage: Stage) -> None:
    """Put all of it on the agenda."""
    _soon(stage, 60, ADMIN, open_page)
    _soon(stage, 30, SALES, make_link)
    for one in APPLICANTS:
        for step, ago in one.steps:
            who = SALES if step in ("accept", "refuse") else one.email
            _soon(stage, ago, who, STEPS[step], one, hour=HOURS[step])
    _soon(stage, 12, SALES, keep_list, True)
    _soon(stage, 1, SALES, keep_list, False)
    stage.on(stage.last_day, ADMIN, open_session, hour=9)
    stage.on(stage.last_day, "", sign_at_the_event, hour=15)


def _soon(stage: Stage, ago: int, who: str, act: Act, *args: object, hour: int = 9) -> None:
    stage.on(last_working_day(stage.plot.ago(ago)), who, act, *args, hour=hour)


async def open_page(stage: Stage) -> None:
    await applying.set_page(stage.programme_id, 0, **PAGE)


async def make_link(stage: Stage) -> None:
    until = now() + timedelta(200)
    await inviting.make_link(LINK, stage.programme_id, until, most=20, sales_user_id=None)


async def keep_list(stage: Stage, sent: bool) -> None:
    lines = list(LIST if sent else [Found(1, "tifenn.rabaud@perso.example", "Tifenn", "Rabaud")])
    ref = await inviting.keep_list(
        lines, name=LISTED, programme_id=stage.programme_id, sales_user_id=stage.people[SALES].user_id, language="fr"
    )  # fmt: skip
    if sent:
        kept = await db.row("SELECT * FROM invitation_list WHERE ref = $1", ref)
        assert kept is not None
        await inviting.send_list(kept)
        await inviting.send_some(kept["id"])


# Applications


async def submit(stage: Stage, one: Applicant) -> None:
    link_id = await db.value("SELECT id FROM invitation_link WHERE name = $1", LINK) if one.by_link else None
    await applying.submit(
        stage.programme_id, email=one.email, language="fr", link_id=link_id, first_name=one.first_name,
        last_name=one.last_name, phone="", status=Status.INDIVIDUAL, country="FR", knows=one.knows, public_agent=False,
    )  # fmt: skip


async def confirm(_stage: Stage, one: Applicant) -> None:
    await applying.confirm(await _sent(one))


async def accept(stage: Stage, one: Applicant) -> None:
    await applying.accept(await _sent(one), stage.people[SALES].user_id)


async def refuse(_stage: Stage, one: Applicant) -> None:
    await applying.refuse(await _sent(one), Why.NO_FIT, "")


async def _sent(one: Applicant) -> db.Row:
    return await access.application(await db.value("SELECT id FROM application WHERE email = $1", one.email))


STEPS: dict[str, Act] = {step.__name__: step for step in (submit, confirm, accept, refuse)}


# An event


async def open_session(stage: Stage) -> None:
    await presealed.open_session(
        stage.people[ADMIN], OFFICE, name=EVENT, programme=await plans.programme(stage.programme_id), statuses=OPEN_TO,
        opens_at=now(), closes_at=at(stage.last_day + timedelta(2), 20), most=40,
        sales_user_id=stage.people[SALES].user_id,
    )  # fmt: skip


async def sign_at_the_event(stage: Stage) -> None:
    """On a screen that is handed over, with the code in their mail."""
    opened = await presealed.session_by_ref(
        await db.value("SELECT ref FROM presealed_session WHERE name = $1", EVENT)
    )
    async with deed(stage.actor(AT_THE_EVENT)):
        begun = await presealed.begin(
            opened, Status.INDIVIDUAL, Regime.NONE, email=AT_THE_EVENT, language="fr", identity=NEWCOMER
        )
        signer = await presealed.signatory_of(begun)
        await signing.request_code(begun, signer)
    async with deed(signer):
        await signing.count_try(begun, signer)
        await presealed.sign(begun, await mailed_code(signer.user_id), HOME)
