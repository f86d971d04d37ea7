"""/reglages/signature: how many countersign for the company, and the certificates of its seal."""

from typing import Any

from litestar import Request

from portal.company import access as company
from portal.company import sealing
from portal.contracts.signature import signatories
from portal.contracts.signature.forms import CountersigningForm
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import NotFound, Refused
from portal.kit.text import _
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import Person, Role

PATH = "/reglages/signature"
ADMIN = {Role.ADMIN}


@get(PATH, allows=ADMIN)
async def show() -> Answer:
    return page("contrats/signature.html", **await _shown())


async def _shown(form: Form | None = None) -> dict[str, Any]:
    entity = await company.legal_entity()
    needed = str(entity["signatures_needed"]) if entity else "1"
    certificates = await sealing.certificates()
    return {"form": form or CountersigningForm.showing(needed=needed), "certificates": certificates}


@post(PATH, allows=ADMIN)
async def save(request: Request, person: Person) -> Answer:
    entity = await company.legal_entity()
    if entity is None:
        raise NotFound("entity")
    form = await CountersigningForm.read(request)
    if form.errors:
        return again("contrats/signature.html", **await _shown(form))
    try:
        async with deed(person, form.once) as doing:
            doing.at(PATH)
            await signatories.want_countersignatures(entity, int(form.needed))
    except Refused as wrong:
        form.refuse("needed", _(wrong.sentence))
        return again("contrats/signature.html", **await _shown(form))
    return see(PATH)
