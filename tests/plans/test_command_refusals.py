"""All that rule 8 refuses, as a terminal says it: where in words, why, where in the file; in both languages."""

import json

import pytest
from click.testing import CliRunner

from portal.kit.text import speaking
from portal.plans.commands import plan as command
from tests.plans.stories import asks, flat, line, paid, percent, plan, signed, tiers

GOOD, DEAL = plan(percent("10")), signed(line("1000.00"))
BANDS = [("0", "5"), ("10000", "8")]
BY_DEALS = {"measure": "deals"}

# what rule 8 names, the plan, the events (none: the plan alone), in French, in English
REFUSED = {
    "the same id with other content": (GOOD, [DEAL, paid("p1", "10.00"), paid("p1", "11.00")],
        "événement 3, identifiant : l'événement p1 existe déjà avec un autre contenu (events[2].id)",
        "event 3, id: event p1 already exists with other content (events[2].id)"),
    "an unknown deal": (GOOD, [paid("p1", "10.00")],
        "événement 1, affaire : l'affaire D1 n'est pas connue (events[0].deal)",
        "event 1, deal: deal D1 is not known (events[0].deal)"),
    "an unknown field of a condition": (plan(percent("5", when=[asks("colour", "=", "red")])), None,
        "règle 1, condition 1, renseignement : aucune condition ne porte sur « colour » (rules[0].when[0].field)",
        "rule 1, condition 1, fact: no condition can ask for “colour” (rules[0].when[0].field)"),
    "an unknown key of a plan": (plan(percent("5"), bonus=1), None,
        "« bonus » : ce mot n'existe pas dans un barème (bonus)",
        "“bonus”: a plan has no such word (bonus)"),
    "a second signature": (GOOD, [DEAL, {**DEAL, "id": "again"}],
        "événement 2, genre d'événement : l'affaire D1 est déjà signée (events[1].type)",
        "event 2, kind of event: deal D1 is already signed (events[1].type)"),
    "a negative net": (GOOD, [DEAL, paid("p1", "-10.00")],
        "événement 2, montant HT : un montant négatif n'est pas possible (events[1].net)",
        "event 2, net amount: a negative amount is not possible (events[1].net)"),
    "a rate above 100": (plan(percent("101")), None,
        "règle 1, taux : un taux est entre 0 et 100 (rules[0].pay.rate)",
        "rule 1, rate: a rate is between 0 and 100 (rules[0].pay.rate)"),
    "a rate below 0": (plan(percent("-1")), None,
        "règle 1, taux : un taux est entre 0 et 100 (rules[0].pay.rate)",
        "rule 1, rate: a rate is between 0 and 100 (rules[0].pay.rate)"),
    "bands that do not ascend": (plan(tiers("whole", "event", ("0", "4"), ("10", "5"), ("5", "8"))), None,
        "règle 1, palier 3 : commence avant le palier 2 (rules[0].pay.bands[2])",
        "rule 1, tier 3: starts before tier 2 (rules[0].pay.bands[2])"),
    "bands that start together": (plan(tiers("whole", "event", ("10", "5"), ("10", "8"))), None,
        "règle 1, palier 2 : commence au même seuil que le palier 1 (rules[0].pay.bands[1])",
        "rule 1, tier 2: starts at the same threshold as tier 1 (rules[0].pay.bands[1])"),
    "a missing key of a plan": ({key: value for key, value in GOOD.items() if key != "base"}, None,
        "base : cette information manque (base)",
        "base: this is missing (base)"),
    "a line without net": (GOOD, [signed({"product": "p"})],
        "événement 1, ligne 1, montant HT : cette information manque (events[0].lines[0].net)",
        "event 1, line 1, net amount: this is missing (events[0].lines[0].net)"),
    "a float in a plan": (plan(percent(2.5)), None,
        "règle 1, taux : un nombre à virgule s'écrit entre guillemets, par exemple \"12.50\" (rules[0].pay.rate)",
        "rule 1, rate: a number with decimals is written in quotes, for example \"12.50\" (rules[0].pay.rate)"),
    "a float in an event": (GOOD, [DEAL, paid("p1", 10.5)],
        "événement 2, montant HT : un nombre à virgule s'écrit entre guillemets, par exemple \"12.50\" (events[1].net)",
        "event 2, net amount: a number with decimals is written in quotes, for example \"12.50\" (events[1].net)"),
    "more than two decimals of a rate": (plan(percent("2.125")), None,
        "règle 1, taux : deux décimales au plus (rules[0].pay.rate)",
        "rule 1, rate: two decimals at most (rules[0].pay.rate)"),
    "more than two decimals of an amount": (GOOD, [DEAL, paid("p1", "10.001")],
        "événement 2, montant HT : deux décimales au plus (events[1].net)",
        "event 2, net amount: two decimals at most (events[1].net)"),
    "slices of a number of deals": (plan(tiers("marginal", "lifetime", *BANDS, **BY_DEALS)), None,
        "règle 1, façon de compter : un nombre d'affaires ne se compte pas par tranches (rules[0].pay.mode)",
        "rule 1, way of counting: a number of deals cannot be paid by slices (rules[0].pay.mode)"),
    "deals counted within an event": (plan(tiers("whole", "event", *BANDS, **BY_DEALS)), None,
        "règle 1, période : un nombre d'affaires se compte sur une année ou depuis le début (rules[0].pay.period)",
        "rule 1, period: a number of deals is counted over a year or since the beginning (rules[0].pay.period)"),
    "deals counted within a deal": (plan(tiers("retroactive", "deal", *BANDS, **BY_DEALS)), None,
        "règle 1, période : un nombre d'affaires se compte sur une année ou depuis le début (rules[0].pay.period)",
        "rule 1, period: a number of deals is counted over a year or since the beginning (rules[0].pay.period)"),
    "a contract year without the day of the contract": (plan(tiers("whole", "contract_year", *BANDS)), [DEAL],
        "événement 1, dates des contrats : la date du contrat de R1 manque (events[0].contracts)",
        "event 1, days of the contracts: the contract date of R1 is missing (events[0].contracts)"),
    "a minimum above the limit of an event": (plan(flat("5.00", "event"), limits={"minimum": "20.00", "per_event": "19.99"}), None,
        "plafonds, minimum par versement : le minimum dépasse le plafond par versement (limits.minimum)",
        "limits, minimum per payment: the minimum is above the limit per payment (limits.minimum)"),
    "lines all zero": (GOOD, [signed(line("0.00"), line("0.00"))],
        "événement 1, lignes : toutes les lignes sont à zéro (events[0].lines)",
        "event 1, lines: all lines are zero (events[0].lines)"),
}  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("story", REFUSED)
def test_the_terminal_refuses(story, language, tmp_path):
    refused, events, *said = REFUSED[story]
    files = {"plan.json": refused, "events.json": [DEAL] if events is None else events}
    for name, data in files.items():
        (tmp_path / name).write_text(json.dumps(data), encoding="utf-8")
    wrong = tmp_path / ("plan.json" if events is None else "events.json")
    with speaking(language):
        result = CliRunner().invoke(command, ["simulate", *(str(tmp_path / name) for name in files)])
    expected = f"{wrong}{' : ' if language == 'fr' else ': '}{said[language == 'en']}\n"
    assert (result.exit_code, result.stdout, plainly(result.stderr)) == (2, "", expected)


def plainly(said: str) -> str:
    return said.replace("’", "'").replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


def test_the_same_id_with_the_same_content_changes_nothing(tmp_path):
    events = [DEAL, paid("p1", "10.00"), paid("p1", "10.00")]
    answers = []
    for told in (events, events[:2]):
        for name, data in (("plan.json", GOOD), ("events.json", told)):
            (tmp_path / name).write_text(json.dumps(data), encoding="utf-8")
        result = CliRunner().invoke(
            command, ["simulate", str(tmp_path / "plan.json"), str(tmp_path / "events.json")]
        )
        answers.append((result.exit_code, result.stdout))
    assert answers[0] == answers[1]
    assert answers[0][0] == 0
