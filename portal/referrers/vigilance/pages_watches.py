"""/apporteurs/veille: who comes near a threshold of the law, and what to do about it."""

from litestar import Request

from portal.kit.days import today
from portal.kit.listing import Column, Filter, Listing
from portal.kit.text import _
from portal.kit.web import Answer, get
from portal.people.rules import STAFF
from portal.referrers.vigilance import access_watches as access
from portal.referrers.vigilance.watch_rules import Level
from portal.referrers.vigilance.watch_words import LEVEL_TONES, LEVELS, NAMES, said

CELLS = {
    "who": lambda row: row["name"],
    "number": lambda row: row["number"],
    "what": lambda row: said(row)["name"],
    "level": lambda row: _(LEVELS[Level(row["level"])]),
    "value": lambda row: said(row)["value"],
    "source": lambda row: said(row)["source"],
    "since": lambda row: row["since"],
    "todo": lambda row: said(row)["todo"],
}


@get("/apporteurs/veille", allows=STAFF)
async def listed(request: Request) -> Answer:
    columns = (
        Column("who", _("Apporteur"), sortable=True), Column("number", _("Numéro")), Column("what", _("Ce qui est surveillé"), sortable=True),
        Column("level", _("Niveau"), sortable=True), Column("value", _("Aujourd'hui")), Column("source", _("Source")),
        Column("since", _("Depuis"), sortable=True), Column("todo", _("À faire")),
    )  # fmt: skip
    filters = (
        Filter("q", _("Nom ou numéro")),
        Filter("quoi", _("Ce qui est surveillé"), "select", [(what.value, _(label)) for what, label in NAMES.items()]),
        Filter("niveau", _("Niveau"), "select", [(str(int(level)), _(label)) for level, label in LEVELS.items()]),
    )  # fmt: skip
    listing = await access.listed(Listing.asked(request, columns, filters))
    return await listing.answer(
        "apporteurs/veille.html", cells=CELLS, name="veille", said=said, tones=LEVEL_TONES, year=today().year,
        levels={int(level): _(label) for level, label in LEVELS.items()},
    )  # fmt: skip
