"""Five calls a day: which and why; what came of one leaves the list; who may not be called is not proposed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit import db
from portal.kit.days import clock_at, now, today
from portal.kit.deed import deed
from portal.leads import access
from portal.leads.nudges import calls, calls_access
from portal.leads.nudges.calls_rules import MOST, OF_ONE_KIND, ORDER, Candidate, five, reason
from tests.counting import Queries
from tests.stories import contract_of, moved, open_a_programme, recommended, won

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
PATH = "/recommandations/appels-du-jour"


def whom(why: str, number: int, days: int = 1) -> Candidate:
    return Candidate(
        why,
        number,
        f"R{number}",
        f"Personne {number}",
        AT - timedelta(days),
        f"Personne {number}",
        f"+3360000{number:04}",
        company="Morin",
    )


class TestWhich:
    @given(st.lists(st.tuples(st.sampled_from(ORDER), st.integers(1, 30), st.integers(0, 400)), max_size=40))
    def test_five_at_most_nobody_twice_and_the_most_pressing_first(self, drawn):
        chosen = five([whom(*one) for one in drawn])
        assert len(chosen) <= MOST
        assert len({one.phone for one in chosen}) == len(chosen)
        assert [ORDER.index(one.why) for one in chosen] == sorted(ORDER.index(one.why) for one in chosen)
        assert all(sum(1 for other in chosen if other.why == one.why) <= OF_ONE_KIND for one in chosen)

    def test_a_day_of_many_deadlines_leaves_room_for_a_kind_word(self):
        chosen = five(
            [*[whom("due", number) for number in range(1, 9)], whom("first", 20), whom("anniversary", 21)]
        )
        assert [one.why for one in chosen] == ["due", "due", "due", "first", "anniversary"]

    def test_who_has_no_number_is_not_proposed(self):
        silent = Candidate("due", 1, "R1", "Personne", AT, "Personne", "")
        assert five([silent]) == []

    @pytest.mark.parametrize(
        ("call", "said"),
        [
            (whom("stuck", 1, 6), "depuis 6 jours"),
            (whom("quiet", 1, 120), "rien depuis 120 jours"),
            (whom("anniversary", 1, 731), "2 ans de contrat"),
            (whom("due", 1, 2), "était attendue le 21/11/2026"),
            (whom("due", 1, -1), "avant le 24/11/2026"),
            (whom("first", 1), "première recommandation"),
        ],
    )
    def test_each_says_why(self, call, said):
        assert said in reason(call, AT).replace("\u00a0", " ")


class TestOfToday:
    @pytest.fixture(autouse=True)
    async def plan(self, cast):
        async with db.transaction():
            await db.execute(
                "UPDATE referrer SET state = 'active', phone = '+3361111' || lpad(id::text, 4, '0')"
            )
        return await open_a_programme()

    async def proposed(self, cast) -> list[str]:
        return [one.why for one in await calls_access.of_today(cast.sam.user_id)]

    async def test_an_answer_that_is_due_calls_the_prospect(self, cast):
        await recommended(cast.rachel)
        await recommended(cast.rachel, "Boulangerie Rossi", contact_phone="+33612345670")
        with clock_at(now() + timedelta(days=20)):
            found = await calls_access.of_today(cast.sam.user_id)
        assert [(one.why, one.name) for one in found] == [("due", "Claire Morin"), ("due", "Claire Morin")]

    async def test_the_first_recommendation_of_a_referrer_earns_a_thank_you(self, cast):
        with clock_at(now() - timedelta(days=1)):
            await moved(await recommended(cast.rachel), cast.sam, "accept")
        [call] = await calls_access.of_today(cast.sam.user_id)
        assert (call.why, call.name) == ("first", "Rachel Vidal")

    async def test_a_private_person_who_did_not_ask_is_never_called(self, cast):
        async with db.transaction():
            await db.execute("UPDATE programme SET prospects = 'consumer'")
        await recommended(cast.rachel)
        await recommended(cast.rachel, "Autre", contact_phone="+33612345670")
        with clock_at(now() + timedelta(days=20)):
            found = await calls_access.of_today(cast.sam.user_id)
        assert {one.name for one in found} == {"Rachel Vidal"}

    async def test_a_referrer_who_brought_a_client_and_went_quiet(self, cast):
        with clock_at(now() - timedelta(days=120)):
            await won(cast.rachel, cast.sam)
        assert await self.proposed(cast) == ["quiet"]

    async def test_a_year_of_contract(self, cast, plan):
        day = today()
        contract = await contract_of(cast.rachel, plan)
        async with db.transaction():
            await db.execute(
                "UPDATE contract SET starts_on = make_date($2, 1, 1) + ($3::date - make_date($4, 1, 1)) WHERE id = $1",
                contract["id"], day.year - 1, day, day.year,
            )  # fmt: skip
            starts = await db.value("SELECT starts_on FROM contract WHERE id = $1", contract["id"])
        wanted = ["anniversary"] if (starts.month, starts.day) == (day.month, day.day) else []
        assert await self.proposed(cast) == wanted

    async def test_colleagues_have_their_own_calls(self, cast):
        await recommended(cast.stefan)
        assert await self.proposed(cast) == []


def key_of(lead) -> str:
    return f"due:{lead['ref']}"


class TestAnswered:
    @pytest.fixture(autouse=True)
    async def late(self, cast):
        await open_a_programme()
        with clock_at(now() - timedelta(days=20)):
            lead = await recommended(cast.rachel)
            await recommended(
                cast.rachel, "Boulangerie Rossi", contact_phone="+33612345670", contact_name="Luc Rossi"
            )
        return lead

    async def test_the_page_shows_them_with_a_number_to_tap(self, cast, client):
        page = (await client(cast.sam).get(PATH)).text
        assert 'href="tel:+33612345678"' in page
        assert "Luc Rossi" in page

    async def test_what_was_noted_leaves_the_list_and_stands_on_the_page_of_the_recommendation(
        self, cast, client, late
    ):
        sam = client(cast.sam)
        answer = await sam.post_form(PATH, call=key_of(late), outcome="missed", note="Messagerie pleine.")
        assert answer.status_code == 303
        assert len(await calls_access.of_today(cast.sam.user_id)) == 1
        assert "Pas joint. Messagerie pleine." in (await sam.get(f"/recommandations/{late['ref']}")).text
        assert (
            "Messagerie pleine."
            not in (await client(cast.rachel).get(f"/recommandations/{late['ref']}")).text
        )

    async def test_the_next_day_it_comes_again_(self, cast, client, late):
        await client(cast.sam).post_form(PATH, call=key_of(late), outcome="missed")
        with clock_at(now() + timedelta(days=1)):
            assert len(await calls_access.of_today(cast.sam.user_id)) == 2

    async def test_a_promise_to_call_again_comes_back_on_its_day(self, cast, client, late):
        on = today() + timedelta(3)
        await client(cast.sam).post_form(PATH, call=key_of(late), outcome="later", again_on=on.isoformat())
        assert late["ref"] not in {one.lead_ref for one in await calls_access.of_today(cast.sam.user_id)}
        with clock_at(now() + timedelta(days=3)):
            assert (await calls_access.of_today(cast.sam.user_id))[0].why == "again"

    async def test_a_promise_needs_a_day_to_come(self, cast, client, late):
        key, sam = key_of(late), client(cast.sam)
        assert "Dites quel jour rappeler" in (await sam.post_form(PATH, call=key, outcome="later")).text
        past = await sam.post_form(
            PATH, call=key, outcome="later", again_on=today().isoformat(), note="Gardé"
        )
        assert past.status_code == 422
        assert "Gardé" in past.text

    async def test_who_was_reached_was_contacted(self, cast, client, late):
        await moved(late, cast.sam, "accept")
        async with deed(cast.sam.person):
            [call, *_rest] = await calls_access.of_today(cast.sam.user_id)
            await calls.log(
                Candidate(
                    "asked",
                    call.referrer_id,
                    call.referrer_ref,
                    call.referrer,
                    now(),
                    "Claire Morin",
                    "+33612345678",
                    late["id"],
                    late["ref"],
                    "Morin",
                ),
                "reached",
                "",
                None,
            )
        assert (await access.lead(late["id"]))["state"] == "contacted"

    async def test_the_home_of_sales_shows_them_in_eight_questions(self, cast, client):
        sam = client(cast.sam)
        async with Queries() as asked:
            page = (await sam.get("/")).text
        assert 'href="tel:+33612345678"' in page
        assert len(asked) <= 8, asked.asked
