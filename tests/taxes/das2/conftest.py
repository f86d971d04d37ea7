import pytest

from portal.company import access, actions
from portal.kit.deed import deed
from tests.cast import Cast
from tests.invoicing.books import Books


@pytest.fixture
async def books(books: Books, cast: Cast) -> Books:
    """Of a company that is described as far as a declaration names it."""
    async with deed(cast.alice.person):
        entity = await access.legal_entity_by(cast.entity_id)
        await actions.correct(entity, entity["version"], ape="62.01Z")
    return books
