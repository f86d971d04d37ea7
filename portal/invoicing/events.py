"""What happens to papers."""

from dataclasses import dataclass

from portal.kit.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperIssued(Event):
    invoice_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperContested(Event):
    invoice_id: int
