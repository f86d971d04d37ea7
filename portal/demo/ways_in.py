"""Other ways in for a recommendation: by a referrer's own link, by telephone; and those who do not want to be contacted."""

from portal.demo.cast import COMPANY, STAFF
from portal.demo.plot import Prospect
from portal.demo.stage import Stage, last_working_day
from portal.demo.story import SHOWN
from portal.kit.days import now, today
from portal.kit.text import _, speaking
from portal.leads import access, actions
from portal.leads.intake import links, sharing
from portal.leads.prospect import answering, proofs
from portal.leads.rules import Came, consent_code, consent_said

SALES = STAFF[1].email
BROUGHT = ("by link", "by phone", "objects", "forgotten")  # by each of those who are shown


def opens(stage: Stage) -> None:
    """Put all of it on the agenda."""
    strangers = iter(stage.plot.take_strangers(len(BROUGHT) * len(SHOWN)))
    for by in SHOWN:
        linked, called, objects, forgotten = (next(strangers) for _one in BROUGHT)
        stage.on(stage.plot.ago(100), by, make_link, by)
        stage.on(stage.plot.ago(13), linked.email, come_by_link, by, linked, hour=11)
        stage.on(last_working_day(stage.plot.ago(9)), SALES, take_call, by, called, hour=12)
        for prospect, says, ago in ((objects, "object", 33), (forgotten, "forget", 45)):
            stage.on(stage.plot.ago(ago), by, recommend, by, prospect, says, hour=13)


async def make_link(stage: Stage, by: str) -> None:
    await links.renew(stage.referrers[by])


async def come_by_link(stage: Stage, by: str, prospect: Prospect) -> None:
    """They type it themselves, under the words of the page."""
    link = await links.living(stage.referrers[by])
    assert link is not None
    with speaking("fr"):
        words = _(answering.TOLD) % {"name": link["referrer_name"], "house": COMPANY["brand_name"]}
    await sharing.receive(
        link, "business", words, programme_id=stage.programme_id, company_name=prospect.name,
        contact_name=prospect.contact, contact_phone=prospect.phone, contact_email=prospect.email, need=prospect.need,
    )  # fmt: skip


async def take_call(stage: Stage, by: str, prospect: Prospect) -> None:
    """A colleague writes down what the referrer says."""
    consent = consent_code("spoken", today())
    lead = await actions.submit(
        stage.referrers[by], source="phone", consent=consent, company_name=prospect.name, siren=prospect.siren,
        contact_name=prospect.contact, contact_email=prospect.email, contact_phone=prospect.phone, need=prospect.need,
        came=Came(typed_by=stage.people[SALES].user_id, called_at=now()),
    )  # fmt: skip
    await proofs.keep(lead, "said_by_referrer", consent_said(consent), "phone")


async def recommend(stage: Stage, by: str, prospect: Prospect, says: str) -> None:
    """And two days later the prospect answers, from the page that their mail leads to."""
    lead = await actions.submit(
        stage.referrers[by], consent=consent_code("spoken", today()), company_name=prospect.name,
        contact_name=prospect.contact, contact_email=prospect.email, contact_phone=prospect.phone,
    )  # fmt: skip
    stage.on(stage.plot.ago((stage.last_day - today()).days - 2), prospect.email, ANSWERS[says], lead["id"])


async def object_to(_stage: Stage, lead_id: int) -> None:
    await answering.object_to(await access.lead(lead_id), "mail")


async def forget(_stage: Stage, lead_id: int) -> None:
    await answering.forget(await access.lead(lead_id), "mail")


ANSWERS = {"object": object_to, "forget": forget}
