"""One village for all crawls: pages that are only read do not change it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from portal.kit import db
from tests.cast import Cast
from tests.crawl.village import Village, settle_in
from tests.journeys.conftest import browser
from tests.journeys.town import built

__all__ = ["browser"]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def village(
    cluster: Any, company: Cast, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Village]:
    async with built(cluster, company, tmp_path_factory.mktemp("village"), worker=False, told=True) as town:
        addresses = await settle_in(company)
        # From here on only browsers look at it; the tests that follow have databases of their own.
        await db.engine().close_connection_pool()
        yield Village(**vars(town), **addresses)
