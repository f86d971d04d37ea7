"""What is shown of a line, how long a priority lasts and may last, how a dispute is decided: pure, as tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from portal.kit.days import add_months, at
from portal.kit.problems import Refused
from portal.kit.rows import Row
from portal.kit.text import N_
from portal.law.holidays import add_working_days
from portal.leads.rules import ANSWER_HOUR, AT_WORK, LeadState
from portal.people.rules import Role

WARNED_DAYS = 15  # before a priority ends
MOST_MONTHS = 36  # after the recommendation: as long as a contract may say at most
DECIDED_WITHIN = 10  # working days
APPEAL_DAYS = 15


# What a referrer sees of the line


def line_is_told(lead: Row, moment: datetime) -> bool:
    """That somebody came before is an answer like another: it is told when answers are due, never at once."""
    return lead["answer_due_at"] is None or moment >= lead["answer_due_at"]


def seen_state(lead: Row, moment: datetime) -> str:
    """As the referrer reads it."""
    hidden = lead["state"] == LeadState.WAITING and not line_is_told(lead, moment)
    return LeadState.SUBMITTED if hidden else lead["state"]


def as_told(lead: Any, moment: datetime) -> Any:
    """The row that a referrer's page is made of."""
    seen = seen_state(lead, moment)
    return lead if seen == lead["state"] else {**lead, "state": seen}


# The priority


@dataclass(frozen=True, slots=True)
class Countdown:
    """`days`: left, the last day included, 1 on that day; 0 when it is over."""

    until: date
    days: int

    @property
    def tone(self) -> str:
        return "bad" if not self.days else "wait" if self.days <= WARNED_DAYS else "good"


def countdown(lead: Row, today: date) -> Countdown | None:
    """None where nothing runs: not accepted yet, or no longer open."""
    until = lead["priority_until"]
    if until is None or lead["state"] not in AT_WORK | {LeadState.WON, LeadState.EXPIRED, LeadState.DISPUTED}:
        return None
    return Countdown(until, max(0, (until - today).days + 1))


def covers(lead: Row, signed_on: date) -> bool:
    """A deal is the referrer's when its client signs before the priority is over, the last day included."""
    return lead["priority_until"] is None or signed_on <= lead["priority_until"]


def latest_end(recommended_on: date) -> date:
    return add_months(recommended_on, MOST_MONTHS)


def may_extend(lead: Row) -> bool:
    return lead["priority_until"] is not None and lead["state"] in AT_WORK | {
        LeadState.WON,
        LeadState.EXPIRED,
    }


def check_extension(lead: Row, until: date, today: date) -> None:
    """A priority is extended, never shortened. Raises Refused."""
    if not may_extend(lead):
        raise Refused("no_priority", N_("Aucune priorité ne court sur cette recommandation."))
    if until <= lead["priority_until"] or until < today:
        raise Refused("not_longer", N_("Choisissez un jour après la fin actuelle et à venir : une priorité se prolonge, elle ne se raccourcit pas."))  # fmt: skip
    if until > latest_end(lead["recommended_on"]):
        raise Refused("too_long", N_("Une priorité dure au plus trois ans après la recommandation."))


# Disputes


class About(StrEnum):
    FIRST = "first"  # who was first
    REFUSAL = "refusal"  # "déjà client", or another reason


class DisputeState(StrEnum):
    OPENED = "opened"
    DECIDED = "decided"
    APPEALED = "appealed"
    CLOSED = "closed"  # decided a second time
    DROPPED = "dropped"  # the recommendation ended meanwhile


class Side(StrEnum):
    """In whose favour."""

    FOR = "for"  # who contests
    AGAINST = "against"
    SHARED = "shared"


