"""What would be paid to one referrer, how, to whom; or why nothing is. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from portal.kit.money import Cents
from portal.kit.rows import Row
from portal.payouts.rails.rules import RailName, Where
from portal.payouts.rules import Parts, is_payable, parts_of
from portal.payouts.shares.rules import Share, shares_of

THRESHOLD = "payouts.threshold"  # the company's option


@dataclass(frozen=True, slots=True)
class Threshold:
    """Less than `cents` waits for the next run, unless a paper's legal date falls before one more run, `days` later."""

    cents: Cents = 0
    days: int = 31

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> "Threshold":
        return cls(**kept) if kept else cls()

    def carries(self, total: Cents, due_on: date, day: date) -> bool:
        return total < self.cents and due_on >= day + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Way:
    """How one referrer would be paid. `payees`: those who come first; `held`: nobody decided yet whose account that is."""

    rail: RailName
    where: Where
    payees: tuple[Mapping[str, Any], ...] = ()
    held: bool = False


def rail_for(wanted: str, has_payee: bool) -> RailName:
    """Nobody but the referrer has an account with Stripe: another in their place is paid by the bank."""
    name = RailName(wanted)
    return RailName.SEPA if has_payee and name is RailName.STRIPE else name


@dataclass(frozen=True, slots=True)
class Candidate:
    referrer: Row
    papers: tuple[Row, ...]
    way: Way
    block: str = ""
    until: date | datetime | None = None  # when the block ends by itself

    @property
    def rail(self) -> RailName:
        return self.way.rail

    @property
    def bank(self) -> Row | None:
        return self.way.where.bank

    @property
    def parts(self) -> Parts:
        return parts_of(self.papers)

    @property
    def total_cents(self) -> Cents:
        return self.parts.total

    @property
    def shares(self) -> list[Share]:
        return shares_of(self.total_cents, self.way.payees)

    @property
    def is_the_referrers(self) -> bool:
        """Whether anything of it goes to the referrer."""
        shares = self.shares
        return not shares or shares[-1].payee is None

    @property
    def due_on(self) -> date:
        """The earliest day on which one of its papers has to be paid."""
        return min(paper["due_on"] for paper in self.papers)


def candidates(
    unpaid: Sequence[Row], ways: Mapping[int, Way], threshold: Threshold, day: date
) -> list[Candidate]:
    """One per referrer, and one more each for papers that are contested or not accepted yet."""
    by_referrer: dict[tuple[int, str], list[Row]] = {}
    for paper in unpaid:
        by_referrer.setdefault((paper["referrer_id"], _waits_for(paper)), []).append(paper)
    return [
        _candidate(papers, ways[who], waits, threshold, day) for (who, waits), papers in by_referrer.items()
    ]


def _waits_for(paper: Row) -> str:
    """A word of the referrer: an answer to what is contested, a yes to what is issued without a written mandate."""
    if paper["said"] == "contested":
        return "contested"
    return "unaccepted" if paper["mandate"] == "tacit" and paper["said"] is None else ""


def _candidate(papers: Iterable[Row], way: Way, waits: str, threshold: Threshold, day: date) -> Candidate:
    papers = tuple(papers)
    wanted = Candidate(papers[0], papers, way)
    below = threshold.carries(wanted.total_cents, wanted.due_on, day)
    # the first that holds; an account matters only to who is paid there
    theirs = wanted.is_the_referrers
    reasons = (
        (waits, bool(waits)),
        ("carried", not is_payable(wanted.parts)),
        (way.where.block, theirs and bool(way.where.block)),
        ("holder", theirs and way.held),
        ("below", below),
    )
    block = next((code for code, holds in reasons if holds), "")
    return Candidate(papers[0], papers, way, block, wanted.due_on if block == "below" else way.where.until)
