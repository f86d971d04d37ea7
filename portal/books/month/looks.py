"""What deserves a look before a month is closed: ONE table, and who watches for each. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from portal.books.month.shapes import DOCUMENTS, INVOICE, Decision, Facts, Payee
from portal.invoicing.proposals import Proposal
from portal.invoicing.received.reminding import AWAITED
from portal.invoicing.rules import due_day, term_days
from portal.kit.money import Cents
from portal.kit.text import N_
from portal.law import Figures
from portal.referrers.vigilance.lines import PAPERS_MISSING

INCLUDED, LEFT, SEEN, LATE = "included", "left", "seen", "late"
OUTCOMES: Mapping[str, str] = {
    INCLUDED: N_("Inclus"),
    LEFT: N_("Laissé au mois suivant"),
    SEEN: N_("Vu"),
    LATE: N_("Payé après la date légale"),
}
BUTTONS: Mapping[str, str] = {
    INCLUDED: N_("Inclure"),
    LEFT: N_("Laisser au mois suivant"),
    SEEN: N_("Vu"),
    LATE: N_("Payer plus tard"),
}
NEEDS_REASON = (LEFT, LATE)
"""Going beyond a legal date is a decision that has a name and a reason (LAW §13.2)."""
TIMES_USUAL = 2
ASK = "ask"
"""A word to the referrer, not to the card: it waits on."""
ASKS: Mapping[str, str] = {
    DOCUMENTS: N_("Demander le justificatif"),
    INVOICE: N_("Demander sa facture"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """`answers`: the buttons of its cards; `goes`: the words of the link; `must`: the month is not closed without a word."""

    label: str
    cause: str
    answers: tuple[str, ...]
    goes: str
    must: bool = True


LOOKS: Mapping[str, Look] = {
    "left_out": Look(N_("Laissé de côté"), N_("Rien ne peut être établi pour l'instant."), (LEFT,), N_("Compléter")),
    "refused": Look(N_("Refusé au contrôle"), N_("La facture ne passe pas le contrôle."), (LEFT,), N_("Voir le contrôle")),
    "carried": Look(N_("Reporté"), N_("Ce qui est repris dépasse ce qui est dû : le solde attend le prochain mois."), (SEEN,), N_("Voir l'apporteur"), must=False),
    "new_payee": Look(N_("Nouveau bénéficiaire"), N_("Aucun virement ne lui a encore été fait."), (INCLUDED, LEFT), N_("Voir l'apporteur")),
    "bank_changed": Look(N_("IBAN changé"), N_("Le compte a changé depuis le dernier virement : il finit par %(last4)s, depuis le %(since)s."), (INCLUDED, LEFT), N_("Voir l'apporteur")),
    "unusual": Look(N_("Montant inhabituel"), N_("Plus de deux fois l'habitude de cet apporteur, qui est de %(usual)s HT."), (INCLUDED, LEFT), N_("Voir les commissions")),
    "claimed": Look(N_("Vérification demandée"), N_("L'apporteur attend une réponse pour le %(day)s."), (INCLUDED, LEFT), N_("Répondre")),
    "corrected": Look(N_("Ajusté à la main"), N_("Un montant a été saisi à la main : %(reason)s"), (SEEN, LEFT), N_("Voir la commission")),
    "contested": Look(N_("Facture contestée"), N_("L'apporteur conteste %(number)s : elle n'est pas payée tant que ce n'est pas réglé."), (SEEN,), N_("Voir la facture")),
    "late": Look(N_("Date légale dépassée"), N_("%(number)s devait être payée le %(day)s."), (LATE,), N_("Préparer le virement")),
    "soon": Look(N_("Date légale proche"), N_("%(number)s est à payer avant le %(day)s."), (SEEN,), N_("Préparer le virement"), must=False),
    "failed": Look(N_("Virement refusé"), N_("La banque a renvoyé le virement : ses pièces attendent le prochain."), (SEEN,), N_("Voir le virement")),
    "clients": Look(N_("Clients en attente"), N_("Des factures clients ne sont pas encore payées en entier : affaires concernées, %(deals)s ; reste à encaisser, %(rest)s HT."), (SEEN,), N_("Voir les affaires"), must=False),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """One thing to look at. `key` names the facts: when they change it is another card. `why`: codes of what is missing;
    `ask`: what the referrer can be asked for, last asked on `asked_on`."""

    look: str
    key: str
    title: str
    href: str
    referrer_id: int | None = None
    cents: Cents | None = None
    legal_on: date | None = None
    said: Mapping[str, Any] = field(default_factory=dict)
    why: tuple[str, ...] = ()
    paper_id: int | None = None
    decision: Decision | None = None
    ask: str = ""
    asked_on: date | None = None
    asked_today: bool = False

    @property
    def about(self) -> Look:
        return LOOKS[self.look]

    @property
    def waits(self) -> bool:
        return self.decision is None

    @property
    def blocks(self) -> bool:
        return self.waits and self.about.must

    @property
    def left(self) -> bool:
        return self.decision is not None and self.decision.outcome == LEFT


@dataclass(frozen=True, slots=True)
class Seen:
    """All that the watchers look at."""

    facts: Facts
    proposals: Sequence[Proposal]
    figures: Figures
    today: date

    @property
    def payees(self) -> Mapping[int, Payee]:
        return {payee.referrer_id: payee for payee in self.facts.payees}

    @property
    def asked(self) -> Mapping[tuple[int, str], date]:
        return {(one.referrer_id, one.what): one.on for one in self.facts.asked}


Watcher = Callable[[Seen], Iterable[Card]]
WITHOUT_PAPER = "carried", "refused"


def legal_date(proposal: Proposal, figures: Figures, today: date) -> date | None:
    """Issued today it has to be paid by then; left out, it has to be invoiced by the end of its month."""
    if not proposal.ready or proposal.credits or proposal.treatment is None:
        return proposal.invoice_by
    since = min(row["due_on"] for row in proposal.rows)
    return due_day(proposal.treatment.kind, today, since, term_days(proposal.contract["filled"]), figures)


def _of(look: str, proposal: Proposal, seen: Seen, fact: object, href: str = "", **more: Any) -> Card:
    who = proposal.referrer
    return Card(
        look, f"{look}:{who['referrer_id']}:{fact}", who["referrer_name"], href or f"/apporteurs/{who['referrer_ref']}",
        who["referrer_id"], proposal.net_cents, legal_date(proposal, seen.figures, seen.today),
        **more,
    )  # fmt: skip


def left_out(seen: Seen) -> Iterator[Card]:
    for proposal in seen.proposals:
        missing = tuple(code for code in proposal.blocks if code not in WITHOUT_PAPER)
        if missing:
            documents = f"/apporteurs/{proposal.referrer['referrer_ref']}/justificatifs"
            yield _of(
                "left_out",
                proposal,
                seen,
                "+".join(missing),
                documents if proposal.held.blocks else "",
                why=missing,
                **_asking(missing, proposal, seen),
            )


def _asking(missing: tuple[str, ...], proposal: Proposal, seen: Seen) -> dict[str, Any]:
    """A document is asked for first; an invoice only once nothing else is missing."""
    what = DOCUMENTS if PAPERS_MISSING in missing else INVOICE if set(missing) <= AWAITED else ""
    if not what:
        return {}
    last = seen.asked.get((proposal.referrer["referrer_id"], what))
    return {"ask": what, "asked_on": last, "asked_today": last == seen.today}


def without_paper(seen: Seen) -> Iterator[Card]:
    for proposal in seen.proposals:
        for code in set(WITHOUT_PAPER) & set(proposal.blocks):
            href = "/factures/a-etablir" if code == "refused" else ""
            yield _of(
                code,
                proposal,
                seen,
                proposal.net_cents,
                href,
                why=(proposal.detail,) if proposal.detail else (),
            )


def new_payee(seen: Seen) -> Iterator[Card]:
    for proposal in _once_each(seen):
        payee = seen.payees.get(proposal.referrer["referrer_id"])
        if payee and payee.last_bank is None and payee.papers == 0:
            yield _of("new_payee", proposal, seen, payee.bank)


def bank_changed(seen: Seen) -> Iterator[Card]:
    for proposal in _once_each(seen):
        payee = seen.payees.get(proposal.referrer["referrer_id"])
        if payee and payee.last_bank is not None and payee.bank not in (None, payee.last_bank):
            yield _of(
                "bank_changed",
                proposal,
                seen,
                payee.bank,
                said={"last4": payee.last4, "since": payee.bank_on},
            )


def unusual(seen: Seen) -> Iterator[Card]:
    for proposal in seen.proposals:
        payee = seen.payees.get(proposal.referrer["referrer_id"])
        usual = payee.usual if payee else None
        if proposal.ready and usual and proposal.net_cents > TIMES_USUAL * usual:
            yield _of("unusual", proposal, seen, proposal.net_cents, said={"usual": usual})


def claimed(seen: Seen) -> Iterator[Card]:
    for claim in seen.facts.claims:
        yield Card(
            "claimed", f"claimed:{claim.ref}", claim.referrer_name, f"/commissions/demandes/{claim.ref}", claim.referrer_id,
            said={"day": claim.due_on},
        )  # fmt: skip


def corrected(seen: Seen) -> Iterator[Card]:
    for one in seen.facts.corrections:
        href = f"/commissions/{one.earning_ref}" if one.earning_ref else "/commissions"
        yield Card(
            "corrected", f"corrected:{one.id}:{one.earning_ref or ''}", one.referrer_name, href, one.referrer_id, one.amount,
            said={"reason": one.reason},
        )  # fmt: skip


def unpaid(seen: Seen) -> Iterator[Card]:
    for paper in seen.facts.late:
        look = "contested" if paper.contested else "late" if paper.due_on < seen.today else "soon"
        href = f"/factures/{paper.ref}" if paper.contested else "/virements/preparation"
        yield Card(
            look, f"{look}:{paper.id}", paper.referrer_name, href, paper.referrer_id, paper.total, paper.due_on,
            {"number": paper.number, "day": paper.due_on}, paper_id=paper.id,
        )  # fmt: skip


def failed(seen: Seen) -> Iterator[Card]:
    for line in seen.facts.failed:
        yield Card(
            "failed",
            f"failed:{line.id}",
            line.referrer_name,
            f"/virements/{line.ref}",
            line.referrer_id,
            line.total,
        )


def clients(seen: Seen) -> Iterator[Card]:
    found = seen.facts.clients
    if found.deals:
        said = {"deals": found.deals, "rest": found.rest}
        yield Card("clients", f"clients:{found.deals}:{found.rest}", "", "/affaires", said=said)


WATCHERS: tuple[Watcher, ...] = (
    unpaid, failed, left_out, without_paper, claimed, corrected, new_payee, bank_changed, unusual, clients,
)  # fmt: skip


def _once_each(seen: Seen) -> Iterator[Proposal]:
    """The first paper of each referrer who would get one."""
    told: set[int] = set()
    for proposal in seen.proposals:
        if proposal.ready and not proposal.credits and proposal.referrer["referrer_id"] not in told:
            told.add(proposal.referrer["referrer_id"])
            yield proposal


def cards(seen: Seen) -> list[Card]:
    """In the order of the table, with what was said to each."""
    latest = {decision.key: decision for decision in seen.facts.decisions}
    found = [card for watcher in WATCHERS for card in watcher(seen)]
    order = list(LOOKS)
    return sorted(
        (replace(card, decision=latest.get(card.key)) for card in found),
        key=lambda card: order.index(card.look),
    )


@dataclass(frozen=True, slots=True)
class Sorted:
    """What may be issued: `free` without a word to wait for, `waiting` for one, `left` for another month."""

    free: tuple[Proposal, ...]
    waiting: tuple[Proposal, ...]
    left: tuple[Proposal, ...]


ABOUT_PAPERS = frozenset({"new_payee", "bank_changed", "unusual", "claimed", "corrected"})


def sort_out(proposals: Sequence[Proposal], shown: Sequence[Card]) -> Sorted:
    """A referrer whose card waits gets no paper before it is answered; who was left gets none this month."""
    left = {card.referrer_id for card in shown if card.left}
    waiting = {card.referrer_id for card in shown if card.blocks and card.look in ABOUT_PAPERS} - left
    ready = [proposal for proposal in proposals if proposal.ready]
    who = [(proposal, proposal.referrer["referrer_id"]) for proposal in ready]
    return Sorted(
        tuple(proposal for proposal, one in who if one not in left | waiting),
        tuple(proposal for proposal, one in who if one in waiting),
        tuple(proposal for proposal, one in who if one in left),
    )
