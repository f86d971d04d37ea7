"""/affaires/{ref}/avantage: the client has had what was promised, on a day."""

from datetime import date
from typing import Annotated

from litestar import Request
from pydantic import BeforeValidator

from portal.deals import access, advantage
from portal.deals.pages import around
from portal.kit.cells import parse_date
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import Refused
from portal.kit.text import _
from portal.kit.web import Answer, again, post, see
from portal.people.rules import STAFF, Person


class GrantForm(Form):
    granted_on: Annotated[date, BeforeValidator(lambda typed: parse_date(str(typed)))]


@post("/affaires/{ref:str}/avantage", allows=STAFF)
async def grant(request: Request, person: Person, ref: str) -> Answer:
    deal, form = await access.deal_for(person, ref), await GrantForm.read(request)
    if form.errors:
        return again("affaires/show.html", **await around(person, deal, {"advantage": form}))
    try:
        async with deed(person, form.once) as doing:
            doing.at(f"/affaires/{ref}#avantage")
            await advantage.grant(deal, form.granted_on)
    except Refused as no:
        form.refuse("granted_on", _(no.sentence))
        return again("affaires/show.html", **await around(person, deal, {"advantage": form}))
    return see(f"/affaires/{ref}#avantage")


@post("/affaires/{ref:str}/avantage/retrait", allows=STAFF)
async def take_back(request: Request, person: Person, ref: str) -> Answer:
    deal, form = await access.deal_for(person, ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"/affaires/{ref}#avantage")
        await advantage.take_back(deal)
    return see(f"/affaires/{ref}#avantage")
