"""An invoice that Rémi sent himself, for who needs one to look at."""

from portal.company import access as company
from portal.invoicing.received import receiving
from portal.kit.days import today
from portal.kit.deed import deed
from tests.cast import Cast
from tests.received.shapes import but, ubl


async def a_received_invoice(cast: Cast) -> str:
    entity = await company.legal_entity()
    assert entity
    body = ubl(but(number="F-2026-77", day=today().isoformat()))
    handed = await receiving.hand_in(body, "facture.xml", entity)
    async with deed(cast.remi.person):
        return (await receiving.receive(cast.remi.referrer_id, handed))["ref"]
