"""Commissions = papers = transfers = account 401: the same money told four times, and how far the four are apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.kit.money import Cents
from portal.kit.rows import Row
from portal.payouts import access


@dataclass(frozen=True, slots=True)
class Agreement:
    """Cents. VAT of commissions is none: a commission is earned before tax."""

    commissions: Cents
    papers: tuple[Cents, Cents]
    transfers: tuple[Cents, Cents]
    booked: tuple[Cents, Cents]

    @property
    def off(self) -> Cents:
        """0 when all agree: the largest distance between any two of them."""
        nets = (self.commissions, self.papers[0], self.transfers[0], self.booked[0])
        vats = (self.papers[1], self.transfers[1], self.booked[1])
        return max(max(nets) - min(nets), max(vats) - min(vats))


async def agreement(papers: Sequence[Row], transfers: tuple[Cents, Cents]) -> Agreement:
    """`papers` with signed amounts."""
    commissions, net, vat = await access.told_otherwise([paper["id"] for paper in papers])
    return Agreement(
        commissions=commissions,
        papers=(sum(paper["net_cents"] for paper in papers), sum(paper["vat_cents"] for paper in papers)),
        transfers=transfers,
        booked=(net, vat),
    )
