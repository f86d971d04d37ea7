"""A recommendation that comes by a referrer's own page: the prospect typed it, and agreed in the words that stood there."""

from typing import Any

from portal.kit import db
from portal.kit.days import now, today
from portal.leads import actions
from portal.leads.prospect import proofs
from portal.leads.prospect.answering import CONSENT
from portal.leads.rules import OWN_CLICK, Came, consent_code


async def receive(link: db.Row, prospects: str, words: str, **said: Any) -> db.Row:
    """`words` as shown beside the box or the button; `said` as for the verb. For a company the click only says that it was told."""
    asks = prospects != "business"
    came = Came(
        link_id=link["id"],
        heard_at=now(),
        call_asked_at=now() if asks else None,
        call_wished=said.pop("wished", ""),
    )
    lead = await actions.submit(
        link["referrer_id"], source="link", consent=consent_code(OWN_CLICK, today()), came=came, **said
    )
    await proofs.keep(lead, CONSENT[prospects][0] if asks else "told", words, "link")
    return lead
