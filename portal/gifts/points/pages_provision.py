"""/comptabilite/points: what the points that are still out will cost at the end of a year, and the entry for it."""

from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from litestar import Request

from portal.company import access as company
from portal.gifts.points import provision
from portal.gifts.points.forms import ProvisionForm
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Column, Listing
from portal.kit.problems import NotFound, Refused
from portal.kit.text import LOCALES, _, language, percent
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import Person, Role


def euros(cents: Decimal) -> str:
    """A cost of one thing, with up to four decimals: 0,8125 €."""
    said = format_decimal(cents / 100, format="#,##0.00##", locale=LOCALES[language()])
    return f"{said}\u00a0€" if language() == "fr" else f"€{said}"


PATH = "/comptabilite/points"
MONEY = {Role.FINANCE, Role.ADMIN}
CELLS = {name: lambda row, name=name: row[name] for name in ("name", "points", "reserved")}


@get(PATH, allows=MONEY)
async def index(request: Request) -> Answer:
    """For the day that is asked for, else the end of last year."""
    asked = ProvisionForm.of({"on_day": request.query_params.get("jour", ""), "cost": "1", "percent": "1"})
    day = date(today().year - 1, 12, 31) if asked.errors else asked.on_day
    return page("comptabilite/points.html", **await _around(day, None))


@post(PATH, allows=MONEY)
async def provide(request: Request, person: Person) -> Answer:
    form, entity = await ProvisionForm.read(request), await _entity()
    if form.errors:
        return again("comptabilite/points.html", **await _around(date(today().year - 1, 12, 31), form))
    try:
        async with deed(person, form.once) as doing:
            kept = await provision.provide(
                entity["id"], form.on_day, form.cost_cents, form.percent, form.reason
            )
            doing.at(f"{PATH}/{kept['ref']}")
    except Refused as no:
        form.refuse("on_day", _(no.sentence))
        return again("comptabilite/points.html", **await _around(form.on_day, form))
    return see(doing.answer["location"])


@get(f"{PATH}/{{ref:str}}", allows=MONEY)
async def show(request: Request, ref: str) -> Answer:
    kept = await provision.by_ref(ref)
    listing = Listing.whole(
        request, _columns(), await provision.each_on(kept["legal_entity_id"], kept["on_day"])
    )
    return await listing.answer(
        "comptabilite/points_provision.html", cells=CELLS, name=f"points-{kept['on_day']}", kept=kept,
        entity=await company.legal_entity_by(kept["legal_entity_id"]), percent=percent, euros=euros,
    )  # fmt: skip


def _columns() -> tuple[Column, ...]:
    return (
        Column("name", _("Apporteur")),
        Column("points", _("Points"), numeric=True),
        Column("reserved", _("Dont en commande"), numeric=True),
    )


async def _entity() -> db.Row:
    entity = await company.legal_entity()
    if entity is None:
        raise NotFound("legal_entity")
    return entity


async def _around(day: date, form: Form | None) -> dict[str, Any]:
    entity = await _entity()
    found = await provision.reckon(entity["id"], day)
    form = form or ProvisionForm.showing(
        on_day=day.isoformat(), cost=f"{found.cost_cents / 100:f}".replace(".", ","), percent=f"{found.percent:f}".replace(".", ",")
    )  # fmt: skip
    return {
        "found": found, "form": form, "kept": await provision.all_of(entity["id"]), "percent": percent, "euros": euros,
        "suggested": found.amount_cents(found.cost_cents, found.percent), "day": day,
    }  # fmt: skip
