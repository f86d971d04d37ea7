"""The table of rules: the first that fits decides, nobody who is away gets anything, turns are fair, and the rule is kept."""

import asyncio
from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.jobs.queue import TASKS
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.leads import access as leads
from portal.leads.assignment import access, keeping
from portal.leads.assignment.rules import (
    Away,
    Choice,
    Condition,
    House,
    Rule,
    Why,
    choose,
    decide,
    fits,
    in_turn,
    stand_in,
)
from tests.stories import open_a_programme, recommended

DAY = date(2026, 11, 23)
EVERYWHERE: tuple[Condition, ...] = ()


def rule(
    number: int = 1, *users: int, when=EVERYWHERE, choice: Choice = Choice.ONE, last: int | None = None
) -> Rule:
    return Rule(number, f"règle {number}", tuple(when), choice, users, last)


def there(*users: int, away: tuple[Away, ...] = (), **known) -> House:
    return House(DAY, frozenset(users), away, **known)


RHONE = Condition("place", "starts_with", ["69", "01"])
LARGE = Condition("estimate", "from", 1_000_000)


@pytest.mark.parametrize(
    ("facts", "fitting"),
    [
        ({"place": "69003", "estimate": 1_000_000}, True),  # from 10 000 € on: the bound is in
        ({"place": "69003", "estimate": 999_999}, False),
        ({"place": "75008", "estimate": 2_000_000}, False),
        ({"place": None, "estimate": 2_000_000}, False),  # a place that is not known fits nothing
        ({"place": "01000", "estimate": None}, False),
    ],
)
def test_all_conditions_must_hold(facts, fitting):
    assert fits([RHONE, LARGE], facts) is fitting


def test_the_first_rule_that_fits_decides():
    decided = decide({"place": "69001"}, [rule(1, 5, when=[RHONE]), rule(2, 6)], there(5, 6), 7, None)
    assert decided
    assert (decided.user, decided.why, decided.rule.id) == (5, Why.RULE, 1)


def test_a_rule_that_finds_nobody_leaves_it_to_the_next():
    decided = decide({"place": "69001"}, [rule(1, 5, when=[RHONE]), rule(2, 6)], there(6), 7, None)
    assert decided
    assert decided.user == 6


def test_without_a_rule_the_contact_of_the_referrer_then_the_default_of_the_programme():
    assert decide({}, [], there(7, 8), 7, 8).why == Why.CONTACT
    assert decide({}, [], there(8), 7, 8).why == Why.PROGRAMME
    assert decide({}, [], there(9), 7, 8) is None


def test_who_is_away_is_replaced_and_the_replacement_of_the_replacement_too():
    away = (Away(1, DAY, DAY, 2), Away(2, DAY, DAY, 3))
    assert stand_in(1, there(1, 2, 3, away=away)) == 3
    chosen = choose([1], there(1, 2, 3, away=away))
    assert chosen
    assert (chosen.user, chosen.for_user) == (3, 1)


def test_two_who_replace_each_other_are_both_away():
    away = (Away(1, DAY, DAY, 2), Away(2, DAY, DAY, 1))
    assert stand_in(1, there(1, 2, away=away)) is None


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2026, 11, 26)])
def test_an_absence_holds_from_its_first_to_its_last_day(day):
    away = (Away(1, date(2026, 11, 23), date(2026, 11, 25), 2),)
    assert stand_in(1, House(day, frozenset({1, 2}), away)) == 1


def test_in_turn_a_colleague_who_is_there_goes_before_a_replacement():
    chosen = choose([1, 2], there(1, 2, 3, away=(Away(1, DAY, DAY, 3),)))
    assert chosen
    assert chosen.user == 2


def test_the_least_loaded_and_among_equals_the_first_of_the_list():
    among = rule(1, 1, 2, 3, choice=Choice.LEAST_LOADED)
    assert decide({}, [among], there(1, 2, 3, loads={1: 4, 2: 1, 3: 1}), None, None).user == 2


