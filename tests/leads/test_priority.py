"""How long a priority lasts: counted down, extended, never shortened, ended by the clock in Paris whatever zone the machine is in."""

import os
import re
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.jobs.queue import enqueue, work_off
from portal.kit import db
from portal.kit.days import PARIS, clock_at, now, today
from portal.kit.deed import Machine, deed
from portal.kit.problems import Refused
from portal.law.holidays import is_working_day
from portal.leads import access
from portal.leads.priority import extending, receipts
from portal.leads.priority.rules import (
    DECISIONS,
    MOST_MONTHS,
    WARNED_DAYS,
    About,
    DisputeState,
    Side,
    appeal_until,
    check_extension,
    countdown,
    covers,
    decide_by,
    decisions_for,
    latest_end,
    lost_by,
    seen_state,
    shares,
)
from portal.leads.rules import AT_WORK, LeadState
from portal.verify import everything
from tests.leads.priorities import after, state_of, two_of_one
from tests.stories import contract_of, moved, open_a_programme, recommended

DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
ZONES = ["Pacific/Kiritimati", "America/Los_Angeles", "Europe/Paris"]
# The last day of a priority around which the clock or the calendar does something: both changes, 29 February, the year's end.
ENDS = [date(2027, 3, 28), date(2027, 10, 31), date(2028, 2, 29), date(2026, 12, 31)]


def lead_of(state=LeadState.ACCEPTED, until=None, recommended_on=date(2026, 1, 5), **more):
    return {"state": state, "priority_until": until, "recommended_on": recommended_on, **more}


# The rules


@given(DAYS, DAYS)
def test_a_countdown_never_goes_below_nothing_and_holds_the_last_day(until, day):
    left = countdown(lead_of(until=until), day)
    assert left is not None
    assert left.days == max(0, (until - day).days + 1)
    assert (left.days == 0) == (day > until)
    assert left.tone == ("bad" if day > until else "wait" if left.days <= WARNED_DAYS else "good")


@given(DAYS, DAYS)
def test_a_deal_is_covered_exactly_while_the_countdown_runs(until, day):
    left = countdown(lead_of(until=until), day)
    assert left is not None
    assert covers(lead_of(until=until), day) == (left.days > 0)


@given(DAYS, DAYS, DAYS, DAYS)
def test_an_extension_is_longer_to_come_and_at_most_three_years(recommended_on, before, until, day):
    lead = lead_of(until=before, recommended_on=recommended_on)
    try:
        check_extension(lead, until, day)
    except Refused:
        assert until <= before or until < day or until > latest_end(recommended_on)
    else:
        assert until > before
        assert day <= until <= latest_end(recommended_on)


@given(st.sampled_from(list(LeadState)), DAYS)
def test_nothing_is_extended_where_no_priority_runs(state, day):
    assume(state not in AT_WORK | {LeadState.WON, LeadState.EXPIRED})
    with pytest.raises(Refused):
        check_extension(lead_of(state, day), day + timedelta(1), day)


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.datetimes(timezones=st.just(UTC)),
    st.sampled_from(list(LeadState)),
)
def test_only_a_place_in_line_is_kept_back_and_only_until_answers_are_due(due, moment, state):
    seen = seen_state({"state": state, "answer_due_at": due}, moment)
    hidden = state == LeadState.WAITING and moment < due
    assert seen == (LeadState.SUBMITTED if hidden else state)


@given(DAYS)
def test_a_dispute_is_decided_on_a_working_day_and_appealed_within_fifteen_days(day):
    due = decide_by(day).astimezone(PARIS)
    days = (due.date() - day).days
    assert is_working_day(due.date())
    assert sum(is_working_day(day + timedelta(n)) for n in range(1, days + 1)) == 10
    assert (appeal_until(day) - day).days == 15


@given(st.sampled_from(sorted(DECISIONS)), st.integers(1, 99))
def test_shares_are_the_whole(code, percent):
    side = DECISIONS[code].side
    found = shares({"decision": code, "share_percent": percent if side is Side.SHARED else None}, 1, 2)
    assert sum(found.values()) == 100
    assert set(found) == {Side.FOR: {1}, Side.AGAINST: {2}, Side.SHARED: {1, 2}}[side]


@given(st.sampled_from(sorted(DECISIONS)), st.sampled_from(list(DisputeState)))
def test_only_who_lost_a_first_decision_may_appeal(code, state):
    lost = lost_by({"decision": code, "state": state, "lead_id": 1, "against_id": 2})
    if state is not DisputeState.DECIDED:
        assert lost is None
    else:
        assert lost == {Side.FOR: 2, Side.AGAINST: 1, Side.SHARED: None}[DECISIONS[code].side]


