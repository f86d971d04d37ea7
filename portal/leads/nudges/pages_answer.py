"""/mot/…: a colleague answers from a mail, without signing in. Opening the page changes nothing; its one button does."""

from litestar import Request

from portal.kit import db
from portal.kit.forms import Form
from portal.kit.problems import Refused
from portal.kit.text import _
from portal.kit.web import ANYONE, Answer, again, done, get, page, post
from portal.leads.nudges import answering, buttons
from portal.leads.nudges.answering import FORMS
from portal.leads.nudges.rules import Reply
from portal.people.rules import Person

PAGE = "recommandations/answer.html"
PATH = "/mot/{token:str}/{noun:str}"


@get(PATH, allows=ANYONE)
async def opened(person: Person | None, token: str, noun: str) -> Answer:
    button, reply = await answering.opened(token, noun, person)
    return page(PAGE, **await answering.around(button, reply, token))


@post(PATH, allows=ANYONE)
async def answer(request: Request, person: Person | None, token: str, noun: str) -> Answer:
    button, reply = await answering.opened(token, noun, person)
    form = await FORMS.get(noun, Form).read(request)
    if form.errors:
        return await _again(button, reply, token, form)
    try:
        return done(await answering.answer(button, reply, form, request.scope["path"]))
    except Refused as no:
        form.refuse("", _(no.sentence) % no.params)
        return await _again(
            await buttons.button(token), reply, token, form
        )  # it may have been used meanwhile


async def _again(button: db.Row, reply: Reply, token: str, form: Form) -> Answer:
    return again(PAGE, **await answering.around(button, reply, token, form))
