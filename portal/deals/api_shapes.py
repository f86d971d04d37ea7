"""What other systems may say of deals; a field that is unknown or of another kind is a 422 that names it."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

from portal.kit.api import Unprocessable
from portal.kit.money import Cents
from portal.kit.text import N_

MOST_CENTS, MOST_PIECES = 10**12, 1_000_000
Amount = Annotated[int, Meta(ge=0, le=MOST_CENTS)]
Positive = Annotated[int, Meta(ge=1, le=MOST_CENTS)]
Text = Annotated[str, Meta(max_length=500)]
Named = Annotated[str, Meta(min_length=1, max_length=200)]
Key = Annotated[str, Meta(min_length=1, max_length=100)]
Cause = Literal["client", "company", "gesture", "fraud"]
Nature = Literal["ordinary", "deposit", "retention", "set_off", "factor", "lessor"]
EUROS_ONLY = N_("Les montants sont en euros : convertissez-les avant de les envoyer.")


def check_percent(*told: Decimal) -> None:
    """Raises ValueError, which becomes a 422 that names the place."""
    if any(not (one.is_finite() and 0 <= one <= 100) for one in told):
        raise ValueError("a rate is a number from 0 to 100")


def check_currency(told: str) -> None:
    if told.upper() != "EUR":
        raise Unprocessable("currency", EUROS_ONLY)


class Line(Struct, forbid_unknown_fields=True):
    label: Named
    net_cents: Amount
    product: str = ""
    quantity: Decimal = Decimal(1)
    cost_cents: Amount | None = None
    discount_rate: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        check_percent(self.discount_rate)
        if not (self.quantity.is_finite() and 0 < self.quantity <= MOST_PIECES):
            raise ValueError("quantity is a number above 0")


class Part(Struct, forbid_unknown_fields=True):
    """`referrer`: number, address or name; `percent`: all parts together make 100."""

    referrer: Named
    percent: Decimal

    def __post_init__(self) -> None:
        check_percent(self.percent)


class Deal(Struct, forbid_unknown_fields=True):
    recommendation: Named
    title: Named
    signed_on: date
    lines: Annotated[list[Line], Meta(min_length=1, max_length=50)]
    shares: Annotated[list[Part], Meta(max_length=5)] = []
    external_id: Key | None = None
    currency: str = "EUR"


class Rate(Struct, forbid_unknown_fields=True):
    rate: Decimal
    net_cents: Amount

    def __post_init__(self) -> None:
        check_percent(self.rate)


class Invoice(Struct, forbid_unknown_fields=True):
    number: Annotated[str, Meta(min_length=1, max_length=60)]
    issued_on: date
    net_cents: Amount | None = None
    vat_cents: Amount | None = None
    total_cents: Amount | None = None
    vat: Annotated[list[Rate], Meta(max_length=10)] = []
    lines: Annotated[list[int], Meta(max_length=50)] = []
    external_id: Key | None = None
    currency: str = "EUR"

    @property
    def by_rate(self) -> list[tuple[Decimal, Cents]]:
        return [(one.rate, one.net_cents) for one in self.vat]


class Credit(Struct, forbid_unknown_fields=True):
    invoice: Named
    kind: Literal["credit_note", "discount"]
    issued_on: date
    number: Annotated[str, Meta(max_length=60)] = ""
    net_cents: Amount | None = None
    vat_cents: Amount | None = None
    total_cents: Amount | None = None
    reason: Text = ""
    external_id: Key | None = None
    currency: str = "EUR"


class Payment(Struct, forbid_unknown_fields=True):
    paid_on: date
    net_cents: Positive | None = None
    total_cents: Positive | None = None
    invoice: str = ""
    nature: Nature = "ordinary"
    lines: Annotated[list[int], Meta(max_length=50)] = []
    external_id: Key | None = None
    currency: str = "EUR"


class Refund(Struct, forbid_unknown_fields=True):
    paid_on: date
    net_cents: Positive
    payment: str = ""
    cause: Cause = "client"
    external_id: Key | None = None
    currency: str = "EUR"


class Cancellation(Struct, forbid_unknown_fields=True):
    on: date
    cause: Cause
    reason: Annotated[str, Meta(min_length=1, max_length=500)]


class Received(Struct, forbid_unknown_fields=True):
    """Money of which the other system cannot say for which deal it is."""

    paid_on: date
    total_cents: Positive | None = None
    net_cents: Positive | None = None
    payer: Annotated[str, Meta(max_length=200)] = ""
    label: Text = ""
    invoice: Annotated[str, Meta(max_length=60)] = ""
    account_end: Annotated[str, Meta(max_length=34)] = ""
    nature: Nature = "ordinary"
    external_id: Key | None = None
    currency: str = "EUR"
