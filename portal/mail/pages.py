"""The bell and its page; which mails one wants; the address that ends them."""

from itertools import groupby
from typing import Any

from litestar import Request

from portal.kit.days import day_of, today
from portal.kit.deed import Machine, deed
from portal.kit.forms import Form
from portal.kit.text import _
from portal.kit.web import ANYONE, SIGNED_IN, Answer, done, get, page, post, see
from portal.mail import choices, notices, stops
from portal.mail.forms import ChoicesForm, PathForm
from portal.mail.kinds import HOW_SAID, TOPICS, Topic, topics_of
from portal.people.rules import Person, Role

BELL, OWN, REFERRERS = "/notifications", "/compte/courriels", "/profil/courriels"
STOP = "/courriels/{user:str}/{what:str}/{mac:str}"


@get(BELL, allows=SIGNED_IN)
async def bell(person: Person) -> Answer:
    found = await notices.latest_of(person.user_id, staff=person.is_staff, referrer_id=person.referrer_id)
    days = [(on, list(rows)) for on, rows in groupby(found, key=lambda row: day_of(row["at"]))]
    return page("notifications/list.html", days=days, said=notices.said, today=today())


@post(f"{BELL}/lecture", allows=SIGNED_IN)
async def read_all(request: Request, person: Person) -> Answer:
    """Everything; or, asked by the page itself, what leads to the page that somebody has before them."""
    form = await PathForm.read(request)
    async with deed(person):
        if not form.here:
            await notices.read_all(person.user_id)
            return see(BELL)
        await notices.read_there(person.user_id, form.here)
    left = [path for path in person.unread if path != form.here]
    return page("notifications/_bell.html", unread=len(left), path="")


@post(f"{BELL}/{{ref:str}}/lecture", allows=SIGNED_IN)
async def read(request: Request, person: Person, ref: str) -> Answer:
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        await notices.read(person.user_id, ref)
        doing.at(BELL)
    return done(doing)


@get(OWN, allows=SIGNED_IN)
async def mails(request: Request, person: Person) -> Answer:
    return await _choices(request, person, OWN)


@get(REFERRERS, allows={Role.REFERRER})
async def mails_of_referrer(request: Request, person: Person) -> Answer:
    return await _choices(request, person, REFERRERS)


async def _choices(request: Request, person: Person, here: str) -> Answer:
    return page(
        "notifications/mails.html", here=here, chosen=await choices.chosen(person.user_id), hows=[(how.value, _(said)) for how, said in HOW_SAID.items()],
        topics={topic: TOPICS[topic] for topic in topics_of(staff=person.is_staff)},
        kept="fait" in request.query_params,
    )  # fmt: skip


@post(OWN, allows=SIGNED_IN)
async def choose(request: Request, person: Person) -> Answer:
    return await _chosen(request, person, OWN)


@post(REFERRERS, allows={Role.REFERRER})
async def choose_of_referrer(request: Request, person: Person) -> Answer:
    return await _chosen(request, person, REFERRERS)


async def _chosen(request: Request, person: Person, here: str) -> Answer:
    """What the page does not offer stays as it is."""
    form = await ChoicesForm.read(request)
    async with deed(person, form.once) as doing:
        for topic in topics_of(staff=person.is_staff):
            if how := getattr(form, topic.value, None):
                await choices.choose(person.user_id, topic, how)
        doing.at(f"{here}?fait")
    return done(doing)


@get(STOP, allows=ANYONE)
async def stopping(user: str, what: str, mac: str) -> Answer:
    """A page with a button: opening a link ends nothing."""
    await stops.reader_at(user, what, mac)
    return page("notifications/stop.html", stopped=False, **_told(user, what))


@post(STOP, allows=ANYONE, opt={"proves_itself": True})
async def stop(user: str, what: str, mac: str) -> Answer:
    """The button of that page, or the mail program itself (List-Unsubscribe=One-Click): no cookie, no redirection."""
    reader = await stops.reader_at(user, what, mac)
    async with deed(Machine("mail.stop")):
        await stops.stop(reader["id"], what)
    return page("notifications/stop.html", stopped=True, **_told(user, what))


def _told(user: str, what: str) -> dict[str, Any]:
    topic = TOPICS[Topic(what)] if what != stops.WEEKLY else None
    return {"topic": topic, "action": stops.path_of(user, what), "choose_at": OWN}
