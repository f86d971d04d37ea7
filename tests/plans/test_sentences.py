"""A rule reads as one sentence, in French and in English."""

import ast
from pathlib import Path

import pytest

from portal.kit.text import speaking
from portal.plans import reasons
from portal.plans.commands import UNREADABLE
from portal.plans.rules import parse_plan
from portal.plans.sentences import rule_sentence
from tests.plans.stories import asks, flat, percent, plan, tiers

SENTENCES = [
    (percent("12.5"), "12,5 %, dans tous les cas", "12.5%, in all cases"),
    (
        percent(
            "10", when=[asks("product", "in", ["logiciel", "audit"]), asks("customer.is_new", "=", True)]
        ),
        "10 % si le produit est parmi logiciel, audit et le client est nouveau",
        "10% if the product is one of logiciel, audit and the client is new",
    ),
    (
        percent("5", when=[asks("customer.is_new", "!=", True), asks("deal.net", ">=", "1000.00")]),
        "5 % si le client est déjà connu et le montant HT de l’affaire est au moins 1 000,00 €",
        "5% if the client is already known and the deal's amount before tax is at least €1,000.00",
    ),
    (
        flat("150.00", "deal", when=[asks("customer.sector", "starts_with", "btp")]),
        "150,00 € une fois par affaire si « sector » du client commence par btp",
        "€150.00 once per deal if the client's “sector” starts with btp",
    ),
    (
        tiers("marginal", "calendar_year", ("0", "5"), ("10000", "8")),
        "par tranches : 5 % à partir de 0,00 €, 8 % à partir de 10 000,00 €, d’après le montant de l’année civile, dans tous les cas",
        "by slices: 5% from €0.00, 8% from €10,000.00, by the amount of the calendar year, in all cases",
    ),
    (
        tiers("whole", "lifetime", ("1", "5"), ("3", "8"), measure="deals"),
        "selon le seuil atteint : 5 % à partir de 1, 8 % à partir de 3, d’après le nombre d’affaires depuis le début, dans tous les cas",
        "by the threshold reached: 5% from 1, 8% from 3, by the number of deals since the beginning, in all cases",
    ),
]


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(("rule", "french", "english"), SENTENCES)
def test_a_rule_reads_as_a_sentence(rule, french, english):
    [parsed] = parse_plan(plan(rule)).rules
    for language, sentence in (("fr", french), ("en", english)):
        with speaking(language):
            assert plain(rule_sentence(parsed)) == sentence


def test_a_flat_in_points_says_points():
    [rule] = parse_plan(plan(flat("50.00", "event"), unit="POINT")).rules
    with speaking("fr"):
        assert rule_sentence(rule, "POINT") == "50 points à chaque versement, dans tous les cas"


def codes_refused():
    """Every code that the rules can refuse with, read from their text."""
    folder = Path(reasons.__file__).parent / "rules"
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("*.py")]
    calls = [node for text in texts for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    names = [
        call for call in calls if isinstance(call.func, ast.Name) and call.func.id in ("refuse", "Refusal")
    ]
    return {call.args[1].value for call in names if isinstance(call.args[1], ast.Constant)}


def test_every_refusal_and_warning_has_its_sentence():
    said = {**reasons.REASONS, **reasons.WARNINGS}
    of_files = {"not_json", "not_readable", "key_twice", *UNREADABLE.values()}
    assert codes_refused() | of_files == set(said)
