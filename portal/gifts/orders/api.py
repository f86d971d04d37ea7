"""Orders through the API: placed with a referrer's token, told as sent with one of finance. Sent once by Idempotency-Key."""

from typing import Any

from litestar import Request, Response

from portal.gifts.orders import access, placing, sending
from portal.gifts.orders.forms import OrderForm, ParcelForm
from portal.gifts.orders.rules import is_carried
from portal.gifts.rewards import access as rewards
from portal.gifts.rewards.rules import true_cost_cents
from portal.kit import api, db
from portal.kit.api import Unprocessable
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.text import N_
from portal.people.rules import Person, Role
from portal.referrers import access as referrers

READ, WRITE = "rewards:read", "rewards:write"
READERS = {Role.REFERRER, *access.MAY_DECIDE}
WRONG = N_("Cette demande n'est pas complète : voyez errors, champ par champ.")
ADDRESS = ("recipient", "street", "postcode", "city", "country", "phone")


@api.post("/reward-orders", allows={Role.REFERRER}, scope=WRITE)
async def place(request: Request, person: Person) -> Response[Any]:
    """reward: its ref; points: what it costs, so that a price that moved is told; address {recipient, street, postcode,
    city, country, phone} for what is carried."""
    referrer_id = access.orders_for_oneself(person)
    asked = await api.read_json(request)
    reward = await rewards.reward_for(person, str(asked.get("reward") or ""))
    form = _address(asked, reward)
    referrer = await referrers.referrer(referrer_id)
    async with deed(person, await api.once(request)) as doing:
        order = await placing.place(referrer, reward["id"], form.points, form.address)
        return api.answer(doing, _said(order, person))


@api.get("/reward-orders", allows=READERS, scope=READ)
async def orders(request: Request, person: Person) -> dict[str, Any]:
    """A referrer's own, or all for finance, the oldest first. No code of a card is ever told here."""
    cursor = api.cursor_of(request)
    rows = await access.after(person, cursor.after, cursor.limit + 1)
    return api.cursor_page(rows, cursor, lambda row: _said(row, person))


@api.get("/reward-orders/{ref:str}", allows=READERS, scope=READ)
async def order(person: Person, ref: str) -> dict[str, Any]:
    return _said(await access.order_for(person, ref), person)


@api.post("/reward-orders/{ref:str}/dispatch", allows=access.MAY_DECIDE, scope=WRITE)
async def dispatch(request: Request, person: Person, ref: str) -> Response[Any]:
    """carrier, tracking_number, tracking_url: each may be left out."""
    found = await access.order_for(person, ref)
    form = ParcelForm.of(await api.read_json(request))
    _check(form)
    async with deed(person, await api.once(request)) as doing:
        await sending.send(found, form.parcel)
        return api.answer(doing, _said(await access.order(found["id"]), person), status=200)


def _address(asked: dict[str, Any], reward: db.Row) -> OrderForm:
    given = asked.get("address")
    typed = {name: str(given.get(name) or "") for name in ADDRESS} if isinstance(given, dict) else {}
    form = OrderForm.of({**typed, "country": typed.get("country") or "FR", "points": asked.get("points")})
    if is_carried(reward):
        form.for_parcel()
    _check(form)
    return form


def _check(form: Form) -> None:
    """Raises a problem 422 that names each field."""
    if form.errors:
        raise Unprocessable("fields", WRONG, errors=form.errors)


def _said(row: db.Row, person: Person) -> dict[str, Any]:
    team = person.may(*access.MAY_DECIDE)
    return {
        "ref": row["ref"], "reward": row["reward_ref"], "title": row["title"], "state": row["state"], "points": row["points"],
        "requested_at": row["requested_at"].isoformat(), "sent_at": row["sent_at"].isoformat() if row["sent_at"] else None,
        "received_at": row["received_at"].isoformat() if row["received_at"] else None,
        "parcel": {name: row[name] for name in ("carrier", "tracking_number", "tracking_url")},
        "address": {name: row[name] for name in ADDRESS},
        "refused": {"code": row["reason_code"], "said": row["reason"]} if row["reason_code"] else None,
        "has_code": row["code_id"] is not None,
        **({"referrer": row["referrer_number"], "supplier": row["supplier"], "cost_cents": true_cost_cents(row)} if team else {}),
    }  # fmt: skip
