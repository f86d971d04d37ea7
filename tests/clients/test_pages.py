"""The page of a client, where the search leads."""

from portal.clients import actions
from portal.kit import db
from portal.kit.deed import deed
from tests.cast import Cast


async def test_the_search_leads_to_a_page_for_staff_alone(cast: Cast, client):
    async with deed(cast.sam.person):
        found = await actions.find_or_create("Atelier Morin", siren="732829320")
    path = await db.value(
        "SELECT path FROM search_row WHERE kind = 'client' AND subject_id = $1", found["id"]
    )
    shown = await client(cast.sam).get(path)
    assert shown.status_code == 200
    assert "Atelier Morin" in shown.text
    assert (await client(cast.rachel).get(path)).status_code == 404
    assert (await client(cast.sam).get("/clients/0000000000")).status_code == 404
