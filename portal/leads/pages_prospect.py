"""/recommande/…: what a recommended contact reads, without signing in: by whom, to whom, and what it brings them."""

from portal.company import access as company
from portal.kit.web import ANYONE, Answer, get, page
from portal.leads.prospects import lead_at
from portal.plans import advantages


@get("/recommande/{ref:str}/{key:str}", allows=ANYONE)
async def recommended(ref: str, key: str) -> Answer:
    lead = await lead_at(ref, key)
    advantage = advantages.told(await advantages.promised_to(lead))
    return page(
        "recommandations/prospect.html", lead=lead, advantage=advantage, entity=await company.legal_entity()
    )
