"""The lists of recommendations: what is at work, or all, filtered as sales need."""

from collections.abc import Mapping
from datetime import timedelta

from litestar import Request

from portal.kit import db
from portal.kit.days import now
from portal.kit.listing import Cells, Column, Listing
from portal.kit.sheets import euros
from portal.kit.text import _
from portal.kit.web import Answer, get, see
from portal.leads.desk import access, filters
from portal.leads.desk.rules import AMONG, GESTURES, MOST_AT_ONCE, PATHS, Place
from portal.leads.desk.views import opens_first, shown_now, views_of
from portal.leads.rules import LABELS, SALES, SILENT_DAYS, TONES
from portal.people.rules import STAFF, Person

SORT = {Place.AT_WORK: "moved", Place.ALL: "-moved"}


def _state_said(row: db.Row) -> str:
    label = LABELS[row["state"]]
    return _(label)


CELLS: Cells = {
    "company": lambda row: row["company_name"],
    "referrer": lambda row: row["referrer_name"],
    "state": _state_said,
    "sales": lambda row: row["sales_name"],
    "moved": lambda row: row["moved_at"],
    "amount": lambda row: euros(row["estimate_cents"]) if row["estimate_cents"] else None,
}


@get([PATHS[Place.AT_WORK], PATHS[Place.ALL]], allows=STAFF)
async def followed(request: Request, person: Person) -> Answer:
    """What is at work, the longest without a move first; or all of it, the latest first."""
    place = next(place for place in SORT if PATHS[place] == request.scope["path"])
    views = await views_of(person)
    first = opens_first(views, place)
    if first and not request.query_params:
        return see(first.path)
    listing = asked_at(place, dict(request.query_params), await filters.choices())
    listing.cleared = f"{listing.path}?vue=tout" if first else ""
    await access.listed(listing, filters.conditions(listing, person, AMONG[place]))
    return await listing.answer(
        "recommandations/list.html", cells=CELLS, name="recommandations", counts=await access.counts(),
        place=place, views=views, view=shown_now(views, place, listing.kept), silent_since=now() - timedelta(SILENT_DAYS),
        labels={code: _(label) for code, label in LABELS.items()}, tones=TONES,
        gestures=GESTURES.values() if person.may(*SALES) else (), most=MOST_AT_ONCE,
    )  # fmt: skip


def asked_at(place: Place, params: Mapping[str, str], given: filters.Choices) -> Listing:
    """A list as an address says it."""
    return Listing.of(
        PATHS[place],
        params,
        columns=(
            Column("company", _("Entreprise"), sortable=True),
            Column("referrer", _("Apporteur")),
            Column("state", _("État")),
            Column("sales", _("Suivie par")),
            Column("moved", _("Dernier mouvement"), sortable=True),
            Column("amount", _("Estimation HT"), numeric=True, sortable=True),
        ),
        filters=filters.of_list(given, AMONG[place]),
        sort=SORT[place],
    )
