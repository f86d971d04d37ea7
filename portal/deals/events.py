"""What happens to a deal."""

from dataclasses import dataclass

from portal.kit.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DealSigned(Event):
    deal_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DealChanged(Event):
    """Amended or corrected: its lines have a further generation."""

    deal_id: int
    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientInvoiced(Event):
    client_invoice_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCredited(Event):
    """A credit note or a discount: the client owes less of this invoice."""

    client_invoice_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentCorrected(Event):
    """A payment was written down by mistake; `payment_id` is the row that takes it out."""

    payment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientPaid(Event):
    payment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRefunded(Event):
    payment_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DealCancelled(Event):
    deal_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DealDecided(Event):
    """Whether its recommendation earns was decided: what was paid already is looked at again."""

    deal_id: int
