"""The gift register through the API, for finance. Sent once by Idempotency-Key."""

from typing import Any

from litestar import Request, Response

from portal.company import access as company
from portal.gifts.register import access, recording
from portal.gifts.register.forms import GiftForm
from portal.kit import api, db
from portal.kit.api import Unprocessable
from portal.kit.deed import deed
from portal.kit.text import N_, _
from portal.people.rules import Person, Role
from portal.referrers import access as referrers

READ, WRITE = "rewards:read", "rewards:write"
FINANCE = {Role.FINANCE, Role.ADMIN}
WRONG = N_("Cette demande n'est pas complète : voyez errors, champ par champ.")
WHO = N_("Donnez le numéro d'un apporteur ou, pour une autre personne, son nom.")
AMOUNTS = ("price", "packaging", "shipping")


@api.get("/gifts", allows=FINANCE, scope=READ)
async def gifts(request: Request) -> dict[str, Any]:
    """Every line of the register, the oldest first; a correction has the amounts of what it takes back, below zero."""
    cursor = api.cursor_of(request)
    return api.cursor_page(await access.after(cursor.after, cursor.limit + 1), cursor, _said)


@api.get("/gifts/{ref:str}", allows=FINANCE, scope=READ)
async def gift(person: Person, ref: str) -> dict[str, Any]:
    return _said(await access.gift_for(person, ref))


@api.post("/gifts", allows=FINANCE, scope=WRITE)
async def give(request: Request, person: Person) -> Response[Any]:
    """A gift for nothing. referrer (a number) or outsider (a name) with organisation; what, reason, given_on (AAAA-MM-JJ),
    nature (good, voucher, service), price, packaging and shipping in euros TTC as text ("59.90"), vat_rate ("20"),
    advertising. The answer says what is deducted of its VAT."""
    asked = await api.read_json(request)
    typed = {name: _typed(name, value) for name, value in asked.items()}
    form = GiftForm.of(typed)
    referrer = await referrers.referrer_by_number(form.values.get("referrer") or "")
    if (referrer is None) == (not form.values.get("outsider")):
        form.refuse("referrer", _(WHO))
    if form.errors:
        raise Unprocessable("fields", WRONG, errors=form.errors)
    async with deed(person, await api.once(request)) as doing:
        made = await _give(form, referrer)
        return api.answer(doing, _said(await access.gift(made["id"])))


def _typed(name: str, value: Any) -> Any:
    return (
        str(value).replace(".", ",") if name in AMOUNTS else value if isinstance(value, bool) else str(value)
    )


async def _give(form: GiftForm, referrer: db.Row | None) -> db.Row:
    entity = await company.legal_entity()
    assert entity is not None
    if referrer:
        return await recording.give(entity["id"], form.gift, referrer_id=referrer["id"])
    outsider = await recording.outsider_for(entity["id"], form.outsider, form.organisation)
    return await recording.give(entity["id"], form.gift, outsider_id=outsider)


def _said(row: db.Row) -> dict[str, Any]:
    return {
        "ref": row["ref"],
        "referrer": row["referrer_number"],
        "outsider": row["who"] if row["referrer_number"] is None else None,
        "organisation": row["organisation"],
        "what": row["what"],
        "given_on": row["given_on"].isoformat(),
        "character": row["character"],
        "nature": row["nature"],
        "sold": row["sold"],
        "cost_cents": row["cost_cents"],
        "value_cents": row["value_cents"],
        "vat_cents": row["vat_cents"],
        "vat_deducted_cents": row["deducted_cents"],
        "order": row["order_ref"],
        "reverses": row["reversed_ref"],
        "reason": row["reason"],
    }
