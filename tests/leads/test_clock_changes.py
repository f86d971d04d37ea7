"""Days that are promised end in Paris, whatever the machine's own clock says: over both clock changes, on 29 February and at the end of the year."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.kit import db
from portal.kit.days import at, clock_at, now
from portal.kit.deed import deed
from portal.leads import access
from portal.leads.priority import expiring, extending
from portal.leads.prospect import retention
from tests.cast import Cast
from tests.stories import STORY, contract_of, moved, open_a_programme, recommended

EDGE = timedelta(minutes=10)
# Last days, and what makes each an edge.
LAST_DAYS = {
    "summer time begins that night": date(2027, 3, 27),
    "the day of 23 hours": date(2027, 3, 28),
    "the day of 25 hours": date(2026, 10, 25),
    "29 February": date(2028, 2, 29),
    "the end of the year": date(2027, 12, 31),
}
# (sent, answer due), two working days later at six in the evening; UTC is one hour behind Paris in winter, two in summer.
ANSWERS = {
    "Friday before winter time": (at(date(2026, 10, 23), 10), datetime(2026, 10, 27, 17, tzinfo=UTC)),
    "Friday before Easter, and summer time": (at(date(2027, 3, 26), 10), datetime(2027, 3, 31, 16, tzinfo=UTC)),
    "Good Friday is worked": (at(date(2027, 3, 24), 10), datetime(2027, 3, 26, 17, tzinfo=UTC)),
    "26 December is worked": (at(date(2028, 12, 22), 10), datetime(2028, 12, 27, 17, tzinfo=UTC)),
    "over 29 February": (at(date(2028, 2, 28), 10), datetime(2028, 3, 1, 17, tzinfo=UTC)),
    "over New Year": (at(date(2026, 12, 30), 10), datetime(2027, 1, 4, 17, tzinfo=UTC)),
    # 23:30 UTC on 31 December is New Year's Day in Paris: Monday the 4th is the first working day, Tuesday the second
    "in the night of the year": (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), datetime(2027, 1, 5, 17, tzinfo=UTC)),
}  # fmt: skip


@pytest.fixture(params=["UTC", "Pacific/Kiritimati", "America/Los_Angeles"], autouse=True)
def machine(request: pytest.FixtureRequest) -> Iterator[str]:
    """The time zone of the machine: fourteen hours before Greenwich, and eight after."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
    time.tzset()


@pytest.fixture
async def plan(cast: Cast) -> db.Row:
    return await open_a_programme()


def midnight_after(day: date) -> datetime:
    """When that day is over in Paris."""
    return at(day + timedelta(1), 0)


async def state_of(lead: db.Row) -> str:
    return (await access.lead(lead["id"]))["state"]


# The priority of a contract


async def accepted(cast: Cast, plan: db.Row, until: date) -> tuple[db.Row, db.Row]:
    """Rachel's, with its priority until that day; behind it Rémi's, of the same company."""
    await contract_of(cast.rachel, plan)
    with clock_at(at(until - timedelta(90), 10)):
        first = await moved(await recommended(cast.rachel, siren="732829320"), cast.sam, "accept")
        second = await recommended(cast.remi, siren="732829320")
        async with deed(cast.sam.person):
            await extending.grant(first, until, "") if until > first["priority_until"] else await shortened(
                first, until
            )
    return first, second


async def shortened(lead: db.Row, until: date) -> None:
    """No verb does that: it stands for a contract with a shorter priority."""
    await db.execute("UPDATE lead SET priority_until = $2 WHERE id = $1", lead["id"], until)


async def ends_at(instant: datetime, lead: db.Row) -> bool:
    """Whether the clock's own job ends it then."""
    with clock_at(instant):
        async with deed(STORY):
            await expiring.end_priorities()
    return await state_of(lead) == "expired"


@pytest.mark.parametrize("day", LAST_DAYS.values(), ids=LAST_DAYS)
async def test_a_priority_lasts_to_the_end_of_its_last_day_in_paris(cast, plan, day):
    first, second = await accepted(cast, plan, day)
    assert not await ends_at(midnight_after(day) - EDGE, first)
    assert await ends_at(midnight_after(day) + EDGE, first)
    assert await state_of(second) == "submitted", "the next in line takes its turn"


async def test_a_claim_waits_behind_a_priority_on_its_last_day_and_is_first_the_day_after(cast, plan):
    day = LAST_DAYS["the day of 25 hours"]
    first, _second = await accepted(cast, plan, day)
    with clock_at(midnight_after(day) - EDGE):
        assert (await recommended(cast.mina, siren="732829320"))["behind_lead_id"] == first["id"]
    with clock_at(midnight_after(day) + EDGE):
        later = await recommended(cast.stefan, siren="732829320")
    assert later["behind_lead_id"] != first["id"]


async def test_a_day_that_were_read_in_greenwich_would_be_seen(cast, plan, monkeypatch):
    day = LAST_DAYS["the end of the year"]
    first, _second = await accepted(cast, plan, day)
    monkeypatch.setattr(expiring, "today", lambda: now().date())
    assert not await ends_at(midnight_after(day) + EDGE, first)


# The fifteen days without a contract


@pytest.mark.parametrize("day", LAST_DAYS.values(), ids=LAST_DAYS)
async def test_fifteen_days_of_protection_end_with_the_last_of_them_in_paris(cast, plan, day):
    with clock_at(midnight_after(day - timedelta(15)) - EDGE):  # late in the evening: that day counts
        lead = await recommended(cast.mina)
    assert lead["priority_until"] == day
    for instant, state in [
        (midnight_after(day) - EDGE, "submitted"),
        (midnight_after(day) + EDGE, "expired"),
    ]:
        with clock_at(instant):
            async with deed(STORY):
                await retention.end_protection()
        assert await state_of(lead) == state


# The answer, and who was first


async def test_the_answer_is_due_at_six_in_the_evening_of_the_second_working_day(cast, plan):
    for number, (sent, due) in enumerate(ANSWERS.values()):
        with clock_at(sent):
            assert (await recommended(cast.rachel, f"Société {number}"))["answer_due_at"] == due


async def test_of_two_at_half_past_two_in_the_night_of_two_half_past_twos_the_first_is_first(cast, plan):
    """25 October 2026: 02:30 in Paris is 00:30 UTC, and an hour later 01:30 UTC."""
    with clock_at(datetime(2026, 10, 25, 0, 30, tzinfo=UTC)):
        first = await recommended(cast.rachel, siren="732829320")
    with clock_at(datetime(2026, 10, 25, 1, 30, tzinfo=UTC)):
        second = await recommended(cast.remi, siren="732829320")
    assert first["recommended_on"] == second["recommended_on"] == date(2026, 10, 25)
    assert second["behind_lead_id"] == first["id"]
