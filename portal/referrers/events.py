"""What happens to a referrer."""

from dataclasses import dataclass
from datetime import date

from portal.kit.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferrerInvited(Event):
    referrer_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferrerApplied(Event):
    referrer_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferrerActivated(Event):
    referrer_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferrerChanged(Event):
    """Who they are in law changed after they had applied."""

    referrer_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingChanged(Event):
    """Another status or VAT regime than was on file for that day; the day may be past or to come."""

    referrer_id: int
    standing_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BankDetailChanged(Event):
    """Another account was given: it waits."""

    bank_detail_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BankDetailDoubtful(Event):
    """An account was given that finance should look at."""

    bank_detail_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PayeeProposed(Event):
    """Another is to be paid in the place of a referrer: a second person decides."""

    payee_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BankDetailRefused(Event):
    """The change was called off before the account was used."""

    bank_detail_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationConfirmed(Event):
    """Somebody who wants to join waits for a decision."""

    application_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationRefused(Event):
    application_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsAsked(Event):
    """Of one referrer: a notice, as document_lines.NOTICES names it, about these requests."""

    referrer_id: int
    notice: str
    request_ids: tuple[int, ...]
    by_hand_on: date | None = None  # a person asked, besides what the clock sends


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentAccepted(Event):
    document_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRefused(Event):
    document_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CeilingNear(Event):
    """Something of theirs comes near a threshold, or has reached it: `what` as in watch_rules."""

    referrer_id: int
    what: str
