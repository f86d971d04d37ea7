"""Own invoices through the API: sent with a referrer's token, read with the comparison. Sent once by Idempotency-Key."""

import base64
import binascii
from typing import Any

from litestar import Request, Response

from portal.company import access as company
from portal.invoicing.received import access, receiving
from portal.invoicing.received.forms import FiguresForm
from portal.invoicing.received.pages_received import differences_of
from portal.invoicing.received.receiving import Handed
from portal.invoicing.received.told import told_from
from portal.invoicing.received.words import Unreadable
from portal.kit import api, db
from portal.kit.api import Unprocessable
from portal.kit.deed import deed
from portal.kit.invalid import Invalid
from portal.kit.problems import NotFound
from portal.kit.text import N_
from portal.kit.web import UPLOAD_BODY
from portal.people.rules import Person, Role, Seat

READ, WRITE = "invoices:read", "invoices:write"
READERS = {Role.REFERRER, Role.FINANCE, Role.ADMIN}
FILE = N_("file est le contenu de la facture, en base64 ; name son nom.")
FIGURES = N_("Ces chiffres ne sont pas complets : voyez errors, champ par champ.")
FIELDS = {"net": "net_cents", "vat": "vat_cents", "total": "total_cents"}


@api.post("/invoices", allows={Role.REFERRER}, scope=WRITE, request_max_body_size=UPLOAD_BODY)
async def send(request: Request, person: Person) -> Response[Any]:
    """file (base64 of a PDF, Factur-X, UBL or CII), name; commissions: refs that it pays for (all that is due when none).

    figures {kind, number, issued_on, net_cents, vat_cents, total_cents, credits}: of a PDF without XML, else it waits
    until they are confirmed on the page."""
    if person.referrer_id is None or person.seat is Seat.ACCOUNTANT:
        raise NotFound("referrer")
    asked = await api.read_json(request)
    figures = _figures(asked.get("figures"))
    handed = await _handed(asked)
    picked = await access.ids_of_refs(person.referrer_id, _refs(asked.get("commissions")))
    async with deed(person, await api.once(request)) as doing:
        row = await receiving.receive(person.referrer_id, handed, picked, via="api")
        if figures and row["state"] == "received":
            row = await receiving.confirm(row, figures.told)
        return api.answer(doing, _said(row))


@api.get("/invoices", allows=READERS, scope=READ)
async def invoices(request: Request, person: Person) -> dict[str, Any]:
    """A referrer's own, or all for finance, the oldest first."""
    cursor = api.cursor_of(request)
    return api.cursor_page(await access.after(person, cursor.after, cursor.limit + 1), cursor, _said)


@api.get("/invoices/{ref:str}", allows=READERS, scope=READ)
async def invoice(person: Person, ref: str) -> dict[str, Any]:
    return _said(await access.received_for(person, ref))


async def _handed(asked: dict[str, Any]) -> Handed:
    entity = await company.legal_entity()
    assert entity is not None
    try:
        body = base64.b64decode(asked.get("file") or "", validate=True)
        name = str(asked.get("name") or "facture")
        return await receiving.hand_in(body, name, entity)
    except (binascii.Error, TypeError, ValueError) as wrong:
        if isinstance(wrong, Unreadable | Invalid):
            raise Unprocessable(wrong.code, wrong.sentence) from wrong
        raise Unprocessable("file", FILE) from wrong


def _figures(asked: Any) -> FiguresForm | None:
    """The same checks as on the page; amounts are whole cents. Raises a problem 422 that names each field."""
    if not isinstance(asked, dict):
        return None
    typed = {name: str(asked.get(name) or "") for name in ("kind", "number", "issued_on", "credits")}
    form = FiguresForm.of(
        {**typed, "kind": typed["kind"] or "380", **{k: _typed(asked.get(v)) for k, v in FIELDS.items()}}
    )
    if form.errors:
        raise Unprocessable(
            "figures", FIGURES, errors={f"figures.{FIELDS.get(k, k)}": v for k, v in form.errors.items()}
        )
    return form


def _typed(cents: Any) -> str:
    return f"{cents // 100},{cents % 100:02d}" if type(cents) is int and cents >= 0 else ""


def _refs(asked: Any) -> list[str]:
    return [one for one in asked if isinstance(one, str)] if isinstance(asked, list) else []


def _said(row: db.Row) -> dict[str, Any]:
    told = told_from(row["told"])
    return {
        "ref": row["ref"], "state": row["state"], "format": row["format"], "received_at": row["received_at"].isoformat(),
        "referrer": row["referrer_number"],
        "figures": {
            "kind": told.kind, "number": told.number, "issued_on": told.issued_on.isoformat() if told.issued_on else None,
            "net_cents": told.net_cents, "vat_cents": told.vat_cents, "total_cents": told.total_cents, "credits": told.credits,
        },
        "differences": [{"code": one.code, "level": one.level, "said": one.sentence} for one in differences_of(row)],
        "reason": {"code": row["reason_code"], "said": row["reason"]} if row["state"] == "refused" else None,
        "invoice": row["invoice_ref"],
    }  # fmt: skip
