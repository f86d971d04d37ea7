"""A platform of our own beside the books of the cast; and the statuses that others would tell, written by hand."""

from collections.abc import Iterator

import pytest

from portal.demo.platform import CLIENT, SECRET, Platform, serving
from portal.invoicing.platform import calling
from portal.kit import db
from portal.settings import settings
from tests.invoicing.conftest import books  # noqa: F401 (a fixture)


@pytest.fixture
def platform(monkeypatch) -> Iterator[Platform]:
    """Running, and connected."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving(Platform()) as running:
        for name, value in {
            "platform_flow_url": f"{running.url}/flow", "platform_directory_url": f"{running.url}/directory",
            "platform_token_url": f"{running.url}/token", "platform_client_id": CLIENT, "platform_client_secret": SECRET,
            "platform_number": "PA42",
        }.items():  # fmt: skip
            monkeypatch.setattr(settings(), name, value)
        yield running
    calling._tokens.clear()


async def flow_states() -> list[str]:
    return [row["state"] for row in await db.rows("SELECT state FROM platform_flow ORDER BY id")]
