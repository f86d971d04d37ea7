"""What a deal would still bring its referrer if the client paid the rest, by the one evaluator."""

from typing import Any

from portal.deals.histories import Told, decimals
from portal.kit import db
from portal.kit.days import today
from portal.kit.money import Cents
from portal.plans.rules.evaluate import simulate
from portal.plans.rules.language import Refused
from portal.plans.rules.overrides import overridden


async def expected(deal: db.Row, share: db.Row, paid: Cents, events: list[Told]) -> tuple[Cents, int] | None:
    """What the client has still to pay, HT, and what that brings this share after these events: cents or points.
    None when nothing can be said."""
    rest = deal["net_cents"] - paid
    if rest <= 0 or deal["state"] == "cancelled" or not deal["earns"] or share["contract_id"] is None:
        return None
    plan = overridden(share["body"], share["overrides"])
    remainder = {
        "id": "rest",
        "type": "client_paid",
        "deal": str(deal["id"]),
        "on": today().isoformat(),
        "net": decimals(rest),
    }
    referrer = str(share["referrer_id"])
    try:
        more = _total(plan, [*events, remainder], referrer) - _total(plan, events, referrer)
    except Refused:
        return None
    return (rest, more) if more > 0 else None


def _total(plan: dict[str, Any], events: list[Told], referrer: str) -> int:
    totals = simulate(plan, events)["totals"].get(referrer, {})
    return int(totals.get(plan["unit"], "0").replace(".", ""))
