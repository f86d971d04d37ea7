"""/virements/situation: where every euro is that has not arrived, and why."""

from portal.company import access as company
from portal.kit.days import today
from portal.kit.web import Answer, get, page
from portal.payouts.whole import whole
from portal.people.rules import Role


@get("/virements/situation", allows={Role.FINANCE, Role.ADMIN})
async def situation() -> Answer:
    entity = await company.legal_entity()
    assert entity is not None
    return page("virements/whole.html", whole=await whole(entity["id"], today()), day=today())
