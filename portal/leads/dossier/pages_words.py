"""A word of one's own, corrected or taken back within a few minutes."""

from litestar import Request

from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.web import Answer, again, done, get, page, post
from portal.leads import access
from portal.leads.dossier import words
from portal.leads.dossier.forms import WordForm
from portal.leads.rules import SALES
from portal.people.rules import Person, Role

ONE = "/recommandations/{ref:str}/notes/{word:str}"
WRITERS = SALES | {Role.REFERRER}


@get(ONE, allows=WRITERS)
async def show(person: Person, ref: str, word: str) -> Answer:
    lead = await access.lead_for(person, ref)
    note = await words.own(lead, word, person.user_id)
    return page("recommandations/mot.html", lead=lead, word=note, form=WordForm.showing(body=note["body"]))


@post(ONE, allows=WRITERS)
async def correct(request: Request, person: Person, ref: str, word: str) -> Answer:
    access.check_acts(person)
    lead = await access.lead_for(person, ref)
    note = await words.own(lead, word, person.user_id)
    form = await WordForm.read(request)
    if form.errors:
        return again("recommandations/mot.html", lead=lead, word=note, form=form)
    async with deed(person, form.once) as doing:
        await words.correct(note, form.body)
        doing.at(f"/recommandations/{ref}#suivi")
    return done(doing)


@post(f"{ONE}/retrait", allows=WRITERS)
async def take_back(request: Request, person: Person, ref: str, word: str) -> Answer:
    access.check_acts(person)
    lead = await access.lead_for(person, ref)
    note = await words.own(lead, word, person.user_id)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        await words.take_back(note)
        doing.at(f"/recommandations/{ref}#suivi")
    return done(doing)
