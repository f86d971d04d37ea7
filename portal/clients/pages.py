"""A client: who it is, and what was sold to it."""

from portal.clients import access
from portal.deals import access as deals
from portal.deals.rules import LABELS, TONES
from portal.kit.text import _
from portal.kit.web import Answer, get, page
from portal.people.rules import STAFF


@get("/clients/{ref:str}", allows=STAFF)
async def show(ref: str) -> Answer:
    client = await access.client_by_ref(ref)
    return page(
        "clients/show.html",
        client=client,
        deals=await deals.deals_of_client(client["id"]),
        labels={code: _(said) for code, said in LABELS.items()},
        tones=TONES,
    )
