"""What the tests of the plan editor begin with: drafts, kept examples, a comparison on real deals."""

from datetime import timedelta
from typing import Any

from portal.earnings import comparing
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.plans.editor import drafting, shelf
from portal.plans.editor.examples import Facts
from portal.plans.editor.starters import BY_KEY, body_from
from tests.cast import Cast


def body_of(starter: str, name: str = "Barème d'essai", *products: str, **terms: Any) -> dict[str, Any]:
    return {**body_from(BY_KEY[starter], name, products), **terms}


async def drafted(cast: Cast, programme_id: int, body: dict[str, Any]) -> db.Row:
    async with deed(cast.alice.person):
        return await drafting.start(programme_id, body)


async def published(cast: Cast, programme_id: int, body: dict[str, Any]) -> db.Row:
    draft = await drafted(cast, programme_id, body)
    async with deed(cast.alice.person):
        assert await drafting.publish(draft, draft["version"], today(), 30)
    return await shelf.version(draft["id"])


async def next_draft(cast: Cast, version_id: int, body: dict[str, Any] | None = None) -> db.Row:
    async with deed(cast.alice.person):
        draft = await drafting.next_draft(await shelf.version(version_id))
        if body:
            await drafting.save(draft, draft["version"], body)
    return await shelf.version(draft["id"])


async def keep(cast: Cast, plan_id: int, expected: int, **facts: Any) -> None:
    told = Facts(on=today(), **{"net": 6_000_00, **facts})
    async with deed(cast.alice.person):
        await drafting.keep_example(plan_id, told, "EUR", expected)


async def compared(cast: Cast, draft: db.Row, against_id: int) -> db.Row:
    async with deed(cast.alice.person):
        await comparing.ask(draft, await shelf.version(against_id))
    await work_off()
    found = await comparing.latest(draft["id"])
    assert found
    return found


async def waits(cast: Cast, programme_id: int, name: str) -> db.Row:
    """A draft whose publication Alice asked for, and that a second person is to decide on."""
    draft = await drafted(cast, programme_id, body_of("marge", name))
    async with deed(cast.alice.person):
        await drafting.ask_for_two(True)
        assert not await drafting.publish(draft, draft["version"], today() + timedelta(1), 30)
        await drafting.ask_for_two(False)
    return await shelf.version(draft["id"])


async def samples_of_plan(cast: Cast) -> dict[str, str]:
    """For the matrix: a version in force, its draft with an example and a comparison, a draft that waits for a second person."""
    version = await db.row("SELECT * FROM plan_version WHERE state = 'published' ORDER BY id LIMIT 1")
    assert version
    other = body_of("abonnement", version["body"]["name"])
    draft = await next_draft(cast, version["id"], other)
    await keep(cast, draft["plan_id"], 300_00)
    comparison = await compared(cast, draft, version["id"])
    deal = await db.value(
        """SELECT deal.ref FROM plan_comparison_deal kept JOIN deal ON deal.id = kept.deal_id
           WHERE comparison_id = $1 ORDER BY deal.id LIMIT 1""",
        comparison["id"],
    )
    example = await db.value("SELECT ref FROM plan_example LIMIT 1")
    waiting = [
        await waits(cast, draft["programme_id"], name) for name in ("Barème à deux", "Barème à retirer")
    ]
    return {
        "plan_version": version["ref"], "plan_draft": draft["ref"],
        "plan_waiting": waiting[0]["ref"], "plan_waiting_too": waiting[1]["ref"],
        "plan_example": f"{draft['ref']}/exemples/{example}",
        "plan_deal": f"{draft['ref']}/comparaison/affaires/{deal}",
    }  # fmt: skip
