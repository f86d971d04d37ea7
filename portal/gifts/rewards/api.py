"""Rewards through the API: what the bearer may order and why not; for finance also what each costs."""

from typing import Any

from litestar import Request

from portal.gifts.points import access as points
from portal.gifts.rewards import access_shop
from portal.gifts.rewards.access_shop import Offer
from portal.gifts.rewards.rules import true_cost_cents
from portal.kit import api, db
from portal.kit.days import today
from portal.people.rules import Person, Role

SCOPE = "rewards:read"


@api.get("/rewards", allows={Role.REFERRER, Role.FINANCE, Role.ADMIN}, scope=SCOPE)
async def rewards(request: Request, person: Person) -> dict[str, Any]:
    """What is shown to the bearer, the oldest first. `why_not`: a code, null when it can be ordered; `missing` points."""
    cursor = api.cursor_of(request)
    shown = [one for one in await _shown(person) if one.reward["id"] > cursor.after]
    shown.sort(key=lambda one: one.reward["id"])
    rows = [{"id": one.reward["id"], "offer": one} for one in shown[: cursor.limit + 1]]
    return api.cursor_page(rows, cursor, lambda row: _said(row["offer"], person))


async def _shown(person: Person) -> list[Offer]:
    if person.referrer_id is None:
        return await access_shop.offered_to_anybody(today())
    standing = await points.standing(person.referrer_id)
    return await access_shop.offers(person.referrer_id, standing.spendable)


def _said(offer: Offer, person: Person) -> dict[str, Any]:
    row = offer.reward
    said = {
        "ref": row["ref"], "title": row["title"], "summary": row["summary"], "kind": row["kind"], "nature": row["nature"],
        "state": row["state"], "points": row["points"], "value_cents": row["price_cents"], "stock": row["stock"],
        "until": row["until"].isoformat() if row["until"] else None, "why_not": offer.why_not, "missing": offer.missing,
    }  # fmt: skip
    return said if person.referrer_id is not None else {**said, **_cost(row)}


def _cost(row: db.Row) -> dict[str, Any]:
    return {
        "cost_cents": true_cost_cents(row), "vat_cents": row["vat_cents"], "supplier": row["supplier"],
    }  # fmt: skip
