"""/reglages: where everything is set; /reglages/etat: how the house does; /reglages/composants: its parts."""

from litestar import Request

from portal.house import state as house
from portal.house.rooms import ADMIN, ROOMS
from portal.jobs import access as jobs
from portal.jobs.queue import enqueue
from portal.kit.days import now
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.text import _
from portal.kit.web import Answer, get, page, post, see
from portal.mail import actions as mails
from portal.people.rules import STAFF, Person

PATH = "/reglages/etat"


@get("/reglages", allows=STAFF)
async def index(request: Request, person: Person) -> Answer:
    known = {route.path for route in request.app.routes}
    groups = {
        _(title): [room for room in rooms if person.may(*room.roles) and room.href in known]
        for title, rooms in ROOMS.items()
    }
    return page("reglages/index.html", groups={title: rooms for title, rooms in groups.items() if rooms})


@get(PATH, allows=ADMIN)
async def state() -> Answer:
    return page("reglages/etat.html", state=await house.state())


class JobForm(Form):
    job: int


@post(f"{PATH}/travaux", allows=ADMIN)
async def try_again(request: Request, person: Person) -> Answer:
    form = await JobForm.read(request)
    if not form.errors:
        async with deed(person, form.once) as doing:
            await jobs.try_again(form.job)
            doing.at(PATH)
    return see(PATH)


@post(f"{PATH}/verification", allows=ADMIN)
async def verify(request: Request, person: Person) -> Answer:
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        await enqueue("house.verify", key="house.verify")
        doing.at(PATH)
    return see(PATH)


@post(f"{PATH}/courriels/{{ref:str}}", allows=ADMIN)
async def send_again(request: Request, person: Person, ref: str) -> Answer:
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        await mails.send_again(ref)
        doing.at(PATH)
    return see(PATH)


@get("/reglages/composants", allows=STAFF)
async def parts() -> Answer:
    return page("reglages/composants.html", now=now())
