"""/reglages/commandes: which orders nobody has to approve, and when what was sent is taken for received."""

from litestar import Request

from portal.company import access as company
from portal.gifts.orders import access, placing
from portal.gifts.orders.forms import SettingsForm
from portal.history.access import record
from portal.kit.deed import deed
from portal.kit.text import number
from portal.kit.web import Answer, again, done, get, page, post
from portal.people.rules import Person

SETTINGS = "/reglages/commandes"
TEMPLATE = "reglages/commandes.html"
DECIDERS = access.MAY_DECIDE


@get(SETTINGS, allows=DECIDERS)
async def show() -> Answer:
    up_to = await company.option(placing.APPROVES_UP_TO)
    days = await access.days_until_received()
    return page(TEMPLATE, form=SettingsForm.showing(up_to="" if up_to is None else number(up_to), days=days))


@post(SETTINGS, allows=DECIDERS)
async def change(request: Request, person: Person) -> Answer:
    form = await SettingsForm.read(request)
    if form.errors:
        return again(TEMPLATE, form=form)
    entity = await company.legal_entity()
    assert entity is not None
    async with deed(person, form.once) as doing:
        await company.set_option(placing.APPROVES_UP_TO, form.up_to)
        await company.set_option(access.RECEIVED_AFTER, form.days)
        await record("gifts.orders_set", "legal_entity", entity["id"], up_to=form.up_to, days=form.days)
        doing.at(SETTINGS)
    return done(doing)
