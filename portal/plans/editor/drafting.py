"""What is done with a version of a plan: drafted, changed, published by one or by two, dropped, retired."""

from datetime import date, timedelta
from typing import Any

import msgspec

from portal.company import access as company
from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.problems import Refused, Stale
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.kit.versions import change
from portal.people import approvals
from portal.people.approvals import ApprovalState
from portal.people.rules import Person
from portal.plans.actions import digest
from portal.plans.editor import shelf
from portal.plans.editor.examples import Facts, broken_by
from portal.plans.events import PlanVersionPublished
from portal.plans.rules.compiled import compile_plan

FOUR_EYES = "plans.four_eyes"
PUBLICATION = "plans.publication"
NAME_TAKEN = N_("Un barème porte déjà ce nom.")
WAITS = N_("Cette version attend une seconde personne : retirez d'abord la demande de publication.")
BREAKS = N_("Un exemple garanti ne tombe plus juste : rien n'a été publié.")
TOO_SOON = N_("Choisissez un jour qui laisse passer le préavis.")


async def start(programme_id: int, body: dict[str, Any]) -> db.Row:
    """A new plan, as a draft. Raises Refused when the name is taken, plans' Refused when it is impossible."""
    compile_plan(body)
    if await shelf.plan_known(body["name"]):
        raise Refused("plan_known", NAME_TAKEN)
    plan_id = await db.insert("plan", ref=new_ref(), name=body["name"], programme_id=programme_id)
    return await _drafted(plan_id, body)


async def next_draft(version: db.Row) -> db.Row:
    """A draft that starts as this version; the one that stands already, if there is one."""
    await db.execute("SELECT FROM plan WHERE id = $1 FOR NO KEY UPDATE", version["plan_id"])
    standing = await db.value(
        "SELECT id FROM plan_version WHERE plan_id = $1 AND state = 'drafted'", version["plan_id"]
    )
    return await shelf.version(standing) if standing else await _drafted(version["plan_id"], version["body"])


async def _drafted(plan_id: int, body: dict[str, Any]) -> db.Row:
    version_id = await db.insert(
        "plan_version",
        ref=new_ref(), plan_id=plan_id, number=await _next_number(plan_id), body=body, digest=digest(body),
        state="drafted", created_at=now(), by_user=current().actor.user_id,
    )  # fmt: skip
    await record("plans.drafted", "plan_version", version_id)
    return await shelf.version(version_id)


async def _next_number(plan_id: int, but: int = 0) -> int:
    return await db.value(
        "SELECT coalesce(max(number), 0) + 1 FROM plan_version WHERE plan_id = $1 AND id <> $2", plan_id, but
    )


async def save(draft: db.Row, version: int, body: dict[str, Any]) -> None:
    """Raises plans' Refused when it is impossible, Stale when somebody else changed it."""
    compile_plan(body)
    await _nobody_decides(draft)
    await change("plan_version", draft["id"], version, body=body, digest=digest(body))
    await record("plans.changed", "plan_version", draft["id"])


async def _nobody_decides(draft: db.Row) -> None:
    asked = await approvals.latest(PUBLICATION, "plan_version", draft["id"])
    if asked and asked["state"] == ApprovalState.WAITING:
        raise Refused("approval_waiting", WAITS)


async def drop(draft: db.Row, version: int) -> None:
    """The draft was never anything; a plan that has no other version goes with it."""
    await _nobody_decides(draft)
    await change("plan_version", draft["id"], version, number=draft["number"])
    await record("plans.dropped", "plan_version", draft["id"])
    await db.execute(
        """DELETE FROM plan_comparison_deal WHERE comparison_id IN (SELECT id FROM plan_comparison WHERE draft_id = $1)""",
        draft["id"],
    )
    await db.execute("DELETE FROM plan_comparison WHERE draft_id = $1", draft["id"])
    await db.execute("DELETE FROM plan_version WHERE id = $1", draft["id"])
    if not await db.value("SELECT EXISTS (SELECT FROM plan_version WHERE plan_id = $1)", draft["plan_id"]):
        await db.execute("DELETE FROM plan_example WHERE plan_id = $1", draft["plan_id"])
        await db.execute("DELETE FROM plan WHERE id = $1", draft["plan_id"])


# Publishing


