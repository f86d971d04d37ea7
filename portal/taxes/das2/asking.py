"""Asked months before the return is due: who lacks something is told what, by mail, several times."""

from datetime import date

from portal.company import access as company
from portal.jobs.queue import machine
from portal.kit.days import day_of
from portal.kit.deed import deed
from portal.taxes.das2 import access, filing
from portal.taxes.das2.rules import Declaree, asked_from, law_of, year_asked


async def ask_on(entity_id: int, day: date) -> None:
    """Each in a deed of their own, on some days of the year."""
    year = year_asked(day)
    if year is None:
        return
    for who in await to_ask(entity_id, year, day):
        async with deed(machine("taxes.ask_das2", entity_id, who["id"], day)):
            await filing.ask(entity_id, year, [who])


async def to_ask(entity_id: int, year: int, day: date) -> list[Declaree]:
    """Whoever is above the threshold, or will be soon, has not given what they alone can give, and was not asked today."""
    law = law_of(year, await company.figures())
    found = await access.declarees(entity_id, year, law, asked_from(law, day))
    asked = await access.last_asked(entity_id, year)
    today_already = {one for one, row in asked.items() if day_of(row["asked_at"]) == day}
    return [
        who
        for who in found
        if access.asked_of(who) and who["declared"] is not False and who["id"] not in today_already
    ]
