"""Commissions: the list, and each amount explained."""

from decimal import Decimal

from litestar import Request

from portal.earnings import showing
from portal.earnings.rules import TONES
from portal.earnings.showing import VIEW_LABELS
from portal.earnings.waiting import waits_among
from portal.gifts.points import access as points
from portal.kit.db import Row
from portal.kit.listing import Column, Filter, Listing
from portal.kit.text import _
from portal.kit.web import Answer, get, page
from portal.ledger.balances import Balances, referrer_balances
from portal.people.rules import EVERYBODY, Person

LINKS = {
    "held": "a-confirmer", "due": "a-regler", "invoiced": "facturees", "in_transit": "en-cours", "paid": "versees",
}  # fmt: skip

CELLS = {
    "client": lambda row: row["client_name"],
    "referrer": lambda row: row["referrer_name"],
    "day": lambda row: row["occurred_on"],
    "amount": lambda row: Decimal(row["amount"]).scaleb(-2) if row["unit"] == "EUR" else row["amount"],
}


@get("/commissions", allows=EVERYBODY)
async def listed(request: Request, person: Person) -> Answer:
    listing = await showing.page_of(person, _listing(request, person))
    waits = await waits_among(listing.rows)

    def state_label(row: Row) -> str:
        return showing.state_label(row, waits)

    return await listing.answer(
        "commissions/list.html",
        cells=CELLS | {"state": state_label},
        name="commissions",
        totals=await _totals(person),
        links={term: f"/commissions?vue={view}" for term, view in LINKS.items()},
        tones=TONES,
        state_label=state_label,
        waits=waits,
    )


@get("/commissions/{ref:str}", allows=EVERYBODY)
async def explained(person: Person, ref: str) -> Answer:
    shown = await showing.explanation(person, ref)
    return page(
        "commissions/show.html",
        shown=shown,
        lot=await points.lot_of(shown.earning["id"]) if shown.earning["unit"] == "POINT" else None,
        tones=TONES,
        state_label=showing.state_label,
    )


async def _totals(person: Person) -> Balances | None:
    """The identity, for the referrer whose money it is."""
    return await referrer_balances(person.referrer_id) if person.referrer_id else None


def _listing(request: Request, person: Person) -> Listing:
    who = (Column("referrer", _("Apporteur")),) if person.is_staff else ()
    columns = (
        Column("client", _("Client"), sortable=True),
        *who,
        Column("day", _("Date"), sortable=True),
        Column("state", _("État")),
        Column("amount", _("Montant HT"), numeric=True, sortable=True),
    )
    views = [(view, _(label)) for view, label in VIEW_LABELS.items()]
    filters = (Filter("vue", _("État"), "select", views), Filter("q", _("Rechercher")))
    return Listing.asked(request, columns, filters, sort="-day")
