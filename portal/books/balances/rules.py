"""How late a paper is, and how far the four tellings of the same money are apart. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from portal.kit.money import Cents
from portal.kit.rows import Row


class Bucket(StrEnum):
    NOT_DUE = "not_due"
    UP_TO_30 = "up_to_30"
    UP_TO_60 = "up_to_60"
    UP_TO_90 = "up_to_90"
    OVER_90 = "over_90"


LATEST = ((0, Bucket.NOT_DUE), (30, Bucket.UP_TO_30), (60, Bucket.UP_TO_60), (90, Bucket.UP_TO_90))


def bucket_of(due_on: date, day: date) -> Bucket:
    """By days past the legal day of payment; on that day itself nothing is late."""
    late = (day - due_on).days
    return next((bucket for most, bucket in LATEST if late <= most), Bucket.OVER_90)


@dataclass(slots=True)
class Aged:
    """What one referrer is owed, by how late it is. Cents TTC; below zero: he owes."""

    name: str
    ref: str
    number: str
    cents: dict[Bucket, Cents] = field(default_factory=lambda: dict.fromkeys(Bucket, 0))

    @property
    def total(self) -> Cents:
        return sum(self.cents.values())


def aged(papers: Iterable[Row], day: date) -> list[Aged]:
    """One row a referrer, in order of name; who is owed nothing and owes nothing is left out."""
    found: dict[str, Aged] = {}
    for paper in papers:
        one = found.setdefault(
            paper["referrer_ref"],
            Aged(paper["referrer_name"], paper["referrer_ref"], paper["referrer_number"]),
        )
        one.cents[bucket_of(paper["due_on"], day)] += paper["cents"]
    shown = [one for one in found.values() if any(one.cents.values())]
    return sorted(shown, key=lambda one: (one.name.lower(), one.number))


@dataclass(frozen=True, slots=True)
class Told:
    """Cents of the same money as one of the four tells it. A commission is earned before tax."""

    net: Cents
    vat: Cents

    @property
    def total(self) -> Cents:
        return self.net + self.vat


DIFFERENCES = {
    "commissions": lambda paper: paper["commission_cents"] != paper["net_cents"],
    "compte": lambda paper: (paper["booked_net"], paper["booked_vat"]) != (paper["net_cents"], paper["vat_cents"]),
    "virements": lambda paper: not paper["paid"],
}  # fmt: skip
"""What to look for → the papers that make that difference."""


@dataclass(frozen=True, slots=True)
class Reconciled:
    commissions: Told
    papers: Told
    booked: Told
    transfers: Told

    @property
    def off(self) -> Mapping[str, Told]:
        """By what one may look for: how far it is from the papers."""
        papers = self.papers
        return {
            "commissions": Told(papers.net - self.commissions.net, 0),
            "compte": Told(papers.net - self.booked.net, papers.vat - self.booked.vat),
            "virements": Told(papers.net - self.transfers.net, papers.vat - self.transfers.vat),
        }


def reconciled(papers: Iterable[Row]) -> Reconciled:
    papers = list(papers)
    paid = [paper for paper in papers if paper["paid"]]
    return Reconciled(
        commissions=Told(sum(paper["commission_cents"] for paper in papers), 0),
        papers=_told(papers, "net_cents", "vat_cents"),
        booked=_told(papers, "booked_net", "booked_vat"),
        transfers=_told(paid, "net_cents", "vat_cents"),
    )


def _told(papers: Iterable[Row], net: str, vat: str) -> Told:
    both = [(paper[net], paper[vat]) for paper in papers]
    return Told(sum(one[0] for one in both), sum(one[1] for one in both))
