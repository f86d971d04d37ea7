"""/reglages/textes: the published texts, each as it was published."""

from litestar import Request

from portal.contracts import access
from portal.kit.listing import Cells, Column, Listing
from portal.kit.text import _
from portal.kit.web import Answer, get, page
from portal.people.rules import Role
from portal.referrers.rules import STATUS_LABELS, Status

ADMIN = {Role.ADMIN}
CELLS: Cells = {
    "title": lambda row: row["title"],
    "status": lambda row: _written_for()[row["status"]],
    "version": lambda row: row["version"],
    "sha256": lambda row: row["sha256"].hex(),
}


@get("/reglages/textes", allows=ADMIN)
async def texts(request: Request) -> Answer:
    columns = (
        Column("title", _("Texte")), Column("status", _("Pour")), Column("version", _("Version"), numeric=True),
        Column("sha256", _("Empreinte (SHA-256)")),
    )  # fmt: skip
    listing = Listing.whole(request, columns, await access.published_texts())
    return await listing.answer(
        "contrats/textes.html", cells=CELLS, name="textes", written_for=_written_for()
    )


@get("/reglages/textes/{ref:str}", allows=ADMIN)
async def text(ref: str) -> Answer:
    return page("contrats/texte.html", text=await access.text_by_ref(ref), written_for=_written_for())


def _written_for() -> dict[str, str]:
    return {status.value: _(STATUS_LABELS[status]) for status in Status} | {"": _("Joint à un contrat")}
