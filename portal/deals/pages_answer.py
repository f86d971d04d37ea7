"""/mot/…/gagnee: from a link in a mail, a colleague says that it is signed, and for how much."""

from litestar import Request

from portal.deals import actions
from portal.deals.rules import NewLine
from portal.kit.days import today
from portal.kit.problems import Refused
from portal.kit.text import _
from portal.kit.web import ANYONE, Answer, again, done, get, page, post
from portal.leads import access as leads
from portal.leads.nudges import answering, buttons
from portal.leads.nudges.forms import WonForm
from portal.leads.nudges.rules import WON
from portal.people.rules import Person

PAGE = "recommandations/answer.html"
PATH = "/mot/{token:str}/gagnee"


@get(PATH, allows=ANYONE)
async def opened(person: Person | None, token: str) -> Answer:
    button, reply = await answering.opened(token, WON.noun, person)
    return page(PAGE, **await answering.around(button, reply, token))


@post(PATH, allows=ANYONE)
async def sign(request: Request, person: Person | None, token: str) -> Answer:
    """A deal of one line, signed today; lines, shares and papers are added on its page."""
    button, reply = await answering.opened(token, WON.noun, person)
    form = await WonForm.read(request)
    if form.errors:
        return again(PAGE, **await answering.around(button, reply, token, form))
    try:
        async with answering.answering(button, reply, form.once) as doing:
            doing.at(request.scope["path"])
            lead = await leads.lead(button["lead_id"])
            title = lead["need"][:80] or lead["company_name"]
            await actions.sign(lead, title=title, signed_on=today(), lines=[NewLine(title, form.net)])
    except Refused as no:
        form.refuse("", _(no.sentence) % no.params)
        now_it_is = await buttons.button(token)  # it may have been used meanwhile
        return again(PAGE, **await answering.around(now_it_is, reply, token, form))
    return done(doing)
