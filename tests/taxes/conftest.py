from collections.abc import AsyncIterator

import pytest

from portal import verify
from tests.cast import Cast
from tests.invoicing.books import Books, books_of


@pytest.fixture
async def books(cast: Cast) -> AsyncIterator[Books]:
    """Everything that must always hold is recomputed when the test is over."""
    yield await books_of(cast)
    assert (await verify.everything()).faults == []
