"""To see as a referrer sees: with a reason, for half an hour, and back."""

from litestar import Request

from portal.kit.deed import deed
from portal.kit.problems import NotAllowed, NotFound
from portal.kit.web import SIGNED_IN, Answer, again, get, page, post
from portal.people import seeing
from portal.people.forms import SeeingForm
from portal.people.pages_sign_in import browser, let_in
from portal.people.rules import Person, Role
from portal.referrers import access as referrers

LOOKERS = {Role.SALES, Role.ADMIN}
PATH = "/apporteurs/{ref:str}/vue"


@get(PATH, allows=LOOKERS)
async def ask(person: Person, ref: str) -> Answer:
    referrer = await referrers.referrer_for(person, ref)
    if not seeing.may_see(person, referrer):
        raise NotAllowed("not_theirs", seeing.NOT_THEIRS)
    return page("people/seeing.html", referrer=referrer, form=SeeingForm.showing())


@post(PATH, allows=LOOKERS)
async def start(request: Request, person: Person, ref: str) -> Answer:
    referrer, form = await referrers.referrer_for(person, ref), await SeeingForm.read(request)
    if form.errors:
        return again("people/seeing.html", referrer=referrer, form=form)
    async with deed(person):
        entered = await seeing.start(person, referrer, form.reason, browser(request))
    return let_in(entered)


@post("/vue/fin", allows=SIGNED_IN)
async def stop(request: Request, person: Person) -> Answer:
    if person.seeing is None:
        raise NotFound("seeing")
    async with deed(person):
        entered = await seeing.stop(person, browser(request))
    return let_in(entered)
