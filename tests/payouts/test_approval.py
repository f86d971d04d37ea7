"""Who may approve a run: limits, a second word, delegations, one pair of eyes in a company of one."""

import asyncio
from datetime import timedelta
from itertools import product

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import Machine, deed
from portal.kit.problems import NotAllowed, Problem, Refused
from portal.payouts import access, actions
from portal.payouts.approval import access as approvers
from portal.payouts.approval import approving
from portal.payouts.approval.rules import Reach, Word, word_of
from tests.cast import Member
from tests.invoicing.books import Books

OWN, FRED, BOSS = 1, 2, 3


@pytest.mark.parametrize(
    ("own", "lent", "before", "word"),
    [
        (Reach(FRED), (), (), Word(True, None)),
        (Reach(FRED, 500_00), (), (), Word(True, None)),  # exactly its limit
        (Reach(FRED, 499_99), (), (), Word(False, None)),
        (Reach(FRED, None, 799_99), (), (), Word(False, None)),
        (Reach(FRED, 1), (), (BOSS,), Word(True, None)),  # two persons suffice
        (Reach(FRED, 1), (Reach(BOSS),), (), Word(True, BOSS)),
        (Reach(FRED, 1), (Reach(BOSS, 499_99),), (), Word(False, None)),
        (
            Reach(FRED, 1),
            (Reach(OWN),),
            (),
            Word(False, None),
        ),  # the power of who prepared is no second pair of eyes
    ],
)
def test_what_a_word_is_worth(own, lent, before, word):
    """A run of 800.00 of which the largest transfer is 500.00, prepared by 1."""
    assert word_of(own, lent, before, 500_00, 800_00, OWN) == word


