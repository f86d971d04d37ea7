"""The fake Stripe of the demo lives in a process of its own, and finds again what it held."""

import asyncio

import pytest

from portal.demo.fake_stripe.beside import beside
from portal.payouts.stripe.client import Silent, connected
from portal.settings import settings


async def patient_balance() -> int:
    for _ in range(100):
        try:
            async with connected() as stripe:
                return await stripe.available_cents()
        except Silent:
            await asyncio.sleep(0.1)
    raise AssertionError("it never answered")


async def test_it_stands_beside_the_demo_and_outlives_it_in_a_file(tmp_path, monkeypatch: pytest.MonkeyPatch):
    for opened in (1, 2):
        with beside(tmp_path, "http://127.0.0.1:9") as environment:
            for name, value in environment.items():
                monkeypatch.setenv(name, value)
            settings.cache_clear()
            assert await patient_balance() == 50_000_00
            async with connected() as stripe:
                await stripe.open_account(
                    f"k{opened}", email="a@b.example", country="FR", business_type="individual", number="A"
                )
    assert (tmp_path / "stripe.json").read_text().count('"object": "account"') >= 2
    monkeypatch.undo()
    settings.cache_clear()
