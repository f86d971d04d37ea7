"""By what a row is known again: the number that its file gives it, else by what else it says. Pure."""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

from portal.imports.client_deals import company_key
from portal.kit.cells import plain_words

Values = Mapping[str, object]

IDS = {"referrers": "number", "leads": "ref", "payments": "ref", "clients": "ref"}
# How that is told of a file that gives no numbers: codes of remarks.
TOLD = {
    "referrers": "known_by_email",
    "leads": "known_by_lead",
    "payments": "known_by_payment",
    "clients": "known_by_client",
}


class First(NamedTuple):
    """Where a row stood first in its file, and what it said."""

    line: int
    values: Values


def referrer_key(values: Values) -> str:
    return str(values["email"])


def lead_key(values: Values) -> str:
    company = str(values.get("siren") or company_key(str(values["company"])))
    return lead_key_of(str(values["referrer"]), values["day"], company)


def lead_key_of(referrer: str, day: object, company: str) -> str:
    """The company stands in it unreadably: what is erased of a recommendation must not stay in its number."""
    return f"{referrer}/{day}/{hashlib.sha256(company.encode()).hexdigest()[:10]}"


def payment_key(values: Values) -> str:
    parts = (values["lead"], values["day"], values.get("amount_cents"), values.get("invoice"))
    return "/".join(str(part) for part in parts if part)


def client_key(values: Values) -> str:
    return str(values.get("siren") or plain_words(str(values["company"])) or values["company"])


KEYS: Mapping[str, Callable[[Values], str]] = {
    "referrers": referrer_key,
    "leads": lead_key,
    "payments": payment_key,
    "clients": client_key,
}
# Two payments of one day and amount are two payments: the second of a file is its second.
COUNTED = frozenset({"payments"})


class Recogniser:
    """`numbered`: the file has a column for it. Only a client may leave it empty."""

    def __init__(self, kind: str, *, numbered: bool) -> None:
        self.kind, self.numbered = kind, numbered
        self.seen: dict[str, First] = {}
        self._many: Counter[str] = Counter()

    def ref(self, values: Values) -> str:
        if self.numbered and (given := values.get(IDS[self.kind])):
            return str(given)
        key = KEYS[self.kind](values)
        if self.kind not in COUNTED:
            return key
        self._many[key] += 1
        return f"{key}/{self._many[key]}"

    def twice(self, ref: str, values: Values) -> str:
        """The code of what is wrong with a row that stands there already."""
        if self.numbered:
            return "duplicate"
        return "same_row" if self.seen[ref].values == values else "not_told_apart"
