"""The plan as it is typed: from the public format and back, what the buttons do, where a fault stands in words."""

import copy
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.text import speaking
from portal.plans import words
from portal.plans.editor.editing import edited
from portal.plans.editor.examples import Facts, broken_by, reckoned
from portal.plans.editor.places import field_of, sentence_of
from portal.plans.editor.sheet import body_of, flat, sheet_from, sheet_of
from portal.plans.editor.starters import BY_KEY, STARTERS, body_from
from portal.plans.rules import Refusal, Refused, parse_plan, simulate, warnings
from portal.plans.rules.language import FIELDS, OPERATORS
from portal.plans.sentences import rule_sentence
from portal.plans.terms import terms_of
from tests.plans.drafts import body_of as starter
from tests.plans.stories import asks, percent, plan, tiers
from tests.plans.stories import flat as fixed
from tests.plans.test_properties import plans as any_plan

CASES = json.loads((Path(__file__).parent.parent / "data/plans.json").read_text(encoding="utf-8"))
VALUES = {"text": "logiciel", "number": "12.5", "flag": True, "tag": "or"}


def through_the_form(body):
    return body_of(sheet_of(flat(sheet_from(body))))


def possible(body):
    try:
        return parse_plan(body)
    except Refused:
        return None


PUBLISHED = [case["plan"] for case in CASES if possible(case["plan"])]


def test_every_published_plan_goes_through_the_form_unchanged():
    assert len(PUBLISHED) > 60
    for body in PUBLISHED:
        assert parse_plan(through_the_form(body)) == parse_plan({**body, "name": body.get("name") or ""})


@given(any_plan)
def test_any_plan_goes_through_the_form_unchanged(body):
    assert parse_plan(through_the_form(body)) == parse_plan(body)


CONDITIONS = [
    asks(field, operator, [VALUES[kind.value]] if operator in ("in", "not_in") else VALUES[kind.value])
    for field, kind in FIELDS.items()
    for operator in OPERATORS[kind]
]
CONDITIONS += [
    asks("customer.vip", "=", True),
    asks("customer.effectif", ">=", "250"),
    asks("customer.ape", "in", ["a", "b"]),
]


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda one: f"{one['field']} {one['is']}")
def test_every_condition_of_the_language_can_be_typed(condition):
    body = plan(percent("10", when=[condition]))
    assert parse_plan(through_the_form(body)) == parse_plan(body)
    assert condition["is"] in dict(words.comparisons(condition["field"]))


def test_every_field_of_the_language_is_offered():
    assert {field for field, _ in words.fields()} == {*FIELDS, "customer."}


def test_every_answer_of_the_language_is_offered():
    offered = (
        words.UNITS,
        words.PAYS_ON,
        words.BASES,
        words.CHOICES,
        words.KINDS,
        words.PER,
        words.MODES,
        words.MEASURES,
        words.PERIODS,
    )
    for table in offered:
        assert all(label for _, label in words.choices(table))
    body = starter("paliers")
    sheet = sheet_from(body)
    for name, table in {
        "unit": words.UNITS,
        "pays_on": words.PAYS_ON,
        "base": words.BASES,
        "choose": words.CHOICES,
        "recurs": words.RECURS,
        "clawback": words.CLAWBACKS,
    }.items():
        for code in table:
            assert possible(body_of({**sheet, name: code})), (name, code)


def test_figures_are_typed_as_french_people_write_them():
    sheet = sheet_from(starter("tranches"))
    sheet["rules"][0]["bands"][1] = {"from": "12 500,50 €", "rate": "7,5 %"}
    assert body_of(sheet)["rules"][0]["pay"]["bands"][1] == {"from": "12500.5", "rate": "7.5"}
    assert flat(sheet_from(body_of(sheet)))["rules.0.bands.1.from"] == "12 500,5"


def test_several_values_ticked_under_est_mean_est_parmi():
    sheet = sheet_from(plan(percent("10", when=[asks("product", "=", "a")])))
    sheet["rules"][0]["when"][0]["ticked"] = ["a", "b"]
    assert body_of(sheet)["rules"][0]["when"] == [asks("product", "in", ["a", "b"])]


def test_rules_without_a_name_get_one_each():
    sheet = sheet_from(plan(percent("5", key="a"), percent("6", key="regle-1"), percent("7", key="b")))
    for rule in (0, 2):
        sheet["rules"][rule]["key"] = ""
    assert [rule["key"] for rule in body_of(sheet)["rules"]] == ["regle-2", "regle-1", "regle-3"]


