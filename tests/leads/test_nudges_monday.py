"""Mondays at eight: what waits for a word of each colleague, with links that open a page with one button."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from portal import clockwork
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import at, clock_at, now, today
from portal.kit.deed import deed
from portal.leads import access, actions
from portal.leads.assignment import keeping
from portal.leads.assignment.assigning import assign
from portal.leads.nudges import monday
from portal.mail import choices
from portal.mail.kinds import How, Topic
from portal.people import actions as people
from portal.people.access import user
from tests.stories import moved, open_a_programme, recommended


@pytest.fixture(autouse=True)
async def plan(cast):
    return await open_a_programme()


def next_monday() -> date:
    return monday.monday_of(today()) + timedelta(7)


async def mails_to(member, kind="leads.monday"):
    return await db.rows(
        "SELECT * FROM mail_message WHERE kind = $1 AND to_user = $2 ORDER BY id", kind, member.user_id
    )


def links(text: str) -> dict[str, str]:
    """By the noun of the answer, those of the first recommendation in the mail."""
    found = {}
    for path, noun in re.findall(r"https?://[^/\s]+(/mot/[\w-]+/(\w+))", text):
        found.setdefault(noun, path)
    return found


async def silent(cast, company="Garage Morin", *moves, days=12, **said):
    with clock_at(now() - timedelta(days)):
        return await moved(await recommended(cast.rachel, company, **said), cast.sam, *(moves or ("accept",)))


async def sent(cast, member=None):
    """The links of this Monday's mail."""
    await monday.tell_all()
    return links((await mails_to(member or cast.sam))[-1]["text_body"])


class TestTheMail:
    async def test_it_says_how_many_wait_whose_and_since_when(self, cast):
        await silent(cast, "Garage Morin")
        await recommended(cast.rachel, "Boulangerie Rossi", contact_phone="+33612345670")
        await monday.tell_all()
        [mail] = await mails_to(cast.sam)
        assert mail["subject"] == "2 recommandations attendent un mot de vous"
        assert "12 jours sans nouvelle" in mail["text_body"]
        assert "Rachel Vidal" in mail["text_body"]
        assert mail["text_body"].index("Boulangerie Rossi") < mail["text_body"].index("Garage Morin")
        assert await mails_to(cast.sonia) == []  # nothing of hers waits

    async def test_what_was_heard_of_lately_does_not_wait(self, cast):
        await silent(cast, days=9)
        await monday.tell_all()
        assert await mails_to(cast.sam) == []

    async def test_a_word_that_the_referrer_read_breaks_the_silence(self, cast):
        lead = await silent(cast)
        async with deed(cast.sam.person):
            await actions.note(lead, "Le devis part jeudi.", shared=True)
        await monday.tell_all()
        assert await mails_to(cast.sam) == []

    async def test_it_comes_once_a_week_whatever_the_clock_does(self, cast):
        await silent(cast)
        await monday.tell_all()
        await monday.tell_all()
        assert len(await mails_to(cast.sam)) == 1
        with clock_at(at(next_monday(), 8)):
            await monday.tell_all()
        assert len(await mails_to(cast.sam)) == 2

    async def test_who_wants_no_mail_of_the_kind_gets_none(self, cast):
        await silent(cast)
        async with deed(cast.sam.person):
            await choices.choose(cast.sam.user_id, Topic.TO_ANSWER, How.NONE)
        await monday.tell_all()
        assert await mails_to(cast.sam) == []

    async def test_who_stands_in_reads_what_waits_for_who_is_away(self, cast):
        await silent(cast)
        async with deed(cast.sam.person):
            await keeping.go_away(cast.sam.user_id, today(), today(), cast.sonia.user_id)
        opened = await sent(cast, cast.sonia)
        assert "contact" in opened

    @pytest.mark.parametrize(
        ("hour_utc", "day"),
        [
            (6, date(2027, 3, 29)),  # the Monday after clocks went forward: 8 h in Paris is 6 h UTC
            (7, date(2027, 3, 22)),  # the Monday before: 7 h UTC
            (7, date(2026, 10, 26)),  # the Monday after clocks went back
            (6, date(2026, 10, 19)),
        ],
    )
    async def test_it_leaves_at_eight_in_paris_around_both_changes_of_the_clock(self, cast, hour_utc, day):
        for hour in (hour_utc - 1, hour_utc, hour_utc + 1):
            await clockwork.strike(datetime(day.year, day.month, day.day, hour, tzinfo=UTC))
            waiting = await db.value("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'leads.monday'")
            assert waiting == (1 if hour >= hour_utc else 0)

    async def test_no_other_day_has_it(self, cast):
        for day in range(1, 7):
            await clockwork.strike(at(next_monday() + timedelta(day), 8))
        assert await db.value("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'leads.monday'") == 0


