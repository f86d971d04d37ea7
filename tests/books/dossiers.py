"""A dossier de contrôle, for who needs one to look at."""

from portal.books.inspection import making
from portal.company.access import legal_entity_by
from portal.kit.deed import deed
from tests.cast import Cast


async def a_control_file(cast: Cast) -> str:
    """Rémi's, made."""
    entity = await legal_entity_by(cast.entity_id)
    async with deed(cast.fanny.person):
        asked = await making.ask(entity, cast.remi.referrer_id, None)
    await making.make(asked["id"])
    return asked["ref"]
