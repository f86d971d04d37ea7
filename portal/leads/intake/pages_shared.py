"""/r/{code}: a referrer's own page, open to anybody. Whoever is recommended types their own details there."""

from typing import Any

from litestar import Request

from portal.company import access as company
from portal.kit import db
from portal.kit.deed import Machine, deed
from portal.kit.forms import Form
from portal.kit.problems import NotFound, Refused, TooMany
from portal.kit.text import _, speak_words
from portal.kit.web import ANYONE, Answer, again, done, get, page, post
from portal.leads import actions
from portal.leads.fields import answers
from portal.leads.fields.asking import asked_of
from portal.leads.forms import SharedForm
from portal.leads.intake import links, sharing
from portal.leads.prospect.addresses import path_of
from portal.leads.prospect.answering import TOLD, words_of
from portal.people.counters import (
    SHARED_BY_ADDRESS,
    SHARED_BY_LINK,
    TOKEN_BY_ADDRESS,
    allows,
    attempt,
    seconds_left,
)
from portal.plans import access as plans
from portal.plans.programme import advantages

FEW = 6  # products named


@get("/r/{code:str}", allows=ANYONE)
async def shared(request: Request, code: str) -> Answer:
    link = await _link(request, code)
    return page("recommandations/shared.html", **await _around(link, SharedForm.showing()))


@post("/r/{code:str}", allows=ANYONE)
async def receive(request: Request, code: str) -> Answer:
    """The answer is the same whoever they are: their own page."""
    link = await _link(request, code)
    form, around = await SharedForm.read(request), await _programme(link)
    if not form.errors:
        form.check_for(around["prospects"])
    asked = await asked_of("prospect", around["id"])
    given = answers.take(asked, form)
    if form.errors:
        return again("recommandations/shared.html", **await _around(link, form))
    await attempt(SHARED_BY_ADDRESS, request.scope["state"]["address"])
    await attempt(SHARED_BY_LINK, link["id"])
    try:
        async with deed(Machine(f"link:{link['id']}"), form.once) as doing:
            lead = await sharing.receive(
                link, around["prospects"], await _words(link, around["prospects"]),
                programme_id=around["id"], company_name=form.company or form.contact, contact_name=form.contact,
                contact_phone=form.phone, contact_email=form.email, need=form.need, wished=form.wished,
            )  # fmt: skip
            await answers.keep(lead["id"], asked, given)
            doing.at(path_of(lead["ref"], "link"))
    except Refused as no:
        form.refuse("", _(no.sentence) % no.params)
        return again("recommandations/shared.html", **await _around(link, form))
    return done(doing)


async def _link(request: Request, code: str) -> db.Row:
    """Guessing codes is slow work."""
    try:
        return await links.open_at(code)
    except NotFound:
        address = request.scope["state"]["address"]
        if not await allows(TOKEN_BY_ADDRESS, address):
            raise TooMany(await seconds_left(TOKEN_BY_ADDRESS, address)) from None
        raise


async def _programme(link: db.Row) -> db.Row:
    """That of the referrer. Raises NotFound while none is open: there is nobody to be recommended to."""
    try:
        found = await actions.programme_of(link["referrer_id"])
    except Refused as none:
        raise NotFound("programme") from none
    speak_words(found["words"])
    return found


async def _around(link: db.Row, form: Form) -> dict[str, Any]:
    programme, entity = await _programme(link), await company.legal_entity()
    assert entity is not None
    return {
        "link": link, "filled": form, "entity": entity, "prospects": programme["prospects"],
        "products": [product["name"] for product in (await plans.products())[:FEW]],
        "advantage": advantages.told(await advantages.offered(programme["id"])),
        "words": await _words(link, programme["prospects"]),
        "own": answers.controls(await asked_of("prospect", programme["id"])),
    }  # fmt: skip


async def _words(link: db.Row, prospects: str) -> str:
    house = await house_name()
    return (
        _(TOLD) % {"name": link["referrer_name"], "house": house}
        if prospects == "business"
        else words_of(prospects, house)
    )


async def house_name() -> str:
    entity = await company.legal_entity()
    return (entity["brand_name"] or entity["name"]) if entity else ""
