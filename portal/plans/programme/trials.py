"""Two plans of a programme compared: each new referrer draws one when a contract is drafted for them, and keeps it.

The draw is a hash of the trial's seed and the referrer: nobody chooses, and the same draw comes out whoever asks again."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.money import Cents, round_half_away
from portal.kit.problems import NotFound, Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.kit.versions import change
from portal.plans.rules.intervals import Interval, ratio, wilson

ARMS = ("a", "b")
OPEN_ALREADY = N_("Un essai est déjà ouvert dans ce programme.")
NOT_OF_PROGRAMME = N_("Ces deux barèmes ne sont pas publiés dans ce programme.")
SAME_TWICE = N_("Choisissez deux barèmes différents.")
CLOSED = N_("Cet essai est déjà clos.")
DRAWN_BY_HUNDRED = 100

TRIAL = """
SELECT plan_trial.*, plan_a.name AS name_a, a.number AS number_a, a.body AS body_a, plan_b.name AS name_b, b.number AS number_b,
       b.body AS body_b
FROM plan_trial
JOIN plan_version a ON a.id = plan_trial.version_a JOIN plan plan_a ON plan_a.id = a.plan_id
JOIN plan_version b ON b.id = plan_trial.version_b JOIN plan plan_b ON plan_b.id = b.plan_id
"""


# The draw


def drawn(seed: str, referrer_id: int, share_b: int) -> str:
    """'a' or 'b', for ever the same."""
    digest = hashlib.sha256(f"{seed}:{referrer_id}".encode()).digest()
    return "b" if int.from_bytes(digest[:8]) * DRAWN_BY_HUNDRED < share_b << 64 else "a"


def offered(versions: Sequence[db.Row], referrer_id: int | None = None) -> list[db.Row]:
    """Of published versions (`published_in`), those that a new contract may take: of two on trial the one that this
    referrer draws (without a referrer the first stands for both), of two that were the one that was chosen."""
    return [
        version
        for version in versions
        if all(left_out(trial, referrer_id) != version["id"] for trial in version["trials"])
    ]


def left_out(trial: Mapping[str, Any], referrer_id: int | None) -> int:
    """The version that this referrer is not offered."""
    arm = trial["chosen"] or (
        "a" if referrer_id is None else drawn(trial["seed"], referrer_id, trial["share_b"])
    )
    return trial["version_a"] if arm == "b" else trial["version_b"]


async def keep_draw(programme_id: int, referrer_id: int, version_id: int) -> None:
    """In the deed that drafts the contract: who drew what is written once."""
    await db.execute(
        """INSERT INTO plan_trial_draw (trial_id, referrer_id, arm, at)
           SELECT id, $2, CASE $3::bigint WHEN version_a THEN 'a' ELSE 'b' END, $4 FROM plan_trial
           WHERE programme_id = $1 AND closed_at IS NULL AND $3::bigint IN (version_a, version_b) ON CONFLICT DO NOTHING""",
        programme_id, referrer_id, version_id, now(),
    )  # fmt: skip


# Reading


async def trials_of(programme_id: int) -> list[db.Row]:
    return await db.rows(
        f"{TRIAL} WHERE plan_trial.programme_id = $1 ORDER BY plan_trial.id DESC", programme_id
    )


async def trial_by_ref(ref: str) -> db.Row:
    found = await db.row(f"{TRIAL} WHERE plan_trial.ref = $1", ref)
    if found is None:
        raise NotFound("trial")
    return found


@dataclass(frozen=True, slots=True)
class Arm:
    """What the referrers of one plan have done since they drew it. Money in cents HT, a POINT counts as a euro."""

    name: str
    referrers: int = 0
    recommendations: int = 0
    won_recommendations: int = 0
    deals: int = 0
    turnover: Cents = 0
    commissions: Cents = 0
    won: Interval | None = None
    cost: Interval | None = None

    @property
    def cost_per_deal(self) -> Cents | None:
        return round_half_away(Fraction(self.commissions, self.deals)) if self.deals else None


PER_REFERRER = """
SELECT draw.arm, draw.referrer_id,
  (SELECT count(*) FROM lead WHERE lead.referrer_id = draw.referrer_id AND lead.programme_id = trial.programme_id
     AND lead.submitted_at >= draw.at AND lead.state NOT IN ('draft', 'merged', 'erased')) AS recommendations,
  (SELECT count(*) FROM lead WHERE lead.referrer_id = draw.referrer_id AND lead.programme_id = trial.programme_id
     AND lead.submitted_at >= draw.at AND lead.state = 'won') AS won,
  won.deals, won.turnover, coalesce(earned.cents, 0)::bigint AS commissions
