"""How the programmes are run: what they aim at, what clients get, two plans on trial, campaigns, a programme of sponsors."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from portal.demo.cast import PLAN, STAFF
from portal.demo.stage import Stage, last_working_day
from portal.kit import db
from portal.kit.days import today
from portal.plans import access
from portal.plans import actions as plans
from portal.plans.editor import drafting
from portal.plans.editor.examples import Facts, reckoned
from portal.plans.editor.starters import BY_KEY, body_from
from portal.plans.programme import advantages, campaigns, programmes, trials
from portal.plans.programme.programmes import Measure

ADMIN = STAFF[0].email


# What is aimed at, what clients get

BUDGET = 60_000_00
# Measure, target (a number, or cents), days from the last one told.
OBJECTIVES = (
    (Measure.RECOMMENDATIONS, 250, 120),
    (Measure.TURNOVER, 900_000_00, 120),
    (Measure.SIGNED_DEALS, 90, 30),
    (Measure.COST, 55_000_00, 120),
)
# Offered so many days ago; the first of all as soon as the company is there, so that whoever is recommended gets one.
FIRST_OFFER: dict[str, Any] = {
    "kind": "percent", "rate_percent": Decimal(5), "amount_cents": None, "until": None,
    "text_fr": "5 % sur la première facture", "text_en": "5% off the first invoice", "conditions_fr": "", "conditions_en": "",
}  # fmt: skip
OFFER_NOW: dict[str, Any] = {
    **FIRST_OFFER, "kind": "other", "rate_percent": None,
    "text_fr": "Une demi-journée d'accompagnement offerte", "text_en": "Half a day of guidance, on us",
    "conditions_fr": "Pour toute affaire signée dans les six mois.", "conditions_en": "For any deal signed within six months.",
}  # fmt: skip
ANOTHER_OFFER = 125


# Plans

PERCENT_FOR_ALL: dict[str, Any] = {
    **PLAN, "name": "Barème unique", "rules": [{"key": "tout", "when": [], "pay": {"kind": "percent", "rate": "8.5"}}],
}  # fmt: skip
NEXT_PLAN: dict[str, Any] = {**PLAN, "rules": [*PLAN["rules"][:-1], {"key": "reste", "when": [], "pay": {"kind": "percent", "rate": "6"}}]}  # fmt: skip
TRIED, DRAFTED = 450, 6
SEED = "2f7b1c9a55e0d384"  # the same draw each time the demo is built


# Campaigns


@dataclass(frozen=True, slots=True)
class Campaign:
    """Days back from the last one told; those to come are below zero."""

    name: str
    written: int
    since: int
    until: int
    adds: dict[str, str]
    product: str
    budget: str | None = None
    published: bool = True


CAMPAIGNS = (
    Campaign("Bienvenue aux audits", 320, 300, 240, {"multiplies": "1.25"}, "audit", "2500.00"),
    Campaign("Coup de pouce audit flash", 52, 46, -20, {"multiplies": "1.5"}, "audit", "60.00"),
    Campaign("Prime formation", 40, 35, -25, {"adds": "50.00"}, "formation", "3000.00"),
    Campaign("Le mois du logiciel", 3, -12, -42, {"multiplies": "1.2"}, "logiciel"),
    Campaign("Fête des équipes", 2, -30, -60, {"adds": "80.00"}, "formation", "1500.00", published=False),
)


# Sponsors

SPONSORS, LAUNCH, PER_CONTACT = "Parrainage", "Prime de lancement", "Prime de parrainage"
SPONSORS_OPEN = 200
NOTICE_DAYS = 30  # of a next version


def runs(stage: Stage) -> None:
    """Put all of it on the agenda; the administration has days off."""
    stage.on(stage.plot.opened_on, ADMIN, aim, hour=9)
    _soon(stage, ANOTHER_OFFER, offer, OFFER_NOW)
    _soon(stage, TRIED, try_another_plan)
    _soon(stage, SPONSORS_OPEN, open_sponsoring)
    _soon(stage, DRAFTED, draft_the_next_plan)
    for campaign in CAMPAIGNS:
        _soon(stage, campaign.written, campaigned, campaign)


def _soon(stage: Stage, ago: int, act: Any, *args: Any) -> None:
    stage.on(last_working_day(stage.plot.ago(ago)), ADMIN, act, *args, hour=8)


async def aim(stage: Stage) -> None:
    await offer(stage, FIRST_OFFER)
    await _edit(stage.programme_id, budget_cents=BUDGET)
    for measure, target, days in OBJECTIVES:
        await programmes.aim(stage.programme_id, measure, target, stage.last_day + timedelta(days))
    for product, net in (("audit", 9_400_00), ("logiciel", 7_080_00)):
        await _guarantee(stage.plan_version_id, Facts(on=today(), net=net, product=product))


async def offer(stage: Stage, words: dict[str, Any]) -> None:
    await advantages.offer(stage.programme_id, **words)


async def _edit(programme_id: int, **changed: Any) -> None:
    known = await access.programme(programme_id)
    await programmes.edit(known, known["version"], name=known["name"], ends_on=known["ends_on"], **changed)


async def _guarantee(version_id: int, facts: Facts) -> None:
    version = await access.version(version_id)
    answer = reckoned(version["body"], facts)
    await drafting.keep_example(version["plan_id"], facts, answer.unit, answer.total)


async def try_another_plan(stage: Stage) -> None:
    """The draw is a matter of chance; here it is the same on each building."""
    other = await plans.publish(stage.programme_id, PERCENT_FOR_ALL, today())
    trial = await trials.open_trial(
        stage.programme_id, "Un taux, ou plusieurs ?", stage.plan_version_id, other["id"], 40
    )
    await db.execute("UPDATE plan_trial SET seed = $2 WHERE id = $1", trial["id"], SEED)


async def draft_the_next_plan(stage: Stage) -> None:
    draft = await drafting.next_draft(await access.version(stage.plan_version_id))
    await drafting.save(draft, draft["version"], NEXT_PLAN)


async def campaigned(stage: Stage, told: Campaign) -> None:
    body = {
        "from": str(stage.plot.ago(told.since)), "until": str(stage.plot.ago(told.until)), "budget": told.budget,
        "for": [{"field": "product", "is": "=", "value": told.product}], **told.adds,
    }  # fmt: skip
    drafted = await campaigns.draft(stage.programme_id, told.name, body)
    if told.published:
        await campaigns.publish(drafted, drafted["version"])


async def open_sponsoring(stage: Stage) -> None:
    """Written by the ready-made plan; the first one pleased nobody."""
    programme = await plans.open_programme(SPONSORS, today())
    stage.sponsoring_id = programme["id"]
    await _edit(stage.sponsoring_id, words="parrain")
    launch = await _published(stage, LAUNCH)
    stage.sponsoring_plan_id = (await _published(stage, PER_CONTACT))["id"]
    await drafting.retire(launch)


async def _published(stage: Stage, name: str) -> db.Row:
    body = body_from(BY_KEY["forfait-recommandation"], name, [])
    draft = await drafting.start(stage.sponsoring_id, body)
    await drafting.publish(draft, draft["version"], today(), NOTICE_DAYS)
    return draft
