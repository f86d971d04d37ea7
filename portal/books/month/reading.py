"""One arrêté as it stands now: what is proposed, what is issued, what deserves a look, and whether it all agrees."""

from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from portal.books.month import rules
from portal.books.month.facts import facts
from portal.books.month.looks import ABOUT_PAPERS, Card, Seen, Sorted, cards, legal_date, sort_out
from portal.books.month.rules import NOTHING_YET, MonthState, Standing, last_day, window_of
from portal.books.month.shapes import Decision, Facts, Paper
from portal.invoicing import actions as invoicing
from portal.invoicing.proposals import Proposal
from portal.kit import db
from portal.kit.days import today
from portal.kit.money import Cents
from portal.law import Figures
from portal.payouts.agreement import Agreement

ON_PAPERS = ABOUT_PAPERS | {"left_out", "refused", "carried"}


@dataclass(frozen=True, slots=True)
class Month:
    settlement: db.Row
    day: date  # what was confirmed by then is in it
    facts: Facts
    figures: Figures
    proposals: tuple[Proposal, ...]
    cards: tuple[Card, ...]
    issuable: Sorted

    @property
    def papers(self) -> list[Paper]:
        return self.facts.papers

    @property
    def commissions(self) -> int:
        return sum(paper.commissions for paper in self.papers) + sum(len(one.rows) for one in self.proposals)

    @property
    def net_cents(self) -> Cents:
        return sum(paper.earned for paper in self.papers) + sum(one.net_cents for one in self.proposals)

    @property
    def to_look(self) -> int:
        """Commissions that a card speaks of which nobody has answered."""
        waiting = [card for card in self.cards if card.waits]
        whose = {card.referrer_id for card in waiting if card.look in ON_PAPERS}
        papers = {card.paper_id for card in waiting}
        proposed = sum(len(one.rows) for one in self.proposals if one.referrer["referrer_id"] in whose)
        return proposed + sum(paper.commissions for paper in self.papers if paper.id in papers)

    @property
    def waiting(self) -> list[Card]:
        return [card for card in self.cards if card.waits]

    @property
    def decisions(self) -> list[Decision]:
        """The latest to each card, also to those that are gone since."""
        return list({decision.key: decision for decision in self.facts.decisions}.values())

    @property
    def left_out(self) -> list[Proposal]:
        """Who gets nothing this month: something is missing, or they were left to the next."""
        return [*(one for one in self.proposals if not one.ready), *self.issuable.left]

    @property
    def agreement(self) -> Agreement:
        """Transfers: what left or is on its way, and what waits for a run."""
        papers = self.papers
        waits = [paper for paper in papers if paper.state is None]
        sent = self.facts.transfers
        return Agreement(
            commissions=sum(paper.earned for paper in papers),
            papers=(sum(paper.net for paper in papers), sum(paper.vat for paper in papers)),
            transfers=(
                sent.net + sum(paper.net for paper in waits),
                sent.vat + sum(paper.vat for paper in waits),
            ),
            booked=(sum(paper.booked_net for paper in papers), sum(paper.booked_vat for paper in papers)),
        )

    @property
    def standing(self) -> Standing:
        return Standing(
            waiting=sum(card.blocks for card in self.cards),
            unissued=len(self.issuable.free) + len(self.issuable.waiting),
            off_cents=self.agreement.off,
        )

    def standing_with(self, faults: int) -> Standing:
        """The same, once everything was verified."""
        return replace(self.standing, faults=faults)

    @property
    def digest(self) -> bytes:
        said = [(paper.number, paper.net, paper.vat) for paper in self.papers]
        return rules.digest(
            self.settlement["month"], said, [(one.key, one.outcome) for one in self.decisions]
        )

    def legal_on(self, proposal: Proposal) -> date | None:
        return legal_date(proposal, self.figures, today())


def cutoff(settlement: db.Row) -> date:
    return min(today(), last_day(settlement["month"]))


async def month_of(settlement: db.Row) -> Month:
    """Six questions, however many rows: one to read it all, five to propose."""
    window, day = window_of(settlement), cutoff(settlement)
    in_hand = settlement["state"] != MonthState.CLOSED and window != NOTHING_YET
    known, figures = await facts(settlement, window, today())
    found = tuple(await invoicing.proposed(entity_of(settlement), day, figures=figures)) if in_hand else ()
    seen = Seen(known, found, figures, today())
    shown = tuple(cards(seen)) if in_hand else ()
    return Month(settlement, day, known, figures, found, shown, sort_out(found, shown))


def entity_of(settlement: db.Row) -> db.Row:
    """As much of the company as proposals ask for."""
    return cast("db.Row", {"id": settlement["legal_entity_id"], "place": settlement["place"]})
