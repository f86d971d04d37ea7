"""/recompenses/souhaits: what somebody would like and the catalogue does not hold, and what the company answers."""

from typing import Any

from litestar import Request

from portal.gifts.points import access as points
from portal.gifts.rewards import access_shop, own_wishes, rules
from portal.gifts.rewards.forms import COST, PriceForm, ReasonForm, WishForm
from portal.gifts.rewards.own_wishes import LABELS, TONES, WishState
from portal.gifts.rewards.rules import NATURE_LABELS
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import Refused
from portal.kit.text import _
from portal.kit.web import Answer, again, done, get, page, post
from portal.people.rules import STAFF, Person, Role

ANSWERS = {Role.SALES, Role.FINANCE, Role.ADMIN}
PATH = "/recompenses/souhaits"
ONE = f"{PATH}/{{ref:str}}"
SHOW = "recompenses/souhaits/show.html"
CELLS: Cells = {
    "title": lambda row: row["title"],
    "who": lambda row: row["referrer_name"],
    "day": lambda row: row["asked_at"],
    "state": lambda row: _(LABELS[row["state"]]),
}


@get(PATH, allows=STAFF | {Role.REFERRER})
async def index(request: Request, person: Person) -> Answer:
    if person.referrer_id is not None:
        return await _own(request, person, WishForm.showing())
    listing = await _listing(request, person, Column("who", _("Apporteur"), sortable=True))
    return await listing.answer(
        "recompenses/souhaits/index.html", cells=CELLS, name="souhaits", cell=CELLS, tones=TONES,
        waiting=await own_wishes.waiting(),
    )  # fmt: skip


async def _own(request: Request, person: Person, form: Form, status: int = 200) -> Answer:
    assert person.referrer_id is not None
    listing = await _listing(request, person)
    spendable = (await points.standing(person.referrer_id)).spendable
    wished = [
        one for one in await access_shop.offers(person.referrer_id, spendable) if one.reward["is_wished"]
    ]
    answer = await listing.answer(
        "recompenses/souhaits/own.html",
        cells=CELLS,
        name="souhaits",
        cell=CELLS,
        tones=TONES,
        form=form,
        wished=wished,
    )
    answer.status_code = status
    return answer


async def _listing(request: Request, person: Person, *more: Column) -> Listing:
    columns = (
        Column("title", _("Souhait"), sortable=True), *more, Column("day", _("Demandé le"), sortable=True),
        Column("state", _("Réponse"), sortable=True),
    )  # fmt: skip
    filters = (
        Filter("q", _("Rechercher")),
        Filter("etat", _("Réponse"), "select", [(code, _(label)) for code, label in LABELS.items()]),
    )
    asked = Listing.asked(request, columns, filters if more else (), sort="-day")
    return await own_wishes.page_of(person, asked)


@post(PATH, allows={Role.REFERRER})
async def ask(request: Request, person: Person) -> Answer:
    form = await WishForm.read(request)
    if form.errors or person.referrer_id is None:
        return await _own(request, person, form, 422)
    try:
        async with deed(person, form.once) as doing:
            await own_wishes.ask(person.referrer_id, form.title, form.words, form.link)
            doing.at(PATH)
    except Refused as no:
        return await _own(request, person, form.refuse("", _(no.sentence)), 422)
    return done(doing)


@get(ONE, allows=STAFF | {Role.REFERRER})
async def show(person: Person, ref: str) -> Answer:
    wish = await own_wishes.wish_for(person, ref)
    return page(SHOW, **await _around(wish, PriceForm.showing(title=wish["title"], version=wish["version"])))


@post(f"{ONE}/prix", allows=ANSWERS)
async def price(request: Request, person: Person, ref: str) -> Answer:
    wish, form = await own_wishes.wish_for(person, ref), await PriceForm.read(request)
    cost = {} if form.errors else form.model_dump(include=set(COST))
    if cost:
        for name, sentence in rules.missing(rules.settled({**cost, "title": form.title})).items():
            form.refuse(name, _(sentence))
    if form.errors:
        return again(SHOW, **await _around(wish, form))
    async with deed(person, form.once) as doing:
        await own_wishes.price(wish, form.version, form.title, **cost)
        doing.at(f"{PATH}/{ref}")
    return done(doing)


@post(f"{ONE}/refus", allows=ANSWERS)
async def refuse(request: Request, person: Person, ref: str) -> Answer:
    wish, form = await own_wishes.wish_for(person, ref), await ReasonForm.read(request)
    if form.errors:
        unpriced = PriceForm.showing(title=wish["title"], version=wish["version"])
        return again(SHOW, **await _around(wish, unpriced, form))
    async with deed(person, form.once) as doing:
        await own_wishes.refuse(wish, form.version, form.reason)
        doing.at(f"{PATH}/{ref}")
    return done(doing)


@post(f"{ONE}/retrait", allows={Role.REFERRER})
async def withdraw(request: Request, person: Person, ref: str) -> Answer:
    wish, form = await own_wishes.wish_for(person, ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        await own_wishes.withdraw(wish)
        doing.at(PATH)
    return done(doing)


async def _around(wish: db.Row, form: Form, reason_form: Form | None = None) -> dict[str, Any]:
    return {
        "wish": wish, "form": form, "reason_form": reason_form, "waits": wish["state"] == WishState.ASKED,
        "label": _(LABELS[wish["state"]]), "tone": TONES.get(wish["state"], "plain"),
        "natures": [(code, _(label)) for code, label in NATURE_LABELS.items()], "worth_cents": await points.worth_cents(None),
    }  # fmt: skip
