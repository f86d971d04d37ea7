"""Points in the crawled village: a programme that lets people choose and give, and a year that is provided for."""

from datetime import date
from decimal import Decimal

from portal.gifts.points import provision, terms
from portal.gifts.points.terms import Terms
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from tests.cast import Cast


async def furnish_points(cast: Cast, programme: db.Row) -> None:
    async with deed(cast.alice.person):
        await terms.keep(programme["id"], Terms(valid_months=12, choice="deal", gifts=True))
    async with deed(cast.fanny.person):
        await provision.provide(cast.entity_id, date(today().year - 1, 12, 31), Decimal(80), Decimal(75), "")
