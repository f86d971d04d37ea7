"""A referrer's own address."""

import pytest

from portal.kit.deed import deed
from portal.leads.intake import links


@pytest.fixture
async def link(cast):
    async with deed(cast.rachel.person):
        return await links.renew(cast.rachel.referrer_id)
