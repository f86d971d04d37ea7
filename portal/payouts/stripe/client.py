"""Talking to Stripe: each question once, with a limit on time; who asks again, and when, is decided by who asks."""

import contextlib
from collections.abc import AsyncIterator, Awaitable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from portal.kit.days import day_of
from portal.kit.money import Cents
from portal.kit.problems import Problem
from portal.kit.text import N_
from portal.payouts.stripe.rules import Account, AccountState, Made, account_of
from portal.settings import settings

if TYPE_CHECKING:  # loading it costs every start a third of a second, and few processes speak to Stripe
    from stripe import StripeClient, StripeError

SECONDS = 20
EUROS = "eur"
GONE = "account_invalid"


class Silent(Problem):
    """No answer, or none that says what was done."""

    status = 503
    sentence = N_("Stripe ne répond pas pour l'instant. Réessayez dans une minute.")

    def __init__(self, code: str = "no_answer", *, kept: bool = False) -> None:
        super().__init__(code)
        self.kept = kept


class Said(Problem):
    """Stripe said no."""

    status = 409
    sentence = N_("Stripe a refusé cette demande.")


@contextlib.asynccontextmanager
async def connected(seconds: float = SECONDS) -> AsyncIterator["Stripe"]:
    from stripe import HTTPXClient, StripeClient

    http = HTTPXClient(timeout=seconds)
    addresses: Any = {"api": settings().stripe_url.rstrip("/")} if settings().stripe_url else None
    client = StripeClient(
        settings().stripe_key, base_addresses=addresses, http_client=http, max_network_retries=0
    )
    try:
        yield Stripe(client)
    finally:
        await http.close_async()


class Stripe:
    def __init__(self, client: "StripeClient") -> None:
        self._v1 = client.v1

    async def open_account(
        self, key: str, *, email: str, country: str, business_type: str, number: str
    ) -> Account:
        asked: Any = {
            "type": "express", "country": country, "email": email, "business_type": business_type,
            "capabilities": {"transfers": {"requested": True}}, "metadata": {"apporteur": number},
        }  # fmt: skip
        return account_of(await _said(self._v1.accounts.create_async(asked, {"idempotency_key": key})))

    async def account(self, account: str) -> Account:
        """An account that left us is closed to us."""
        try:
            return account_of(await _said(self._v1.accounts.retrieve_async(account)))
        except Said as no:
            if no.code != GONE:
                raise
            return Account(account, AccountState.RESTRICTED)

    async def link(self, account: str, *, back: str, again: str) -> str:
        """Where the referrer proves who they are: good once, for a few minutes."""
        asked: Any = {
            "account": account,
            "return_url": back,
            "refresh_url": again,
            "type": "account_onboarding",
        }
        return (await _said(self._v1.account_links.create_async(asked)))["url"]

    async def transfer(self, key: str, *, account: str, amount_cents: Cents, group: str, text: str) -> Made:
        asked: Any = {
            "amount": amount_cents, "currency": EUROS, "destination": account, "description": text,
            "transfer_group": group, "metadata": {"key": key},
        }  # fmt: skip
        return _made(await _said(self._v1.transfers.create_async(asked, {"idempotency_key": key})))

    async def transfer_by(self, transfer: str) -> Made:
        return _made(await _said(self._v1.transfers.retrieve_async(transfer)))

    async def find(self, key: str, group: str) -> Made | None:
        """What was made under this key, even when the key is forgotten."""
        asked: Any = {"transfer_group": group, "limit": 100}
        listed = await _said(self._v1.transfers.list_async(asked))
        return next((made for made in map(_made, listed["data"]) if made.key == key), None)

    async def available_cents(self) -> Cents:
        said = await _said(self._v1.balance.retrieve_async())
        return sum(part["amount"] for part in said["available"] if part["currency"] == EUROS)


async def _said(answer: Awaitable[Any]) -> dict[str, Any]:
    from stripe import StripeError

    try:
        return (await answer).to_dict()
    except StripeError as no:
        raise _problem(no) from no


def _problem(no: "StripeError") -> Problem:
    from stripe import IdempotencyError

    status, code = no.http_status or 0, no.code or ""
    if status >= 500 or isinstance(no, IdempotencyError):
        return Silent(kept=status != 409)
    if status in (0, 409, 429):
        return Silent()
    if status in (401, 403) and code != GONE:
        return Silent("key_refused")
    return Said(code or str(status))


def _made(said: dict[str, Any]) -> Made:
    return Made(
        transfer=said["id"], key=(said.get("metadata") or {}).get("key", ""), account=said["destination"],
        amount_cents=said["amount"], reversed_cents=said["amount_reversed"],
        on=day_of(datetime.fromtimestamp(said["created"], UTC)),
    )  # fmt: skip
