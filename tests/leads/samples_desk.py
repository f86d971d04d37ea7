"""What stands behind the parameters of the desk: a view of the team, and a gesture for many that could do nothing."""

from portal.kit.deed import deed
from portal.leads.desk import bulk, views
from portal.leads.desk.bulk import Given
from portal.leads.desk.rules import GESTURES, Place
from tests.cast import Cast


async def samples_of_desk(cast: Cast, lead_ref: str) -> dict[str, str]:
    """Sam's; the whole team sees them."""
    async with deed(cast.sam.person):
        view = await views.save(
            cast.sam.person,
            "Quotes of mine",
            Place.AT_WORK,
            {"etat": "proposal", "suivie": "moi"},
            shared=True,
        )
        made = await bulk.perform(GESTURES["contact"], {lead_ref: 0}, Given())
    return {"view": view.ref, "bulk": made["ref"]}
