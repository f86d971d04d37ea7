"""The company of the demo shows everything that the portal knows, and shows the same each time."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

import portal
from portal import verify
from portal.demo import build
from portal.demo.plot import Plot
from portal.invoicing import access as papers
from portal.kit import db
from portal.kit.days import clock_at, day_of
from portal.kit.deed import deed
from portal.payouts import access as payouts
from portal.payouts import actions
from portal.payouts.rules import LineState
from portal.people.rules import Person, Role
from tests.demo.conftest import SMALL, THAT_DAY, money
from tests.demo.promises import NOT_YET, PROMISES, Promise

READS = {"rules", "tables", "access"}


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.about.replace(" ", "_"))
async def test_all_that_can_be_is_shown(base, promise: Promise):
    with clock_at(THAT_DAY):
        assert await promise.missing() == set()


@pytest.mark.parametrize("states", NOT_YET, ids=lambda states: states.__name__)
def test_what_is_not_shown_is_what_no_verb_speaks_of(states):
    """A new verb that brings such a state about: show it in the demo and take it out of NOT_YET."""
    domain = Path(portal.__file__).parent / states.__module__.split(".")[1]
    verbs = "".join(path.read_text() for path in domain.rglob("*.py") if path.stem not in READS)
    for state in NOT_YET[states]:
        assert not re.search(
            rf"\b{states.__name__}\.{state.name}\b|\bS\.{state.name}\b|= ?'{state}'", verbs
        ), state


async def test_the_run_that_waits_can_be_approved_and_sent_by_who_did_not_prepare_it(base):
    with clock_at(THAT_DAY):
        run = await payouts.run(await db.value("SELECT id FROM payout_run WHERE state = 'drafted'"))
        other = await db.row(
            """SELECT app_user.* FROM app_user JOIN membership ON membership.user_id = app_user.id
               WHERE membership.role = 'finance' AND app_user.id <> $1""",
            run["prepared_by"],
        )
        assert other is not None
        second = Person(other["id"], other["name"], other["email"], "fr", frozenset({Role.FINANCE}))
        async with deed(second):
            await actions.approve(run)
        approved = await payouts.run(run["id"])
        kept = await actions.bank_file(approved)
        async with deed(second):
            await actions.send(approved, kept)
    lines = await db.rows("SELECT state FROM payout_line WHERE run_id = $1", run["id"])
    assert {line["state"] for line in lines} == {LineState.SENT}


async def test_papers_wait_for_a_run(base):
    assert await papers.unpaid(await db.value("SELECT id FROM legal_entity"))


async def test_all_that_is_promised_holds(base):
    assert (await verify.everything()).faults == []


async def test_nothing_has_happened_that_lies_ahead(base):
    for table, column in (
        ("history_event", "at"),
        ("mail_message", "created_at"),
        ("ledger_entry", "recorded_at"),
    ):
        latest = await db.value(f"SELECT max({column}) FROM {table}")
        assert latest < THAT_DAY, table


@pytest.mark.parametrize("template", ["template_portal"])
async def test_built_again_it_is_the_same_to_the_cent(base, told: list[str], template):
    said: list[str] = []
    with clock_at(THAT_DAY + timedelta(hours=20)):  # at another hour of the same day
        await build.build(said.append, SMALL)
    assert said, "it says how far it is"
    assert await money() == told


def test_no_two_people_and_no_two_companies_bear_the_same_name():
    plot = Plot(day_of(THAT_DAY))
    for borne in (
        [member.who.name for member in plot.members],
        [name for member in plot.members if (name := member.who.profile.get("company_name"))],
        [prospect.name for prospect in {one.prospect for one in plot.recommendations}],
    ):
        assert len(borne) == len(set(borne))
