"""What it holds: connected accounts, transfers, reversals, the platform's balance, the events of all that, the answers
by idempotency key. Kept in a file when one is given, so that a demo that starts again finds its accounts."""

import json
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from portal.demo.fake_stripe.asked import Asked, Declined, invalid

Thing = dict[str, Any]
VERSION = "2026-10-28.endive"
CURRENCY = "eur"
DUE_AT_FIRST = ["individual.verification.document", "external_account", "tos_acceptance.date"]
LINK_SECONDS = 300


def made(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(12)}"


def moment() -> int:
    return int(time.time())


def listed(things: list[Thing], url: str) -> Thing:
    return {"object": "list", "data": things, "has_more": False, "url": url}


class Bank:
    def __init__(self, available_cents: int = 0, keeps: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.keeps = keeps
        self.holds: dict[str, Any] = {
            "available": available_cents, "accounts": {}, "transfers": {}, "events": {}, "links": {}, "answers": {},
        }  # fmt: skip
        if keeps and keeps.exists():
            self.holds = json.loads(keeps.read_text())
        self.tell: Callable[[Thing], None] = lambda _event: None

    @property
    def transfers(self) -> list[Thing]:
        return list(self.holds["transfers"].values())

    @property
    def events(self) -> list[Thing]:
        return list(self.holds["events"].values())

    # Idempotency

    def answer(self, asked: Asked) -> tuple[int, Thing, bool]:
        """Status, body, and whether it is the saved answer to this key."""
        with self.lock:
            if asked.method == "POST" and (saved := self.holds["answers"].get(asked.key)):
                if saved["asked"] != [asked.path, asked.params]:
                    raise Declined(400, "idempotency_error", message="other parameters under the same key")
                return saved["status"], saved["body"], True
            try:
                status, body = 200, self._done(asked)
            except Declined as no:
                if not no.kept:
                    raise
                status, body = no.status, no.body
            self.keep_answer(asked, status, body)
            return status, body, False

    def keep_answer(self, asked: Asked, status: int, body: Thing) -> None:
        if asked.method == "POST" and asked.key:
            self.holds["answers"][asked.key] = {
                "asked": [asked.path, asked.params],
                "status": status,
                "body": body,
            }
        self.save()

    def forget_answers(self) -> None:
        """As after a day: keys are pruned."""
        with self.lock:
            self.holds["answers"] = {}

    def save(self) -> None:
        if self.keeps:
            written = self.keeps.with_suffix(".new")
            written.write_text(json.dumps(self.holds))
            written.replace(self.keeps)

    def _done(self, asked: Asked) -> Thing:
        match asked.method, *asked.parts[1:]:
            case "GET", "balance":
                return self.balance()
            case "GET", "account":
                return {"id": "acct_platform", "object": "account", "business_profile": {"name": "Entremise"}}
            case "POST", "accounts":
                return self.open_account(asked.params)
            case "GET", "accounts", account:
                return self._found("accounts", account)
            case "POST", "account_links":
                return self.make_link(asked.params)
            case "POST", "transfers":
                return self.transfer(asked.params)
            case "GET", "transfers":
                return self.list_transfers(asked.params)
            case "GET", "transfers", transfer:
                return self._found("transfers", transfer)
            case "POST", "transfers", transfer, "reversals":
                return self.reverse(transfer, asked.params)
            case "GET", "events", event:
                return self._found("events", event)
        raise invalid("", f"Unrecognized request URL ({asked.method}: {asked.path})", status=404)

    def _found(self, kind: str, name: str) -> Thing:
        if name not in self.holds[kind]:
            raise invalid("resource_missing", f"No such {kind[:-1]}: '{name}'", status=404)
        return self.holds[kind][name]

    # Accounts

    def open_account(self, params: Thing) -> Thing:
        account = {
            "id": made("acct"), "object": "account", "type": params.get("type", "express"),
            "country": params.get("country", "FR"), "email": params.get("email"), "created": moment(),
            "business_type": params.get("business_type"), "metadata": params.get("metadata", {}),
            "default_currency": CURRENCY, "charges_enabled": False, "payouts_enabled": False, "details_submitted": False,
            "capabilities": {"transfers": "inactive"},
            "requirements": {"currently_due": DUE_AT_FIRST, "past_due": [], "disabled_reason": "requirements.past_due"},
        }  # fmt: skip
        self.holds["accounts"][account["id"]] = account
        return account

    def verify(self, account_id: str) -> None:
        self._change_account(
            account_id, transfers="active", details_submitted=True, payouts_enabled=True, due=[]
        )

    def restrict(self, account_id: str, reason: str = "rejected.other") -> None:
        self._change_account(
            account_id,
            transfers="inactive",
            details_submitted=True,
            payouts_enabled=False,
            due=[],
            reason=reason,
        )

    def _change_account(
        self, account_id: str, *, transfers: str, due: list[str], reason: str | None = None, **said: bool
    ) -> None:
        with self.lock:
            account = self._found("accounts", account_id)
            account |= said
            account["capabilities"] = {"transfers": transfers}
            account["requirements"] = {"currently_due": due, "past_due": [], "disabled_reason": reason}
            self._happened("account.updated", account, account=account_id)

    def make_link(self, params: Thing) -> Thing:
        self._found("accounts", params.get("account", ""))
        token = secrets.token_urlsafe(16)
        self.holds["links"][token] = {**params, "expires_at": moment() + LINK_SECONDS}
        return {
            "object": "account_link",
            "created": moment(),
            "expires_at": moment() + LINK_SECONDS,
            "url": f"/onboarding/{token}",
        }

    def take_link(self, token: str) -> Thing | None:
        """A link is good once, and for a few minutes."""
        with self.lock:
            link = self.holds["links"].pop(token, None)
            self.save()
        return link if link and link["expires_at"] > moment() else None

    # Money

    def balance(self) -> Thing:
        return {
            "object": "balance", "livemode": False, "pending": [{"amount": 0, "currency": CURRENCY}],
            "available": [{"amount": self.holds["available"], "currency": CURRENCY}],
        }  # fmt: skip

    def top_up(self, cents: int) -> None:
        with self.lock:
            self.holds["available"] += cents
            self.save()

    def transfer(self, params: Thing) -> Thing:
        amount = _cents(params)
        account = self.holds["accounts"].get(params.get("destination", ""))
        if account is None:
            raise invalid("account_invalid", "No such destination", kept=True)
        if account["capabilities"]["transfers"] != "active":
            raise invalid(
                "insufficient_capabilities_for_transfer", "The account cannot take transfers", kept=True
            )
        if amount > self.holds["available"]:
            raise invalid("balance_insufficient", "Insufficient funds in your account", kept=True)
        self.holds["available"] -= amount
        transfer = {
            "id": made("tr"), "object": "transfer", "amount": amount, "amount_reversed": 0, "reversed": False,
            "currency": CURRENCY, "created": moment(), "livemode": False, "destination": params["destination"],
            "description": params.get("description"), "metadata": params.get("metadata", {}),
            "transfer_group": params.get("transfer_group"), "reversals": listed([], ""),
        }  # fmt: skip
        self.holds["transfers"][transfer["id"]] = transfer
        self._happened("transfer.created", transfer)
        return transfer

    def list_transfers(self, params: Thing) -> Thing:
        found = [
            one
            for one in reversed(self.transfers)
            if all(one[name] == params[name] for name in ("transfer_group", "destination") if name in params)
        ]
        return listed(found[: int(params.get("limit", 10))], "/v1/transfers")

    def reverse(self, transfer_id: str, params: Thing | None = None) -> Thing:
        with self.lock:
            transfer = self._found("transfers", transfer_id)
            left = transfer["amount"] - transfer["amount_reversed"]
            amount = int((params or {}).get("amount", left))
            if not 0 < amount <= left:
                raise invalid("amount_too_large", "More than is left on this transfer")
            transfer["amount_reversed"] += amount
            transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
            self.holds["available"] += amount
            reversal = {
                "id": made("trr"),
                "object": "transfer_reversal",
                "amount": amount,
                "transfer": transfer_id,
            }
            transfer["reversals"]["data"].insert(0, reversal)
            self._happened("transfer.reversed", transfer)
            return reversal

    # Events

    def _happened(self, kind: str, thing: Thing, account: str | None = None) -> None:
        event = {
            "id": made("evt"), "object": "event", "type": kind, "created": moment(), "api_version": VERSION,
            "livemode": False, "data": {"object": json.loads(json.dumps(thing))}, "pending_webhooks": 1,
        }  # fmt: skip
        if account:
            event["account"] = account
        self.holds["events"][event["id"]] = event
        self.save()
        self.tell(event)


def _cents(params: Thing) -> int:
    given = params.get("amount", "")
    if not given.isdigit() or int(given) <= 0:
        raise invalid("parameter_invalid_integer", "Invalid positive integer")
    if params.get("currency") != CURRENCY:
        raise invalid("parameter_invalid", "Only euros here")
    return int(given)
