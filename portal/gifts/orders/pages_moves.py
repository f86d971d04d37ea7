"""What is done to one order, each by who may."""

from collections.abc import Awaitable, Callable

from litestar import Request

from portal.gifts.orders import access, codes, deciding, sending
from portal.gifts.orders.forms import AgainForm, ParcelForm, RefuseForm
from portal.gifts.orders.pages import DECIDERS, ONE, ORDERS, OWN, TEMPLATE, shown
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import NotFound, Refused
from portal.kit.text import _
from portal.kit.web import Answer, again, done, page, post
from portal.people.rules import Person

Verb = Callable[[db.Row], Awaitable[None]]


async def _do(request: Request, person: Person, order: db.Row, verb: Verb) -> Answer:
    """A move without a word; what a rule says against it stands at the top of the order."""
    form = await Form.read(request)
    try:
        async with deed(person, form.once) as doing:
            await verb(order)
            doing.at(f"{ORDERS}/{order['ref']}")
        return done(doing)
    except Refused as no:
        form.refuse("", _(no.sentence) % no.params)
    return again(TEMPLATE, **await shown(person, await access.order_for(person, order["ref"]), move=form))


async def _theirs(person: Person, ref: str) -> db.Row:
    access.orders_for_oneself(person)
    return await access.order_for(person, ref)


@post(f"{ONE}/approbation", allows=DECIDERS)
async def approve(request: Request, person: Person, ref: str) -> Answer:
    return await _do(request, person, await access.order_for(person, ref), deciding.approve)


@post(f"{ONE}/refus", allows=DECIDERS)
async def refuse(request: Request, person: Person, ref: str) -> Answer:
    order, form = await access.order_for(person, ref), await RefuseForm.read(request)
    if form.errors:
        return again(TEMPLATE, **await shown(person, order, refuse=form))
    return await _do(request, person, order, lambda row: deciding.refuse(row, form.reason_code, form.reason))


@post(f"{ONE}/renoncement", allows=OWN)
async def give_up(request: Request, person: Person, ref: str) -> Answer:
    return await _do(request, person, await _theirs(person, ref), deciding.give_up)


@post(f"{ONE}/expedition", allows=DECIDERS)
async def send(request: Request, person: Person, ref: str) -> Answer:
    order, form = await access.order_for(person, ref), await ParcelForm.read(request)
    if form.errors:
        return again(TEMPLATE, **await shown(person, order, parcel=form))
    return await _do(request, person, order, lambda row: sending.send(row, form.parcel))


@post(f"{ONE}/suivi", allows=DECIDERS)
async def follow(request: Request, person: Person, ref: str) -> Answer:
    """The parcel has another number, or goes out once more."""
    order, form = await access.order_for(person, ref), await ParcelForm.read(request)
    if form.errors:
        return again(TEMPLATE, **await shown(person, order, parcel=form))
    return await _do(request, person, order, lambda row: sending.follow(row, form.version, form.parcel))


@post(f"{ONE}/reception", allows=OWN)
async def receive(request: Request, person: Person, ref: str) -> Answer:
    return await _do(request, person, await _theirs(person, ref), sending.receive)


@post(f"{ONE}/absence", allows=OWN)
async def miss(request: Request, person: Person, ref: str) -> Answer:
    return await _do(request, person, await _theirs(person, ref), sending.miss)


@post(f"{ONE}/code", allows=OWN)
async def read_code(request: Request, person: Person, ref: str) -> Answer:
    """The answer to this one request shows it; sent again, or looked at later, the order shows its last signs."""
    order, form = await _theirs(person, ref), await Form.read(request)
    if order["code_id"] is None:
        raise NotFound("reward_code")
    try:
        async with deed(person, form.once) as doing:
            doing.at(f"{ORDERS}/{ref}")
            code = await codes.read(order)
    except Refused as no:
        form.refuse("", _(no.sentence) % no.params)
        return again(TEMPLATE, **await shown(person, order, move=form))
    return page(TEMPLATE, **{**await shown(person, await access.order_for(person, ref)), "code": code})


@post(f"{ONE}/code/nouvelle-lecture", allows=DECIDERS)
async def allow_again(request: Request, person: Person, ref: str) -> Answer:
    order, form = await access.order_for(person, ref), await AgainForm.read(request)
    if order["code_id"] is None:
        raise NotFound("reward_code")
    if form.errors:
        return again(TEMPLATE, **await shown(person, order, again=form))
    return await _do(request, person, order, lambda row: codes.allow_again(row, form.reason))
