"""Each January, and near a ceiling: is all that is on file still true? Asked once, reminded, confirmed by one click."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.clockwork import strike
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import at, clock_at, now, today
from portal.kit.deed import deed
from portal.referrers import access, confirming
from portal.referrers.confirming_rules import REMINDERS, Reason, asks_for, reminders_due
from tests.invoicing.books import books_of

MORNING = 7


async def the_morning_of(day: date) -> None:
    """At seven in Paris the clock strikes, and the day's work is done."""
    with clock_at(at(day, MORNING)):
        await strike()
        await work_off()


async def mails_to(who) -> list[str]:
    return [
        row["subject"]
        for row in await db.rows(
            "SELECT subject FROM mail_message WHERE kind = 'referrers.confirmation' AND to_user = $1 ORDER BY id", who.user_id
        )
    ]  # fmt: skip


async def question_of(who, day: date):
    return await access.confirmation_due(who.referrer_id, day)


@pytest.fixture
async def active(cast):
    """Rachel, Rémi and Mina have a contract in force; Stefan has none."""
    await books_of(cast)
    return cast


@pytest.fixture
def january() -> date:
    return date(today().year + 1, 1, 1)


async def test_in_january_all_who_have_a_contract_are_asked_once(active, january):
    await the_morning_of(january - timedelta(1))
    assert await question_of(active.mina, january) is None
    await the_morning_of(january)
    await the_morning_of(january + timedelta(1))
    for who in (active.rachel, active.remi, active.mina):
        assert (await question_of(who, january))["reason"] == Reason.YEARLY
        assert len(await mails_to(who)) == 1
    assert await question_of(active.stefan, january) is None


async def test_a_portal_that_stood_still_in_january_asks_in_february_but_not_in_spring(active, january):
    await the_morning_of(january + timedelta(100))
    assert await question_of(active.mina, january + timedelta(100)) is None
    await the_morning_of(january + timedelta(45))
    assert await question_of(active.mina, january + timedelta(45))


async def test_reminders_come_after_two_weeks_a_month_and_two_then_no_more(active, january):
    for days in (0, 13, 14, 15, 29, 30, 59, 60, 61, 120):
        await the_morning_of(january + timedelta(days))
    sent = await mails_to(active.mina)
    assert len(sent) == 1 + len(REMINDERS)
    assert sent[1].startswith("Rappel")


async def test_one_click_confirms_and_nothing_more_is_mailed_until_the_next_january(active, client, january):
    await the_morning_of(january)
    mina = client(active.mina)
    with clock_at(at(january + timedelta(3))):
        page = await mina.get("/profil/confirmation")
        assert "Rien n’a changé, tout est juste" in page.text
        assert (await mina.post_form("/profil/confirmation")).status_code == 303
        assert (await mina.post_form("/profil/confirmation")).status_code == 303  # twice is harmless
        assert "Rien à confirmer" in (await mina.get("/profil/confirmation")).text
    await the_morning_of(january + timedelta(30))
    assert len(await mails_to(active.mina)) == 1
    row = await db.row("SELECT * FROM standing_confirmation WHERE referrer_id = $1", active.mina.referrer_id)
    assert row["by_user"] == active.mina.user_id
    assert await db.value(
        "SELECT count(*) FROM history_event WHERE what = 'referrers.confirmed' AND subject_id = $1", active.mina.referrer_id
    ) == 1  # fmt: skip
    await the_morning_of(date(january.year + 1, 1, 1))
    assert len(await mails_to(active.mina)) == 2


async def test_near_a_ceiling_it_is_asked_at_any_time_and_not_again_in_january_while_it_waits(
    active, january
):
    async with deed(active.fanny.person):
        await confirming.ask(active.mina.referrer_id, Reason.CEILING)
        await confirming.ask(active.mina.referrer_id, Reason.CEILING)
    await the_morning_of(january)
    rows = await db.rows(
        "SELECT reason FROM standing_confirmation WHERE referrer_id = $1", active.mina.referrer_id
    )
    assert [row["reason"] for row in rows] == [Reason.CEILING]


async def test_the_staff_see_who_has_not_answered_and_take_the_list_with_them(active, client):
    with clock_at(now() - timedelta(31)):
        async with deed(active.fanny.person):
            for who in (active.rachel, active.mina):
                await confirming.ask(who.referrer_id, Reason.CEILING)
    await client(active.mina).post_form("/profil/confirmation")
    sam = client(active.sam)
    late = await sam.get("/apporteurs/confirmations?etat=late")
    assert "Rachel Vidal" in late.text
    assert "Mina Kaci" not in late.text
    file = await sam.get("/apporteurs/confirmations?etat=confirmed&format=csv")
    assert "Mina Kaci" in file.text


async def test_the_page_shows_nothing_of_the_account_but_its_end(active, client):
    page = (await client(active.mina).get("/profil/confirmation")).text
    assert "0750" in page
    assert "FR76" not in page


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_the_season_of_the_question_is_january_to_march(day: date):
    assert (asks_for(day) == day.year) == (day.month <= 3)


@given(st.integers(0, 400))
def test_reminders_never_go_back(days: int):
    asked = date(2027, 1, 1)
    assert reminders_due(asked, asked + timedelta(days)) <= reminders_due(asked, asked + timedelta(days + 1))
