"""The life of a run and of its lines, what a line is made of, and why a referrer is left out. Pure."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

import msgspec

from portal.kit.money import Cents
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.referrers.rules import BankState


class Row(Protocol):
    """A row of the database, by the name of its columns."""

    def __getitem__(self, column: str, /) -> Any: ...


class RunState(StrEnum):
    DRAFTED = "drafted"
    APPROVED = "approved"  # by another than who prepared it
    SENT = "sent"  # with the bank
    SETTLED = "settled"
    CANCELLED = "cancelled"


class LineState(StrEnum):
    DRAFTED = "drafted"
    SENT = "sent"
    SETTLED = "settled"
    FAILED = "failed"  # came back; its papers go into the next run
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Move:
    name: str
    froms: frozenset[str]
    to: str


RUN_MOVES = {
    move.name: move
    for move in (
        Move("approve", frozenset({RunState.DRAFTED}), RunState.APPROVED),
        Move("send", frozenset({RunState.APPROVED}), RunState.SENT),
        Move("settle", frozenset({RunState.SENT}), RunState.SETTLED),
        Move("cancel", frozenset({RunState.DRAFTED, RunState.APPROVED}), RunState.CANCELLED),
    )
}
LINE_MOVES = {
    move.name: move
    for move in (
        Move("send", frozenset({LineState.DRAFTED}), LineState.SENT),
        Move("settle", frozenset({LineState.SENT}), LineState.SETTLED),
        Move("fail", frozenset({LineState.SENT, LineState.SETTLED}), LineState.FAILED),
        Move("cancel", frozenset({LineState.DRAFTED}), LineState.CANCELLED),
    )
}
RUN_LABELS = {
    RunState.DRAFTED: N_("À approuver"),
    RunState.APPROVED: N_("Approuvée, à envoyer"),
    RunState.SENT: N_("Envoyée à la banque"),
    RunState.SETTLED: N_("Réglée"),
    RunState.CANCELLED: N_("Annulée"),
}
LINE_LABELS = {
    LineState.DRAFTED: N_("Préparé"),
    LineState.SENT: N_("Virement en cours"),
    LineState.SETTLED: N_("Arrivé"),
    LineState.FAILED: N_("Refusé par la banque"),
    LineState.CANCELLED: N_("Annulé"),
}
TONES = {"drafted": "wait", "approved": "note", "sent": "note", "settled": "good", "failed": "bad"}
VISIBLE = (LineState.SENT, LineState.SETTLED, LineState.FAILED)  # what the referrer sees of it

BLOCKS = {
    "no_iban": N_("Pas d'IBAN"),
    "iban_waits": N_("IBAN changé : utilisable le %(until)s"),
    "iban_unconfirmed": N_("IBAN changé : rappelez l'apporteur pour le confirmer"),
    "payee": N_("Un autre est à payer à sa place : voyez sa fiche"),
    "contested": N_("Pièce contestée"),
    "carried": N_("Rien à verser : reporté sur le prochain règlement"),
}


def check(move: Move, state: str) -> None:
    if state not in move.froms:
        raise Refused("run_moved_on", N_("Ce règlement a changé d'état entre-temps : relisez-le."))


# What a line is made of


@dataclass(frozen=True, slots=True)
class Parts:
    """Cents. `net` and `vat` are transferred; the set-off is what credit notes take for what was paid already;
    `pending_vat` becomes deductible when the transfer arrives."""

    net: Cents
    vat: Cents
    set_off_net: Cents
    set_off_vat: Cents
    pending_vat: Cents


def parts_of(papers: Iterable[Row]) -> Parts:
    """`papers` with signed amounts, as invoicing.access.unpaid gives them."""
    papers = list(papers)
    debts = [paper for paper in papers if paper["leaves_debt"]]
    pending = [paper for paper in papers if not paper["leaves_debt"] and not paper["vat_on_debits"]]
    return Parts(
        net=sum(paper["net_cents"] for paper in papers),
        vat=sum(paper["vat_cents"] for paper in papers),
        set_off_net=-sum(paper["net_cents"] for paper in debts),
        set_off_vat=-sum(paper["vat_cents"] for paper in debts),
        pending_vat=sum(paper["vat_cents"] for paper in pending),
    )


@dataclass(frozen=True, slots=True)
class Candidate:
    """What would be transferred to one referrer, or why nothing is."""

    referrer: Row
    papers: tuple[Row, ...]
    bank: Row | None
    block: str = ""
    until: datetime | None = None  # from when on the account is used

    @property
    def parts(self) -> Parts:
        return parts_of(self.papers)

    @property
    def total_cents(self) -> Cents:
        return self.parts.net + self.parts.vat

    @property
    def due_on(self) -> date:
        """The earliest day on which one of its papers has to be paid."""
        return min(paper["due_on"] for paper in self.papers)


def candidates(
    unpaid: Sequence[Row], banks: Mapping[int, Row], at: datetime, replaced: Collection[int] = ()
) -> list[Candidate]:
    """One per referrer, and one more for papers that are contested. `replaced`: in whose place another is to be paid."""
    by_referrer: dict[tuple[int, bool], list[Row]] = {}
    for paper in unpaid:
        by_referrer.setdefault((paper["referrer_id"], paper["said"] == "contested"), []).append(paper)
    return [
        _candidate(papers, banks.get(who), at, contested, who in replaced)
        for (who, contested), papers in by_referrer.items()
    ]


def _candidate(
    papers: list[Row], bank: Row | None, at: datetime, contested: bool, replaced: bool
) -> Candidate:
    block = "contested" if contested else "" if is_payable(parts_of(papers)) else "carried"
    block = block or ("payee" if replaced else bank_block(bank, at))
    return Candidate(papers[0], tuple(papers), bank, block, bank["usable_from"] if bank else None)


def bank_block(bank: Row | None, at: datetime) -> str:
    """Why no money goes to this account now; `bank` is the latest that was given."""
    if bank is None:
        return "no_iban"
    if bank["state"] == BankState.PROPOSED:
        return "iban_unconfirmed"
    return "iban_waits" if bank["usable_from"] > at else ""


def is_payable(parts: Parts) -> bool:
    """Tax owed back is set off against tax only: HT and VAT never pay for one another."""
    return parts.net > 0 and parts.vat >= 0


# Two pairs of eyes

APPROVAL = "payouts.run"


def digest(executes_on: date, lines: Iterable[tuple[str, int, int, int, int, list[int]]]) -> bytes:
    """Of (end-to-end id, referrer, bank detail, net, VAT, papers): what was approved is what is sent."""
    said = [executes_on.isoformat(), sorted([*line[:5], sorted(line[5])] for line in lines)]
    return hashlib.sha256(msgspec.json.encode(said)).digest()
