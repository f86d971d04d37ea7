"""The life of a run and of its lines, what a line is made of, and why a referrer is left out. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import msgspec

from portal.kit.money import Cents
from portal.kit.problems import Refused
from portal.kit.rows import Row
from portal.kit.text import N_
from portal.payouts.stripe.rules import BLOCKS as STRIPE_BLOCKS


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
# What a run says once it is sent, by its rail.
SENT_BY: dict[str, dict[RunState, str]] = {
    "sepa": {},
    "stripe": {RunState.SENT: N_("En cours chez Stripe")},
    "hand": {RunState.SENT: N_("À payer à la main")},
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
    "holder": N_("Titulaire à vérifier avant de payer"),
    "contested": N_("Pièce contestée"),
    "unaccepted": N_("Sans mandat écrit : attend l'accord de l'apporteur"),
    "carried": N_("Rien à verser : reporté sur le prochain règlement"),
    "below": N_("Sous le seuil : payé au plus tard le %(until)s"),
    **STRIPE_BLOCKS,
}
UNTIL = frozenset({"iban_waits", "below"})  # those that end by themselves, on a day


def check(move: Move, state: str) -> None:
    if state not in move.froms:
        raise Refused("run_moved_on", N_("Ce règlement a changé d'état entre-temps : relisez-le."))


# What a line is made of


@dataclass(frozen=True, slots=True)
class Parts:
    """Cents. `net` and `vat` are paid, of it `withheld` to the tax office; the set-off is what credit notes take for what
    was paid already; `pending_vat` becomes deductible when the transfer arrives."""

    net: Cents
    vat: Cents
    set_off_net: Cents
    set_off_vat: Cents
    pending_vat: Cents
    withheld: Cents = 0

    @property
    def total(self) -> Cents:
        """What arrives."""
        return self.net + self.vat - self.withheld


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
        withheld=sum(paper["withheld_cents"] for paper in papers),
    )


def is_payable(parts: Parts) -> bool:
    """Tax owed back is set off against tax only: HT and VAT never pay for one another."""
    return min(parts.net, parts.vat, parts.withheld) >= 0 and parts.total > 0


# Two pairs of eyes

APPROVAL = "payouts.run"


def digest(executes_on: date, rail: str, lines: Iterable[Sequence[object]]) -> bytes:
    """Of the day, the rail and each line as `said_of` tells it: what was approved is what is sent."""
    said = [executes_on.isoformat(), rail, sorted([str(part) for part in line] for line in lines)]
    return hashlib.sha256(msgspec.json.encode(said)).digest()


def said_of(
    line: Row, papers: Iterable[int], shares: Iterable[tuple[int | None, Cents]]
) -> tuple[object, ...]:
    """All that is decided on with a line: who, where to, how much of what, for which papers, and who else gets a share."""
    names = (
        "end_to_end_id",
        "referrer_id",
        "bank_detail_id",
        "destination",
        "net_cents",
        "vat_cents",
        "withheld_cents",
    )
    return (*(line[name] for name in names), sorted(papers), list(shares))
