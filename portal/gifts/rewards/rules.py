"""A reward: its life, what it costs, what it lacks before it can be ordered, who may have it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from portal.kit.money import Cents, vat_within
from portal.kit.text import N_
from portal.law.territories import Territory


class State(StrEnum):
    DRAFT = "draft"
    SOON = "soon"  # shown, not yet to be ordered
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Kind(StrEnum):
    GOOD = "good"
    GIFT_CARD = "gift_card"
    EXPERIENCE = "experience"
    DONATION = "donation"
    PARTNER = "partner"
    WISH = "wish"  # made for the one who wished for it


class Nature(StrEnum):
    """What the law sees: goods count for the VAT on gifts, a multi-purpose voucher bears none."""

    GOOD = "good"
    VOUCHER = "voucher"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Move:
    name: str
    origins: frozenset[State]
    to: State


MOVES = {
    move.name: move
    for move in (
        Move("announce", frozenset({State.DRAFT}), State.SOON),
        Move("publish", frozenset({State.DRAFT, State.SOON, State.WITHDRAWN}), State.PUBLISHED),
        Move("withdraw", frozenset({State.SOON, State.PUBLISHED}), State.WITHDRAWN),
    )
}
SHOWN = frozenset({State.SOON, State.PUBLISHED})

STATE_LABELS = {
    State.DRAFT: N_("Brouillon"),
    State.SOON: N_("Bientôt"),
    State.PUBLISHED: N_("Proposée"),
    State.WITHDRAWN: N_("Retirée"),
}
STATE_TONES = {State.SOON: "note", State.PUBLISHED: "good", State.DRAFT: "wait"}
KIND_LABELS = {
    Kind.GOOD: N_("Objet"),
    Kind.GIFT_CARD: N_("Carte cadeau"),
    Kind.EXPERIENCE: N_("Expérience"),
    Kind.DONATION: N_("Don"),
    Kind.PARTNER: N_("Offert par un partenaire"),
    Kind.WISH: N_("Souhait"),
}
NATURE_LABELS = {
    Nature.GOOD: N_("Un bien : objet, coffret, panier"),
    Nature.VOUCHER: N_("Un bon à usages multiples : carte cadeau, chèque cadeau"),
    Nature.SERVICE: N_("Un service : repas, sortie, voyage, don"),
}

MISSING = {
    "title": N_("Donnez-lui un nom."),
    "points": N_("Dites pour combien de points."),
    "price_cents": N_("Dites ce qu'elle coûte, TTC."),
    "packaging_cents": N_("Dites ce que coûte l'emballage ; 0 s'il n'y en a pas."),
    "shipping_cents": N_("Dites ce que coûte l'envoi ; 0 s'il est offert."),
    "vat_rate": N_("Dites à quel taux de TVA elle s'achète ; 0 si elle n'en porte pas."),
    "nature": N_("Dites de quelle nature elle est : la TVA et le registre des cadeaux en dépendent."),
}


def missing(reward: Any) -> dict[str, str]:
    """Field → sentence: what has to be known before it can be ordered. Zero is an answer, a blank is none."""
    return {name: said for name, said in MISSING.items() if reward[name] in (None, "")}


COST_PARTS = ("price_cents", "packaging_cents", "shipping_cents")


def settled(said: Mapping[str, Any]) -> dict[str, Any]:
    """What was said of its cost, with what follows from its nature: a voucher bears no VAT; what is not sent costs
    nothing to send."""
    nature = said["nature"]
    carried = nature in ("", Nature.GOOD)
    known = dict(said)
    for name in ("packaging_cents", "shipping_cents"):
        known[name] = said[name] if carried or said[name] is not None else 0
    if nature == Nature.VOUCHER:
        known["vat_rate"] = Decimal(0)
    complete = all(known[name] is not None for name in (*COST_PARTS, "vat_rate"))
    known["vat_cents"] = vat_within(true_cost_cents(known), known["vat_rate"]) if complete else None
    return known


def true_cost_cents(reward: Any) -> Cents:
    """TTC: the thing, its packaging, its shipping."""
    return sum(reward[name] or 0 for name in COST_PARTS)


def is_carried(reward: Any) -> bool:
    """It has to be brought to an address."""
    return reward["nature"] == Nature.GOOD


@dataclass(frozen=True, slots=True)
class Wisher:
    """Of a referrer, what decides on which rewards they may have; `ids`: with those of files that joined theirs."""

    ids: frozenset[int]
    tier: str
    segment: str
    status: str
    territory: Territory
    public_agent: bool


def why_not(reward: Any, wisher: Wisher, day: date) -> str | None:
    """A code of WHY_NOT, the reason that nothing can mend first; None when it can be ordered, points apart."""
    barred = {
        "for_another": reward["for_referrer_id"] not in {None, *wisher.ids},
        "segment": _outside(reward["segments"], wisher.segment),
        "status": _outside(reward["statuses"], wisher.status),
        "territory": _outside(reward["territories"], wisher.territory),
        "public_agent": wisher.public_agent and not reward["public_agents"],
        "not_proposed": reward["state"] not in SHOWN,
        "ended": reward["until"] is not None and day > reward["until"],
        "soon": reward["state"] == State.SOON,
        "tier": _outside(reward["tiers"], wisher.tier),
        "sold_out": reward["stock"] == 0,
    }
    return next((code for code, so in barred.items() if so), None)


def is_shown(reward: Any, wisher: Wisher, day: date) -> bool:
    """What they once saw stays readable when it is offered no more; what is not theirs to have never was."""
    return reward["state"] != State.DRAFT and why_not(reward, wisher, day) not in FOR_OTHERS


FOR_OTHERS = frozenset({"for_another", "segment", "status", "territory", "public_agent"})
OFF_THE_SHELF = FOR_OTHERS | {"not_proposed", "ended"}
WHY_NOT = {
    "for_another": N_("Cette récompense n'est plus proposée."),
    "not_proposed": N_("Cette récompense n'est plus proposée."),
    "segment": N_("Cette récompense n'est pas proposée à votre groupe."),
    "status": N_("Cette récompense n'est pas proposée à votre statut."),
    "territory": N_("Cette récompense n'est pas proposée là où vous habitez."),
    "public_agent": N_("Cette récompense n'est pas proposée aux agents publics."),
    "ended": N_("Cette récompense n'est plus proposée."),
    "soon": N_("Cette récompense arrive bientôt."),
    "tier": N_("Cette récompense est réservée à un autre palier."),
    "sold_out": N_("Cette récompense est épuisée pour le moment."),
}


def _outside(wanted: list[str], value: str) -> bool:
    """Nothing wanted: everybody is inside."""
    return bool(wanted) and value not in wanted


def points_for(cost_cents: Cents, worth_cents: Cents) -> int:
    """What it would cost in points, at their worth: rounded up, the company does not pay the rest."""
    return -(-cost_cents // worth_cents)


def points_missing(reward: Any, spendable: int) -> int:
    return max(0, (reward["points"] or 0) - spendable)


NEARLY_PERCENT = 70


def is_near(reward: Any, spendable: int) -> bool:
    """Not yet within reach, but most of the way is made."""
    return spendable < reward["points"] and spendable * 100 >= reward["points"] * NEARLY_PERCENT
