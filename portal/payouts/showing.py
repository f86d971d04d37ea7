"""A run and a transfer as they are shown: what needs eyes first, what the referrer may know of who else is paid."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.kit.money import Cents
from portal.kit.rows import Row
from portal.kit.text import _, money, short_day
from portal.payouts.eyes import LOOKS, Look, Past, Seen, looks
from portal.referrers.payee_rules import TOLD_TO_REFERRER

BAD = frozenset({Look.HOLDER, Look.NEW_ACCOUNT, Look.ANOTHER})
SAYS = {"usual": money, "limit": money, "due": short_day}


@dataclass(frozen=True, slots=True)
class Looked:
    """A line and why it needs eyes: (sentence, tone); none when it is as ever."""

    line: Row
    why: tuple[tuple[str, str], ...]


def said(seen: Seen) -> tuple[str, str]:
    label, told = LOOKS[seen.look], {name: SAYS[name](value) for name, value in seen.said.items()}
    return _(label) % told, "bad" if seen.look in BAD else "wait"


def looked_at(
    lines: Iterable[Row], past: Mapping[int, Past], papers: Mapping[int, Any], limit: Cents | None
) -> tuple[list[Looked], list[Looked]]:
    """What needs eyes, and what does not."""
    found = [
        Looked(line, tuple(said(one) for one in looks(line, past[line["referrer_id"]], _due(papers[line["id"]]), limit)))
        for line in lines
    ]  # fmt: skip
    return [one for one in found if one.why], [one for one in found if not one.why]


def _due(papers: Iterable[Row]) -> date:
    return min(paper["due_on"] for paper in papers)


def own_cents(line: Row) -> Cents:
    """What of a transfer goes to the referrer."""
    if not line["shares"]:
        return line["total_cents"]
    return sum(share["amount_cents"] for share in line["shares"] if share["payee_id"] is None)


def others(line: Row) -> list[tuple[str, Cents]]:
    """Who else is paid, as the referrer may know it: never an account, and after a death no name."""
    return [
        (share["name"] if share["kind"] in TOLD_TO_REFERRER else _("La succession"), share["amount_cents"])
        for share in line["shares"]
        if share["payee_id"]
    ]
