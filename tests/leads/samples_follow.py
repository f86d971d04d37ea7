"""What stands behind the parameters of who follows what: links in mails, rules, absences, portfolios, calls."""

from datetime import timedelta

from portal.kit.days import today
from portal.kit.deed import deed
from portal.leads import access
from portal.leads.assignment import handing_over, keeping
from portal.leads.nudges import buttons
from portal.people.access import user
from tests.cast import Cast


async def samples_of_follow(cast: Cast, lead_ref: str) -> dict[str, str]:
    lead = await access.lead_for(cast.sam.person, lead_ref)
    async with deed(cast.sam.person):
        absence = await keeping.go_away(
            cast.sam.user_id, today() + timedelta(60), today() + timedelta(70), None
        )
        rule = await keeping.add(
            "Rhône", [{"field": "place", "is": "starts_with", "value": ["69"]}], "one", [cast.sam.user_id]
        )
        takes = {cast.remi.referrer_id: cast.sonia.user_id}
        handover = await handing_over.plan(cast.sam.user_id, takes, today() + timedelta(60))
        token = (await buttons.address(lead, cast.sam.user_id)).rpartition("/")[2]
    return {
        "absence": absence,
        "handover": handover["ref"],
        "handover_verb": f"{handover['ref']}/annulation",
        "rule": rule["ref"],
        "rule_step": f"{rule['ref']}/monter",
        "button": token,
        "button_noun": f"{token}/contact",
        "colleague": (await user(cast.sonia.user_id))["ref"],
    }
