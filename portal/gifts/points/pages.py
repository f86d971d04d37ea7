"""/recompenses/points: what somebody has, where each point comes from and went; for finance, everybody's."""

from litestar import Request

from portal.gifts.points import access, everybody, lines
from portal.gifts.points.terms import terms_for
from portal.kit.days import today
from portal.kit.db import Row
from portal.kit.listing import Column, Filter, Listing
from portal.kit.text import _, points_called
from portal.kit.web import Answer, get
from portal.people.rules import STAFF, Person, Role
from portal.referrers import access as referrers

PATH = "/recompenses/points"
MONEY = frozenset({Role.FINANCE, Role.ADMIN})
CELLS = {
    "what": lambda line: line["title"],
    "day": lambda line: line["on_day"],
    "kind": lines.kind_label,
    "until": lambda line: line["until"],
    "points": lambda line: line["points"],
}


@get(PATH, allows=MONEY | {Role.REFERRER})
async def index(request: Request, person: Person) -> Answer:
    if person.referrer_id is None:
        return await _everybody(request)
    return await _of(request, person.referrer_id, None)


@get("/apporteurs/{ref:str}/points", allows=STAFF)
async def of_referrer(request: Request, person: Person, ref: str) -> Answer:
    referrer = await referrers.referrer_for(person, ref)
    return await _of(request, referrer["id"], referrer)


async def _of(request: Request, referrer_id: int, referrer: Row | None) -> Answer:
    listing = await lines.of(referrer_id, _lines(request))
    terms = await terms_for(referrer_id)
    return await listing.answer(
        "recompenses/points.html", cells=CELLS, name="points", referrer=referrer, standing=await access.standing(referrer_id),
        worth_cents=terms.worth_cents, called=terms.called,
        gives=referrer is None and terms.gifts, kind_label=lines.kind_label, tones=lines.TONES, today=today(),
    )  # fmt: skip


def _lines(request: Request) -> Listing:
    columns = (
        Column("what", _("Origine")),
        Column("day", _("Date"), sortable=True),
        Column("kind", _("Nature")),
        Column("until", _("Valables jusqu'au")),
        Column("points", points_called().capitalize(), numeric=True, sortable=True),
    )
    kinds = [(code, _(label)) for code, label in lines.KINDS.items()]
    return Listing.asked(
        request, columns, (Filter("nature", _("Nature"), "select", kinds), Filter("q", _("Rechercher")))
    )


async def _everybody(request: Request) -> Answer:
    columns = (
        Column("referrer", _("Apporteur"), sortable=True),
        Column("held", _("À confirmer"), numeric=True, sortable=True),
        Column("spendable", _("À échanger"), numeric=True, sortable=True),
        Column("reserved", _("En commande"), numeric=True, sortable=True),
        Column("owed", _("À déduire"), numeric=True, sortable=True),
        Column("until", _("Premier terme"), sortable=True),
    )
    listing = Listing.asked(request, columns, (Filter("q", _("Rechercher")),), sort="referrer")
    listing = await everybody.page_of(listing)
    return await listing.answer(
        "recompenses/points_de_tous.html", cells=everybody.CELLS, name="points", sums=await everybody.sums()
    )
