"""What happens to papers."""

from dataclasses import dataclass

from portal.kit.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperIssued(Event):
    invoice_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPrinted(Event):
    invoice_id: int
    file_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperContested(Event):
    invoice_id: int


# Invoices that referrers send


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnInvoiceCompared(Event):
    received_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnInvoiceAccepted(Event):
    received_id: int
    invoice_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnInvoiceRefused(Event):
    received_id: int
