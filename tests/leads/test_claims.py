"""First claim: one recommendation of a company goes first, the others wait, and take their turn."""

import asyncio
from datetime import date, timedelta

import pytest

from portal.kit import db
from portal.kit.days import clock_at, now, today
from portal.kit.deed import deed
from portal.leads import actions as leads
from tests.stories import contract_of, moved, open_a_programme, recommended


@pytest.fixture(autouse=True)
async def plan(cast):
    return await open_a_programme()


async def states() -> list[str]:
    return [row["state"] for row in await db.rows("SELECT state FROM lead ORDER BY id")]


async def test_of_two_claims_at_the_same_instant_one_is_first_and_one_waits_twenty_times_over(cast):
    for n in range(20):
        email = f"contact@maison{n}.example"
        both = [
            recommended(member, f"Maison {n}", contact_email=email) for member in (cast.rachel, cast.remi)
        ]
        await asyncio.gather(*both)
        found = await db.rows("SELECT id, state, behind_lead_id FROM lead ORDER BY id DESC LIMIT 2")
        first, second = sorted(found, key=lambda row: row["state"])
        assert (first["state"], second["state"]) == ("submitted", "waiting")
        assert second["behind_lead_id"] == first["id"]


async def test_when_the_first_ends_the_next_takes_its_turn_and_the_third_waits_behind_it(cast):
    first = await recommended(cast.rachel, siren="732829320")
    second = await recommended(cast.remi, siren="732829320")
    third = await recommended(cast.mina, siren="732829320")
    with clock_at(now() + timedelta(10)):  # answers were due: the second was told that it waits
        await moved(first, cast.sam, "reject", reason="outside_offer")
    assert await states() == ["rejected", "submitted", "waiting"]
    behind = await db.value("SELECT behind_lead_id FROM lead WHERE id = $1", third["id"])
    assert behind == second["id"]
    told = await db.value(
        "SELECT count(*) FROM mail_message WHERE subject_id = $1 AND kind = 'leads.moved'", second["id"]
    )
    assert told == 1


async def test_whose_turn_comes_before_they_were_told_that_they_wait_hears_nothing(cast):
    first = await recommended(cast.rachel, siren="732829320")
    second = await recommended(cast.remi, siren="732829320")
    await moved(first, cast.sam, "reject", reason="outside_offer")
    assert await states() == ["rejected", "submitted"]
    kinds = await db.rows(
        "SELECT kind FROM mail_message WHERE subject_kind = 'lead' AND subject_id = $1", second["id"]
    )
    assert {row["kind"] for row in kinds} == {"leads.received", "leads.to_answer"}


async def test_a_won_company_is_not_passed_on(cast):
    first = await recommended(cast.rachel, siren="732829320")
    await recommended(cast.remi, siren="732829320")
    await moved(first, cast.sam, "accept", "win")
    assert await states() == ["won", "waiting"]


async def test_sales_may_let_the_later_one_pass(cast):
    await recommended(cast.rachel, siren="732829320")
    second = await recommended(cast.remi, siren="732829320")
    await moved(second, cast.sam, "accept")
    assert await states() == ["submitted", "accepted"]


async def test_the_same_external_name_is_the_same_recommendation(cast):
    first = await recommended(cast.rachel, external_id="CRM-7")
    again = await recommended(cast.rachel, external_id="CRM-7")
    assert first["id"] == again["id"]
    assert await states() == ["submitted"]


async def test_accepted_under_a_contract_it_has_priority_for_its_months(cast, plan):
    await contract_of(cast.rachel, plan)
    lead = await moved(await recommended(cast.rachel, recommended_on=date(2026, 8, 31)), cast.sam, "accept")
    assert lead["priority_until"] == date(2027, 2, 28)  # 31 August + 6 months


async def test_a_contract_signed_in_time_covers_what_was_recommended_before(cast, plan):
    lead = await moved(await recommended(cast.rachel), cast.sam, "accept")
    assert lead["priority_until"] == today() + timedelta(15)
    await contract_of(cast.rachel, plan, signed_on=today())
    covered = await db.row("SELECT * FROM lead")
    assert covered["earns"] == "yes"
    assert covered["contract_id"]
    assert covered["priority_until"] > today() + timedelta(150)  # six months


async def test_a_contract_signed_too_late_leaves_the_decision_to_an_administrator(cast, plan):
    await recommended(cast.rachel, recommended_on=today() - timedelta(16))
    await contract_of(cast.rachel, plan, signed_on=today())
    assert await db.value("SELECT earns FROM lead") == "undecided"


async def test_a_move_made_twice_at_once_happens_once(cast):
    lead = await recommended(cast.rachel)

    async def accept(member) -> None:
        async with deed(member.person):
            await leads.move(lead, "accept")

    ended = await asyncio.gather(accept(cast.sam), accept(cast.sonia), return_exceptions=True)
    assert [type(fault).__name__ for fault in ended if fault] == ["Stale"]
    assert await db.value("SELECT count(*) FROM lead_move WHERE move = 'accept'") == 1
