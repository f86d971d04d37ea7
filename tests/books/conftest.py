"""What the tests of the books share."""

import pytest

from tests.invoicing.books import Books, books_of


@pytest.fixture
async def books(cast) -> Books:
    return await books_of(cast)
