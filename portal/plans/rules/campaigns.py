"""A campaign is a dated overlay beside the plan, after its rules and before the minimum, never less favourable.

`budget` bounds all that the campaign adds; what is spent is kept in `State.campaigns`. A refund takes back
what was paid but gives nothing back to the budget."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from msgspec import Struct

from portal.kit.money import round_half_away
from portal.plans.rules import conditions, reading
from portal.plans.rules.conditions import Test
from portal.plans.rules.plan import parse_condition
from portal.plans.rules.reading import at, each, fields, refuse
from portal.plans.rules.state import State
from portal.plans.rules.view import Exact, Part, View, facts_of_deal, facts_of_line

ONCE = 100


class Campaign(Struct, frozen=True):
    """First and last day included; `multiplies` in hundredths (150 is half as much again), money in cents."""

    key: str
    since: date
    until: date
    matches: Test
    multiplies: int = ONCE
    adds: int = 0
    budget: int | None = None


def parse_campaign(data: Any, place: str = "campaign") -> Campaign:
    """`{key, from, until, multiplies | adds, budget, for}`, `for` being conditions as in a rule."""
    fields(data, place, ("key", "from", "until", "budget", "for"), ("multiplies", "adds"))
    if ("multiplies" in data) == ("adds" in data):
        raise refuse(place, "multiplies_or_adds")
    campaign = Campaign(
        key=reading.text(data["key"], at(place, "key")),
        since=reading.day(data["from"], at(place, "from")),
        until=reading.day(data["until"], at(place, "until")),
        matches=conditions.compiled(each(data["for"], at(place, "for"), parse_condition)),
        multiplies=reading.count(data.get("multiplies", "1"), at(place, "multiplies")),
        adds=reading.money(data.get("adds", "0"), at(place, "adds")),
        budget=reading.optional(reading.money, data["budget"], at(place, "budget")),
    )
    if campaign.until < campaign.since:
        raise refuse(at(place, "until"), "ends_before_it_starts")
    if campaign.multiplies < ONCE:
        raise refuse(at(place, "multiplies"), "less_favourable")
    return campaign


def extra_parts(
    state: State, views: list[View], gains: list[Part], campaigns: Sequence[Campaign]
) -> list[Part]:
    return [
        part
        for campaign in campaigns
        for part in _within_budget(state, campaign, _parts(campaign, views, gains))
    ]


def _parts(campaign: Campaign, views: list[View], gains: list[Part]) -> list[Part]:
    parts = (
        _part(campaign, view, [gain for gain in gains if gain.referrer == view.referrer]) for view in views
    )
    return [part for part in parts if part and part.amount]


def _part(campaign: Campaign, view: View, gains: list[Part]) -> Part | None:
    """What the campaign adds to what the rules gave for the lines that it is for."""
    lines = _lines(campaign, view)
    concerned = [
        gain for gain in gains if gain.amount and (gain.line in lines or (lines and gain.line is None))
    ]
    if not concerned or not campaign.since <= view.occurrence.day <= campaign.until:
        return None
    base = sum(gain.base for gain in concerned)
    earned = sum((Fraction(gain.owed) for gain in concerned), Fraction(0))
    added = earned * (campaign.multiplies - ONCE) / ONCE + campaign.adds * view.share
    return Part(view.referrer, campaign.key, "campaign", added, base)


def _lines(campaign: Campaign, view: View) -> set[int]:
    occurrence = view.occurrence
    shared = facts_of_deal(view.deal, occurrence, view.referrer)
    return {
        line
        for line in occurrence.parts
        if campaign.matches({**shared, **facts_of_line(occurrence.lines[line], occurrence.has_net)})
    }


def _within_budget(state: State, campaign: Campaign, parts: list[Part]) -> list[Part]:
    wanted: Exact = sum((Fraction(part.amount) for part in parts), Fraction(0))
    if not wanted:
        return []
    spent = state.campaigns.get(campaign.key, 0)
    left = wanted if campaign.budget is None else min(wanted, max(0, campaign.budget - spent))
    state.campaigns[campaign.key] = spent + round_half_away(Fraction(left))
    cut = Fraction(left) / wanted
    return [Part(part.referrer, part.rule, part.what, part.amount * cut, part.base) for part in parts if cut]
