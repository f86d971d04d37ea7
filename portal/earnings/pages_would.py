"""'Combien gagnerais-je ?' for a referrer before recommending; 'si ce client paie, qui gagne quoi ?' for staff on a deal."""

from typing import Any

from litestar import Request

from portal.deals import access as deals
from portal.earnings import access, trying
from portal.earnings.access_claims import NO_CONTRACT
from portal.earnings.forms import TryForm
from portal.earnings.policy import Sight
from portal.earnings.rules import WHY
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.money import Cents
from portal.kit.problems import Refused
from portal.kit.text import _
from portal.kit.web import Answer, get, is_fragment, page
from portal.people.rules import STAFF, Person, Role
from portal.plans import access as plans

PATH = "/commissions/simulation"
EXAMPLE = "6000"


@get(PATH, allows={Role.REFERRER})
async def would_earn(request: Request, person: Person) -> Answer:
    """Live while it is typed; without a script, by the button."""
    shown = await _tried(person, {"customer": "new", **request.query_params})
    return page("commissions/_would.html" if is_fragment(request) else "commissions/would.html", **shown)


async def _tried(person: Person, asked: dict[str, str]) -> dict[str, Any]:
    contracts = await trying.contracts_to_try(person.referrer_id or 0)
    products = await plans.products()
    form = TryForm.of(asked) if "amount" in asked else TryForm.showing(customer="new")
    chosen = _chosen(contracts, str(form.values.get("contract", "")))
    asks = "amount" in asked and not form.errors and chosen
    return {
        "form": form, "contracts": contracts, "chosen": chosen, "products": products, "example": EXAMPLE,
        "trial": await trying.try_sale(person.referrer_id or 0, chosen, _sale(form, products)) if asks and chosen else None,
        "asked": bool(asks), "shows": await access.sight_of(person) is not Sight.AMOUNT,
    }  # fmt: skip


def _chosen(contracts: list[db.Row], ref: str) -> db.Row | None:
    named = [one for one in contracts if one["ref"] == ref]
    return next(iter(named or contracts), None)


def _sale(form: TryForm, products: list[db.Row]) -> trying.Sale:
    product = next((one for one in products if one["key"] == form.product), None)
    category = product["category"] if product else ""
    return trying.Sale(form.amount, product["key"] if product else "", category, form.customer == "new")


# On a deal


class _Undone(Exception):
    """All that was done to see what would happen is undone."""


@get("/affaires/{ref:str}/essai", allows=STAFF)
async def if_paid(request: Request, person: Person, ref: str) -> Answer:
    deal = await deals.deal_for(person, ref)
    asked = dict(request.query_params)
    form = TryForm.of(asked) if "amount" in asked else TryForm.showing()
    shown = await _if_paid(person, deal, form) if "amount" in asked and not form.errors else {}
    return page("commissions/if_paid.html", deal=deal, form=form, **shown)


async def _if_paid(person: Person, deal: db.Row, form: TryForm) -> dict[str, Any]:
    try:
        earned, why = await _looked_ahead(person, deal, form.amount)
    except Refused as no:
        form.refuse("amount", _(no.sentence) % no.params)
        return {}
    shares = await deals.shares_of(deal["id"])
    return {
        "net": form.amount,
        "lines": [
            {
                "share": share,
                "earned": [row for row in earned if row["referrer_id"] == share["referrer_id"]],
                "why": _why(share, why),
            }
            for share in shares
        ],
    }


async def _looked_ahead(
    person: Person, deal: db.Row, net_cents: Cents
) -> tuple[list[db.Row], dict[int, Any]]:
    """The payment is recorded with all that follows from it, looked at, and undone: nothing of it stays."""
    found: tuple[list[db.Row], dict[int, Any]] = ([], {})
    try:
        async with deed(person, notify=False):
            earned = await trying.if_paid(deal, net_cents)
            payments = await deals.payments_of(deal["id"])
            found = earned, await access.why_nothing(max(payment["id"] for payment in payments))
            raise _Undone
    except _Undone:
        return found


def _why(share: db.Row, why: dict[int, Any]) -> str:
    if share["contract_id"] is None:
        return _(NO_CONTRACT)
    code = why.get(share["referrer_id"])
    return _(WHY[code]) if code else ""
