"""After a client has paid: a message with a link, for sales to copy, that invites the client's company to recommend in its turn."""

from portal.deals import access as deals
from portal.kit import db
from portal.kit.problems import NotFound
from portal.kit.text import _
from portal.kit.web import Answer, get, page
from portal.leads import access
from portal.leads.intake.pages_shared import house_name
from portal.leads.rules import SALES
from portal.people.rules import Person
from portal.settings import settings


@get("/affaires/{ref:str}/invitation", allows=SALES)
async def invite(person: Person, ref: str) -> Answer:
    """Not before the first payment: a client who is waiting is not asked for a favour."""
    deal = await deals.deal_for(person, ref)
    if await deals.paid_net(deal["id"]) <= 0:
        raise NotFound("payment")
    slug = await access.join_page_of(deal["lead_id"])
    address = f"{settings().origin}/rejoindre/{slug}" if slug else ""
    return page(
        "recommandations/kit.html", deal=deal, address=address, message=await _message(deal, person, address)
    )


async def _message(deal: db.Row, person: Person, address: str) -> str:
    said = {"house": await house_name(), "address": address, "name": person.name}
    return "\n".join(
        (
            _("Bonjour,"),
            _("Merci de votre confiance. Si vous connaissez quelqu'un à qui %(house)s rendrait service, vous pouvez nous le recommander, et être remercié pour cela.") % said,
            _("Tout est dit ici, en une minute : %(address)s") % said,
            _("À bientôt,"),
            person.name,
        )
    )  # fmt: skip
