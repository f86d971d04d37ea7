"""The plan commands, as somebody types them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.cli import main
from portal.kit.text import speaking
from portal.plans.commands import plan as command
from tests.plans.stories import line, paid, percent, plan, signed, tiers

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


def plainly(said):
    return said.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


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


def test_a_case_that_is_refused_and_one_that_should_be_are_told_in_words(written):
    events = [signed(line("100.00"))]
    refused = {"id": "c1", "plan": plan(percent("101")), "events": events, "expect": {"totals": {}}}
    accepted = {"id": "c2", "plan": plan(percent("10")), "events": events, "expect": {"refused": True}}
    result = typed("cases", written("cases.json", [refused, accepted]))
    assert result.exit_code == 1
    assert plainly(result.stdout).splitlines() == [
        "c1 : refusé, règle 1, taux : un taux est entre 0 et 100 (rules[0].pay.rate)",
        "c2 : un refus était attendu, tout est accepté",
        "0 passed, 2 failed",
    ]


BAD = ["", "{", "null", "1e999", "9" * 5000, "[" * 100_000, '{"rules": NaN}', '"é"', '{"unit": 12.5}']


@pytest.mark.parametrize("word", ["check", "cases"])
@pytest.mark.parametrize("content", BAD)
def test_bad_input_is_one_line_on_standard_error_and_exit_2(written, word, content):
    result = typed(word, written("bad.json", content))
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (2, "", 1)


def test_a_file_that_is_not_there_and_a_folder_are_told(tmp_path):
    for name, why in (("nothing.json", "ce fichier n’existe pas"), ("", "c’est un dossier")):
        result = typed("check", str(tmp_path / name))
        assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
        assert str(tmp_path / name) in result.stderr
        assert why in result.stderr


SHAPES = {"check": "un objet est attendu", "cases": "exemple 1 : un objet est attendu ([0])"}


@pytest.mark.parametrize("word", SHAPES)
def test_json_of_another_shape_is_told(written, word):
    result = typed(word, written("list.json", [1]))
    assert (result.exit_code, result.stdout) == (2, "")
    assert SHAPES[word] in plainly(result.stderr)


def test_a_key_written_twice_is_refused_instead_of_the_last_one_winning(written):
    result = typed("check", written("plan.json", '{"unit": "EUR", "unit": "POINT"}'))
    assert result.exit_code == 2
    assert "« unit » est écrit deux fois" in plainly(result.stderr)


def test_a_file_of_another_alphabet_is_told_and_a_mark_of_utf_8_does_no_harm(tmp_path):
    (tmp_path / "latin.json").write_bytes('{"é": 1}'.encode("latin-1"))
    assert "UTF-8" in typed("check", str(tmp_path / "latin.json")).stderr
    (tmp_path / "marked.json").write_text(json.dumps(plan(percent("10"))), encoding="utf-8-sig")
    assert typed("check", str(tmp_path / "marked.json")).exit_code == 0


def test_what_a_file_says_neither_breaks_the_line_nor_speaks_to_the_terminal(written):
    hostile = "a\n\x1b[31m\ud800" + "x" * 1000
    result = typed("check", written("plan.json", plan(percent("10"), **{hostile: 1})))
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert "\x1b" not in result.stderr
    assert len(result.stderr) < 600


def test_of_very_many_faults_the_first_are_told_and_the_others_counted(written):
    result = typed("check", written("plan.json", plan(*[percent("101")] * 40)))
    assert (result.stderr.count("un taux est entre 0 et 100"), len(result.stderr.splitlines())) == (5, 1)
    assert result.stderr.endswith("et 35 autres\n")


def test_the_terminal_speaks_the_language_of_its_user(written, monkeypatch, capsys):
    impossible = written("plan.json", plan(tiers("whole", "deal", ("10", "4"), ("5", "5"))))
    told = "rule 1, tier 2: starts before tier 1 (rules[0].pay.bands[1])"
    monkeypatch.delenv("LC_ALL", raising=False)
    for lang, there in (("en_GB.UTF-8", True), ("fr_FR.UTF-8", False)):
        monkeypatch.setenv("LANG", lang)
        with pytest.raises(SystemExit, match="2"), speaking("fr"):
            main(["plan", "check", impossible])
        assert (told in capsys.readouterr().err) is there


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
