"""What an arrêté is made of, as it is read. Pure."""

from datetime import date, datetime

import msgspec

from portal.kit.money import Cents


class Paper(msgspec.Struct, frozen=True):
    """Amounts count as the paper does: a credit note below zero. `state`: of its transfer, None in none."""

    id: int
    ref: str
    number: str
    kind: str
    referrer_id: int
    referrer_ref: str
    referrer_name: str
    referrer_number: str
    issued_on: date
    due_on: date
    net: Cents
    vat: Cents
    commissions: int
    earned: Cents
    booked_net: Cents
    booked_vat: Cents
    contest_days: str | None
    state: str | None = None
    line_ref: str | None = None
    run_ref: str | None = None
    run_number: str | None = None
    said: str | None = None
    said_at: datetime | None = None
    said_by: str | None = None


class Late(msgspec.Struct, frozen=True):
    """A paper not with the bank whose legal date comes near, or that is contested."""

    id: int
    ref: str
    number: str
    referrer_id: int
    referrer_name: str
    due_on: date
    total: Cents
    contested: bool


class Payee(msgspec.Struct, frozen=True):
    """`usual`: the middle one of their papers of a year, None below two. Bank ids: of the last transfer, and now."""

    referrer_id: int
    papers: int
    usual: Cents | None = None
    last_bank: int | None = None
    bank: int | None = None
    last4: str | None = None
    bank_on: date | None = None


class Claim(msgspec.Struct, frozen=True):
    ref: str
    referrer_id: int
    referrer_name: str
    due_on: date


class Correction(msgspec.Struct, frozen=True):
    """By hand; without a commission it waits for the second person."""

    id: int
    referrer_id: int
    referrer_name: str
    amount: Cents
    reason: str
    earning_ref: str | None = None


class Failed(msgspec.Struct, frozen=True):
    id: int
    ref: str
    referrer_id: int
    referrer_name: str
    total: Cents


class Clients(msgspec.Struct, frozen=True):
    """Client invoices of deals that are not paid in full, HT."""

    deals: int
    rest: Cents


class Transfers(msgspec.Struct, frozen=True):
    """What lines transfer, less the papers of other months on them."""

    net: Cents
    vat: Cents


DOCUMENTS, INVOICE = "documents", "invoice"
"""What a card may ask of a referrer."""


class Asked(msgspec.Struct, frozen=True):
    """When something was last asked of a referrer."""

    referrer_id: int
    what: str
    on: date


class Decision(msgspec.Struct, frozen=True):
    key: str
    outcome: str
    reason: str
    who: str
    at: datetime
    referrer_name: str | None = None
    legal_on: date | None = None


class Facts(msgspec.Struct, frozen=True):
    papers: list[Paper]
    transfers: Transfers
    late: list[Late]
    payees: list[Payee]
    claims: list[Claim]
    corrections: list[Correction]
    failed: list[Failed]
    clients: Clients
    decisions: list[Decision]
    asked: list[Asked]
