"""Figures published by other systems, and the rules of the format, as facts."""

import json
from pathlib import Path

import pytest

from portal.plans.rules import run_cases

CASES = json.loads((Path(__file__).parent.parent / "data/plans.json").read_text(encoding="utf-8"))


def test_the_file_holds_seventy_six_cases():
    assert len(CASES) == 76


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_published_case_comes_out_to_the_cent(case):
    assert run_cases([case]) == (1, [])


def test_a_case_that_expects_another_figure_is_told():
    wrong = {**CASES[0], "expect": {"totals": {"R1": "2.01"}}}
    passed, [difference] = run_cases([CASES[0], wrong])
    assert passed == 1
    assert (difference.what, difference.event, difference.expected, difference.got) == (
        "totals",
        "R1",
        "2.01",
        "2.00",
    )


def test_a_case_that_expects_a_refusal_fails_when_the_plan_is_accepted():
    [difference] = run_cases([{**CASES[0], "expect": {"refused": True}}])[1]
    assert (difference.expected, difference.got) == ("refused", "accepted")


def test_a_case_that_expects_figures_fails_when_the_plan_is_refused():
    [difference] = run_cases([{**CASES[0], "plan": {}}])[1]
    assert difference.expected == "accepted"