# The buttons


def test_buttons_add_remove_and_move():
    sheet = sheet_from(starter("prime-nouveau"))
    sheet, focus = edited(sheet, "add:rules")
    assert (len(sheet["rules"]), focus) == (3, "rules.2.rate")
    sheet, _ = edited(sheet, "up:rules.2")
    assert [rule["key"] for rule in sheet["rules"]] == ["taux", "", "prime"]
    sheet["rules"][1]["adds"] = "customer.is_new"
    sheet, focus = edited(sheet, "add:rules.1.when")
    assert (sheet["rules"][1]["when"][0]["value"], focus) == ("oui", "rules.1.when.0.is")
    sheet, _ = edited(sheet, "remove:rules.0")
    sheet, _ = edited(sheet, "add:rules.0.bands")
    assert [len(rule["when"]) for rule in sheet["rules"]] == [1, 1]
    assert len(sheet["rules"][0]["bands"]) == 2


@given(
    st.sampled_from(["add", "remove", "up", "down", "drop", ""]),
    st.text(alphabet="rules.bandwhen019-:", max_size=20),
)
def test_a_button_that_nobody_drew_breaks_nothing(verb, path):
    sheet = sheet_from(starter("tranches"))
    edited(sheet, f"{verb}:{path}")
    assert flat(sheet)


NAMES = st.lists(
    st.sampled_from(["rules", "when", "bands", "limits", "0", "00", "1", "is", "from", "kind"]), max_size=5
)


@given(st.dictionaries(NAMES.map(".".join), st.sampled_from(["", "1", "percent", "tiers", "in"]), max_size=6))
def test_whatever_is_sent_is_read_as_a_sheet(typed):
    body = body_of(sheet_of(typed))
    with pytest.raises(Refused):
        parse_plan(body)


# Where a fault stands


