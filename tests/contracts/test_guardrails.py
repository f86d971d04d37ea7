"""Words that would turn an introduction into an agency, a job or a kept trade: remarked where they affirm, not where they deny."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.contracts.wording.guardrails import RAILS, TRADE_LABELS, TRADES, warnings_about, warnings_in
from portal.contracts.wording.texts import shipped_texts


def codes(text: str) -> list[str]:
    return [warned.rail.code for warned in warnings_in(text)]


@pytest.mark.parametrize("text", shipped_texts(), ids=lambda text: f"{text.key}-{text.version}")
def test_nothing_is_remarked_in_a_shipped_text(text):
    assert [(warned.line, warned.words) for warned in warnings_in(text.body)] == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("L'apporteur négocie les prix avec le prospect.", "negotiates"),
        ("Il a mandat de négocier.", "negotiates"),
        ("Il reçoit un mandat de conclure.", "negotiation"),
        ("L’apporteur est l’agent commercial de l’entreprise.", "negotiation"),
        ("Il signe les contrats au nom de l'entreprise.", "concludes"),
        ("Il accorde des remises.", "concludes"),
        ("Il s'engage à une exclusivité.", "exclusive"),
        ("Un secteur géographique lui est attribué.", "exclusive"),
        ("L'apporteur respecte un quota de dix affaires.", "quota"),
        ("Les objectifs imposés sont revus chaque mois.", "quota"),
        ("Il respecte les horaires du magasin.", "orders"),
        ("Il suit les directives de sa hiérarchie.", "orders"),
        ("Un lien de subordination unit les parties.", "orders"),
        ("Il remet un compte rendu hebdomadaire obligatoire : rapport hebdomadaire.", "orders"),
        ("Un salaire lui est versé.", "salary"),
        ("Il paie un droit d'entrée.", "joining_fee"),
        ("Il est payé pour recruter d'autres apporteurs.", "joining_fee"),
        ("Il recommande l'entreprise aux acheteurs publics.", "public_buyer"),
        ("Le programme porte sur des biens immobiliers.", "real_estate"),
        ("Il recommande une assurance.", "insurance"),
        ("Il recommande un crédit à ses clients.", "credit"),
        ("Il recommande un placement en crypto.", "investment"),
        ("Il recommande un notaire.", "law_and_accounts"),
        ("Il recommande des patients.", "health"),
        ("Il recommande une pompe à chaleur.", "energy"),
    ],
)
def test_what_affirms_is_remarked(words, code):
    assert code in codes(words)


@pytest.mark.parametrize(
    "words",
    [
        "L'apporteur n'a pas mandat de négocier.",
        "Il ne négocie ni prix ni conditions, n’établit pas de devis, ne signe rien au nom de l'entreprise.",
        "La négociation n'appartient pas à l'apporteur.",
        "Aucun objectif, aucun horaire, aucune zone réservée, aucune exclusivité ne lui sont imposés.",
        "Sans salaire, horaire ni hiérarchie.",
        "L'apporteur ne reçoit ni ordre, ni instruction, ni directive.",
        "Il déclare ces sommes avec ses traitements et salaires.",
        "Le contrat ne s'applique pas aux acheteurs publics.",
        "Ne compte pas une recommandation lorsque le prospect :\n\n- est un acheteur public ;\n- est son client.",
        "Il peut les communiquer à son avocat et à son expert-comptable.",
        "Un crédit d'impôt est possible.",
    ],
)
def test_what_denies_is_not_remarked(words):
    assert codes(words) == []


@pytest.mark.parametrize(
    "words",
    [
        "L'apporteur ne touche pas de fixe, mais négocie les prix.",
        "L'apporteur, qui n'est pas salarié, négocie les prix.",
        "Il n'est pas salarié. Il négocie les prix.",
        "Il ne paie rien et négocie les prix.",
        "L'apporteur n'est pas salarié ; il négocie.",
        "Il n'encaisse rien :\n\nIl négocie les prix.",
        "L'apporteur n'a pas de salaire\nIl négocie les prix",
    ],
)
def test_a_denial_covers_only_what_it_denies(words):
    assert "negotiates" in codes(words)


def test_a_remark_has_its_line_its_words_its_reason_and_its_source():
    [warned] = warnings_in("# Contrat\n\nL'apporteur\nnégocie les prix.")
    assert (warned.line, warned.words) == (4, "négocie")
    assert "indemnité" in warned.rail.reason
    assert "C. com. L134-1" in warned.rail.source


def test_only_dealings_with_public_buyers_block():
    assert {rail.code for rail in RAILS if rail.blocks} == {"public_buyer"}


def test_every_rail_has_a_reason_and_a_source_and_every_trade_a_name():
    assert all(rail.reason and rail.source for rail in RAILS)
    assert set(TRADE_LABELS) == {"", *TRADES}


@pytest.mark.parametrize(
    ("names", "trade", "expected"),
    [
        (["Apporteurs 2026", "Barème 2026"], "", []),
        (["Programme Immobilier neuf"], "", ["real_estate"]),
        (["Apporteurs 2026"], "insurance", ["insurance"]),
        (["Assurance habitation"], "insurance", ["insurance"]),
        (["Courtage", "Crédit auto"], "", ["insurance", "credit"]),
        (["Apporteurs 2026"], "astrologie", []),
    ],
)
def test_a_programme_is_remarked_by_its_names_and_the_companys_own_trade(names, trade, expected):
    assert [warned.rail.code for warned in warnings_about(names, trade)] == expected


@given(st.text(max_size=400))
def test_any_text_is_read_and_lines_exist(text):
    assert all(1 <= warned.line <= text.count("\n") + 1 for warned in warnings_in(text))
