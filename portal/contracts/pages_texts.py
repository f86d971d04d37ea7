"""/reglages/textes: the published texts, each as it was published."""

from portal.contracts import access
from portal.kit.text import _
from portal.kit.web import Answer, get, page
from portal.people.rules import Role
from portal.referrers.rules import STATUS_LABELS, Status

ADMIN = {Role.ADMIN}


@get("/reglages/textes", allows=ADMIN)
async def texts() -> Answer:
    return page("contrats/textes.html", texts=await access.published_texts(), written_for=_written_for())


@get("/reglages/textes/{ref:str}", allows=ADMIN)
async def text(ref: str) -> Answer:
    return page("contrats/texte.html", text=await access.text_by_ref(ref), written_for=_written_for())


def _written_for() -> dict[str, str]:
    return {status.value: _(STATUS_LABELS[status]) for status in Status} | {"": _("Joint à un contrat")}