FAULTS = {
    "bands out of order": (tiers("marginal", "calendar_year", ("0", "5"), ("10000", "8"), ("9000", "9")), "règle 1, palier 3 : commence avant le palier 2", "rules.0.bands.2.from"),
    "bands that start together": (tiers("marginal", "calendar_year", ("0", "5"), ("0", "8")), "règle 1, palier 2 : commence au même seuil que le palier 1", "rules.0.bands.1.from"),
    "a rate above 100": (percent("101"), "règle 1, taux : un taux est entre 0 et 100", "rules.0.rate"),
    "a negative flat": (fixed("-1.00", "deal"), "règle 1, montant : un montant négatif n'est pas possible", "rules.0.amount"),
    "no band": (tiers("whole", "event"), "règle 1, paliers : ajoutez au moins un palier", "rules.0.bands"),
    "no value": (percent("5", when=[asks("product", "in", [])]), "règle 1, condition 1, valeur : choisissez au moins une valeur", "rules.0.when.0.value"),
    "letters for a rate": (percent("dix"), "règle 1, taux : un nombre est attendu, par exemple 12,50", "rules.0.rate"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_its_place_in_words(fault):
    rule, sentence, field = FAULTS[fault]
    with pytest.raises(Refused) as caught:
        parse_plan(plan(rule))
    [refusal] = caught.value.refusals
    assert sentence_of(refusal).replace("\u00a0", " ").replace("\u2019", "'") == sentence
    assert field_of(refusal.place) == field
    with speaking("en"):
        assert "règle" not in sentence_of(refusal)


def test_of_one_rule_alone_the_number_is_not_told():
    refusal = Refusal("rules[0].pay.bands[2]", "bands_not_ascending", {"before": 2})
    assert sentence_of(refusal, several_rules=False) == "palier 3\u00a0: commence avant le palier 2"


def test_what_concerns_the_whole_plan_is_told_by_its_name():
    body = {
        **starter("pourcentage"),
        "limits": {"per_event": "10.00", "minimum": "20.00"},
        "recurs_for_months": "x",
    }
    with pytest.raises(Refused) as caught:
        parse_plan(body)
    said = {field_of(one.place): sentence_of(one) for one in caught.value.refusals}
    assert set(said) == {"limits.minimum", "months"}
    assert said["limits.minimum"].startswith("minimum par versement")


# Ready-made plans


@pytest.mark.parametrize("one", STARTERS, ids=lambda one: one.key)
def test_a_ready_made_plan_is_possible_and_told_in_both_languages(one):
    parsed = parse_plan(body_from(one, "Barème", ["audit", "logiciel"]))
    for language in ("fr", "en"):
        with speaking(language):
            said = [rule_sentence(rule, parsed.unit) for rule in parsed.rules] + [
                f"{q} {a}" for q, a in terms_of(parsed)
            ]
            assert not [sentence for sentence in said if "%(" in sentence]
    assert {warning.code for warning in warnings(parsed)} <= {"only_first_payment"}


def test_there_are_the_usual_ones():
    assert len(STARTERS) >= 11
    assert len(BY_KEY) == len(STARTERS)


def test_one_rate_per_product_takes_the_products_of_the_catalogue():
    body = body_from(BY_KEY["produits"], "Barème", ["audit", "reste"])
    assert [rule["key"] for rule in body["rules"]] == ["produit-audit", "produit-reste", "reste"]


# Examples


ON = date(2026, 3, 1)


def test_an_example_in_three_instalments_with_a_refund():
    # 6 000 × 10 % in three times 200, then 1 000 go back: − 100
    found = reckoned(starter("pourcentage-mois"), Facts(on=ON, net=6_000_00, instalments=3, refund=1_000_00))
    assert [moment.amount for moment in found.moments] == [200_00, 200_00, 200_00, -100_00]
    assert found.total == 500_00
    assert str(found.moments[0].due_on) == "2026-03-31"
    assert all(moment.told for moment in found.moments)


def test_what_others_paid_before_reaches_the_next_slice():
    # 0–10 000 at 5 %, then 8 %: after 10 000 the whole 6 000 earn 480
    assert reckoned(starter("tranches"), Facts(on=ON, net=6_000_00, earlier=10_000_00)).total == 480_00


def test_a_bonus_for_a_new_client_only():
    body = starter("prime-nouveau")  # 6 000 × 8 % = 480, and 150 when the client is new
    assert reckoned(body, Facts(on=ON, net=6_000_00)).total == 630_00
    assert reckoned(body, Facts(on=ON, net=6_000_00, is_new=False)).total == 480_00


def test_a_qualified_lead_a_signature_a_margin_and_points_have_their_examples():
    assert reckoned(starter("forfait-recommandation"), Facts(on=ON, net=1_00)).total == 50_00
    assert reckoned(starter("forfait-affaire"), Facts(on=ON, net=1_00)).total == 500_00
    # (6 000 − 4 000) × 20 %
    assert reckoned(starter("marge"), Facts(on=ON, net=6_000_00, cost=4_000_00)).total == 400_00
    assert reckoned(starter("points"), Facts(on=ON, net=6_000_00)).unit == "POINT"


@given(st.integers(1, 10_000_000), st.integers(1, 24))
def test_instalments_neither_bring_nor_take_a_cent(net, instalments):
    """A rate of 100 % earns what was paid, however it is cut."""
    body = plan(percent("100"))
    assert reckoned(body, Facts(on=ON, net=net, instalments=instalments)).total == net


def test_an_example_is_what_the_simulation_says():
    from portal.plans.editor.examples import events_of

    facts = Facts(on=ON, net=6_000_00, product="audit", instalments=2)
    body = starter("produits", "Barème", "audit")
    assert simulate(body, events_of(facts))["totals"]["referrer"]["EUR"] == "600.00"
    assert reckoned(body, facts).total == 600_00


def kept(expected, unit="EUR", **facts):
    return {
        "ref": "X",
        "unit": unit,
        "expected": expected,
        "facts": {"on": "2026-03-01", "net": 600000, **facts},
    }


def test_a_guaranteed_example_breaks_with_what_it_gives_now():
    ten = starter("pourcentage")
    assert broken_by(ten, [kept(600_00)]) == []
    [broken] = broken_by(ten, [kept(500_00)])
    assert (broken.expected, broken.got) == (500_00, 600_00)
    in_points = {**copy.deepcopy(ten), "unit": "POINT"}
    assert [one.got for one in broken_by(in_points, [kept(600, "EUR")])] == [
        600
    ]  # the same figure, another unit


def test_an_example_that_the_plan_can_no_longer_reckon_breaks():
    body = plan(percent("10"), rules=[])
    assert [one.got for one in broken_by(body, [kept(600_00)])] == [0]
