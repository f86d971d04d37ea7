"""Two pairs of eyes: who prepares does not decide, and decides on exactly what was shown."""

import asyncio

import asyncpg
import pytest

from portal.kit import db
from portal.kit.deed import deed
from portal.kit.problems import NotAllowed, Refused, Stale
from portal.people import approvals

RUN = ("payouts.run", "payout_run", 7)
SHOWN = approvals.digest_of({"lines": 3, "total_cents": 43_200})


async def asked(cast):
    async with deed(cast.fanny.person):
        return await approvals.ask(*RUN, SHOWN)


async def test_another_person_approves_what_was_prepared(cast):
    approval = await asked(cast)
    async with deed(cast.fred.person):
        await approvals.decide(approval, cast.fred.person, SHOWN)
    assert await approvals.is_approved(*RUN, SHOWN)
    last = await approvals.latest(*RUN)
    assert (last["preparer"], last["decider"]) == ("Fanny Moreau", "Fred Aubin")


async def test_the_preparer_does_not_decide_not_even_past_our_code(cast):
    approval = await asked(cast)
    for answer in (
        approvals.decide(approval, cast.fanny.person, SHOWN),
        approvals.refuse(approval, cast.fanny.person, ""),
    ):
        with pytest.raises(NotAllowed):
            async with deed(cast.fanny.person):
                await answer
    with pytest.raises(asyncpg.CheckViolationError):
        async with deed(cast.fanny.person):
            await approvals._settle(approval, cast.fanny.person, approvals.ApprovalState.APPROVED, "")


async def test_what_changed_since_it_was_shown_cannot_be_approved(cast):
    approval = await asked(cast)
    with pytest.raises(Stale):
        async with deed(cast.fred.person):
            await approvals.decide(
                approval, cast.fred.person, approvals.digest_of({"lines": 3, "total_cents": 43_201})
            )
    assert not await approvals.is_approved(*RUN, SHOWN)


async def test_a_refusal_says_why_and_one_may_ask_again(cast):
    approval = await asked(cast)
    async with deed(cast.fred.person):
        await approvals.refuse(approval, cast.fred.person, "IBAN à vérifier")
    assert (await approvals.latest(*RUN))["reason"] == "IBAN à vérifier"
    assert not await approvals.is_approved(*RUN, SHOWN)
    assert (await asked(cast))["state"] == "waiting"


async def test_only_the_preparer_withdraws_and_the_same_waits_once(cast):
    approval = await asked(cast)
    with pytest.raises(Refused):
        await asked(cast)
    with pytest.raises(NotAllowed):
        async with deed(cast.fred.person):
            await approvals.withdraw(approval, cast.fred.person)
    async with deed(cast.fanny.person):
        await approvals.withdraw(approval, cast.fanny.person)
    assert not await approvals.is_approved(*RUN, SHOWN)


async def test_of_two_decisions_at_once_one_stands(cast):
    approval = await asked(cast)

    async def approve(who) -> None:
        async with deed(who.person):
            await approvals.decide(approval, who.person, SHOWN)

    ended = await asyncio.gather(approve(cast.fred), approve(cast.alice), return_exceptions=True)
    assert sorted(type(one).__name__ for one in ended) == ["NoneType", "Refused"]
    assert await db.value("SELECT count(*) FROM history_event WHERE what = 'people.approval_approved'") == 1
