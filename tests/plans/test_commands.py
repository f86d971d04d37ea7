"""The plan commands, as somebody types them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.plans.commands import plan as command
from tests.plans.stories import line, paid, percent, plan, signed

CASES = Path(__file__).parent.parent / "data/plans.json"


@pytest.fixture
def written(tmp_path):
    def write(name, data):
        path = tmp_path / name
        path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
        return str(path)

    return write


def typed(*words):
    return CliRunner().invoke(command, words)


def test_check_says_the_rules_the_warnings_and_that_the_plan_is_valid(written):
    result = typed("check", written("plan.json", plan(percent("10"), recurs_for_months=None)))
    assert result.exit_code == 0
    assert "dans tous les cas" in result.stdout
    assert "seul le premier versement du client est rémunéré" in result.stdout
    assert result.stdout.endswith("Le barème est valable.\n")


def test_simulate_writes_the_answer_as_json(written):
    events = [signed(line("100.00")), paid("p1", "100.00")]
    result = typed("simulate", written("plan.json", plan(percent("10"))), written("events.json", events))
    answer = json.loads(result.stdout)
    assert answer["totals"] == {"R1": {"EUR": "10.00"}}
    assert answer["earnings"][0] == {
        "event": "p1",
        "deal": "D1",
        "referrer": "R1",
        "rule": "taux",
        "unit": "EUR",
        "base": "100.00",
        "amount": "10.00",
        "due_on": "2026-04-01",
        "steps": [
            {"what": "percent", "rule": "taux", "line": 0, "base": "100.00", "rate": "10", "amount": "10.00"}
        ],
    }


def test_cases_counts_what_passes():
    result = typed("cases", str(CASES))
    assert (result.exit_code, result.stdout) == (0, "76 passed, 0 failed\n")


def test_cases_tells_each_difference_and_exits_1(written):
    [case] = [case for case in json.loads(CASES.read_text(encoding="utf-8")) if case["id"] == "DUB-E01"]
    case["expect"]["by_event"] = {"p1": "3.00"}
    result = typed("cases", written("cases.json", [case]))
    assert result.exit_code == 1
    difference, count = result.stdout.splitlines()
    assert "DUB-E01 by_event p1" in difference
    assert "attendu 3.00, obtenu 2.00" in difference
    assert count == "0 passed, 1 failed"


BAD = ["", "{", "null", "1e999", "9" * 5000, "[" * 100_000, '{"rules": NaN}', '"é"', '{"unit": 12.5}']


@pytest.mark.parametrize("word", ["check", "cases"])
@pytest.mark.parametrize("content", BAD)
def test_bad_input_is_one_line_on_standard_error_and_exit_2(written, word, content):
    result = typed(word, written("bad.json", content))
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (2, "", 1)


def test_a_file_that_is_not_there_is_told(tmp_path):
    result = typed("check", str(tmp_path / "nothing.json"))
    assert result.exit_code == 2
    assert "nothing.json" in result.stderr


def test_simulate_names_the_file_that_is_wrong(written):
    good, events = written("plan.json", plan(percent("10"))), written("events.json", [paid("p1", "1.00")])
    result = typed("simulate", good, events)
    assert result.exit_code == 2
    assert "events.json" in result.stderr
    assert "events[0].deal" in result.stderr
    assert "plan.json" in typed("simulate", written("plan.json", {}), events).stderr


@pytest.mark.parametrize("name", ["check", "simulate", "cases"])
def test_each_command_has_help_with_an_example(name):
    result = typed(name, "--help")
    assert result.exit_code == 0
    assert f"portal plan {name}" in result.stdout
