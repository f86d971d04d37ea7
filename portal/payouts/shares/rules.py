"""What each payee gets of a transfer, and what is left for the referrer. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portal.kit.money import Cents
from portal.kit.rows import Row
from portal.kit.text import N_


class End(StrEnum):
    UNDER_WAY = "under_way"
    ARRIVED = "arrived"
    CAME_BACK = "came_back"


END_LABELS = {
    End.UNDER_WAY: N_("En cours"),
    End.ARRIVED: N_("Arrivé"),
    End.CAME_BACK: N_("Revenu : à payer à la main"),
}
END_TONES = {End.UNDER_WAY: "note", End.ARRIVED: "good", End.CAME_BACK: "bad"}


@dataclass(frozen=True, slots=True)
class Share:
    """Cents of a transfer, to a payee or, without one, to the referrer."""

    payee: Row | None
    cents: Cents


def shares_of(total: Cents, payees: Iterable[Row]) -> list[Share]:
    """`payees`: those that rule that day, the oldest first, with what each has had before (`had_cents`). Each takes what it
    still may, up to its ceiling; the referrer gets what is left. Without anybody to pay before: none."""
    found, left = [], total
    for payee in payees:
        room = left if payee["ceiling_cents"] is None else payee["ceiling_cents"] - payee["had_cents"]
        taken = min(left, max(room, 0))
        if taken:
            found.append(Share(payee, taken))
            left -= taken
    return [*found, Share(None, left)] if found and left else found


def ruling(payees: Iterable[Mapping[str, Any]], day: date) -> list[Mapping[str, Any]]:
    """What came first is served first."""
    return sorted(
        (one for one in payees if one["since"] <= day and (one["until"] is None or day <= one["until"])),
        key=lambda one: (one["since"], one["id"]),
    )