D = DisputeState
WAITS = frozenset({D.OPENED, D.APPEALED})
LABELS = {
    D.OPENED: N_("À décider"),
    D.DECIDED: N_("Décidé"),
    D.APPEALED: N_("Second examen"),
    D.CLOSED: N_("Clos"),
    D.DROPPED: N_("Sans objet"),
}
TONES = {D.OPENED: "wait", D.APPEALED: "wait", D.DECIDED: "good", D.CLOSED: "good"}
ABOUT = {
    About.FIRST: N_("Qui a recommandé en premier"),
    About.REFUSAL: N_("Une réponse contestée"),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """`told` is read by who contests, `told_other` by the referrer before whom they were placed: neither learns of the other."""

    side: Side
    about: frozenset[About]
    label: str
    told: str
    told_other: str


BOTH = frozenset(About)
CONFIRMED = N_("Votre priorité est confirmée.")
DECISIONS: Mapping[str, Decision] = {
    "came_first": Decision(
        Side.FOR, frozenset({About.FIRST}), N_("Donner raison : ce dépôt est le premier"),
        N_("Votre dépôt est le premier : votre recommandation a la priorité."),
        N_("Un dépôt antérieur au vôtre a été reconnu : votre recommandation garde sa date et attend son tour."),
    ),
    "no_trace": Decision(
        Side.FOR, frozenset({About.REFUSAL}), N_("Donner raison : aucune trace datée d'avant la recommandation"),
        N_("Nous n'avons pas de trace datée d'avant votre recommandation : elle est reprise à sa date."),
        N_("Un dépôt antérieur au vôtre a été reconnu : votre recommandation garde sa date et attend son tour."),
    ),
    "shared": Decision(
        Side.SHARED, BOTH, N_("Partager : les deux ont compté, et chacun est d'accord par écrit"),
        N_("Comme convenu avec vous, la commission sera partagée."), N_("Comme convenu avec vous, la commission sera partagée."),
    ),
    "came_later": Decision(
        Side.AGAINST, frozenset({About.FIRST}), N_("Maintenir : une recommandation plus ancienne a la priorité"),
        N_("Une recommandation plus ancienne a la priorité. La vôtre garde sa date et prend la suite si la place se libère."),
        CONFIRMED,
    ),
    "dated_trace": Decision(
        Side.AGAINST, frozenset({About.REFUSAL}), N_("Maintenir : une trace datée est antérieure à la recommandation"),
        N_("Nous avions une trace datée de cette entreprise, antérieure à votre recommandation."), CONFIRMED,
    ),
    "reason_stands": Decision(
        Side.AGAINST, frozenset({About.REFUSAL}), N_("Maintenir : la raison donnée est la bonne"),
        N_("Après relecture, la raison qui vous a été donnée est maintenue."), CONFIRMED,
    ),
}  # fmt: skip


def decisions_for(about: str, *, two: bool) -> dict[str, Decision]:
    """Those that fit; nothing is shared where there is nobody to share with."""
    return {
        code: one for code, one in DECISIONS.items() if about in one.about and (two or one.side is not Side.SHARED)
    }  # fmt: skip


def contests(lead: Row, moment: datetime) -> About | None:
    """What may be contested of a recommendation by who made it, now."""
    if lead["erased_at"] or lead["objected_at"]:
        return None
    if lead["state"] == LeadState.REJECTED and lead["reason"] != "no_consent":
        return About.REFUSAL
    return About.FIRST if seen_state(lead, moment) == LeadState.WAITING else None


def decide_by(opened_on: date) -> datetime:
    return at(add_working_days(opened_on, DECIDED_WITHIN), ANSWER_HOUR)


def appeal_until(decided_on: date) -> date:
    return decided_on + timedelta(APPEAL_DAYS)


def lost_by(dispute: Row) -> int | None:
    """The recommendation that a first decision puts behind: its referrer may ask for a second examination, once."""
    if dispute["state"] != D.DECIDED:
        return None
    side = DECISIONS[dispute["decision"]].side
    return {Side.FOR: dispute["against_id"], Side.AGAINST: dispute["lead_id"], Side.SHARED: None}[side]


def may_appeal(dispute: Row, lead_id: int, today: date) -> bool:
    return lost_by(dispute) == lead_id and today <= dispute["appeal_until"]


def check_decider(dispute: Row, user_id: int | None, roles: frozenset[Role], refused_by: int | None) -> None:
    """Nobody decides what they asked, refused or decided themselves; a second examination is an administrator's. Raises Refused."""
    if dispute["state"] not in WAITS:
        raise Refused("decided_already", N_("C'est déjà décidé : relisez la page."))
    if dispute["state"] == D.APPEALED and Role.ADMIN not in roles:
        raise Refused("admin_decides", N_("Le second examen revient à un administrateur."))
    if user_id in {dispute["opened_by"], dispute["decided_by"], refused_by} - {None}:
        raise Refused("somebody_else_decides", N_("Vous avez ouvert, refusé ou déjà décidé ce dossier : une autre personne le tranche."))  # fmt: skip


def shares(dispute: Row, first: int, second: int) -> dict[int, Decimal]:
    """Referrer → weight in per cent, of a deal with this company: `first` is who contested."""
    side = DECISIONS[dispute["decision"]].side
    weight = {Side.FOR: 100, Side.AGAINST: 0, Side.SHARED: dispute["share_percent"] or 50}[side]
    both = {first: Decimal(weight), second: Decimal(100 - weight)}
    return {referrer: share for referrer, share in both.items() if share}
