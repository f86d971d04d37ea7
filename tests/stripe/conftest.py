from collections.abc import Iterator

import pytest

from portal.demo.fake_stripe.bank import Bank
from portal.demo.fake_stripe.server import KEY, SECRET, Server, serving
from portal.settings import settings
from tests.cast import Cast
from tests.invoicing.books import Books, books_of
from tests.stripe.scene import Scene, scene_of


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Our own Stripe on a port of this machine, with 10 000 € of the company."""
    with serving(Bank(10_000_00)) as server:
        monkeypatch.setenv("PORTAL_STRIPE_KEY", KEY)
        monkeypatch.setenv("PORTAL_STRIPE_WEBHOOK_SECRETS", SECRET)
        monkeypatch.setenv("PORTAL_STRIPE_URL", server.address)
        settings.cache_clear()
        yield server
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
async def scene(cast: Cast, fake: Server) -> Scene:
    """Rachel, Rémi and Mina are paid by Stripe."""
    return await scene_of(cast, fake)


@pytest.fixture
async def books_alone(cast: Cast) -> Books:
    return await books_of(cast)
