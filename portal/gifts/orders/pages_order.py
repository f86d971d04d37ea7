"""/recompenses/…/commande: the third tap. What it costs, what will be left, where it goes."""

from typing import Any

from litestar import Request

from portal.gifts.orders import access, placing
from portal.gifts.orders.forms import NEEDED, OrderForm
from portal.gifts.orders.pages import ORDERS
from portal.gifts.orders.rules import is_carried
from portal.gifts.points import access as points
from portal.gifts.rewards import access as rewards
from portal.gifts.rewards.rules import WHY_NOT, Wisher, why_not
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.kit.text import _
from portal.kit.web import Answer, again, done, get, page, post
from portal.people.rules import Person, Role
from portal.referrers import access as referrers
from portal.referrers.countries import UNION, named
from portal.referrers.rules import NATURAL_PERSONS

HERE = "/recompenses/{ref:str}/commande"
TEMPLATE = "recompenses/commandes/new.html"
OWN = {Role.REFERRER}


@get(HERE, allows=OWN)
async def ask(person: Person, ref: str) -> Answer:
    referrer, reward, wisher = await _around(person, ref)
    form = OrderForm.prefilled(referrer, reward["points"])
    return page(TEMPLATE, **await _shown(referrer, reward, wisher, form))


@post(HERE, allows=OWN)
async def confirm(request: Request, person: Person, ref: str) -> Answer:
    referrer, reward, wisher = await _around(person, ref)
    form = await OrderForm.read(request)
    if is_carried(reward):
        form.for_parcel()
    if not form.errors:
        try:
            async with deed(person, form.once) as doing:
                order = await placing.place(referrer, reward["id"], form.points, form.address)
                doing.at(f"{ORDERS}/{order['ref']}")
            return done(doing)
        except Refused as no:
            form.refuse("", _(no.sentence) % no.params)
            form.values["points"] = (await rewards.reward(reward["id"]))["points"]
    return again(TEMPLATE, **await _shown(referrer, await rewards.reward(reward["id"]), wisher, form))


async def _around(person: Person, ref: str) -> tuple[db.Row, db.Row, Wisher]:
    referrer = await referrers.referrer(access.orders_for_oneself(person))
    reward, wisher = await rewards.reward_and_wisher(person, ref)
    assert wisher is not None
    return referrer, reward, wisher


async def _shown(referrer: db.Row, reward: db.Row, wisher: Wisher, form: OrderForm) -> dict[str, Any]:
    standing = await points.standing(referrer["id"])
    why = why_not(reward, wisher, today())
    law = await referrers.standing_on(referrer["id"], today())
    price = reward["points"] or 0
    return {
        "reward": reward, "form": form, "spendable": standing.spendable, "left": standing.spendable - price,
        "missing": max(0, price - standing.spendable), "why": _(WHY_NOT[why]) if why else "",
        "carried": is_carried(reward), "countries": named(("FR", *UNION, *({referrer["country"]} - {"FR", *UNION}))),
        "complete": all(form.values.get(name) for name in NEEDED),
        "declared": law is not None and law.status in NATURAL_PERSONS,
    }  # fmt: skip
