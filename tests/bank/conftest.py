from collections.abc import AsyncIterator

import pytest

from portal import verify
from tests.bank.scene import Scene, scene_of
from tests.cast import Cast
from tests.invoicing.books import books_of


@pytest.fixture
async def bank(cast: Cast) -> AsyncIterator[Scene]:
    """A run of two with the bank: Rémi 432,00 (360 + 72 of VAT), Rachel 100,00. All is recomputed when the test is over."""
    yield await scene_of(await books_of(cast))
    assert (await verify.everything()).faults == []
