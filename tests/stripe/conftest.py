from collections.abc import Iterator

import pytest

from portal.demo.fake_stripe.bank import Bank
from portal.demo.fake_stripe.server import KEY, SECRET, Server, serving
from portal.settings import settings


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
