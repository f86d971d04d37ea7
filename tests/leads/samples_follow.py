"""What stands behind the parameters of who follows what: links in mails, rules, absences, portfolios, calls."""

from portal.kit.deed import deed
from portal.leads import access
from portal.leads.nudges import buttons
from portal.people.access import user
from tests.cast import Cast


async def samples_of_follow(cast: Cast, lead_ref: str) -> dict[str, str]:
    lead = await access.lead_for(cast.sam.person, lead_ref)
    async with deed(cast.sam.person):
        token = (await buttons.address(lead, cast.sam.user_id)).rpartition("/")[2]
    return {
        "button": token,
        "button_noun": f"{token}/contact",
        "colleague": (await user(cast.sonia.user_id))["ref"],
    }
