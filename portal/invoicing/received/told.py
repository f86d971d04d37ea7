"""What stands on an invoice that came in, whatever its format. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from portal.kit.money import Cents

INVOICE, CREDIT_NOTE = "380", "381"


@dataclass(frozen=True, kw_only=True)
class Party:
    name: str = ""
    siren: str = ""
    vat_number: str = ""
    country: str = ""


@dataclass(frozen=True, kw_only=True)
class VatTold:
    category: str
    rate: Decimal | None
    base_cents: Cents
    vat_cents: Cents


@dataclass(frozen=True, kw_only=True)
class Told:
    """Empty or None where nothing was read. Amounts are cents of `currency`."""

    kind: str = INVOICE  # the UNTDID 1001 code (BT-3)
    number: str = ""
    issued_on: date | None = None
    due_on: date | None = None
    currency: str = "EUR"
    seller: Party = Party()
    buyer: Party = Party()
    ibans: tuple[str, ...] = ()
    net_cents: Cents | None = None
    vat_cents: Cents | None = None
    total_cents: Cents | None = None
    vats: tuple[VatTold, ...] = ()
    lines: int = 0
    credits: str = ""  # the number of the invoice that a credit note takes back from
    profile: str = ""  # of its XML (BT-24)
    text: str = ""  # every word that may hold a mention

    @property
    def is_credit(self) -> bool:
        return self.kind == CREDIT_NOTE

    @property
    def rates(self) -> tuple[Decimal, ...]:
        return tuple(sorted({vat.rate for vat in self.vats if vat.rate is not None}))


def kept(told: Told) -> dict[str, Any]:
    return msgspec.to_builtins(told)


def told_from(row: Mapping[str, Any]) -> Told:
    return msgspec.convert(row, Told)
