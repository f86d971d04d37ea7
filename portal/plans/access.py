"""Products, programmes, plans and their versions."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.kit import db
from portal.kit.money import Cents
from portal.kit.problems import NotFound
from portal.plans.rules.evaluate import simulate

VERSION = """
SELECT plan_version.*, plan.name AS plan_name, plan.programme_id,
       (SELECT coalesce(jsonb_object_agg(key, name), '{}') FROM product) AS products
FROM plan_version JOIN plan ON plan.id = plan_version.plan_id
"""
ON_TRIAL = """plan.programme_id, (SELECT coalesce(jsonb_agg(to_jsonb(trial) ORDER BY trial.id), '[]') FROM plan_trial trial
  WHERE plan_version.id IN (trial.version_a, trial.version_b)) AS trials"""


async def version(version_id: int) -> db.Row:
    found = await db.row(f"{VERSION} WHERE plan_version.id = $1", version_id)
    assert found is not None
    return found


async def published_versions(programme_id: int, day: date) -> list[db.Row]:
    return await published_in([programme_id], day)


async def published_in(programme_ids: Sequence[int], day: date) -> list[db.Row]:
    """The version in force of each plan of these programmes on that day, with the trials in which it stands."""
    return await db.rows(
        f"""{VERSION.replace("plan.programme_id", ON_TRIAL)} WHERE plan.programme_id = ANY ($1::bigint[]) AND plan_version.state = 'published'
            AND plan_version.number = (SELECT max(newest.number) FROM plan_version newest
                WHERE newest.plan_id = plan.id AND newest.state = 'published' AND newest.effective_from <= $2)
            ORDER BY plan.id""",
        list(programme_ids), day,
    )  # fmt: skip


async def coming_in(programme_id: int, day: date) -> list[db.Row]:
    """Published versions that apply to new contracts only after that day."""
    return await db.rows(
        f"{VERSION} WHERE plan.programme_id = $1 AND plan_version.state = 'published' AND plan_version.effective_from > $2 ORDER BY plan_version.id",
        programme_id, day,
    )  # fmt: skip


async def programmes() -> list[db.Row]:
    return await db.rows("SELECT * FROM programme ORDER BY id")


async def open_programmes(day: date) -> list[db.Row]:
    """Which take in new contracts that day."""
    return await db.rows(
        "SELECT * FROM programme WHERE starts_on <= $1 AND (ends_on IS NULL OR ends_on > $1) ORDER BY id", day
    )


async def programme_by_ref(ref: str) -> db.Row:
    found = await db.row("SELECT * FROM programme WHERE ref = $1", ref)
    if found is None:
        raise NotFound("programme")
    return found


async def programmes_with_plans(day: date) -> list[tuple[db.Row, list[db.Row]]]:
    known = await programmes()
    versions = await published_in([one["id"] for one in known], day)
    return [(one, [version for version in versions if version["programme_id"] == one["id"]]) for one in known]


async def programme_known(name: str) -> bool:
    return await db.value("SELECT EXISTS (SELECT FROM programme WHERE name = $1)", name)


async def programme(programme_id: int) -> db.Row:
    found = await db.row("SELECT * FROM programme WHERE id = $1", programme_id)
    assert found is not None
    return found


async def products() -> list[db.Row]:
    return await db.rows("SELECT * FROM product WHERE active ORDER BY name")


async def product_names() -> dict[str, str]:
    """Key → name, as rules are read aloud; of products no longer sold too."""
    return {row["key"]: row["name"] for row in await db.rows("SELECT key, name FROM product")}


def would_earn(body: dict[str, Any], net_cents: Cents, on: date, product: str | None = None) -> Cents:
    """What one deal of this amount, paid at once, would bring its referrer. Cents, or points. Under a plan on
    margins the amount is the margin."""
    net = f"{net_cents // 100}.{net_cents % 100:02d}"
    line = {"net": net, "cost": "0.00"} | ({"product": product} if product else {})
    day = on.isoformat()
    signed = {
        "id": "signed", "type": "deal_signed", "deal": "D", "on": day, "referrer": "R", "contracts": {"R": day},
        "customer": {"country": "FR", "is_new": True}, "lines": [line],
    }  # fmt: skip
    events = [
        {"id": "qualified", "type": "lead_qualified", "deal": "D", "referrer": "R", "on": day},
        signed,
        {"id": "invoiced", "type": "client_invoiced", "deal": "D", "on": day, "net": net},
        {"id": "paid", "type": "client_paid", "deal": "D", "on": day, "net": net},
    ]
    total = simulate(body, events)["totals"].get("R", {}).get(body["unit"], "0")
    return int(total.replace(".", "")) if body["unit"] == "EUR" else int(total)