@pytest.mark.parametrize("about", list(About))
def test_every_dispute_can_be_decided_for_and_against_and_shared_only_between_two(about):
    assert {one.side for one in decisions_for(about, two=True).values()} == set(Side)
    assert {one.side for one in decisions_for(about, two=False).values()} == {Side.FOR, Side.AGAINST}


@pytest.mark.parametrize("code", sorted(DECISIONS))
def test_no_sentence_of_a_decision_tells_of_somebody_else(code):
    telling = re.compile(r"autre apporteur|concurren|collègue|client|monsieur|madame", re.IGNORECASE)
    assert not telling.search(DECISIONS[code].told + DECISIONS[code].told_other)
    assert "contest" not in DECISIONS[code].told_other


# The clock


@pytest.fixture(params=ZONES)
def zone(request, monkeypatch):
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    os.environ.setdefault("TZ", "UTC")
    time.tzset()


@pytest.fixture
async def plan(cast):
    plan = await open_a_programme()
    await contract_of(cast.rachel, plan)
    await contract_of(cast.remi, plan)
    return plan


async def strike() -> None:
    async with deed(Machine("test")):
        await enqueue("leads.priorities")
    await work_off()


async def ending(cast, until: date, member=None, **said) -> db.Row:
    """Accepted by now, with a priority that ends on that day."""
    lead = await moved(await recommended(member or cast.rachel, **said), cast.sam, "accept", "contact")
    async with deed(cast.sam.person):
        await db.execute("UPDATE lead SET priority_until = $2 WHERE id = $1", lead["id"], until)
    return await access.lead(lead["id"])


@pytest.mark.parametrize("until", ENDS, ids=str)
async def test_it_ends_after_the_last_minute_of_its_last_day_in_paris(cast, plan, zone, until):
    with clock_at(datetime(until.year, until.month, until.day, 9, tzinfo=PARIS) - timedelta(30)):
        lead = await ending(cast, until)
    last = datetime(until.year, until.month, until.day, 23, 59, 59, tzinfo=PARIS).astimezone(UTC)
    with clock_at(last):
        await strike()
        assert await state_of(lead) == "contacted"
    with clock_at(last + timedelta(seconds=2)):
        await strike()
        assert await state_of(lead) == "expired"


async def test_when_it_ends_the_next_in_line_takes_its_turn(cast, plan):
    first, second = await two_of_one(cast.rachel, cast.remi)
    first = await moved(first, cast.sam, "accept")
    with clock_at(now() + timedelta((first["priority_until"] - today()).days + 1)):
        await strike()
        assert (await state_of(first), await state_of(second)) == ("expired", "submitted")


async def test_both_sides_are_warned_once_fifteen_days_before(cast, plan):
    lead = await ending(cast, today() + timedelta(16))
    await strike()
    assert await warned(lead) == 0
    with after(1):
        await strike()
        await strike()
    with after(2):
        await strike()
    assert await warned(lead) == 2  # Rachel, and Sam who looks after her


async def warned(lead: db.Row) -> int:
    return await db.value(
        "SELECT count(*) FROM mail_message WHERE kind = 'leads.priority_ending' AND subject_id = $1",
        lead["id"],
    )


@pytest.mark.parametrize("state", ["won", "lost", "rejected"])
async def test_what_is_no_longer_at_work_does_not_expire(cast, plan, state):
    lead = await ending(cast, today())
    async with deed(cast.sam.person):
        await db.execute("UPDATE lead SET state = $2 WHERE id = $1", lead["id"], state)
    with after(3):
        await strike()
    assert await state_of(lead) == state


async def test_what_was_over_when_it_was_brought_here_is_history(cast, plan):
    lead = await ending(cast, today() - timedelta(40), source="import")
    await strike()
    assert await state_of(lead) == "contacted"


# Extensions


async def test_asked_for_granted_and_told_with_the_reason(cast, client, plan):
    lead = await ending(cast, today() + timedelta(10))
    rachel, sam, path = client(cast.rachel), client(cast.sam), f"/recommandations/{lead['ref']}"
    assert "11 jours restants" in (await rachel.get(path)).text
    assert (await rachel.post_form(f"{path}/prolongation/demande", body="Réunion le 3")).status_code == 303
    assert "Votre demande de prolongation est arrivée" in (await rachel.get(path)).text
    assert (await rachel.post_form(f"{path}/prolongation/demande", body="Encore")).status_code == 422
    assert "Réunion le 3" in (await sam.get("/recommandations/litiges")).text
    until = today() + timedelta(60)
    granted = await sam.post_form(
        f"{path}/prolongation", until=f"{until:%d/%m/%Y}", body="Le devis part lundi"
    )
    assert granted.status_code == 303
    kept = await access.lead(lead["id"])
    assert kept["priority_until"] == until
    told = await db.value("SELECT text_body FROM mail_message WHERE kind = 'leads.extension_answered'")
    assert "Le devis part lundi" in told
    steps = await db.rows("SELECT kind, before, until FROM lead_extension ORDER BY id")
    assert [tuple(step) for step in steps] == [
        ("asked", None, None), ("granted", today() + timedelta(10), until),
    ]  # fmt: skip
    assert "Réunion le 3" not in (await sam.get("/recommandations/litiges")).text


