"""The same amendment for all who stand under an older version: a job, each told once, those left out with their reason."""

import pytest

from portal.contracts import access
from portal.contracts import actions as contracts
from portal.contracts.lifetime import rounds
from portal.contracts.tasks import amend_all
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.plans import actions as plans
from tests.contracts.stories import open_programme
from tests.contracts.test_amending import NOTICE, TWELVE, amended, timedelta
from tests.contracts.test_notices import WHY, NoticeKind, give

WHO = ("rachel", "remi", "mina")


async def under_contract(cast) -> list[db.Row]:
    programme_id, version_id = await open_programme(cast)
    made = []
    for name in WHO:
        async with deed(cast.alice.person):
            made.append(
                await contracts.record_on_paper(
                    getattr(cast, name).referrer_id,
                    programme_id,
                    version_id,
                    signed_on=today(),
                    vouched_by=None,
                )
            )
    return made


async def ask(cast, contract, **more):
    async with deed(cast.alice.person):
        version = await plans.publish(contract["programme_id"], TWELVE, today())
    asked = {
        "effective_on": today() + timedelta(NOTICE),
        "reason": "Mieux payé.",
        "newest_text": False,
    } | more
    async with deed(cast.alice.person):
        return await rounds.ask(version["id"], **asked)


async def test_everybody_under_the_older_version_is_offered_it_and_mailed_once(cast):
    made = await under_contract(cast)
    asked = await ask(cast, made[0])
    assert asked["total"] == 3
    await work_off()
    await amend_all(round_id=asked["id"])
    assert [row["state"] for row in await rounds.offered(asked["id"])] == ["sent"] * 3
    assert await db.value("SELECT count(*) FROM mail_message WHERE kind = 'contracts.amendment'") == 3
    assert (await rounds.by_ref(asked["ref"]))["finished_at"] is not None


async def test_a_job_that_stopped_goes_on_where_it_was(cast, monkeypatch):
    monkeypatch.setattr(rounds, "AT_ONCE", 2)
    made = await under_contract(cast)
    asked = await ask(cast, made[0])
    async with deed(cast.alice.person):
        assert await rounds.some(asked["id"])
    assert len(await rounds.offered(asked["id"])) == 2
    await work_off()
    assert [row["number"] for row in await rounds.offered(asked["id"])] == [one["number"] for one in made]


async def test_who_cannot_have_it_is_left_out_with_the_reason(cast):
    made = await under_contract(cast)
    async with deed(cast.alice.person):
        await db.execute(
            """UPDATE contract SET overrides = '{"rules": {"tout": {"rate": "15.00"}}}' WHERE id = $1""",
            made[1]["id"],
        )
    await give(cast, made[0], NoticeKind.SUSPENSION, reason=WHY)
    await give(cast, made[2], NoticeKind.TERMINATION)
    asked = await ask(cast, made[0])
    await work_off()
    assert [row["left_out"] for row in await rounds.offered(asked["id"])] == [
        "suspended",
        "conditions",
        "ends",
    ]


async def test_a_signed_amendment_is_not_crossed_by_the_round(cast):
    contract, amendment = await amended(cast, cast.rachel)
    await ask(cast, contract)
    await work_off()
    assert (await access.contract(amendment["id"]))["state"] == "agreed"
    assert await db.value("SELECT left_out FROM amendment_round_contract") == "amended_already"


async def test_a_round_leaves_the_notice_and_needs_somebody_to_ask(cast):
    made = await under_contract(cast)
    with pytest.raises(Refused, match="too_soon"):
        await ask(cast, made[0], effective_on=today() + timedelta(NOTICE - 1))
    with pytest.raises(Refused, match="nobody"):
        async with deed(cast.alice.person):
            await rounds.ask(
                made[0]["plan_version_id"], today() + timedelta(NOTICE), "Rien.", newest_text=True
            )


async def test_two_rounds_of_a_programme_do_not_run_at_once(cast):
    made = await under_contract(cast)
    await ask(cast, made[0])
    with pytest.raises(Refused, match="at_work"):
        await ask(cast, made[0])
