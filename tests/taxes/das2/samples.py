"""One declaration for tests that open every page: Rémi was given what is above the threshold, and a file is drawn."""

from portal.company import access as company
from portal.company import actions
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.taxes.das2 import drawing, reviewing
from portal.taxes.das2.reviewing import contact_of
from portal.taxes.das2.rules import law_of
from tests.cast import Cast
from tests.taxes.partners import is_given


async def samples_of_das2(cast: Cast) -> dict[str, str]:
    await is_given(cast, cast.remi, 3_000_00, what="Gift card")
    entity = await company.legal_entity_by(cast.entity_id)
    async with deed(cast.alice.person):
        await actions.correct(entity, entity["version"], ape="62.01Z")
    ref = await db.value("SELECT ref FROM referrer WHERE id = $1", cast.remi.referrer_id)
    return {"das2_run": await _run(cast), "declaree": f"{today().year}/das2/{ref}"}


async def _run(cast: Cast) -> str:
    entity, year = await company.legal_entity_by(cast.entity_id), today().year
    by = reviewing.declarant_of(entity, year, contact_of(entity, None))
    drawn = await drawing.draw(cast.entity_id, law_of(year, await company.figures()), by)
    kept = await drawing.store(drawn)
    async with deed(cast.fanny.person):
        return (await drawing.keep(cast.entity_id, drawn, kept, pays_wages=True))["ref"]
