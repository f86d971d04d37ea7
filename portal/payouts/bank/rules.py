"""What a fact told by the bank does to transfers: settle, fail, nothing more to do, or a person decides. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Literal

from portal.kit.money import Cents
from portal.kit.text import N_
from portal.payouts.bank.reading import EURO, Kind
from portal.payouts.rules import LineState


class State(StrEnum):
    READ = "read"  # kept, not yet judged
    APPLIED = "applied"
    KNOWN = "known"  # says what is written already
    WAITING = "waiting"  # somebody decides
    NOTHING = "nothing"  # corresponds to nothing here
    SET_ASIDE = "set_aside"


STATE_LABELS = {
    State.READ: N_("À lire"),
    State.APPLIED: N_("Appliqué"),
    State.KNOWN: N_("Déjà noté"),
    State.WAITING: N_("À décider"),
    State.NOTHING: N_("Rien ne correspond"),
    State.SET_ASIDE: N_("Mis de côté"),
}
STATE_TONES = {"read": "wait", "applied": "good", "known": "note", "waiting": "bad", "nothing": "note", "set_aside": "note"}  # fmt: skip
KIND_LABELS = {
    Kind.ACCEPTED: N_("Accepté"),
    Kind.REJECTED: N_("Refusé"),
    Kind.DEBIT: N_("Débité"),
    Kind.RETURNED: N_("Revenu"),
    Kind.CREDIT: N_("Crédité"),
}
VERDICTS = {
    "by_id": N_("Reconnu par sa référence"),
    "by_batch": N_("Reconnu par le numéro du règlement"),
    "by_account": N_("Reconnu par son montant et son compte"),
    "by_hand": N_("Rattaché à la main"),
    "same": N_("Ce virement dit déjà la même chose"),
    "there_and_back": N_("Débité, puis revenu : le retour est déjà noté"),
    "amount": N_("Le montant n'est pas celui de votre virement"),
    "other_account": N_("Le compte payé n'est pas celui de votre virement"),
    "currency": N_("Ce mouvement n'est pas en euros"),
    "day": N_("Le jour est avant l'envoi du règlement, ou pas encore venu"),
    "failed": N_("Ce virement est déjà noté comme revenu"),
    "settled": N_("Ce virement est déjà noté comme arrivé"),
    "twice": N_("Ce virement est débité une seconde fois"),
    "cancelled": N_("Ce règlement a été annulé : il n'aurait pas dû partir"),
    "not_sent": N_("Ce règlement n'est pas encore envoyé"),
    "partly": N_("Une partie est refusée, sans dire laquelle"),
    "suggested": N_("Aucune référence sûre : choisissez"),
    "unknown": N_("Rien ne correspond"),
    "refused": N_("Ne peut pas être noté : relisez le règlement"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A transfer as it stands. `by_bank`: a debit told by the bank has settled it."""

    id: int
    position: int  # of the share where others are paid in the place of the referrer, else 0
    run_id: int
    state: str
    total_cents: Cents
    end_to_end_id: str
    iban_blind: bytes  # empty where the account is a payee's
    sent_on: date | None = None
    settled_on: date | None = None
    came_back_on: date | None = None
    by_bank: bool = False
    holder: str = ""
    run_number: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as it is kept."""

    kind: Kind
    said_on: date
    amount_cents: Cents | None = None
    currency: str = EURO
    end_to_end_id: str = ""
    batch: str = ""
    count: int | None = None
    reason: str = ""
    iban_blind: bytes | None = None


Act = Literal["settle", "fail", ""]


@dataclass(frozen=True, slots=True)
class Judgement:
    state: State
    verdict: str
    act: Act = ""
    lines: tuple[Line, ...] = ()
    run_id: int | None = None

    @property
    def line_id(self) -> int | None:
        return self.lines[0].id if len(self.lines) == 1 and self.run_id is None else None


@dataclass(slots=True)
class Known:
    """The transfers that a file may speak of; it changes with what is judged, so that one fact sees the one before."""

    lines: dict[str, Line] = field(default_factory=dict)  # by end-to-end id
    run_ids: Mapping[str, int] = field(default_factory=dict)  # number → run

    def by_id(self, end_to_end_id: str) -> Line | None:
        return self.lines.get(end_to_end_id)

    def of_run(self, run_id: int) -> list[Line]:
        return [line for line in self.lines.values() if line.run_id == run_id]

    def alike(self, told: Told) -> list[Line]:
        """Under way, of this amount, to this account."""
        states = UNDER_WAY[told.kind]
        return [
            line
            for line in self.lines.values()
            if line.state in states
            and line.total_cents == told.amount_cents
            and line.iban_blind == told.iban_blind
        ]

    def change(self, judged: Judgement, on: date) -> None:
        for line in judged.lines:
            if judged.act == "settle":
                self.lines[line.end_to_end_id] = replace(
                    line, state=LineState.SETTLED, settled_on=on, by_bank=True
                )
            elif judged.act == "fail":
                self.lines[line.end_to_end_id] = replace(line, state=LineState.FAILED, came_back_on=on)


UNDER_WAY = {
    Kind.DEBIT: (LineState.SENT,),
    Kind.RETURNED: (LineState.SENT, LineState.SETTLED),
    Kind.CREDIT: (),
    Kind.ACCEPTED: (),
    Kind.REJECTED: (LineState.SENT,),
}


def judge(told: Told, known: Known, today: date) -> Judgement:
    """By the reference of the transfer, else by that of its run, else by amount and account together."""
    if line := known.by_id(told.end_to_end_id):
        return judge_line(told, line, today)
    run_id = known.run_ids.get(told.batch)
    if run_id is not None and not told.end_to_end_id:
        return _judge_run(told, run_id, known.of_run(run_id), today)
    alike = known.alike(told) if told.iban_blind and told.currency == EURO else []
    if len(alike) == 1:
        return _renamed(judge_line(told, alike[0], today), "by_account")
    return Judgement(State.NOTHING, "unknown")


def _renamed(judged: Judgement, verdict: str) -> Judgement:
    return replace(judged, verdict=verdict) if judged.state == State.APPLIED else judged


def judge_line(told: Told, line: Line, today: date, *, by_hand: bool = False) -> Judgement:
    """`by_hand`: somebody says that it is this one, whatever account or day the bank tells."""
    told = replace(told, kind=Kind.RETURNED) if told.kind == Kind.CREDIT else told
    if wrong := _contradiction(told, line, by_hand):
        return Judgement(State.WAITING, wrong, lines=(line,))
    state, verdict, act = OUTCOMES[told.kind][LineState(line.state)]
    if told.kind == Kind.DEBIT and line.state == LineState.FAILED:
        state, verdict = _after_return(told, line)
    if told.kind == Kind.DEBIT and line.state == LineState.SETTLED and _is_second(told, line):
        state, verdict = State.WAITING, "twice"
    if act == "settle" and not by_hand and not _is_possible(told, line, today):
        return Judgement(State.WAITING, "day", lines=(line,))
    return Judgement(state, "by_hand" if by_hand and act else verdict, act, (line,))


def _contradiction(told: Told, line: Line, by_hand: bool) -> str:
    if told.currency != EURO:
        return "currency"
    if told.amount_cents is not None and told.amount_cents != line.total_cents:
        return "amount"
    if not by_hand and told.iban_blind and line.iban_blind and told.iban_blind != line.iban_blind:
        return "other_account"
    return ""


def _after_return(told: Told, line: Line) -> tuple[State, str]:
    """A debit read after its return changes nothing: the money left and came back."""
    if line.came_back_on and told.said_on <= line.came_back_on:
        return State.KNOWN, "there_and_back"
    return State.WAITING, "failed"


def _is_second(told: Told, line: Line) -> bool:
    return line.by_bank and line.settled_on != told.said_on


def _is_possible(told: Told, line: Line, today: date) -> bool:
    return (line.sent_on or told.said_on) <= told.said_on <= today


Outcome = tuple[State, str, Act]
SAME: Outcome = (State.KNOWN, "same", "")
_UNSENT: dict[LineState, Outcome] = {
    LineState.DRAFTED: (State.WAITING, "not_sent", ""),
    LineState.CANCELLED: (State.WAITING, "cancelled", ""),
}
OUTCOMES: Mapping[Kind, Mapping[LineState, Outcome]] = {
    Kind.ACCEPTED: _UNSENT
    | {
        LineState.SENT: (State.APPLIED, "by_id", ""),
        LineState.SETTLED: SAME,
        LineState.FAILED: (State.WAITING, "failed", ""),
    },
    Kind.REJECTED: _UNSENT
    | {
        LineState.SENT: (State.APPLIED, "by_id", "fail"),
        LineState.SETTLED: (State.WAITING, "settled", ""),
        LineState.FAILED: SAME,
    },
    Kind.DEBIT: _UNSENT
    | {
        LineState.SENT: (State.APPLIED, "by_id", "settle"),
        LineState.SETTLED: SAME,
        LineState.FAILED: (State.WAITING, "failed", ""),
    },
    Kind.RETURNED: _UNSENT
    | {
        LineState.SENT: (State.APPLIED, "by_id", "fail"),
        LineState.SETTLED: (State.APPLIED, "by_id", "fail"),
        LineState.FAILED: SAME,
    },
}


def _judge_run(told: Told, run_id: int, lines: Sequence[Line], today: date) -> Judgement:
    """What is said of a run as a whole: of the lines that are still with the bank."""
    under_way = tuple(line for line in lines if line.state == LineState.SENT)
    if wrong := _run_contradiction(told, lines, under_way):
        return Judgement(State.WAITING, wrong, run_id=run_id)
    if told.kind == Kind.ACCEPTED:
        return Judgement(State.APPLIED, "by_batch", run_id=run_id)
    if not under_way:
        again = told.kind == Kind.DEBIT and any(_is_second(told, line) for line in lines)
        return Judgement(State.WAITING if again else State.KNOWN, "twice" if again else "same", run_id=run_id)
    if told.kind == Kind.DEBIT and not all(_is_possible(told, line, today) for line in under_way):
        return Judgement(State.WAITING, "day", run_id=run_id)
    act: Act = "settle" if told.kind == Kind.DEBIT else "fail"
    return Judgement(State.APPLIED, "by_batch", act, under_way, run_id)


def _run_contradiction(told: Told, lines: Sequence[Line], under_way: Sequence[Line]) -> str:
    states = {line.state for line in lines}
    if told.currency != EURO:
        return "currency"
    if told.reason == "PART":
        return "partly"
    if states <= {LineState.DRAFTED, LineState.CANCELLED}:
        return "cancelled" if LineState.CANCELLED in states else "not_sent"
    if told.kind == Kind.REJECTED:
        return "settled" if LineState.SETTLED in states else ""
    if told.kind == Kind.DEBIT:
        return "" if _adds_up(told, lines, under_way) else "amount"
    return "" if told.kind == Kind.ACCEPTED else "amount"


def _adds_up(told: Told, lines: Sequence[Line], under_way: Sequence[Line]) -> bool:
    """One debit for the run: what is still with the bank; or all of it, where the rest has come back since; or all that
    had arrived already."""
    came_back = [
        line
        for line in lines
        if line.state == LineState.FAILED and (line.came_back_on or told.said_on) >= told.said_on
    ]
    arrived = [line for line in lines if line.state == LineState.SETTLED]
    possible = (
        [*under_way],
        [*under_way, *came_back],
        [*under_way, *arrived],
        [*under_way, *arrived, *came_back],
    )
    return any(
        told.amount_cents == sum(line.total_cents for line in group) and told.count in (None, len(group))
        for group in possible
    )  # fmt: skip
