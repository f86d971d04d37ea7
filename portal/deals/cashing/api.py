"""Money that came in, through the API: attached when an invoice is named and paid to the cent, else waiting for finance."""

from typing import Any

from litestar import Request, Response

from portal.deals.api_shapes import Received, check_currency
from portal.deals.cashing import access, actions
from portal.kit import api, db
from portal.kit.deed import deed
from portal.people.rules import Person, Role

READ, WRITE = "deals:read", "deals:write"
READERS = {Role.FINANCE, Role.ADMIN}


@api.get("/payments", allows=READERS, scope=READ)
async def payments(request: Request) -> dict[str, Any]:
    """All that came in without its deal, the oldest first."""
    cursor = api.cursor_of(request)
    return api.cursor_page(await access.incoming_after(cursor.after, cursor.limit + 1), cursor, _said)


@api.post("/payments", allows=READERS, scope=WRITE)
async def receive(request: Request, person: Person) -> Response[Any]:
    """What the bank or the accounting tells: day, total_cents or net_cents, and whatever is known of payer, label, invoice and account."""
    asked = await api.read_json(request, Received)
    check_currency(asked.currency)
    async with deed(person, await api.once(request)) as doing:
        found = await actions.receive(
            source="api", paid_on=asked.paid_on, total_cents=asked.total_cents, net_cents=asked.net_cents, payer=asked.payer,
            label=asked.label, invoice_number=asked.invoice, account_end=asked.account_end, nature=asked.nature,
            external_id=asked.external_id,
        )  # fmt: skip
        return api.answer(doing, _said(found))


@api.get("/payments/{ref:str}", allows=READERS, scope=READ)
async def payment(person: Person, ref: str) -> dict[str, Any]:
    return _said(await access.incoming_for(person, ref))


def _said(row: db.Row) -> dict[str, Any]:
    """`state`: waiting, attached or set_aside."""
    return {
        "ref": row["ref"], "external_id": row["external_id"], "state": row["state"], "paid_on": row["paid_on"].isoformat(),
        "total_cents": row["total_cents"], "net_cents": row["net_cents"], "nature": row["nature"],
    }  # fmt: skip
