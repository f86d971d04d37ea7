"""Who must, by which way a paper goes, what each status means for money, in which order statuses count. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.kit.problems import Refused
from portal.kit.rows import Row
from portal.kit.text import N_
from portal.law import Figures
from portal.law.einvoicing import Duty, Obligation, duty_of, obligation
from portal.referrers.rules import Regime, Status

# Who must

# Whose size is not on file: a sole trader is a micro-enterprise, the others are most often small.
USUAL_SIZES = {Status.MICRO: "micro"}
USUAL = "small"
COMPANY_SIZES = {"micro": "micro", "pme": "small", "eti": "mid", "ge": "large"}  # legal_entity.size → law
NOT_TAXABLE = frozenset({Status.INDIVIDUAL, Status.PARTNER_EMPLOYEE})


def usual_size(status: str) -> str:
    return USUAL_SIZES.get(Status(status), USUAL)


def duty(status: str, regime: str, country: str) -> Duty:
    """A company of another country of the Union is abroad, wherever it gets its letters."""
    taxable = status not in NOT_TAXABLE and regime != Regime.NONE
    abroad = status == Status.EU_COMPANY and country == "FR"
    return duty_of(taxable, regime == Regime.EXEMPT, "" if abroad else country)


def duty_for(supplier: Row, buyer_size: str, day: date, figures: Figures) -> Obligation:
    """`supplier`: status, vat_regime, country, size (empty: not on file)."""
    return obligation(
        duty(supplier["status"], supplier["vat_regime"], supplier["country"]),
        supplier["size"] or usual_size(supplier["status"]), COMPANY_SIZES[buyer_size], day, figures,
    )  # fmt: skip


# By which way a paper goes

DOMESTIC, ABROAD = "B2B", "B2BINT"  # what the paper says of itself (BAR)
ISSUED = ("self_billed", "credit_note", "corrective")
SOLD = ("sale", "sale_credit")  # what the company gives in a barter
OWN = ("own", "own_credit_note")


def may_go(kind: str, treatment: str, regime: str) -> bool:
    """Between taxable persons established in France, and subject to the duty to invoice. Before its day it may, from
    then on it must."""
    return kind in (*ISSUED, *SOLD) and treatment == DOMESTIC and regime != Regime.EXEMPT


# What goes out and comes in


class Direction(StrEnum):
    OUT = "out"
    IN = "in"


class Content(StrEnum):
    INVOICE = "invoice"
    STATUS = "status"
    REPORT = "report"


class FlowState(StrEnum):
    WAITING = "waiting"
    DEPOSITED = "deposited"  # the platform has it and checks it
    ACCEPTED = "accepted"
    REFUSED = "refused"
    READ = "read"  # came in
    UNREADABLE = "unreadable"


FLOW_LABELS = {
    FlowState.WAITING: N_("À envoyer"),
    FlowState.DEPOSITED: N_("Déposé, en contrôle"),
    FlowState.ACCEPTED: N_("Accepté par la plateforme"),
    FlowState.REFUSED: N_("Refusé par la plateforme"),
    FlowState.READ: N_("Reçu"),
    FlowState.UNREADABLE: N_("Reçu, illisible"),
}
FLOW_TONES = {
    FlowState.WAITING: "wait",
    FlowState.DEPOSITED: "note",
    FlowState.ACCEPTED: "good",
    FlowState.REFUSED: "bad",
    FlowState.READ: "good",
    FlowState.UNREADABLE: "bad",
}
CONTENT_LABELS = {
    Content.INVOICE: N_("Facture"),
    Content.STATUS: N_("Statut"),
    Content.REPORT: N_("Achats à l'étranger"),
}
TAKEN = (FlowState.DEPOSITED, FlowState.ACCEPTED, FlowState.READ)  # went, or came, by platform


def check_again(state: str) -> None:
    """What the platform has taken is not sent anew."""
    if state not in (FlowState.WAITING, FlowState.REFUSED):
        raise Refused("flow_taken", N_("La plateforme a déjà reçu cet envoi."))


# What statuses mean for money


class Effect(StrEnum):
    """What follows for the payment of the paper."""

    NONE = ""
    ACCEPTED = "accepted"
    CONTESTED = "contested"  # not paid until it is settled
    DEAD = "dead"  # never paid as it is: it is to be rectified


@dataclass(frozen=True, slots=True)
class Meaning:
    effect: Effect = Effect.NONE
    tone: str = "plain"
    ours: bool = False  # we may tell it: of what we received, or of what we paid


STATUSES = {
    "200": Meaning(),
    "201": Meaning(),
    "202": Meaning(),
    "203": Meaning(),
    "204": Meaning(ours=True),
    "205": Meaning(Effect.ACCEPTED, "good", ours=True),
    "206": Meaning(Effect.CONTESTED, "wait", ours=True),
    "207": Meaning(Effect.CONTESTED, "bad", ours=True),
    "208": Meaning(tone="wait", ours=True),
    "209": Meaning(),
    "210": Meaning(Effect.DEAD, "bad", ours=True),
    "211": Meaning(tone="good", ours=True),
    "212": Meaning(tone="good", ours=True),
    "213": Meaning(Effect.DEAD, "bad"),
    "220": Meaning(Effect.DEAD, "bad"),
    "221": Meaning(tone="wait"),
    "501": Meaning(Effect.DEAD, "bad"),
}
NEED_REASON = frozenset({"206", "207", "208", "210", "213", "501"})  # BR-FR-CDV-15
TRANSMISSION = frozenset({"200", "201", "202", "203", "213", "220", "221", "501"})  # told by platforms
DEAD = tuple(code for code, meaning in STATUSES.items() if meaning.effect is Effect.DEAD)


@dataclass(frozen=True, slots=True)
class Told:
    code: str
    said_at: datetime


def standing_effect(told: Iterable[Told]) -> tuple[Effect, Told | None]:
    """What rules, however the statuses came in: one that ends the paper for good, else the latest that decides."""
    deciding = [one for one in told if STATUSES[one.code].effect is not Effect.NONE]
    dead = [one for one in deciding if STATUSES[one.code].effect is Effect.DEAD]
    found = max(dead or deciding, key=lambda one: (one.said_at, one.code), default=None)
    return (STATUSES[found.code].effect, found) if found else (Effect.NONE, None)


def is_dead(codes: Sequence[str]) -> bool:
    return any(code in DEAD for code in codes)


def tells_cashed(kind: str, vat_point: str, reports_payment: bool) -> bool:
    """Whether it is for us to tell, in the supplier's name, that the money came in (212): where VAT hangs on it and
    the mandate has us say it. Of their own invoice the supplier says it."""
    return kind in PAID and vat_point == CASHED and reports_payment


PAID = ("self_billed", "corrective")  # what a transfer pays of what we issue
CASHED = "72"  # BT-8