async def test_it_is_never_shortened_nor_made_endless(cast, client, plan):
    lead = await ending(cast, today() + timedelta(10))
    sam, path = client(cast.sam), f"/recommandations/{lead['ref']}/prolongation"
    for until, said in (
        (today() + timedelta(9), "elle ne se raccourcit pas"),
        (today() + timedelta(31 * MOST_MONTHS + 40), "au plus trois ans"),
    ):
        wrong = await sam.post_form(path, until=f"{until:%d/%m/%Y}", body="Non")
        assert wrong.status_code == 422
        assert said in wrong.text
    assert (await sam.post_form(path, until="hier", body="Non")).status_code == 422
    assert (
        await sam.post_form(path, until=f"{today() + timedelta(60):%d/%m/%Y}", body="")
    ).status_code == 422
    assert (await access.lead(lead["id"]))["priority_until"] == today() + timedelta(10)


async def test_refused_with_its_reason_and_only_when_asked(cast, client, plan):
    lead = await ending(cast, today() + timedelta(10))
    sam, path = client(cast.sam), f"/recommandations/{lead['ref']}/prolongation"
    assert (await sam.post_form(f"{path}/refus", body="Rien n'avance")).status_code == 422
    async with deed(cast.rachel.person):
        await extending.ask(lead, "Encore un mois")
    assert (await sam.post_form(f"{path}/refus", body="Rien n'avance")).status_code == 303
    told = await db.value("SELECT text_body FROM mail_message WHERE kind = 'leads.extension_answered'")
    assert "n’est pas prolongée" in told


async def test_who_asked_loses_nothing_while_the_answer_is_due(cast, plan):
    lead = await ending(cast, today())
    async with deed(cast.rachel.person):
        await extending.ask(lead, "La réunion est demain")
    with after(1):
        await strike()
        assert await state_of(lead) == "contacted"
        async with deed(cast.sam.person):
            await extending.refuse(lead, "Non")
        await strike()
    assert await state_of(lead) == "expired"


async def test_an_extension_brings_an_expired_one_back_unless_the_next_took_its_turn(cast, plan):
    alone = await ending(cast, today(), company="Seule")
    first, second = await two_of_one(cast.rachel, cast.remi)
    first = await moved(first, cast.sam, "accept")
    async with deed(cast.sam.person):
        await db.execute("UPDATE lead SET priority_until = $2 WHERE id = $1", first["id"], today())
    with after(1):
        await strike()
        until = today() + timedelta(30)
        async with deed(cast.sam.person):
            await extending.grant(await access.lead(alone["id"]), until, "On reprend")
        with pytest.raises(Refused, match="passed_on"):
            async with deed(cast.sam.person):
                await extending.grant(await access.lead(first["id"]), until, "On reprend")
    assert (await state_of(alone), await state_of(first), await state_of(second)) == (
        "accepted",
        "expired",
        "submitted",
    )


# The receipt


async def test_the_receipt_says_the_second_and_a_code_that_is_checked(cast, client, plan):
    with clock_at(datetime(2026, 10, 25, 0, 30, 15, tzinfo=UTC)):
        lead = await recommended(cast.rachel)
    page = (await client(cast.rachel).get(f"/recommandations/{lead['ref']}/recu")).text
    assert "25/10/2026 02:30:15 (UTC+2)" in page  # the first of the two hours that are called two o'clock
    assert receipts.shown(receipts.code_of(lead)) in page
    assert "rien n’a changé" in page
    with clock_at(datetime(2026, 10, 25, 1, 30, 15, tzinfo=UTC)):
        an_hour_later = await recommended(cast.rachel, "Autre")
    assert receipts.exact(an_hour_later["submitted_at"]).endswith("02:30:15 (UTC+1)")


@pytest.mark.breaks_promises
async def test_what_is_changed_behind_the_receipt_is_seen(cast, client, plan):
    lead = await recommended(cast.rachel)
    async with deed(cast.sam.person):
        await db.execute(
            "UPDATE lead SET submitted_at = submitted_at - interval '1 day' WHERE id = $1", lead["id"]
        )
    assert any("receipt_differs" in fault for fault in (await everything()).faults)
    with pytest.raises(Exception, match=r"(?i)forbidden|denied"):
        async with deed(cast.alice.person):
            await db.execute("UPDATE lead_receipt SET code = 'x'")
