"""/virements/situation: where every euro is that has not arrived, and why."""

from litestar import Request

from portal.company import access as company
from portal.kit.days import today
from portal.kit.listing import Cells, Column, Listing
from portal.kit.sheets import euros
from portal.kit.text import _
from portal.kit.web import Answer, get
from portal.payouts.whole import Place, Sum, whole
from portal.people.rules import Role

CELLS: Cells = {
    "place": lambda row: _said(row[0]),
    "why": lambda row: _reason(row[1]),
    "until": lambda row: row[1].until,
    "referrers": lambda row: row[1].referrers,
    "net": lambda row: euros(row[1].net_cents),
}


def _said(place: Place) -> str:
    label = place.label
    return _(label)


def _reason(one: Sum) -> str:
    why = one.why
    return _(why)


@get("/virements/situation", allows={Role.FINANCE, Role.ADMIN})
async def situation(request: Request) -> Answer:
    entity = await company.legal_entity()
    assert entity is not None
    found = await whole(entity, today())
    columns = (
        Column("place", _("Étape")), Column("why", _("Pourquoi")), Column("until", _("Prochain jour")),
        Column("referrers", _("Apporteurs"), numeric=True), Column("net", _("HT"), numeric=True),
    )  # fmt: skip
    rows = [(place, one) for place in found.places for one in place.sums]
    listing = Listing.whole(request, columns, rows)
    return await listing.answer(
        "virements/whole.html", cells=CELLS, name="situation", whole=found, day=today()
    )
