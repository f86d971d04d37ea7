"""Campaigns: dated overlays beside the plans of a programme, never less favourable (DESIGN §6, point 10).

A campaign begins after the day it is published: what has been earned that day stays as it was reckoned, and reckoning
again from nothing gives the same. For the same reason its last day may be moved, but never before today."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from portal.history.access import record
from portal.kit import db
from portal.kit.cells import plain_words
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.money import Cents
from portal.kit.problems import NotFound, Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.kit.versions import change
from portal.plans.events import CampaignEndMoved, CampaignPublished
from portal.plans.rules.campaigns import parse_campaign

PREFIX = "campagne:"
LABELS = {
    "drafted": N_("En préparation"),
    "coming": N_("À venir"),
    "running": N_("En cours"),
    "used_up": N_("Budget épuisé"),
    "over": N_("Terminée"),
}
TONES = {"coming": "wait", "running": "good", "used_up": "note"}
TOO_EARLY = N_("Une campagne commence au plus tôt demain : ce qui est gagné aujourd'hui est déjà calculé.")
OVER = N_("Cette campagne est terminée : ses jours passés ne changent plus.")
PAST_DAY = N_(
    "Le dernier jour est au plus tôt aujourd'hui, et jamais avant le premier : ce qui a été annoncé tient."
)
NOT_DRAFTED = N_("Cette campagne n'est plus en préparation.")
NOT_PUBLISHED = N_("Cette campagne n'est pas publiée.")


# What accrual calls


async def in_force(programme_ids: Sequence[int], *, locked: bool = False) -> list[db.Row]:
    """Every published campaign of these programmes (id, programme_id, key, name, body, spent_cents), whatever its days:
    a fact may be older than today, and the overlay itself says for which days it is. `locked`: those with a budget are
    held until the deed ends, so that two accruals spend one after the other."""
    found = await db.rows(
        """SELECT id, programme_id, key, name, body, spent_cents FROM campaign
           WHERE programme_id = ANY ($1::bigint[]) AND state = 'published' ORDER BY id""",
        list(programme_ids),
    )
    bounded = [row["id"] for row in found if row["body"]["budget"] is not None]
    if not (locked and bounded):
        return found
    held = await db.rows(
        """SELECT id, programme_id, key, name, body, spent_cents FROM campaign WHERE id = ANY ($1::bigint[])
           ORDER BY id FOR NO KEY UPDATE""",
        bounded,
    )
    return sorted(
        [*(row for row in found if row["body"]["budget"] is None), *held], key=lambda row: row["id"]
    )


async def spend(spent: Mapping[int, Cents]) -> None:
    """Add to what each campaign (by id) has spent, in cents; hundredths of points under a plan in points."""
    for campaign_id, cents in sorted(spent.items()):
        if cents:
            await db.execute(
                "UPDATE campaign SET spent_cents = spent_cents + $2 WHERE id = $1", campaign_id, cents
            )


# Reading


async def campaigns_of(programme_id: int) -> list[db.Row]:
    return await db.rows(
        "SELECT * FROM campaign WHERE programme_id = $1 AND state <> 'dropped' ORDER BY body->>'from' DESC, id DESC",
        programme_id,
    )


async def campaign_by_ref(ref: str) -> db.Row:
    found = await db.row("SELECT * FROM campaign WHERE ref = $1 AND state <> 'dropped'", ref)
    if found is None:
        raise NotFound("campaign")
    return found


async def campaign(campaign_id: int) -> db.Row:
    found = await db.row("SELECT * FROM campaign WHERE id = $1", campaign_id)
    assert found is not None
    return found


async def names(keys: Sequence[str]) -> dict[str, str]:
    """Key → name, for explanations."""
    found = await db.rows("SELECT key, name FROM campaign WHERE key = ANY ($1::text[])", list(keys))
    return {row["key"]: row["name"] for row in found}


async def running(programme_ids: Sequence[int], day: date) -> list[db.Row]:
    """Published, and neither over nor used up: what a referrer is shown, those to come included."""
    found = await in_force(programme_ids)
    return [row for row in found if last_day(row) >= day and not used_up(row)]


def first_day(campaign: db.Row) -> date:
    return date.fromisoformat(campaign["body"]["from"])


def last_day(campaign: db.Row) -> date:
    return date.fromisoformat(campaign["body"]["until"])


def budget_cents(campaign: db.Row) -> Cents | None:
    return parse_campaign(campaign["body"]).budget


def life(campaign: db.Row) -> str:
    """Where it stands today: a code of LABELS."""
    if campaign["state"] == "drafted":
        return "drafted"
    if last_day(campaign) < today():
        return "over"
    if used_up(campaign):
        return "used_up"
    return "running" if first_day(campaign) <= today() else "coming"


def used_up(campaign: db.Row) -> bool:
    budget = budget_cents(campaign)
    return budget is not None and campaign["spent_cents"] >= budget


# Verbs


async def draft(programme_id: int, name: str, body: dict[str, Any], *, notifies: bool = True) -> db.Row:
    """`body` without its key. Raises the plan language's Refused for what cannot be."""
    key = await _free_key(name)
    body = {**body, "key": key}
    parse_campaign(body)
    campaign_id = await db.insert(
        "campaign",
        ref=new_ref(), programme_id=programme_id, key=key, name=name, body=body, notifies=notifies,
        drafted_at=now(), drafted_by=current().actor.user_id,
    )  # fmt: skip
    await record("plans.campaign_drafted", "campaign", campaign_id)
    return await campaign(campaign_id)