class TestItsLinks:
    async def test_opening_or_scanning_changes_nothing(self, cast, client):
        lead = await silent(cast)
        opened, scanner = await sent(cast), client(None)
        for path in opened.values():
            assert (await scanner.get(path)).status_code == 200
            assert (await scanner.head(path)).status_code == 200
        assert (await access.lead(lead["id"]))["version"] == lead["version"]
        assert await db.value("SELECT count(*) FROM lead_button WHERE used_at IS NOT NULL") == 0

    async def test_one_button_and_the_referrer_reads_it_at_once(self, cast, client):
        lead = await silent(cast)
        opened, phone = await sent(cast), client(None)
        page = (await phone.get(opened["contact"])).text
        assert page.count('<button class="button') == 2  # the one of the page, and the language at the top
        answer = await phone.post_form(opened["contact"])
        assert (answer.status_code, answer.headers["location"]) == (303, opened["contact"])
        assert "C’est noté" in (await phone.get(opened["contact"])).text
        assert (await access.lead(lead["id"]))["state"] == "contacted"
        assert (
            "Le premier contact est pris"
            in (await client(cast.rachel).get(f"/recommandations/{lead['ref']}")).text
        )
        moves = await access.moves_of(lead["id"])
        assert moves[-1]["who"] == "Sam Berger"

    async def test_no_session_is_given(self, cast, client):
        await silent(cast)
        opened, phone = await sent(cast), client(None)
        await phone.post_form(opened["contact"])
        assert (await phone.get("/recommandations")).status_code in (303, 302, 401)
        assert "session" not in phone.cookies

    async def test_it_has_one_effect_whatever_is_pressed_next(self, cast, client):
        lead = await silent(cast)
        opened, phone = await sent(cast), client(None)
        await phone.post_form(opened["contact"])
        again = await phone.post_form(opened["devis"])
        assert again.status_code == 422
        assert (await access.lead(lead["id"]))["state"] == "contacted"

    async def test_a_new_recommendation_is_accepted_and_contacted_by_one_button(self, cast, client):
        lead = await recommended(cast.rachel)
        [mail] = await mails_to(cast.sam, "leads.to_answer")
        await client(None).post_form(links(mail["text_body"])["contact"])
        found = await access.lead(lead["id"])
        assert found["state"] == "contacted"
        assert found["priority_until"] is not None

    async def test_a_word_reaches_the_referrer_and_nothing_moves(self, cast, client):
        lead = await silent(cast, "Garage Morin", "accept", "contact")
        await client(None).post_form((await sent(cast))["nouvelles"], word="Le client décide en janvier.")
        assert (await access.lead(lead["id"]))["state"] == "contacted"
        assert (
            "Le client décide en janvier."
            in (await client(cast.rachel).get(f"/recommandations/{lead['ref']}")).text
        )

    async def test_an_ending_wants_its_reason(self, cast, client):
        lead = await silent(cast)
        opened, phone = await sent(cast), client(None)
        assert (await phone.post_form(opened["perte"])).status_code == 422
        assert (await access.lead(lead["id"]))["state"] == "accepted"
        await phone.post_form(opened["perte"], reason="no_budget")
        assert (await access.lead(lead["id"]))["state"] == "lost"

    async def test_won_makes_the_deal_and_the_thanks_are_ready(self, cast, client):
        lead = await silent(cast)
        opened, phone = await sent(cast), client(None)
        assert (await phone.post_form(opened["gagnee"], net="")).status_code == 422
        assert (await phone.post_form(opened["gagnee"], net="12 000")).status_code == 303
        deal = await db.row("SELECT * FROM deal WHERE lead_id = $1", lead["id"])
        assert deal
        assert (deal["net_cents"], deal["signed_on"]) == (1_200_000, today())
        page = (await phone.get(opened["gagnee"])).text
        assert "Bonjour Rachel, bonne nouvelle : Garage Morin vient de signer" in page.replace("\u00a0", " ")
        assert "https://wa.me/" in page
        assert "mailto:rachel@perso.example" in page


