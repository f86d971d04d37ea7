"""/recommander/mon-lien: the referrer's own address, its code to be read by a camera, ready sentences, posters."""

from typing import Any

from litestar import Request, Response

from portal.jobs.printing import printed
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import NotFound
from portal.kit.text import N_, _
from portal.kit.web import Answer, get, page, post, see
from portal.leads import access
from portal.leads.intake import links, posters
from portal.leads.intake.pages_shared import house_name
from portal.people.rules import Person, Role

ME = {Role.REFERRER}
HOME = "/recommander/mon-lien"
SENTENCES = {
    "whatsapp": N_("Bonjour ! Je vous recommande %(house)s, avec qui je travaille en confiance. Laissez vos coordonnées ici, ils vous rappellent : %(address)s"),
    "sms": N_("Je vous recommande %(house)s. Pour être rappelé : %(address)s"),
    "mail": N_("Bonjour,\n\nJe vous recommande %(house)s, avec qui je travaille en confiance. Si vous le souhaitez, laissez vos coordonnées sur cette page, et ils vous rappellent :\n%(address)s\n\nÀ bientôt,\n%(name)s"),
}  # fmt: skip


@get(HOME, allows=ME)
async def mine(person: Person) -> Answer:
    access.check_acts(person)
    link = await links.living(_referrer_of(person))
    return page("recommandations/link.html", link=link, **(await _around(person, link) if link else {}))


@post(HOME, allows=ME)
async def renew(request: Request, person: Person) -> Answer:
    """The first one, or another in its place."""
    access.check_acts(person)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        await links.renew(_referrer_of(person))
        doing.at(HOME)
    return see(HOME)


@post(f"{HOME}/retrait", allows=ME)
async def revoke(request: Request, person: Person) -> Answer:
    access.check_acts(person)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        await links.revoke(_referrer_of(person))
        doing.at(HOME)
    return see(HOME)


@get(f"{HOME}/code", allows=ME)
async def code(person: Person) -> Response[bytes]:
    link = await _living(person)
    return Response(links.qr(links.address_of(link)), media_type="image/svg+xml")


@get(f"{HOME}/{{form:str}}", allows=ME)
async def poster(person: Person, form: str) -> Answer:
    """One format, asked for, then fetched."""
    return page("recommandations/poster.html", **await _poster(person, form))


@post(f"{HOME}/{{form:str}}/pdf", allows=ME)
async def order_poster(request: Request, person: Person, form: str) -> Answer:
    link, sent = await _living(person), await Form.read(request)
    async with deed(person, sent.once) as doing:
        await posters.ask_for(link, form)
        doing.at(f"{HOME}/{form}#pdf")
    return see(f"{HOME}/{form}#pdf")


@get(f"{HOME}/{{form:str}}/pdf", allows=ME)
async def poster_yet(person: Person, form: str) -> Answer:
    """The fragment that asks again by itself while it waits."""
    return page("fiscalite/_pdf.html", **await _poster(person, form))


async def _poster(person: Person, form: str) -> dict[str, Any]:
    paper = await posters.poster(await _living(person), form)
    return {"pdf": await printed(paper), "here": f"{HOME}/{form}", "label": _(posters.FORMATS[form])}


async def _around(person: Person, link: db.Row) -> dict[str, Any]:
    address = links.address_of(link)
    said = {"house": await house_name(), "address": address, "name": person.name}
    return {
        "address": address,
        "sentences": {kind: _(sentence) % said for kind, sentence in SENTENCES.items()},
        "posters": [(form, _(label)) for form, label in posters.FORMATS.items()],
    }


async def _living(person: Person) -> db.Row:
    access.check_acts(person)
    link = await links.living(_referrer_of(person))
    if link is None:
        raise NotFound("link")
    return link


def _referrer_of(person: Person) -> int:
    if person.referrer_id is None:
        raise NotFound("referrer")
    return person.referrer_id
