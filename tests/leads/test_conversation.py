"""The referrer's side: where it stands, what it brings, asking for news, questions and their answers."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.kit import db
from portal.kit.days import at, clock_at, day_of, now, today
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.leads import access, actions
from portal.leads.conversation import access as conversation
from portal.leads.conversation import asking
from portal.leads.conversation.rules import AWAITS_NEWS, may_nudge, nudge_opens_on
from portal.leads.rules import SILENT_DAYS, LeadState
from portal.people import sessions
from tests.counting import Queries
from tests.stories import contract_of, moved, open_a_programme, paid, recommended, won

LATER = timedelta(SILENT_DAYS)


@pytest.fixture
async def contract(cast):
    return await contract_of(cast.rachel, await open_a_programme())


@pytest.fixture
async def lead(cast, contract):
    return await moved(await recommended(cast.rachel, estimate_cents=1_200_000), cast.sam, "accept")


async def again(lead: db.Row) -> db.Row:
    return await access.lead(lead["id"])


async def nudge(member, lead: db.Row) -> None:
    async with deed(member.person):
        await asking.nudge(await again(lead))


async def today_as(client, member):
    """Their browser, signed in on the day to which the clock has been moved."""
    seat_id = await db.value(
        "SELECT id FROM membership WHERE user_id = $1 AND referrer_id IS NOT NULL", member.user_id
    )
    browser = client(None)
    async with deed(member.person):
        token = await sessions.open_session(
            member.user_id, seat_id=seat_id, step="full", second_factor=seat_id is None
        )
    browser.carry(token)
    return browser


async def says(member, lead: db.Row, body: str) -> None:
    async with deed(member.person):
        await actions.note(await again(lead), body, shared=True)


# Asking for news


async def test_after_ten_days_of_silence_one_tap_asks_for_news_and_an_answer_is_promised(cast, client, lead):
    rachel, path = client(cast.rachel), f"/recommandations/{lead['ref']}"
    assert "/relance" not in (await rachel.get(path)).text
    with clock_at(at(date(2027, 3, 5), 19)):  # a Friday evening, long after
        rachel = await today_as(client, cast.rachel)
        assert "Relancer" in (await rachel.get(path)).text
        assert (await rachel.post_form(f"{path}/relance")).status_code == 303
        page = (await rachel.get(path)).text
        assert "Relancé le 5 mars 2027" in page
        assert "mardi 9 mars à 18" in page  # two working days: Monday, Tuesday
        assert f"{path}/relance" not in page
        assert (
            "L’apporteur demande des nouvelles"
            in (await (await today_as(client, cast.sam)).get("/notifications")).text
        )
    mail = await db.row("SELECT * FROM mail_message WHERE kind = 'leads.nudged'")
    assert mail["to_user"] == cast.sam.user_id
    assert path in mail["text_body"]


async def test_news_cannot_be_asked_for_a_minute_too_early(cast, lead):
    opens_on = nudge_opens_on(await again(lead))
    with clock_at(at(opens_on, 0) - timedelta(minutes=1)), pytest.raises(Refused, match="too_early"):
        await nudge(cast.rachel, lead)
    with clock_at(at(opens_on, 0) + timedelta(seconds=1)):
        await nudge(cast.rachel, lead)


@pytest.mark.parametrize(
    ("moved_at", "opens"),
    [
        (
            datetime(2027, 3, 18, 23, 30, tzinfo=UTC),
            at(date(2027, 3, 29), 0),
        ),  # 0:30 on 19 March in Paris; summer time since the 28th
        (
            datetime(2026, 10, 15, 21, 59, tzinfo=UTC),
            at(date(2026, 10, 25), 0),
        ),  # 23:59 on the 15th; the clock goes back on the 25th
        (datetime(2026, 12, 22, 23, 0, tzinfo=UTC), at(date(2027, 1, 2), 0)),
    ],
)
def test_silence_is_counted_in_days_of_paris_over_clock_changes(moved_at: datetime, opens: datetime):
    quiet = {"state": "accepted", "moved_at": moved_at, "said_at": None, "nudged_at": None}
    assert nudge_opens_on(quiet) == day_of(opens)
    assert not may_nudge(quiet, day_of(opens - timedelta(seconds=1)))
    assert may_nudge(quiet, day_of(opens))


BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
instants = st.integers(0, 50_000).map(lambda hours: BEGAN + timedelta(hours=hours))  # until September 2029


@settings(suppress_health_check=[HealthCheck.too_slow])  # the first draw loads the library
@given(
    instants,
    st.none() | instants,
    st.none() | instants,
    st.sampled_from(sorted(LeadState)),
    st.integers(0, 2_500).map(lambda days: date(2024, 1, 1) + timedelta(days)),
)
def test_nobody_asks_within_ten_days_of_any_news(moved_at, said_at, nudged_at, state, on):
    lead = {"state": state, "moved_at": moved_at, "said_at": said_at, "nudged_at": nudged_at}
    last = max(day_of(one) for one in (moved_at, said_at, nudged_at) if one)
    assert may_nudge(lead, on) == (state in AWAITS_NEWS and (on - last).days >= SILENT_DAYS)


async def test_two_ask_at_once_and_one_is_heard(cast, lead):
    with clock_at(now() + LATER):
        before = await again(lead)

        async def ask() -> None:
            async with deed(cast.rachel.person):
                await asking.nudge(before)

        done = await asyncio.gather(ask(), ask(), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["NoneType", "Refused"]
    assert await db.value("SELECT count(*) FROM lead_nudge") == 1
    assert await db.value("SELECT count(*) FROM mail_message WHERE kind = 'leads.nudged'") == 1


async def test_a_word_or_a_move_is_the_answer_and_silence_counts_anew(cast, lead):
    with clock_at(now() + LATER):
        await nudge(cast.rachel, lead)
        await says(cast.sam, lead, "Je les vois jeudi.")
        answered = await again(lead)
        assert answered["nudge_due_at"] is None
        assert nudge_opens_on(answered) == today() + LATER
    with clock_at(now() + 3 * LATER):
        await nudge(cast.rachel, lead)
        await moved(lead, cast.sam, "contact")
        assert (await again(lead))["nudge_due_at"] is None


async def test_who_asked_may_ask_again_after_ten_more_days_without_an_answer(cast, lead):
    with clock_at(now() + LATER):
        await nudge(cast.rachel, lead)
        with pytest.raises(Refused, match="too_early"):
            await nudge(cast.rachel, lead)
    with clock_at(now() + 2 * LATER):
        await nudge(cast.rachel, lead)
    assert await db.value("SELECT count(*) FROM lead_nudge") == 2


async def test_an_answer_that_does_not_come_stands_before_an_administrator(cast, client, lead):
    with clock_at(now() + LATER):
        await nudge(cast.rachel, lead)
        due_at = (await again(lead))["nudge_due_at"]
        assert "Relance sans réponse" not in (await (await today_as(client, cast.alice)).get("/")).text
    with clock_at(due_at + timedelta(seconds=1)):
        home = (await (await today_as(client, cast.alice)).get("/")).text
        assert "Relance sans réponse" in home
        assert lead["ref"] in home


async def test_nothing_is_asked_of_what_has_ended_nor_by_a_stranger(cast, client, lead):
    with clock_at(now() + LATER):
        for other in (cast.stefan, cast.sam):
            browser = await today_as(client, other)
            assert (await browser.post_form(f"/recommandations/{lead['ref']}/relance")).status_code == 404
        await moved(lead, cast.sam, "lose", reason="price")
    with clock_at(now() + 3 * LATER):
        rachel = await today_as(client, cast.rachel)
        answer = await rachel.post_form(f"/recommandations/{lead['ref']}/relance")
        assert answer.status_code == 409
        assert "plus de nouvelles à attendre" in answer.text


# Questions and answers


async def test_a_question_waits_in_the_inbox_until_it_is_answered(cast, client, lead):
    rachel, sam, path = client(cast.rachel), client(cast.sam), f"/recommandations/{lead['ref']}"
    await rachel.post_form(f"{path}/notes", body="Avez-vous pu les joindre ?")
    assert "Question sans réponse" in (await sam.get("/recommandations")).text
    assert "Sans réponse" in (await rachel.get(path)).text
    asked = await db.row("SELECT * FROM mail_message WHERE kind = 'leads.noted'")
    assert asked["to_user"] == cast.sam.user_id
    assert "Avez-vous pu les joindre ?" in asked["text_body"]
    await sam.post_form(f"{path}/notes", body="Oui, rendez-vous jeudi.", shared="1")
    assert "Question sans réponse" not in (await sam.get("/recommandations")).text
    page = (await rachel.get(path)).text
    assert "Oui, rendez-vous jeudi." in page
    assert "Sans réponse" not in page


async def test_a_second_question_waits_since_the_first(cast, lead):
    await says(cast.rachel, lead, "Une première ?")
    first = (await again(lead))["asked_at"]
    await says(cast.rachel, lead, "Une autre ?")
    assert (await again(lead))["asked_at"] == first


async def test_a_question_answered_by_telephone_is_closed_by_a_button(cast, client, lead):
    await says(cast.rachel, lead, "Où en est-on ?")
    sam, path = client(cast.sam), f"/recommandations/{lead['ref']}"
    assert "C’est répondu de vive voix" in (await sam.get(path)).text
    for _time in range(2):
        assert (await sam.post_form(f"{path}/question/cloture")).status_code == 303
    assert (await again(lead))["asked_at"] is None
    assert (await client(cast.rachel).post_form(f"{path}/question/cloture")).status_code == 404


async def test_an_answer_is_new_until_it_is_read_and_its_author_sees_when(cast, client, lead):
    await says(cast.sam, lead, "Rendez-vous pris.")
    rachel, sam, path = client(cast.rachel), client(cast.sam), f"/recommandations/{lead['ref']}"
    assert "Nouveau" in (await rachel.get(path)).text
    assert "pas encore lu" in (await sam.get(path)).text
    await rachel.post_form("/notifications/lecture", here=path)
    assert "Nouveau" not in (await rachel.get(path)).text
    assert "lu le" in (await sam.get(path)).text


async def test_what_is_private_never_shows(cast, client, lead):
    async with deed(cast.sam.person):
        await actions.note(await again(lead), "Budget serré, à surveiller.", shared=False)
    assert "Budget serré" not in (await client(cast.rachel).get(f"/recommandations/{lead['ref']}")).text
    assert "Budget serré" in (await client(cast.sam).get(f"/recommandations/{lead['ref']}")).text
    assert (await again(lead))["said_at"] is None  # the referrer has heard nothing


# What it brings


async def test_a_won_deal_says_why_it_has_not_earned_yet_then_what_it_earned(cast, client, contract):
    deal = await won(cast.rachel, cast.sam)
    path = f"/recommandations/{await db.value('SELECT ref FROM lead WHERE id = $1', deal['lead_id'])}"
    rachel = client(cast.rachel)
    page = (await rachel.get(path)).text
    assert "il n’a encore rien réglé des 12\u202f000,00\u00a0€" in page
    assert "environ 960\u00a0€" in page  # 12 000 × 8 %
    await paid(deal, cast.fanny, 500_000)
    page = (await rachel.get(path)).text
    assert "400,00\u00a0€" in page  # 5 000 × 8 %
    assert "7\u202f000,00\u00a0€" in page  # 12 000 − 5 000
    assert "environ 560\u00a0€" in page  # 7 000 × 8 %
    assert "400,00\u00a0€" in (await rachel.get("/recommandations")).text


async def test_a_page_asks_eight_times_at_most(cast, client, contract):
    deal = await won(cast.rachel, cast.sam)
    await paid(deal, cast.fanny, 500_000)
    lead = await db.row("SELECT * FROM lead WHERE id = $1", deal["lead_id"])
    await says(cast.sam, lead, "Merci !")
    async with Queries() as queries:
        assert (await client(cast.rachel).get(f"/recommandations/{lead['ref']}")).status_code == 200
    assert len(queries) <= 8, "\n".join(" ".join(one.split())[:90] for one in queries.asked)
    async with Queries() as queries:
        await client(cast.rachel).get("/recommandations")
    assert len(queries) <= 8


async def test_a_stranger_sees_nothing_of_it(cast, client, lead):
    assert (await client(cast.stefan).get(f"/recommandations/{lead['ref']}")).status_code == 404
    assert await conversation.await_a_word() == []
