"""Days, amounts and codes of an arrêté, said to a reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.books.month.looks import Card
from portal.books.month.shapes import Paper
from portal.invoicing.proposals import Proposal
from portal.invoicing.rules import ACCEPTANCE_LABELS, BLOCKS, acceptance, contest_days, contest_until
from portal.kit.days import today
from portal.kit.text import _, day, money

AMOUNTS = {"amount", "usual", "rest"}


def month_name(month: date) -> str:
    """octobre 2026"""
    return day(month, "LLLL yyyy")


def told(params: Mapping[str, Any]) -> dict[str, str]:
    """What stands in a sentence, as it is read."""
    return {name: _told(name, value) for name, value in params.items()}


def _told(name: str, value: Any) -> str:
    if isinstance(value, date):
        return day(value)
    return money(value) if name in AMOUNTS else str(value)


def cause_of(card: Card) -> str:
    """Why it deserves a look: what is missing, or what happened."""
    cause = card.about.cause
    return missing(card.why) or _(cause) % told(card.said)


def why_of(proposal: Proposal) -> str:
    """Why it is left out; '' for what is ready."""
    return " ".join(filter(None, (missing(proposal.blocks), proposal.detail)))


def missing(codes: Sequence[str]) -> str:
    """Codes of blocks in words; what is no code says itself."""
    return ", ".join(_(BLOCKS[code]) if code in BLOCKS else code for code in codes)


@dataclass(frozen=True, slots=True)
class Accepted:
    """Who accepted or contested a paper and when; without a word it counts as accepted after `until`."""

    state: str
    at: datetime | None
    by: str
    until: date

    @property
    def label(self) -> str:
        label = ACCEPTANCE_LABELS[self.state]
        return _(label)

    @property
    def tacit(self) -> bool:
        return self.at is None and self.state == "accepted"


def accepted(paper: Paper) -> Accepted:
    days = contest_days({} if paper.contest_days is None else {"contract.contest_days": paper.contest_days})
    state = acceptance(paper.said, paper.issued_on, days, today())
    return Accepted(state, paper.said_at, paper.said_by or "", contest_until(paper.issued_on, days))
