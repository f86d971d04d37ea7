"""/reglages/campagnes: drafting a campaign, reading it as the referrers will, publishing it, moving its last day."""

from typing import Any

from litestar import Request

from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import Refused
from portal.kit.text import _, speak_words
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import Person, Role
from portal.plans import access
from portal.plans.programme import campaigns
from portal.plans.programme.campaign_sentences import campaign_sentence
from portal.plans.programme.forms_campaigns import CampaignForm, EndForm, RedraftForm, VersionForm
from portal.plans.programme.pages import spoken

ADMIN = {Role.ADMIN}
PROGRAMMES = "/reglages/programmes"
HOME = "/reglages/campagnes"


@get("/reglages/programmes/{ref:str}/campagnes/nouvelle", allows=ADMIN)
async def new(ref: str) -> Answer:
    programme = await spoken(ref)
    return page("programmes/campaign_form.html", **await _form(programme, CampaignForm.fresh()))


@post("/reglages/programmes/{ref:str}/campagnes", allows=ADMIN)
async def draft(request: Request, person: Person, ref: str) -> Answer:
    programme, form = await spoken(ref), await CampaignForm.read(request)
    if form.errors:
        return again("programmes/campaign_form.html", **await _form(programme, form))
    async with deed(person, form.once) as doing:
        made = await campaigns.draft(programme["id"], form.name, form.body(), notifies=form.notifies)
        doing.at(f"{HOME}/{made['ref']}")
    return see(doing.answer["location"])


async def _form(programme: db.Row, form: Form, campaign: db.Row | None = None) -> dict[str, Any]:
    chosen = form.values.get("products") or []
    products = [(product["key"], product["name"]) for product in await access.products()]
    return {
        "programme": programme, "form": form, "campaign": campaign, "products": products,
        "chosen": [chosen] if isinstance(chosen, str) else chosen,
        "path_of": f"{HOME}/{campaign['ref']}/modification" if campaign else f"{PROGRAMMES}/{programme['ref']}/campagnes",
    }  # fmt: skip


@get("/reglages/campagnes/{ref:str}", allows=ADMIN)
async def show(ref: str) -> Answer:
    campaign, programme = await _found(ref)
    return page("programmes/campaign.html", **_shown(campaign, programme))


async def _found(ref: str) -> tuple[db.Row, db.Row]:
    campaign = await campaigns.campaign_by_ref(ref)
    programme = await access.programme(campaign["programme_id"])
    speak_words(programme["words"])
    return campaign, programme


def _shown(campaign: db.Row, programme: db.Row, form: Form | None = None) -> dict[str, Any]:
    life = campaigns.life(campaign)
    until = campaigns.last_day(campaign)
    return {
        "campaign": campaign, "programme": programme, "life": life, "label": _(campaigns.LABELS[life]),
        "tone": campaigns.TONES.get(life, "plain"), "says": campaign_sentence(campaign["body"]),
        "begins": campaigns.first_day(campaign), "until": until, "budget": campaigns.budget_cents(campaign),
        "earliest": max(today(), campaigns.first_day(campaign)),
        "publishable": campaigns.first_day(campaign) > today(),
        "form": form or EndForm.showing(until=until.isoformat(), version=campaign["version"]),
    }  # fmt: skip


@get("/reglages/campagnes/{ref:str}/modification", allows=ADMIN)
async def edit(ref: str) -> Answer:
    campaign, programme = await _drafted(ref)
    form = CampaignForm.of_campaign(campaign)
    return page("programmes/campaign_form.html", **await _form(programme, form, campaign))


async def _drafted(ref: str) -> tuple[db.Row, db.Row]:
    """What is published is no longer written anew."""
    campaign, programme = await _found(ref)
    if campaign["state"] != "drafted":
        raise Refused("campaign_state", campaigns.NOT_DRAFTED)
    return campaign, programme


@post("/reglages/campagnes/{ref:str}/modification", allows=ADMIN)
async def redraft(request: Request, person: Person, ref: str) -> Answer:
    campaign, programme = await _drafted(ref)
    form = await RedraftForm.read(request)
    if form.errors:
        return again("programmes/campaign_form.html", **await _form(programme, form, campaign))
    async with deed(person, form.once) as doing:
        doing.at(f"{HOME}/{ref}")
        await campaigns.redraft(campaign, form.version, form.name, form.body(), notifies=form.notifies)
    return see(f"{HOME}/{ref}")


@post("/reglages/campagnes/{ref:str}/publication", allows=ADMIN)
async def publish(request: Request, person: Person, ref: str) -> Answer:
    campaign, _programme = await _found(ref)
    form = await VersionForm.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"{HOME}/{ref}")
        await campaigns.publish(campaign, form.version)
    return see(f"{HOME}/{ref}")


@post("/reglages/campagnes/{ref:str}/abandon", allows=ADMIN)
async def drop(request: Request, person: Person, ref: str) -> Answer:
    campaign, programme = await _found(ref)
    form = await VersionForm.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"{PROGRAMMES}/{programme['ref']}#campagnes")
        await campaigns.drop(campaign, form.version)
    return see(f"{PROGRAMMES}/{programme['ref']}#campagnes")


@post("/reglages/campagnes/{ref:str}/fin", allows=ADMIN)
async def move_end(request: Request, person: Person, ref: str) -> Answer:
    campaign, programme = await _found(ref)
    form = await EndForm.read(request)
    if form.errors:
        return again("programmes/campaign.html", **_shown(campaign, programme, form))
    try:
        async with deed(person, form.once) as doing:
            doing.at(f"{HOME}/{ref}")
            await campaigns.move_end(campaign, form.version, form.until)
    except Refused as no:
        form.refuse("until", _(no.sentence))
        return again("programmes/campaign.html", **_shown(campaign, programme, form))
    return see(f"{HOME}/{ref}")
