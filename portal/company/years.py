"""Years that are closed: nothing arrives, is given or is dated in them any more."""

from datetime import date

from portal.kit import db
from portal.kit.problems import Refused
from portal.kit.text import N_

CLOSED = N_("L'année %(year)s est close : donnez un jour d'une année ouverte.")


async def is_closed(year: int) -> bool:
    return await db.value(
        "SELECT EXISTS (SELECT FROM year_closing WHERE year = $1 AND state = 'closed')", year
    )


async def refuse_closed(day: date) -> None:
    """The database refuses it too. Raises Refused."""
    if await is_closed(day.year):
        raise Refused("year_closed", CLOSED, year=day.year)
