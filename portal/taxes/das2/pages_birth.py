"""/fiscalite/date-de-naissance: asked of who lives in another State of the Union; a referrer gives their own."""

from litestar import Request

from portal.kit.deed import deed
from portal.kit.problems import NotFound
from portal.kit.web import Answer, again, done, get, page, post
from portal.people.rules import Person, Role, Seat
from portal.taxes.das2 import access, filing
from portal.taxes.das2.forms import BirthForm
from portal.taxes.das2.mails import BIRTH

OWN = {Role.REFERRER}


@get(BIRTH, allows=OWN)
async def show(person: Person) -> Answer:
    known = await access.birth_date_of(_id(person))
    return page(
        "fiscalite/das2/birth.html",
        form=BirthForm.showing(born_on=known.isoformat() if known else ""),
        known=known,
    )


@post(BIRTH, allows=OWN)
async def give(request: Request, person: Person) -> Answer:
    if person.seat is Seat.ACCOUNTANT:
        raise NotFound("birth_date")
    form = await BirthForm.read(request)
    if form.errors:
        return again("fiscalite/das2/birth.html", form=form, known=None)
    async with deed(person, form.once) as doing:
        doing.at(BIRTH)
        await filing.give_birth_date(_id(person), form.born_on)
    return done(doing)


def _id(person: Person) -> int:
    assert person.referrer_id is not None
    return person.referrer_id
