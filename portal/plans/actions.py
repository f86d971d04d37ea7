"""Making products, programmes and plans; publishing a version pins it for ever."""

import hashlib
from datetime import date
from typing import Any

import msgspec

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.problems import Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.plans import access
from portal.plans.catalogue import products
from portal.plans.rules.compiled import compile_plan

NAME_TAKEN = N_("Un programme porte déjà ce nom.")


async def add_product(key: str, name: str, *, category: str = "", kind: str = "one_off") -> int:
    return (await products.add(key, name, category=category, kind=kind))["id"]


async def open_programme(
    name: str, starts_on: date, *, ends_on: date | None = None, priority_months: int = 6, answer_days: int = 2
) -> db.Row:
    if await access.programme_known(name):
        raise Refused("programme_known", NAME_TAKEN)
    entity_id = await db.value("SELECT id FROM legal_entity ORDER BY id LIMIT 1")
    programme_id = await db.insert(
        "programme",
        ref=new_ref(), name=name, legal_entity_id=entity_id, starts_on=starts_on, ends_on=ends_on,
        priority_months=priority_months, answer_days=answer_days,
    )  # fmt: skip
    await record("plans.programme", "programme", programme_id)
    return await access.programme(programme_id)


async def publish(programme_id: int, body: dict[str, Any], effective_from: date) -> db.Row:
    """Check and publish a plan under its name: a first version, or the next. Raises plans' Refused."""
    compile_plan(body)
    plan_id = await _plan(programme_id, body["name"])
    number = await db.value(
        "SELECT coalesce(max(number), 0) + 1 FROM plan_version WHERE plan_id = $1", plan_id
    )
    version_id = await db.insert(
        "plan_version",
        ref=new_ref(), plan_id=plan_id, number=number, body=body, digest=digest(body), state="published",
        effective_from=effective_from, created_at=now(), published_at=now(), by_user=current().actor.user_id,
    )  # fmt: skip
    await record("plans.published", "plan_version", version_id, number=number)
    return await access.version(version_id)


async def publish_once(programme_id: int, body: dict[str, Any]) -> int:
    """Publish it unless this very plan is published already; the version's id."""
    known = await db.value(
        "SELECT id FROM plan_version WHERE digest = $1 AND state = 'published'", digest(body)
    )
    return known or (await publish(programme_id, body, today()))["id"]


async def _plan(programme_id: int, name: str) -> int:
    known = await db.value("SELECT id FROM plan WHERE name = $1 FOR NO KEY UPDATE", name)
    return known or await db.insert("plan", ref=new_ref(), name=name, programme_id=programme_id)


def digest(body: dict[str, Any]) -> bytes:
    return hashlib.sha256(msgspec.json.encode(body, order="sorted")).digest()