@given(st.lists(st.integers(1, 50), min_size=1, max_size=8, unique=True), st.integers(0, 200))
def test_turns_are_fair(users, many):
    """After any number of turns nobody is more than one ahead."""
    last, got = None, Counter(dict.fromkeys(users, 0))
    for _turn in range(many):
        last = in_turn(users, last)[0]
        got[last] += 1
    assert max(got.values()) - min(got.values()) <= 1


class TestAtWork:
    @pytest.fixture(autouse=True)
    async def plan(self, cast):
        return await open_a_programme()

    async def made(self, cast, name, choice, *users, when=()):
        async with deed(cast.alice.person):
            return await keeping.add(name, list(when), choice, [user.user_id for user in users])

    async def test_a_recommendation_goes_where_the_rule_says_and_the_rule_is_kept(self, cast):
        await self.made(
            cast,
            "Grands projets",
            Choice.ONE,
            cast.sonia,
            when=[{"field": "estimate", "is": "from", "value": 1_000_000}],
        )
        lead = await leads.lead((await recommended(cast.rachel, estimate_cents=1_500_000))["id"])
        assert lead["sales_user_id"] == cast.sonia.user_id
        change = await access.last_change(lead["id"])
        assert change
        assert (change["why"], change["rule"]) == ("rule", "Grands projets")
        small = await leads.lead(
            (
                await recommended(
                    cast.rachel, "Petit projet", estimate_cents=50_000, contact_phone="+33612345679"
                )
            )["id"]
        )
        assert small["sales_user_id"] == cast.sam.user_id  # her own contact

    async def test_only_who_follows_it_is_told_that_it_came(self, cast):
        await self.made(cast, "Tout", Choice.ONE, cast.sonia)
        await recommended(cast.rachel)
        told = await db.rows(
            "SELECT kind, to_user FROM mail_message WHERE kind LIKE 'leads.%' AND to_user = ANY ($1)",
            [cast.sam.user_id, cast.sonia.user_id],
        )
        assert [(row["kind"], row["to_user"]) for row in told] == [("leads.to_answer", cast.sonia.user_id)]

    async def test_in_turn_among_two_even_at_the_same_instant(self, cast):
        await self.made(cast, "Chacun son tour", Choice.IN_TURN, cast.sam, cast.sonia)
        came = await asyncio.gather(
            *[recommended(cast.rachel, f"Maison {n}", contact_phone=f"+3361234{n:04}") for n in range(6)]
        )
        got = Counter([(await leads.lead(lead["id"]))["sales_user_id"] for lead in came])
        assert got == {cast.sam.user_id: 3, cast.sonia.user_id: 3}

    async def test_who_is_away_gets_nothing_that_day(self, cast):
        await self.made(cast, "Tout", Choice.ONE, cast.sonia)
        async with deed(cast.sonia.person):
            await keeping.go_away(cast.sonia.user_id, today(), today(), cast.sam.user_id)
        lead = await leads.lead((await recommended(cast.rachel))["id"])
        change = await access.last_change(lead["id"])
        assert change
        assert (lead["sales_user_id"], change["for_name"]) == (cast.sam.user_id, "Sonia Klein")

    async def test_whom_a_colleague_named_keeps_it(self, cast):
        await self.made(cast, "Tout", Choice.ONE, cast.sam)
        lead = await recommended(cast.rachel, sales_user_id=cast.sonia.user_id)
        assert (await leads.lead(lead["id"]))["sales_user_id"] == cast.sonia.user_id

    async def test_what_nobody_followed_is_shared_out_once_there_is_a_rule(self, cast):
        async with db.transaction():
            await db.execute(
                "UPDATE referrer SET sales_user_id = NULL WHERE id = $1", cast.rachel.referrer_id
            )
        lead = await recommended(cast.rachel)
        assert lead["sales_user_id"] is None
        await self.made(cast, "Tout", Choice.ONE, cast.sonia)
        await TASKS["leads.assign_nobodys"]()
        assert (await leads.lead(lead["id"]))["sales_user_id"] == cast.sonia.user_id
        assert await db.value("SELECT count(*) FROM mail_message WHERE kind = 'leads.assigned'") == 1
