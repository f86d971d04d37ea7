"""/veille: one page of what is watched, by urgency."""

from litestar import Request

from portal.company import access as company
from portal.insights.watches import access
from portal.insights.watches.rules import TONES, URGENCIES, WATCHES, Urgency
from portal.insights.watches.words import detail_of, label_of, named, path_of, todo_of
from portal.kit.days import today
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.text import _
from portal.kit.web import Answer, get
from portal.people.rules import Role

MONEY = {Role.FINANCE, Role.ADMIN}
CELLS: Cells = {
    "urgency": lambda row: _(URGENCIES[Urgency(row["urgency"])]),
    "what": label_of,
    "who": named,
    "number": lambda row: row["number"],
    "when": lambda row: row["day"],
    "detail": detail_of,
    "todo": todo_of,
}


@get("/veille", allows=MONEY)
async def listed(request: Request) -> Answer:
    figures = await company.figures()
    listing = await access.page_of(_listing(request), figures, today())
    return await listing.answer(
        "veille/list.html", cells=CELLS, name="veille", counts=await access.counts(figures, today()), urgencies=URGENCIES, tones=TONES,
        label_of=label_of, named=named, detail_of=detail_of, todo_of=todo_of, path_of=path_of, today=today(),
    )  # fmt: skip


def _listing(request: Request) -> Listing:
    kinds = sorted(((kind, _(one.label)) for kind, one in WATCHES.items()), key=lambda one: one[1])
    return Listing.asked(
        request,
        columns=(
            Column("what", _("Ce qui est surveillé"), sortable=True), Column("urgency", _("Urgence")), Column("who", _("Pour qui, pour quoi"), sortable=True),
            Column("number", _("Numéro")), Column("when", _("Jour"), sortable=True), Column("detail", _("Où cela en est")), Column("todo", _("À faire")),
        ),
        filters=(
            Filter("q", _("Rechercher")),
            Filter("quoi", _("Ce qui est surveillé"), "select", kinds),
            Filter("urgence", _("Urgence"), "select", [(str(int(one)), _(label)) for one, label in URGENCIES.items()]),
        ),
    )  # fmt: skip
