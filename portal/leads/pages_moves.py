"""What sales and referrers do with a recommendation. Each form carries the version that its page showed."""

from litestar import Request

from portal.kit import db
from portal.kit.deed import deed
from portal.kit.problems import Refused, Stale
from portal.kit.text import _
from portal.kit.web import Answer, again, done, post
from portal.leads import access, actions
from portal.leads.fields import reasons
from portal.leads.forms import EarnsForm, MoveForm, NoteForm
from portal.leads.pages import around
from portal.leads.rules import BY_NAME, NOUN_OF, NOUNS, SALES
from portal.people.rules import Person, Role

OF_SALES = [
    f"/recommandations/{{ref:str}}/{noun}" for noun, name in NOUNS.items() if BY_NAME[name].who == SALES
]


@post(OF_SALES, allows=SALES)
async def advance(request: Request, person: Person, ref: str) -> Answer:
    """Acceptation, refus, contact, qualification, devis, perte, reouverture: one move of the table each."""
    return await _move(request, person, ref, NOUNS[request.scope["path"].rpartition("/")[2]])


@post("/recommandations/{ref:str}/retrait", allows={Role.REFERRER})
async def withdraw(request: Request, person: Person, ref: str) -> Answer:
    access.check_acts(person)
    return await _move(request, person, ref, "withdraw")


@post("/recommandations/{ref:str}/notes", allows=SALES | {Role.REFERRER})
async def note(request: Request, person: Person, ref: str) -> Answer:
    """A word of sales, private or shared; a referrer's question is always shared."""
    access.check_acts(person)
    lead = await access.lead_for(person, ref)
    form = await NoteForm.read(request)
    if form.errors:
        return again("recommandations/show.html", **await around(person, lead, note=form))
    async with deed(person, form.once) as doing:
        await actions.note(lead, form.body, shared=form.shared or not person.is_staff)
        doing.at(f"/recommandations/{ref}")
    return done(doing)


@post("/recommandations/{ref:str}/commission", allows={Role.ADMIN})
async def decide(request: Request, person: Person, ref: str) -> Answer:
    """Whether a recommendation dated before its contract earns."""
    lead = await access.lead_for(person, ref)
    form = await EarnsForm.read(request)
    if form.errors:
        return again("recommandations/show.html", **await around(person, lead))
    async with deed(person, form.once) as doing:
        _check_version(lead, form.version)
        await actions.decide_earns(lead, form.earns)
        doing.at(f"/recommandations/{ref}")
    return done(doing)


async def _move(request: Request, person: Person, ref: str, name: str) -> Answer:
    lead = await access.lead_for(person, ref)
    form = await MoveForm.read(request)
    if "version" in form.errors:
        raise Stale("stale")
    if form.errors:
        return await _ask_why(lead, name, form)
    try:
        async with deed(person, form.once) as doing:
            _check_version(lead, form.version)
            await actions.move(lead, name, reason=form.reason)
            if form.note:
                await actions.note(lead, form.note, shared=True)
            doing.at(f"/recommandations/{ref}")
    except Refused as no:
        if no.code != "reason_missing":
            raise
        form.refuse("reason", _(no.sentence))
        return await _ask_why(lead, name, form)
    return done(doing)


async def _ask_why(lead: db.Row, name: str, form: MoveForm) -> Answer:
    return again(
        "recommandations/reason.html",
        lead=lead,
        move=BY_NAME[name],
        noun=NOUN_OF[name],
        reasons=await reasons.reasons(name) if BY_NAME[name].needs_reason else [],
        filled=form,
    )


def _check_version(lead: db.Row, version: int) -> None:
    if lead["version"] != version:
        raise Stale("stale")
