"""Which of two recommendations of one prospect may stay. It never changes who was first. Pure."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from portal.kit.text import N_
from portal.leads.rules import AT_WORK, BY_NAME, UNANSWERED, LeadState

S = LeadState
SEPARABLE_DAYS = 30
STAYS = UNANSWERED | AT_WORK | {S.WON}
STAGES = (S.WAITING, S.SUBMITTED, S.ACCEPTED, S.CONTACTED, S.QUALIFIED, S.PROPOSAL, S.WON)


class Lead(Protocol):
    """A row of the table lead."""

    def __getitem__(self, key: str, /) -> Any: ...


class Obstacle(StrEnum):
    NONE = ""
    SAME = "same"
    HAS_DEAL = "has_deal"
    OVER = "over"
    FURTHER = "further"
    TWO_REFERRERS = "two_referrers"
    TWO_PROGRAMMES = "two_programmes"
    THIRD = "third"


WHY_NOT = {
    Obstacle.SAME: N_("C'est la même recommandation."),
    Obstacle.HAS_DEAL: N_("L'autre a une affaire signée : c'est elle qui reste."),
    Obstacle.OVER: N_("L'une des deux est terminée ou en vérification : il n'y a plus rien à regrouper."),
    Obstacle.FURTHER: N_("L'autre est plus avancée : c'est elle qui reste."),
    Obstacle.TWO_REFERRERS: N_("Elles viennent de deux apporteurs : seule celle qui attend derrière l'autre peut la rejoindre."),
    Obstacle.TWO_PROGRAMMES: N_("Elles relèvent de deux programmes."),
    Obstacle.THIRD: N_("L'une attend derrière une troisième : regroupez-la d'abord avec celle-ci."),
}  # fmt: skip
TOO_LATE = N_("Regroupées depuis plus de trente jours : elles ne se séparent plus.")


def obstacle(stays: Lead, goes: Lead, *, same_referrer: bool) -> Obstacle:
    """Why `goes` may not join `stays`."""
    if stays["id"] == goes["id"]:
        return Obstacle.SAME
    if goes["state"] == S.WON and stays["state"] != S.WON:
        return Obstacle.HAS_DEAL
    if goes["state"] not in BY_NAME["merge"].froms or stays["state"] not in STAYS or stays["erased_at"]:
        return Obstacle.OVER
    return _between_referrers(stays, goes) if not same_referrer else _of_one_referrer(stays, goes)


def _between_referrers(stays: Lead, goes: Lead) -> Obstacle:
    """Who came later gives nothing up that they had: they were waiting behind the other already."""
    waits = goes["state"] == S.WAITING and goes["behind_lead_id"] == stays["id"]
    return Obstacle.NONE if waits else Obstacle.TWO_REFERRERS


def _of_one_referrer(stays: Lead, goes: Lead) -> Obstacle:
    if stays["programme_id"] != goes["programme_id"]:
        return Obstacle.TWO_PROGRAMMES
    if _front(stays) != _front(goes) and S.WAITING in (stays["state"], goes["state"]):
        return Obstacle.THIRD
    return Obstacle.FURTHER if _stage(stays) < _stage(goes) else Obstacle.NONE


def _front(lead: Lead) -> int:
    """The one that holds the place for which it waits: itself, when it waits for none."""
    return lead["behind_lead_id"] if lead["state"] == S.WAITING else lead["id"]


def _stage(lead: Lead) -> int:
    """Who waits and who was just received are both unanswered."""
    return max(1, STAGES.index(lead["state"]))


def came_first(one: Lead, other: Lead) -> Lead:
    return min(one, other, key=lambda lead: (claimed_on(lead), lead["id"]))


def claimed_on(lead: Lead) -> date:
    """Its own day, or that of an earlier receipt which it took in."""
    return lead["claimed_on"] or lead["recommended_on"]


def separable(merged_at: datetime, now: datetime) -> bool:
    return now - merged_at <= timedelta(SEPARABLE_DAYS)


def back_to(was: str, *, holds: bool) -> LeadState:
    """Where it goes once it is on its own again. `holds`: the one for which it waited still has the place."""
    return S.SUBMITTED if was == S.WAITING and not holds else S(was)