@given(
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.none() | st.integers(0, 10**9),
    st.none() | st.integers(0, 10**9),
)
def test_who_may_approve_much_may_approve_less(line, run, line_limit, run_limit):
    reach = Reach(FRED, line_limit, run_limit)
    if reach.covers(line, run):
        assert reach.covers(line // 2, run // 2)


async def prepared(books: Books, by: Member | None = None) -> db.Row:
    await books.earns(books.cast.remi, 360_00)
    await books.issue()
    async with deed((by or books.cast.fanny).person):
        return await actions.prepare(books.cast.entity_id, today())


async def limited(books: Books, who: Member, line: int | None, run: int | None = None) -> None:
    async with deed(books.cast.alice.person):
        await approving.limit(who.user_id, books.cast.alice.person, line, run)


async def says_yes(who: Member, run: db.Row) -> str:
    async with deed(who.person):
        await actions.approve(run)
    return (await access.run(run["id"]))["state"]


async def test_above_the_limit_of_one_an_administrator_is_asked_and_told(books, cast):
    run = await prepared(books)
    await limited(books, cast.fred, 400_00)
    assert await says_yes(cast.fred, run) == "drafted"
    told = await db.rows("SELECT to_user FROM mail_message WHERE kind = 'payouts.second_word'")
    assert cast.alice.user_id in {mail["to_user"] for mail in told}
    assert not {cast.fred.user_id, cast.fanny.user_id} & {mail["to_user"] for mail in told}
    with pytest.raises(Refused) as why:
        await says_yes(cast.fred, run)
    assert why.value.code == "already_said"
    assert await says_yes(cast.alice, run) == "approved"
    assert [word["who"] for word in (await access.run(run["id"]))["words"]] == [
        cast.fred.person.name,
        cast.alice.person.name,
    ]


async def test_the_last_limit_rules_and_none_is_without_limit(books, cast):
    run = await prepared(books)
    await limited(books, cast.fred, 0)
    await limited(books, cast.fred, None, 432_00)
    assert await says_yes(cast.fred, run) == "approved"


async def test_in_holidays_another_approves_as_far_as_who_is_away(books, cast):
    run = await prepared(books)
    await limited(books, cast.fred, 10_00)
    async with deed(cast.alice.person):
        await approving.delegate(cast.alice.person, cast.fred.user_id, today(), today() + timedelta(7))
    assert await says_yes(cast.fred, run) == "approved"
    (word,) = await approvers.words_for(run["id"])
    assert (word["who"], word["for_whom"]) == (cast.fred.person.name, cast.alice.person.name)


async def test_a_delegation_holds_from_its_first_day_to_its_last_and_ends_at_once_when_ended(books, cast):
    async with deed(cast.alice.person):
        await approving.delegate(
            cast.alice.person, cast.fred.user_id, today() + timedelta(1), today() + timedelta(3)
        )
    lent = [
        len((await approvers.powers_of(cast.fred.user_id, today() + timedelta(after))).lent)
        for after in range(5)
    ]
    assert lent == [0, 1, 1, 1, 0]
    (delegation,) = await approvers.delegations()
    async with deed(cast.alice.person):
        await approving.end(delegation, cast.alice.person)
    assert (await approvers.powers_of(cast.fred.user_id, today() + timedelta(2))).lent == ()
    with pytest.raises(Refused):
        async with deed(cast.alice.person):
            await approving.end(delegation, cast.alice.person)


async def test_a_delegation_never_lets_who_prepared_approve(books, cast):
    run = await prepared(books)
    async with deed(cast.alice.person):
        await approving.delegate(cast.alice.person, cast.fanny.user_id, today(), today())
    with pytest.raises(NotAllowed):
        await says_yes(cast.fanny, run)


async def test_the_power_of_who_prepared_serves_nobody(books, cast):
    run = await prepared(books, by=cast.alice)
    await limited(books, cast.fred, 10_00)
    async with deed(cast.alice.person):
        await approving.delegate(cast.alice.person, cast.fred.user_id, today(), today())
    assert await says_yes(cast.fred, run) == "drafted"


# One pair of eyes


async def switched_off(books: Books) -> None:
    async with deed(books.cast.alice.person):
        await approving.ask_for_two(False)


async def test_alone_one_approves_what_one_prepared_and_the_run_says_so(books, cast, client):
    run = await prepared(books, by=cast.alice)
    await switched_off(books)
    assert await says_yes(cast.alice, run) == "approved"
    assert not (await access.run(run["id"]))["four_eyes"]
    text = (await client(cast.fanny).get(f"/virements/{run['ref']}")).text
    assert "le double regard était désactivé" in text
    assert await db.value("SELECT count(*) FROM history_event WHERE what = 'payouts.four_eyes'") == 1
    await actions_sent(await access.run(run["id"]), cast.alice)
    async with deed(cast.alice.person):
        await approving.ask_for_two(True)


async def actions_sent(run: db.Row, who: Member) -> None:
    kept = await actions.bank_file(run)
    async with deed(who.person):
        await actions.send(run, kept)


async def test_a_run_approved_by_another_says_nothing_of_it_even_then(books, cast):
    run = await prepared(books)
    await switched_off(books)
    assert await says_yes(cast.fred, run) == "approved"
    assert (await access.run(run["id"]))["four_eyes"]


async def test_alone_ones_limit_still_holds(books, cast):
    run = await prepared(books)
    await switched_off(books)
    await limited(books, cast.fanny, 10_00)
    assert await says_yes(cast.fanny, run) == "drafted"


async def test_the_database_itself_wants_four_eyes_while_the_company_does(books, cast):
    run = await prepared(books)
    for four_eyes in ("true", "false"):
        with pytest.raises(asyncpg.CheckViolationError):
            async with deed(Machine("test")):
                await db.execute(
                    f"UPDATE payout_run SET approved_by = prepared_by, four_eyes = {four_eyes} WHERE id = $1", run["id"]
                )  # fmt: skip


async def test_switching_it_off_asks_the_code_of_the_moment(client, cast, books):
    alice = client(cast.alice)
    wrong = await alice.post_form("/reglages/reglements/double-regard", wanted="false", code="000000")
    assert wrong.status_code == 422
    assert await approvers.four_eyes()
    assert (
        await client(cast.fanny).post_form("/reglages/reglements/double-regard", wanted="false", code="1")
    ).status_code == 404


# At once


async def test_twenty_approvals_at_once_are_one(books, cast, client):
    run = await prepared(books)
    people = [client(cast.fred), client(cast.alice)]
    answers = await asyncio.gather(
        *(people[n % 2].post_form(f"/virements/{run['ref']}/approbation") for n in range(20))
    )
    assert sum(answer.status_code == 303 for answer in answers) == 1
    assert await db.value("SELECT count(*) FROM history_event WHERE what = 'payouts.approved'") == 1
    assert await db.value("SELECT count(*) FROM payout_signature") == 1


async def test_of_two_words_at_once_none_is_lost(books, cast):
    run = await prepared(books)
    await limited(books, cast.fred, 10_00)
    outcomes = await asyncio.gather(
        says_yes(cast.fred, run), says_yes(cast.alice, run), return_exceptions=True
    )
    assert (await access.run(run["id"]))["state"] == "approved"
    assert all(isinstance(one, str | Problem) for one in outcomes)


async def test_an_approval_and_a_cancelling_at_once_end_as_if_one_came_after_the_other(books, cast):
    run = await prepared(books)

    async def cancels() -> None:
        async with deed(cast.fanny.person):
            await actions.cancel(await access.run(run["id"]))

    await asyncio.gather(says_yes(cast.fred, run), cancels(), return_exceptions=True)
    assert (await access.run(run["id"]))["state"] in ("approved", "cancelled")


# Every move, in every state, by every role; before a run is approved only who prepared it takes it back

MOVES = ("approbation", "approbation/refus", "annulation", "envoi", "reglement")
LEADS_TO = {
    ("approbation", "drafted"): "approved",
    ("approbation/refus", "drafted"): "cancelled",
    ("annulation", "approved"): "cancelled",
    ("envoi", "approved"): "sent",
    ("reglement", "sent"): "settled",
}
STATES = ("drafted", "approved", "sent", "settled", "cancelled")


async def brought_to(books: Books, state: str) -> db.Row:
    cast, run = books.cast, await prepared(books)
    steps = {"drafted": 0, "cancelled": 0, "approved": 1, "sent": 2, "settled": 3}[state]
    if state == "cancelled":
        async with deed(cast.fanny.person):
            await actions.cancel(run)
    if steps > 0:
        await says_yes(cast.fred, run)
    if steps > 1:
        await actions_sent(await access.run(run["id"]), cast.fanny)
    if steps > 2:
        async with deed(cast.fanny.person):
            await actions.settle(await access.run(run["id"]), today())
    return await access.run(run["id"])


@pytest.mark.parametrize("state", STATES)
async def test_every_move_from_every_state_by_every_role(books, cast, client, state):
    run = await brought_to(books, state)
    for move, member in product(MOVES, (cast.remi, cast.stefan, cast.sam)):
        answer = await client(member).post_form(
            f"/virements/{run['ref']}/{move}", reason="Non.", on=today().isoformat()
        )
        assert answer.status_code == 404
        assert (await access.run(run["id"]))["state"] == state
    for move in MOVES:
        if (move, state) not in LEADS_TO:
            await client(cast.fred).post_form(
                f"/virements/{run['ref']}/{move}", reason="Non.", on=today().isoformat()
            )
            assert (await access.run(run["id"]))["state"] == state, move


@pytest.mark.parametrize(("move", "state"), LEADS_TO)
async def test_each_move_leads_where_the_table_says(books, cast, client, move, state):
    run = await brought_to(books, state)
    await client(cast.fred).post_form(
        f"/virements/{run['ref']}/{move}", reason="Non.", on=today().isoformat()
    )
    assert (await access.run(run["id"]))["state"] == LEADS_TO[move, state]
