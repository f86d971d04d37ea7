"""Every text × status × who invoices × euros or points: whole, with all its blanks known."""

from datetime import date
from itertools import product

import pytest

from portal.contracts.wording.placeholders import EXAMPLES, VOCABULARY
from portal.contracts.wording.texts import (
    AMENDMENT,
    STATUS_OF,
    TERMINATION,
    shipped_texts,
    text_on,
    texts_for,
)
from portal.kit.fill import Filled, fill
from portal.referrers.rules import NATURAL_PERSONS, Regime, Status

REGIMES = {
    "has_vat": Regime.STANDARD, "under_franchise": Regime.FRANCHISE, "vat_exempt": Regime.EXEMPT,
    "reverse_charge": Regime.REVERSE_CHARGE, "outside_vat": Regime.NONE,
}  # fmt: skip
ALLOWED = {
    Status.INDIVIDUAL: {Regime.NONE},
    Status.PARTNER_EMPLOYEE: {Regime.NONE},
    Status.MICRO: {Regime.FRANCHISE, Regime.STANDARD},
    Status.COMPANY: {Regime.FRANCHISE, Regime.STANDARD},
    Status.EU_COMPANY: {Regime.REVERSE_CHARGE},
    Status.ASSOCIATION: {Regime.NONE, Regime.EXEMPT, Regime.FRANCHISE, Regime.STANDARD},
}
VERSIONS = sorted({text.version for text in shipped_texts()})
CASES = [
    (status, regime, self_billed, in_points)
    for status in Status
    for regime, self_billed, in_points in product(Regime, (False, True), (False, True))
    if regime in ALLOWED[status] and not (self_billed and status in NATURAL_PERSONS)
]
PAYMENT = {"contract.has_hold", "contract.has_payout_minimum", "contract.has_overrides"}


def values(status: Status, regime: Regime, *, self_billed: bool, in_points: bool) -> dict:
    natural = status in NATURAL_PERSONS
    return {
        **EXAMPLES,
        **{f"referrer.is_{one}": one is status for one in Status},
        **{f"referrer.{flag}": told is regime and not (natural and flag == "outside_vat") for flag, told in REGIMES.items()},
        "referrer.has_siret": not natural, "contract.self_billing": self_billed, "contract.company_reports_payment": self_billed,
        "plan.in_points": in_points, "contract.in_points": in_points, "contract.has_programme_conditions": in_points,
    }  # fmt: skip


def signed(status: Status, regime: Regime, self_billed: bool, in_points: bool, day: date) -> list[Filled]:
    told = values(status, regime, self_billed=self_billed, in_points=in_points)
    texts = texts_for(status, day, self_billed=self_billed, in_points=in_points)
    return [
        fill(text.document(), told) for text in (*texts, text_on(AMENDMENT, day), text_on(TERMINATION, day))
    ]


def words(papers: list[Filled]) -> str:
    return "\n".join(paper.plain() for paper in papers).replace("\xa0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(("status", "regime", "self_billed", "in_points"), CASES)
def test_what_is_signed_is_whole(status, regime, self_billed, in_points):
    papers = signed(status, regime, self_billed, in_points, VERSIONS[-1])
    text = words(papers)
    assert "{{" not in text
    assert ("mandat d’autofacturation" in text.lower()) == self_billed
    assert ("Conditions du programme" in text) == in_points
    assert ("au point entier" in text) == in_points
    for paper in papers:
        empty = [anchor for anchor, clause in paper.clauses().items() if "." in anchor and not clause.text]
        assert empty in (
            [],
            ["paiement.tva"] if regime is Regime.NONE and status is Status.ASSOCIATION else [],
        )


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("flag", sorted(PAYMENT))
@pytest.mark.parametrize("given", [False, True])
def test_a_contract_is_whole_with_and_without_each_of_its_terms(status, flag, given):
    regime = min(ALLOWED[status])
    [main, *_joined] = texts_for(status, VERSIONS[-1], self_billed=False)
    told = values(status, regime, self_billed=False, in_points=False) | {flag: given}
    clauses = fill(main.document(), told).clauses()
    assert all(clause.text for anchor, clause in clauses.items() if "." in anchor)


@pytest.mark.parametrize("text", shipped_texts(), ids=lambda text: f"{text.key}-{text.version}")
def test_every_blank_of_every_published_text_is_known(text):
    assert text.document().names <= set(VOCABULARY)


def test_each_status_has_its_text_and_each_regime_is_tried():
    assert set(STATUS_OF.values()) - {None} == set(Status)
    assert {regime for _status, regime, *_rest in CASES} == set(Regime) - {Regime.MISSING}


def test_an_invoice_of_the_referrers_own_is_no_condition_of_what_is_due():
    """The term would begin when somebody else chooses (C. com. L441-16)."""
    for status in (Status.MICRO, Status.COMPANY, Status.EU_COMPANY, Status.ASSOCIATION):
        [main, *_joined] = texts_for(status, VERSIONS[-1], self_billed=False)
        told = values(status, min(ALLOWED[status] - {Regime.NONE}), self_billed=False, in_points=False)
        clauses = fill(main.document(), told).clauses()
        assert "facture" not in clauses["exigibilite.pieces"].text.replace("à chaque facture", "")
        assert "ne conditionne pas l’exigibilité" in clauses["paiement.document"].text


def test_what_was_recommended_before_an_amendment_stays_under_the_former_rules():
    day = VERSIONS[-1]
    amendment = fill(text_on(AMENDMENT, day).document(), dict(EXAMPLES)).clauses()
    assert "restent soumises aux règles antérieures" in amendment["avenant-effet.transition"].text
    for status in Status:
        [main, *_joined] = texts_for(status, day, self_billed=False)
        assert "restent soumises au barème précédent" in main.body


@pytest.mark.parametrize(
    ("flags", "said", "unsaid"),
    [
        ({}, "Aucune des parties n’a à donner de raison", "Les faits reprochés"),
        ({"termination.for_fault": True}, "Les faits reprochés sont les suivants", "après un préavis"),
        (
            {"termination.by_company": False, "termination.by_referrer": True},
            "L’entreprise en prend acte",
            "représentée par",
        ),
    ],
)
def test_a_letter_of_end_says_who_ends_it_and_why(flags, said, unsaid):
    text = fill(text_on(TERMINATION, VERSIONS[-1]).document(), {**EXAMPLES, **flags}).plain()
    assert said in text
    assert unsaid not in text
    assert "gardent leur priorité" in text
    assert "ne s’applique plus" in text
