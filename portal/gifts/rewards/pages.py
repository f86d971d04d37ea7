"""/recompenses: what points can become, for who has them. One tap wishes, three order."""

from typing import Any

from litestar import Request, Response

from portal.gifts.points import access as points
from portal.gifts.points.access import Standing
from portal.gifts.rewards import access, access_shop, rules, surveys, wishing
from portal.gifts.rewards.access_shop import by_reach, offer_of
from portal.gifts.rewards.rules import KIND_LABELS, WHY_NOT
from portal.kit import db, files
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import NotFound
from portal.kit.text import _
from portal.kit.web import Answer, done, get, page, post
from portal.people.rules import STAFF, Person, Role

PATH = "/recompenses"
ONE = f"{PATH}/{{ref:str}}"
SEES = STAFF | {Role.REFERRER}
KEPT = "private, max-age=31536000, immutable"  # its address changes with it
PHOTOS = {"photo": "photo_file", "vignette": "thumb_file"}


@get(PATH, allows=SEES)
async def index(person: Person) -> Answer:
    if person.referrer_id is None:
        found, standing, survey = await access_shop.offered_to_anybody(today()), Standing(), None
    else:
        standing = await points.standing(person.referrer_id)
        found = await access_shop.offers(person.referrer_id, standing.spendable)
        survey = await surveys.asked_of(person.referrer_id)
    return page(
        "recompenses/index.html", standing=standing, offers=by_reach(found), survey=survey
    )  # fmt: skip


@get(ONE, allows=SEES)
async def show(person: Person, ref: str) -> Answer:
    reward, wisher = await access.reward_and_wisher(person, ref)
    if wisher is None:
        return page(
            "recompenses/show.html", reward=reward, offer=None, wish=None, standing=Standing(), **_said()
        )
    standing = await points.standing(_own(person))
    why_not = rules.why_not(reward, wisher, today())
    return page(
        "recompenses/show.html", reward=reward, offer=offer_of(reward, why_not, standing.spendable), standing=standing,
        wish=await access_shop.wish_of(reward["id"], _own(person)), **_said(),
    )  # fmt: skip


def _said() -> dict[str, Any]:
    return {
        "kinds": {code: _(label) for code, label in KIND_LABELS.items()},
        "whys": {code: _(sentence) for code, sentence in WHY_NOT.items()},
        "tells": wishing.TELLS, "is_carried": rules.is_carried,
    }  # fmt: skip


@get([f"{ONE}/{noun}" for noun in PHOTOS], allows=SEES)
async def photo(request: Request, person: Person, ref: str) -> Answer:
    reward = await access.reward_for(person, ref)
    file_id = reward[PHOTOS[request.scope["path"].rpartition("/")[2]]]
    if file_id is None:
        raise NotFound("photo")
    file = await files.by_id(file_id)
    return Response(
        await files.content(file), media_type=file["media_type"],
        headers={"cache-control": KEPT, "content-security-policy": "sandbox; default-src 'none'"},
    )  # fmt: skip


@post(f"{ONE}/envie", allows={Role.REFERRER})
async def wish(request: Request, person: Person, ref: str) -> Answer:
    reward, form = await access.reward_for(person, ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        await wishing.wish(reward["id"], _own(person))
        doing.at(_back(form, reward))
    return done(doing)


@post(f"{ONE}/envie/retrait", allows={Role.REFERRER})
async def stop_wishing(request: Request, person: Person, ref: str) -> Answer:
    reward, form = await access.reward_for(person, ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        await wishing.stop_wishing(reward["id"], _own(person))
        doing.at(_back(form, reward))
    return done(doing)


@post(f"{ONE}/alerte", allows={Role.REFERRER})
async def ask_to_be_told(request: Request, person: Person, ref: str) -> Answer:
    reward, form = await access.reward_for(person, ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        await wishing.ask_to_be_told(reward, _own(person))
        doing.at(f"{PATH}/{ref}")
    return done(doing)


def _own(person: Person) -> int:
    assert person.referrer_id is not None
    return person.referrer_id


def _back(form: Form, reward: db.Row) -> str:
    """To the card that was tapped, or to the page of the reward."""
    return f"{PATH}#r-{reward['ref']}" if form.values.get("from") == "card" else f"{PATH}/{reward['ref']}"
