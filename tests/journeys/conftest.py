"""One browser for the session, a town for each journey, a window for each person in it."""

import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.cast import Cast, Member
from tests.journeys.steps import open_house
from tests.journeys.town import Town, built
from tests.journeys.window import Window, window

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions", "--mute-audio"]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as player:
        started = await player.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def town(cluster: Any, company: Cast, tmp_path: Path) -> AsyncIterator[Town]:
    async with built(cluster, company, tmp_path) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(cluster: Any, company: Cast, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """A town for all the tests of a module, which keep out of each other's way; its programme is open."""
    async with built(cluster, company, tmp_path_factory.mktemp("house")) as running:
        await open_house(running, hold_days=0)
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def opens(browser: Browser) -> AsyncIterator[Callable[..., Any]]:
    """`rachel = await opens(town, town.cast.rachel, device="phone")`; all windows are closed at the end."""
    async with contextlib.AsyncExitStack() as closing:

        async def one(town: Town, member: Member | None = None, **look: Any) -> Window:
            return await closing.enter_async_context(window(browser, town, member, **look))

        yield one
