"""On any day whatever, each thing that the demo guarantees falls where it is meant to. Pure: no company is built."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.demo import story
from portal.demo.cast import PLAN
from portal.demo.plot import Plot
from portal.demo.stage import last_working_day, working_day
from portal.kit.days import add_months
from tests.demo.conftest import SMALL

days = st.dates(date(2026, 11, 1), date(2045, 12, 31))
thorough = settings(max_examples=400, deadline=None)
MEANT = {  # when the client paid → the issue that puts the commission on a paper: of a last run, or of a month
    story.DUE: None,
    story.PREPARED: -1,
    story.APPROVED: -2,
    story.SENT: -3,
    story.PAID: 1,
    story.REFUSED_RUN: 2,
    story.WITHDRAWN_RUN: 3,
}


def issue_day(last_day: date, which: int) -> date:
    if which < 0:
        return last_working_day(last_day, story.LAST_RUNS[which]["issue"])
    return last_working_day(add_months(last_day, -which) + timedelta(story.CLOSING["issue"]))


@thorough
@given(days)
def test_a_commission_is_put_on_a_paper_by_the_issue_it_is_meant_for(last_day):
    issues = {which: issue_day(last_day, which) for which in (*range(-3, 0), *range(1, 6))}
    for paid, meant in MEANT.items():
        confirmed = last_day - timedelta(paid - PLAN["hold_days"])
        later = [which for which, day in issues.items() if day >= confirmed]
        assert min(later, key=issues.__getitem__, default=None) == meant, paid


@thorough
@given(days)
def test_the_steps_of_a_run_follow_one_another_and_end_before_the_story_does(last_day):
    for run in story.LAST_RUNS:
        told = [last_working_day(last_day, before) for before in run.values()]
        assert told == sorted(told)
        assert told[-1] <= last_day
    contested = last_working_day(last_day, story.CONTESTED)
    assert issue_day(last_day, -1) < contested < last_working_day(last_day, story.LAST_RUNS[-1]["prepare"])


@thorough
@given(days)
def test_a_commission_that_is_held_is_still_held_the_day_after(last_day):
    assert last_day - timedelta(story.HELD - PLAN["hold_days"]) > last_day + timedelta(1)


@pytest.mark.parametrize(
    "scene", [one for one in story.THREADS if one.paid], ids=lambda one: f"{one.by} {one.paid}"
)
@settings(max_examples=60, deadline=None)
@given(last_day=days)
def test_a_client_is_invoiced_before_paying(scene, last_day):
    day = last_day - timedelta(scene.ago)
    for _step, delay in story.FATES[scene.fate].steps:
        day = working_day(day + timedelta(delay))
    assert len(story.OFFERS[scene.offer].billed) == 1
    assert working_day(day + timedelta(story.OFFERS[scene.offer].billed[0][0])) <= last_day - timedelta(
        scene.paid
    )


@settings(max_examples=40, deadline=None)  # a whole story each time
@given(days)
def test_a_whole_calendar_year_is_told_and_everybody_joins_within_the_story(day):
    plot = Plot(day, SMALL)
    assert any(
        plot.opened_on <= date(year, 1, 5) and date(year, 12, 31) <= day for year in (day.year - 1, day.year)
    )
    assert all(plot.opened_on <= member.joined <= day for member in plot.members)
    assert all(plot.opened_on <= one.on <= day for one in plot.recommendations)