FROM plan_trial trial JOIN plan_trial_draw draw ON draw.trial_id = trial.id
CROSS JOIN LATERAL (
  SELECT count(*) AS deals, coalesce(sum(deal.net_cents), 0)::bigint AS turnover
  FROM deal JOIN lead ON lead.id = deal.lead_id
  WHERE lead.referrer_id = draw.referrer_id AND lead.programme_id = trial.programme_id AND deal.created_at >= draw.at
    AND deal.state <> 'cancelled') won
LEFT JOIN LATERAL (
  SELECT sum(CASE earning.unit WHEN 'POINT' THEN earning.amount * 100 ELSE earning.amount END) AS cents
  FROM earning JOIN contract ON contract.id = earning.contract_id
  WHERE earning.referrer_id = draw.referrer_id AND contract.programme_id = trial.programme_id AND earning.at >= draw.at) earned ON true
WHERE trial.id = $1
"""


async def arms_of(trial: db.Row) -> list[Arm]:
    rows = await db.rows(PER_REFERRER, trial["id"])
    return [_arm(trial[f"name_{arm}"], [row for row in rows if row["arm"] == arm]) for arm in ARMS]


def _arm(name: str, rows: Sequence[db.Row]) -> Arm:
    def total(column: str) -> int:
        return sum(row[column] for row in rows)

    return Arm(
        name, len(rows), total("recommendations"), total("won"), total("deals"), total("turnover"), total("commissions"),
        won=wilson(total("won"), total("recommendations")),
        cost=ratio([(row["commissions"], row["deals"]) for row in rows]),
    )  # fmt: skip


# Verbs


async def open_trial(programme_id: int, name: str, version_a: int, version_b: int, share_b: int) -> db.Row:
    if version_a == version_b:
        raise Refused("same_twice", SAME_TWICE)
    await db.row("SELECT 1 FROM programme WHERE id = $1 FOR NO KEY UPDATE", programme_id)
    of_programme = await db.value(
        """SELECT count(*) FROM plan_version JOIN plan ON plan.id = plan_version.plan_id
           WHERE plan.programme_id = $1 AND plan_version.state = 'published' AND plan_version.id IN ($2, $3)""",
        programme_id, version_a, version_b,
    )  # fmt: skip
    if of_programme != len(ARMS):
        raise Refused("not_of_programme", NOT_OF_PROGRAMME)
    if await db.value(
        "SELECT EXISTS (SELECT FROM plan_trial WHERE programme_id = $1 AND closed_at IS NULL)", programme_id
    ):
        raise Refused("open_already", OPEN_ALREADY)
    trial_id = await db.insert(
        "plan_trial",
        ref=new_ref(), programme_id=programme_id, name=name, version_a=version_a, version_b=version_b, share_b=share_b,
        seed=secrets.token_hex(8), opened_at=now(), opened_by=current().actor.user_id,
    )  # fmt: skip
    await record("plans.trial_opened", "plan_trial", trial_id, a=version_a, b=version_b, share_b=share_b)
    found = await db.row(f"{TRIAL} WHERE plan_trial.id = $1", trial_id)
    assert found is not None
    return found


async def close(trial: db.Row, version: int, chosen: str) -> None:
    """Who has drawn keeps their plan; the new ones are offered the chosen one. Raises Stale."""
    if trial["closed_at"]:
        raise Refused("trial_closed", CLOSED)
    await change(
        "plan_trial", trial["id"], version, closed_at=now(), closed_by=current().actor.user_id, chosen=chosen
    )
    await record("plans.trial_closed", "plan_trial", trial["id"], chosen=chosen)
