"""What a year changes for an individual: one page in large type."""

from portal.company import access as company
from portal.kit import db
from portal.kit.web import Answer, get, page
from portal.people.rules import Person, Role
from portal.taxes import access, keeping
from portal.taxes.individuals.rules import change_of
from portal.taxes.keeping import Kind
from portal.taxes.summaries import summary

STAFF = {Role.FINANCE, Role.ADMIN}


@get("/fiscalite/{year:int}/ce-que-cela-change", allows={Role.REFERRER})
async def change(person: Person, year: int) -> Answer:
    return await _shown(await access.parties(person.referrer_id or 0), year, f"/fiscalite/{year}")


@get("/apporteurs/{ref:str}/fiscalite/{year:int}/ce-que-cela-change", allows=STAFF)
async def change_for_staff(person: Person, ref: str, year: int) -> Answer:
    return await _shown(await access.parties_for(person, ref), year, f"/apporteurs/{ref}/fiscalite/{year}")


async def _shown(parties: db.Row, year: int, here: str) -> Answer:
    told = await summary(parties["id"], year)
    found = change_of(told, await company.figures())
    kept = await keeping.kept(parties["id"], year, Kind.CHANGE)
    return page(
        "fiscalite/change.html", parties=parties, told=told, change=found, here=here, paper=kept[0] if kept else None
    )  # fmt: skip
