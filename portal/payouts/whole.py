"""Where every euro is that was earned and has not arrived: each sum with its reason, against the ledger to the cent."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from portal.earnings import access as earnings
from portal.invoicing import actions as invoicing
from portal.invoicing.rules import BLOCKS as PAPER_BLOCKS
from portal.kit import db
from portal.kit.days import day_of
from portal.kit.money import Cents
from portal.kit.text import N_
from portal.ledger.balances import company_balance
from portal.payouts.rules import BLOCKS as TRANSFER_BLOCKS
from portal.payouts.rules import UNTIL
from portal.payouts.waiting import waiting

UNARRIVED = ("held", "due", "invoiced", "in_transit", "owes")


@dataclass(frozen=True, slots=True)
class Sum:
    """`why` is a msgid; `until`: the next day on which it moves by itself."""

    why: str
    referrers: int
    net_cents: Cents
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A step of the way, and what waits there for each reason."""

    label: str
    href: str
    sums: tuple[Sum, ...]

    @property
    def net_cents(self) -> Cents:
        return sum(one.net_cents for one in self.sums)


@dataclass(frozen=True, slots=True)
class Whole:
    places: tuple[Place, ...]
    booked_cents: Cents

    @property
    def net_cents(self) -> Cents:
        return sum(place.net_cents for place in self.places)

    @property
    def off(self) -> Cents:
        """0 when every euro has its place."""
        return self.net_cents - self.booked_cents


HELD, READY, TO_TRANSFER = N_("Attend son jour"), N_("Prêt"), N_("Prêt à virer")
# The day is told beside.
REASONS = TRANSFER_BLOCKS | {
    "iban_waits": N_("IBAN changé, bientôt utilisable"),
    "below": N_("Sous le seuil, payé plus tard"),
}
LINES = {"drafted": N_("Dans un règlement à envoyer"), "sent": N_("En cours de paiement")}
# The first step of the way and the last: neither asks for a reason.
ENDS = f"""
SELECT 'held' AS state, referrer_id, sum(amount)::bigint AS net_cents, min(due_on) AS until
FROM earning WHERE legal_entity_id = $1 AND unit = 'EUR' AND NOT {earnings.RELEASED} GROUP BY referrer_id
UNION ALL
SELECT line.state, line.referrer_id, line.net_cents, NULL FROM payout_line line JOIN payout_run run ON run.id = line.run_id
WHERE run.legal_entity_id = $1 AND line.state IN ('drafted', 'sent') AND run.state <> 'cancelled'
"""


async def whole(entity: db.Row, day: date) -> Whole:
    ends = await db.rows(ENDS, entity["id"])
    places = (
        Place(N_("À confirmer"), "/commissions?vue=a-confirmer", _held(ends)),
        Place(N_("À établir"), "/factures/a-etablir", await _due(entity, day)),
        Place(N_("À virer"), "/virements/preparation", await _invoiced(entity["id"])),
        Place(N_("En route"), "/virements", _under_way(ends)),
    )
    booked = await company_balance(entity["id"], UNARRIVED)
    return Whole(tuple(place for place in places if place.sums), -booked)


def _held(ends: list[db.Row]) -> tuple[Sum, ...]:
    held = [one for one in ends if one["state"] == "held"]
    return tuple(
        replace(one, until=min(each["until"] for each in held))
        for one in _by_reason((HELD, each["referrer_id"], each["net_cents"]) for each in held)
    )


async def _due(entity: db.Row, day: date) -> tuple[Sum, ...]:
    found = await invoicing.proposed(entity, day)
    return _by_reason(
        (PAPER_BLOCKS[one.blocks[0]] if one.blocks else READY, one.referrer["referrer_id"], one.net_cents)
        for one in found
    )


async def _invoiced(entity_id: int) -> tuple[Sum, ...]:
    found = await waiting(entity_id)
    sums = _by_reason(
        (REASONS[one.block] if one.block else TO_TRANSFER, one.referrer["referrer_id"], one.parts.net)
        for one in found
    )
    next_days = {
        REASONS[code]: min(as_day(one.until) for one in found if one.block == code and one.until)
        for code in UNTIL & {one.block for one in found}
    }
    return tuple(replace(one, until=next_days.get(one.why)) for one in sums)


def as_day(until: date | datetime) -> date:
    return day_of(until) if isinstance(until, datetime) else until


def _under_way(ends: list[db.Row]) -> tuple[Sum, ...]:
    return _by_reason(
        (LINES[line["state"]], line["referrer_id"], line["net_cents"])
        for line in ends
        if line["state"] in LINES
    )


def _by_reason(found: Iterable[tuple[str, int, Cents]]) -> tuple[Sum, ...]:
    """What is ready first, then the largest."""
    cents: dict[str, Cents] = defaultdict(int)
    referrers: dict[str, set[int]] = defaultdict(set)
    for why, referrer_id, net_cents in found:
        cents[why] += net_cents
        referrers[why].add(referrer_id)
    sums = [Sum(why, len(referrers[why]), total) for why, total in cents.items()]
    return tuple(sorted(sums, key=lambda one: (one.why not in (READY, TO_TRANSFER), -one.net_cents)))
