"""What happens to programmes."""

from dataclasses import dataclass

from portal.kit.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPublished(Event):
    campaign_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignEndMoved(Event):
    campaign_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanVersionPublished(Event):
    """A next version of a plan under which contracts stand."""

    plan_version_id: int
