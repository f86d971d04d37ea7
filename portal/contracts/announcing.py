"""Campaigns and new versions of a plan, told to those who are under contract."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from portal.contracts import access
from portal.contracts.conditions import Conditions
from portal.contracts.lifetime import amending
from portal.contracts.lifetime.changes import Version, changes
from portal.contracts.lifetime.mails import tell
from portal.kit import db
from portal.mail.outbox import post
from portal.plans import access as plans
from portal.plans.programme import campaigns
from portal.plans.programme.campaign_sentences import campaign_sentence

AT_ONCE = 500
UNDER_CONTRACT = """
SELECT DISTINCT ON (contract.referrer_id) contract.referrer_id, app_user.id, app_user.email, app_user.name, app_user.language,
       plan_version.body->>'unit' AS unit
FROM contract JOIN plan_version ON plan_version.id = contract.plan_version_id
JOIN membership ON membership.referrer_id = contract.referrer_id AND membership.ended_at IS NULL AND membership.seat = 'owner'
JOIN app_user ON app_user.id = membership.user_id AND app_user.state = 'active'
WHERE contract.programme_id = $1 AND contract.state = 'in_force' AND contract.referrer_id > $2
ORDER BY contract.referrer_id, membership.id LIMIT $3
"""


async def announce(kind: str, campaign_id: int, after: int) -> int | None:
    """Mail some hundreds of them, by referrer; after whom to go on, or None when all are told."""
    campaign = await campaigns.campaign(campaign_id)
    if not campaign["notifies"]:
        return None
    told = await db.rows(UNDER_CONTRACT, campaign["programme_id"], after, AT_ONCE)
    await _mail(kind, campaign, told)
    return told[-1]["referrer_id"] if len(told) == AT_ONCE else None


async def _mail(kind: str, campaign: db.Row, users: Sequence[db.Row]) -> None:
    for user in users:
        await post(
            kind, to_user=user["id"], to_email=user["email"], language=user["language"], subject_kind="campaign",
            subject_id=campaign["id"], key=f"{kind}:{campaign['id']}:{campaign['version']}:{user['id']}",
            name=user["name"], campaign=campaign, begins=campaigns.first_day(campaign), until=campaigns.last_day(campaign),
            says=partial(campaign_sentence, campaign["body"], user["unit"]),
        )  # fmt: skip


# A plan that changes

UNDER_ANOTHER_VERSION = """
SELECT contract.id AS contract_id, app_user.id, app_user.email, app_user.name, app_user.language
FROM contract JOIN plan_version held ON held.id = contract.plan_version_id
JOIN membership ON membership.referrer_id = contract.referrer_id AND membership.ended_at IS NULL AND membership.seat = 'owner'
JOIN app_user ON app_user.id = membership.user_id AND app_user.state = 'active'
WHERE held.plan_id = $1 AND held.id <> $2 AND contract.state IN ('in_force', 'suspended') AND contract.id > $3
ORDER BY contract.id, membership.id LIMIT $4
"""


async def announce_plan(version_id: int, after: int) -> int | None:
    """Mail some of those who stand under an older version: what is new for others, and that theirs stays."""
    version = await plans.version(version_id)
    told = await db.rows(UNDER_ANOTHER_VERSION, version["plan_id"], version_id, after, AT_ONCE)
    names = await plans.product_names()
    for user in told:
        contract = await access.contract(user["contract_id"])
        before = await amending.version_of(contract)
        now = Version(
            version["plan_name"],
            version["number"],
            version["body"],
            Conditions(),
            before.priority_months,
            before.text,
        )
        await tell(
            "plans.changed", user, contract, key=version_id, version=version,
            changes=partial(changes, replace(before, conditions=Conditions()), now, names),
        )  # fmt: skip
    return told[-1]["contract_id"] if len(told) == AT_ONCE else None
