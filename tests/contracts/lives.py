"""For the matrix and the crawl: contracts of Rémi that have lived."""

from datetime import timedelta

from portal.contracts import actions as contracts
from portal.contracts.lifetime import notices, rounds
from portal.contracts.lifetime.rules import NoticeKind, Side
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.plans import actions as plans
from tests.cast import Cast
from tests.contracts.stories import open_programme
from tests.walk.test_by_verbs import PLAN

NAMES = ("Apporteurs d'hier", "Barème d'hier")
TWELVE = PLAN | {"rules": [{"key": "tout", "when": [], "pay": {"kind": "percent", "rate": "12"}}]}


async def samples_of_life(cast: Cast, signed: db.Row, names: tuple[str, str] = NAMES) -> dict[str, str]:
    """A formal notice that stands; a round of amendments; a letter that ended another contract."""
    async with deed(cast.alice.person):
        formal = await notices.give(signed, NoticeKind.FORMAL, Side.COMPANY, reason="Late papers")
    old = await _old(cast, names)
    asked = await _round(cast, old, names[1])
    async with deed(cast.alice.person):
        letter = await notices.give(old, NoticeKind.FAULT, Side.COMPANY, reason="A forged order", grave=True)
    return {
        "contract_notice": f"{signed['ref']}/annonces/{formal['ref']}",
        "contract_letter": f"{old['ref']}/lettres/{letter['ref']}",
        "amendment_round": asked["ref"],
    }


async def _old(cast: Cast, names: tuple[str, str]) -> db.Row:
    programme_id, version_id = await open_programme(cast, *names)
    async with deed(cast.alice.person):
        return await contracts.record_on_paper(
            cast.remi.referrer_id,
            programme_id,
            version_id,
            signed_on=today() - timedelta(90),
            vouched_by=cast.alice.user_id,
        )


async def _round(cast: Cast, old: db.Row, plan: str) -> db.Row:
    async with deed(cast.alice.person):
        version = await plans.publish(old["programme_id"], TWELVE | {"name": plan}, today())
        asked = await rounds.ask(version["id"], today() + timedelta(40), "Better paid", newest_text=False)
    await work_off()
    return asked