class TestWhoMayNot:
    async def test_an_altered_link_is_nobodys(self, cast, client):
        await silent(cast)
        path = (await sent(cast))["contact"]
        token = path.split("/")[2]
        altered = path.replace(token, token[:-1] + ("A" if token[-1] != "A" else "B"))
        stranger = client(None)
        assert (await stranger.get(altered)).status_code == 404
        assert (await stranger.post_form(altered)).status_code == 404
        assert (await stranger.get(f"/mot/{token}/acceptation/plus")).status_code == 404
        assert (await stranger.get(f"/mot/{token}/retrait")).status_code == 404

    async def test_after_seven_days_it_opens_nothing(self, cast, client):
        lead = await silent(cast)
        path = (await sent(cast))["contact"]
        with clock_at(now() + timedelta(days=7, minutes=1)):
            phone = client(None)
            assert "Garage Morin" not in (await phone.get(path)).text
            assert (await phone.post_form(path)).status_code == 422
        assert (await access.lead(lead["id"]))["state"] == "accepted"

    async def test_it_stops_when_the_recommendation_moved_on(self, cast, client):
        lead = await silent(cast)
        path = (await sent(cast))["contact"]
        await moved(lead, cast.sonia, "qualify")
        assert (await client(None).post_form(path)).status_code == 422
        assert (await access.lead(lead["id"]))["state"] == "qualified"

    async def test_it_stops_when_somebody_else_follows_it(self, cast, client):
        lead = await silent(cast)
        path = (await sent(cast))["contact"]
        async with deed(cast.alice.person):
            await assign(await access.lead(lead["id"]), cast.sonia.user_id)
        assert (await client(None).post_form(path)).status_code == 422

    async def test_it_stops_with_the_account_and_tells_nothing(self, cast, client):
        lead = await silent(cast)
        path = (await sent(cast))["contact"]
        async with deed(cast.alice.person):
            await people.deactivate(await user(cast.sam.user_id))
        phone = client(None)
        assert "Garage Morin" not in (await phone.get(path)).text
        assert (await phone.post_form(path)).status_code == 422
        assert (await access.lead(lead["id"]))["state"] == "accepted"

    async def test_a_colleague_who_is_signed_in_does_not_use_the_link_of_another(self, cast, client):
        await silent(cast)
        path = (await sent(cast))["contact"]
        sonia = client(cast.sonia)
        assert (await sonia.get(path)).status_code == 404
        assert (await sonia.post_form(path)).status_code == 404
        assert (await client(cast.sam).get(path)).status_code == 200

    async def test_a_form_from_elsewhere_is_refused(self, cast, client):
        lead = await silent(cast)
        path = (await sent(cast))["contact"]
        phone = client(None)
        await phone.get(path)
        assert (
            await phone.post(path, data={}, headers={"origin": "https://ailleurs.example"})
        ).status_code == 403
        assert (await access.lead(lead["id"]))["state"] == "accepted"

    async def test_links_that_are_over_are_forgotten_after_a_month(self, cast):
        await silent(cast)
        await sent(cast)
        with clock_at(now() + timedelta(days=38)):
            await clockwork.strike(at(today(), 1, 35))
            await work_off()
        assert await db.value("SELECT count(*) FROM lead_button") == 0
