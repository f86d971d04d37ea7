"""The lines of a deal change: by an amendment from a day on, or because they were written down wrongly."""

from decimal import Decimal
from typing import Any

from litestar import Request

from portal.deals import access, changing
from portal.deals.forms import ChangeForm, LineForm
from portal.deals.rules import CHANGES, DealState
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.problems import NotFound, Refused, Stale
from portal.kit.text import _
from portal.kit.web import Answer, again, done, get, page, post
from portal.people.rules import STAFF, Person
from portal.plans import access as plans

FIELD_OF = {"changed_when": "on", "changed_since": "on", "empty_deal": "0-net", "overpaid": "0-net"}


@get("/affaires/{ref:str}/modification", allows=STAFF)
async def change(person: Person, ref: str) -> Answer:
    deal = await _deal(person, ref)
    form = ChangeForm.showing(version=deal["version"], on=today())
    form._lines = [_typed(line) for line in await access.lines_of(deal["id"])]
    return page("affaires/change.html", **await _around(deal, form))


@post("/affaires/{ref:str}/modification", allows=STAFF)
async def keep(request: Request, person: Person, ref: str) -> Answer:
    deal, form = await _deal(person, ref), await ChangeForm.read(request)
    if form.values.get("more"):
        return page("affaires/change.html", **await _around(deal, form.one_more_line()))
    if form.errors:
        return again("affaires/change.html", **await _around(deal, form))
    try:
        async with deed(person, form.once) as doing:
            await _change(deal, form)
            doing.at(f"/affaires/{deal['ref']}#lignes")
    except Refused as no:
        form.refuse(FIELD_OF.get(no.code, ""), _(no.sentence) % no.params)
        return again("affaires/change.html", **await _around(deal, form))
    return done(doing)


async def _deal(person: Person, ref: str) -> db.Row:
    deal = await access.deal_for(person, ref)
    if deal["state"] == DealState.CANCELLED:
        raise NotFound("deal")
    return deal


async def _change(deal: db.Row, form: ChangeForm) -> None:
    if deal["version"] != form.version:
        raise Stale("stale")
    products = {product["key"]: product["id"] for product in await plans.products()}
    lines = [line.as_line(products) for line in form.filled_lines]
    if form.kind == "amendment":
        await changing.amend(deal, lines, on=form.on, reason=form.reason)
    else:
        await changing.correct(deal, lines, reason=form.reason)


def _typed(line: db.Row) -> LineForm:
    return LineForm.showing(
        label=line["label"], product=line["product_key"] or "", net=_euros(line["net_cents"]),
        quantity=f"{line['quantity'].normalize():f}", cost=_euros(line["cost_cents"]),
        discount=f"{line['discount_rate'].normalize():f}",
    )  # fmt: skip


def _euros(cents: int | None) -> str:
    return "" if cents is None else f"{Decimal(cents).scaleb(-2)}".replace(".", ",")


async def _around(deal: db.Row, form: ChangeForm) -> dict[str, Any]:
    products = [
        ("", _("Sans produit")),
        *((product["key"], product["name"]) for product in await plans.products()),
    ]
    hints = {
        "amendment": _(
            "Les nouvelles lignes valent à partir d'une date ; ce qui est déjà gagné ne change pas."
        ),
        "correction": _("Tout ce que l'affaire a rapporté est recompté ; seule la différence bouge."),
    }
    kinds = [(code, _(said), hints[code]) for code, said in CHANGES.items()]
    return {"deal": deal, "filled": form, "products": products, "kinds": kinds}