def earliest(draft: db.Row, notice_days: int) -> date:
    """A first version applies from any day on; a next one is announced before."""
    return today() + timedelta(notice_days) if draft["is_offered"] else today()


async def publish(draft: db.Row, version: int, effective_from: date, notice_days: int) -> bool:
    """Publish it, or ask a second person where the company wants two: whether it is published.

    Raises Refused when a guaranteed example breaks or the day is too soon."""
    await _may_be_published(draft, effective_from, notice_days)
    await _nobody_decides(draft)
    await change("plan_version", draft["id"], version, effective_from=effective_from)
    await db.execute("UPDATE plan SET notice_days = $2 WHERE id = $1", draft["plan_id"], notice_days)
    if await company.option(FOUR_EYES, False):
        await approvals.ask(PUBLICATION, "plan_version", draft["id"], shown(draft, effective_from))
        return False
    await _publish(draft, effective_from)
    return True


async def _may_be_published(draft: db.Row, effective_from: date, notice_days: int) -> None:
    compile_plan(draft["body"])
    if broken_by(draft["body"], await shelf.examples_of(draft["plan_id"])):
        raise Refused("examples_broken", BREAKS)
    if effective_from < earliest(draft, notice_days):
        raise Refused("too_soon", TOO_SOON)


async def _publish(draft: db.Row, effective_from: date) -> None:
    """Its number follows all that were published meanwhile."""
    number = await _next_number(draft["plan_id"], but=draft["id"])
    await db.execute(
        """UPDATE plan_version SET state = 'published', number = $2, effective_from = $3, published_at = $4
           WHERE id = $1 AND state = 'drafted'""",
        draft["id"], number, effective_from, now(),
    )  # fmt: skip
    await record("plans.published", "plan_version", draft["id"], number=number)
    emit(PlanVersionPublished(plan_version_id=draft["id"]))


def shown(draft: db.Row, effective_from: date | None) -> bytes:
    """What the second person decides on."""
    return approvals.digest_of({"body": draft["body"], "from": str(effective_from)})


async def approve(draft: db.Row, person: Person) -> None:
    """The second person publishes, exactly what was asked for; on a later day if the asked one is past."""
    asked = await approvals.waiting(PUBLICATION, "plan_version", draft["id"])
    await approvals.decide(asked, person, shown(draft, draft["effective_from"]))
    if broken_by(draft["body"], await shelf.examples_of(draft["plan_id"])):
        raise Refused("examples_broken", BREAKS)
    await _publish(draft, max(draft["effective_from"], today()))


async def refuse(draft: db.Row, person: Person, reason: str) -> None:
    await approvals.refuse(await approvals.waiting(PUBLICATION, "plan_version", draft["id"]), person, reason)


async def withdraw(draft: db.Row, person: Person) -> None:
    await approvals.withdraw(await approvals.waiting(PUBLICATION, "plan_version", draft["id"]), person)


async def ask_for_two(wanted: bool) -> None:
    """From now on a publication needs a second person, or no longer."""
    await company.set_option(FOUR_EYES, wanted)
    entity = await company.legal_entity()
    await record("plans.four_eyes", "legal_entity", entity["id"] if entity else 0, wanted=wanted)


async def retire(version: db.Row) -> None:
    """No longer offered; contracts under it go on. Raises Stale when it was not offered any more."""
    retired = await db.execute(
        "UPDATE plan_version SET state = 'retired' WHERE plan_id = $1 AND state = 'published'",
        version["plan_id"],
    )
    if not retired:
        raise Stale("not_offered")
    await record("plans.retired", "plan_version", version["id"])


# Guaranteed examples


async def keep_example(plan_id: int, facts: Facts, unit: str, expected: int) -> None:
    """`expected` in cents or points."""
    example_id = await db.insert(
        "plan_example",
        ref=new_ref(), plan_id=plan_id, facts=msgspec.to_builtins(facts), unit=unit,
        expected=expected, at=now(), by_user=current().actor.user_id,
    )  # fmt: skip
    await record("plans.example_kept", "plan_example", example_id)


async def drop_example(example: db.Row) -> None:
    await db.execute(
        "UPDATE plan_example SET dropped_at = $2, dropped_by = $3 WHERE id = $1",
        example["id"], now(), current().actor.user_id,
    )  # fmt: skip
    await record("plans.example_dropped", "plan_example", example["id"])