async def redraft(campaign: db.Row, version: int, name: str, body: dict[str, Any], *, notifies: bool) -> None:
    """Write a campaign anew while nobody has seen it. Raises Stale."""
    _refuse_unless(campaign, "drafted", NOT_DRAFTED)
    body = {**body, "key": campaign["key"]}
    parse_campaign(body)
    await change("campaign", campaign["id"], version, name=name, body=body, notifies=notifies)
    await record("plans.campaign_drafted", "campaign", campaign["id"])


async def drop(campaign: db.Row, version: int) -> None:
    _refuse_unless(campaign, "drafted", NOT_DRAFTED)
    await change("campaign", campaign["id"], version, state="dropped")
    await record("plans.campaign_dropped", "campaign", campaign["id"])


async def publish(campaign: db.Row, version: int) -> None:
    """From now on it counts, and the contracted referrers are told. Raises Stale."""
    _refuse_unless(campaign, "drafted", NOT_DRAFTED)
    if first_day(campaign) <= today():
        raise Refused("campaign_too_early", TOO_EARLY)
    await change(
        "campaign", campaign["id"], version,
        state="published", published_at=now(), published_by=current().actor.user_id,
    )  # fmt: skip
    await record("plans.campaign_published", "campaign", campaign["id"])
    emit(CampaignPublished(campaign_id=campaign["id"]))


async def move_end(campaign: db.Row, version: int, until: date) -> None:
    """Another last day, for what is to come only. Raises Stale."""
    _refuse_unless(campaign, "published", NOT_PUBLISHED)
    if last_day(campaign) < today():
        raise Refused("campaign_over", OVER)
    if until < max(today(), first_day(campaign)):
        raise Refused("campaign_past_day", PAST_DAY)
    body = {**campaign["body"], "until": until.isoformat()}
    await change(
        "campaign", campaign["id"], version,
        body=body, end_moved_at=now(), end_moved_by=current().actor.user_id,
    )  # fmt: skip
    await record("plans.campaign_end_moved", "campaign", campaign["id"], until=body["until"])
    emit(CampaignEndMoved(campaign_id=campaign["id"]))


async def _campaign(campaign_id: int) -> db.Row:
    found = await db.row("SELECT * FROM campaign WHERE id = $1", campaign_id)
    assert found is not None
    return found


async def _free_key(name: str) -> str:
    """'campagne:printemps', 'campagne:printemps-2' when that is taken."""
    words = PREFIX + plain_words(name).replace(" ", "-")[:80]
    taken = await db.value("SELECT count(*) FROM campaign WHERE key = $1 OR key LIKE $1 || '-%'", words)
    return f"{words}-{taken + 1}" if taken else words


def _refuse_unless(campaign: db.Row, state: str, sentence: str) -> None:
    if campaign["state"] != state:
        raise Refused("campaign_state", sentence)
