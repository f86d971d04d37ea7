"""The published contract texts: locked, complete for each status, and free of what they must not say."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.contracts.wording.placeholders import EXAMPLES, LAW, PLACEHOLDERS, VOCABULARY, legal_values
from portal.contracts.wording.texts import (
    AMENDMENT,
    MANDATE,
    PERSONAL_DATA,
    PROGRAMME_CONDITIONS,
    ROOT,
    STATUS_OF,
    TERMINATION,
    LockBroken,
    Text,
    lock_faults,
    shipped_texts,
    text_on,
    texts_for,
    youngest_texts,
)
from portal.kit.fill import Kind, ValueRefused, fill
from portal.law import SHIPPED

DAY = date(2026, 11, 22)
PUBLISHED = shipped_texts()
TEXTS = youngest_texts()
CONTRACTS = [text for text in TEXTS if text.status]
FLAGS = sorted(name for name, kind in VOCABULARY.items() if kind is Kind.FLAG)
STATUSES = {
    "is_individual",
    "is_micro",
    "is_company",
    "is_eu_company",
    "is_association",
    "is_partner_employee",
}

every_published = pytest.mark.parametrize("text", PUBLISHED, ids=lambda text: f"{text.key}-{text.version}")
every_text = pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.key)
every_contract = pytest.mark.parametrize("text", CONTRACTS, ids=lambda text: text.key)

# Clauses cited by explanations, papers and pages: they exist whatever the status.
ALWAYS = {
    "parties": "entreprise apporteur declarations",
    "objet": "mission limites liberte gratuite documents",
    "recommandation": "definition accord information reponse refus anterieure",
    "priorite": "duree plusieurs",
    "affaire": "definition liberte suivi",
    "remuneration": "bareme evenement calcul arrondi duree limites partage explication modification",
    "exigibilite": "acquise exigible pieces attente",
    "paiement": "document tva delai seuil compte retard points",
    "regularisation": "remboursement annulation causes document compensation solde",
    "obligations": "statut impot",
    "loyaute": "presentation corruption public metiers",
    "confidentialite": "portail secret",
    "donnees": "roles opposition",
    "reclamation": "erreur reponse",
    "duree": "duree resiliation suspension reste",
    "preuve": "signature convention conservation",
    "divers": "modification",
    "droit": "loi tribunal",
}
OF_STATUS = {
    "individual": set(),
    "micro": {"obligations.vigilance"},
    "company": {"obligations.vigilance"},
    "eu_company": {"obligations.vigilance"},
    "association": {"obligations.vigilance"},
    "partner_employee": {"obligations.employeur", "obligations.contributions"},
}
OF_SOME = {"obligations.vigilance", "obligations.employeur", "obligations.contributions"}

# What each status must read, and what would be false for it.
SAYS = {
    "individual": ("bordereau de commission", "law.das2_threshold", "taux légal"),
    "micro": ("mandat d’autofacturation", "law.franchise_mention", "law.recovery_indemnity", "law.late_rate"),
    "company": ("mandat d’autofacturation", "law.recovery_indemnity", "law.late_rate"),
    "eu_company": ("mandat d’autofacturation", "Autoliquidation", "law.withholding_rate"),
    "association": ("mandat d’autofacturation", "aucun reçu fiscal", "bordereau de commission"),
    "partner_employee": ("attestation de versement", "law.third_party_rate", "informe l’employeur"),
}
NEVER_SAYS = {
    "individual": ("autofacturation", "law.recovery_indemnity", "law.late_rate", "law.vigilance_threshold"),
    "micro": ("law.withholding_rate", "law.third_party_rate"),
    "company": ("law.withholding_rate", "law.third_party_rate", "revenus non commerciaux"),
    "eu_company": ("law.franchise_mention", "URSSAF"),
    "association": ("law.third_party_rate", "Autoliquidation"),
    "partner_employee": ("autofacturation", "law.recovery_indemnity", "law.das2_threshold"),
}

# Words of an agency or an employment: they may stand only where the text says that there is none.
WARNED = re.compile(
    r"agent commercial|négoci|exclusiv|secteur|mandataire|mandat de la représenter|subordination|objectif|horaire"
    r"|instruction|hiérarch|période d’essai|congés|bulletin de paie|clientèle exclusive|permanent",
    re.IGNORECASE,
)
DENIALS = {"objet.limites", "objet.liberte", "parties.declarations", "conditions-objet.liberte"}

UNITS = r"(?:€|euros?|%|pour cent|points? de pourcentage|jours?|mois|ans?|années?)"
NUMBERS = r"(?:[0-9][0-9\s.,\u00a0\u202f]*|(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|quinze|trente|quarante-cinq|soixante) )"
TYPED_FIGURE = re.compile(rf"\b{NUMBERS}\s*{UNITS}(?!\w)", re.IGNORECASE)
REFERENCE = re.compile(r"articles? ([0-9]+(?:\.[0-9]+)?)\b(?! à [0-9]+ du code)")


def filled(text: Text, **flags: bool):
    return fill(text.document(), {**EXAMPLES, **flags})


def by_key(key: str) -> Text:
    return text_on(key, DAY)


def test_every_published_text_is_as_it_was_published() -> None:
    assert lock_faults() == ()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT, tmp_path / "contracts")
    return tmp_path / "contracts"


def faults_of(root: Path) -> list[tuple[str, str]]:
    return [(Path(fault.path).name, fault.code) for fault in lock_faults(root)]


def test_one_letter_changed_in_a_published_text_stops_everything(copy: Path) -> None:
    path = copy / "2026-11-21" / f"{MANDATE}.md"
    path.write_text(path.read_text(encoding="utf-8").replace("gratuit", "gratuits", 1), encoding="utf-8")
    assert faults_of(copy) == [(path.name, "edited")]
    with pytest.raises(LockBroken, match="edited"):
        shipped_texts(copy)


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("*/*.md")), ids=lambda path: f"{path.stem}-{path.parent.name}"
)
def test_every_published_file_is_held_by_its_digest(copy: Path, path: Path) -> None:
    held = copy / path.relative_to(ROOT)
    held.write_bytes(held.read_bytes() + b"\n")
    assert faults_of(copy) == [(path.name, "edited")]


def test_a_text_that_is_gone_or_not_locked_is_a_fault(copy: Path) -> None:
    (copy / "2026-11-21" / f"{MANDATE}.md").rename(copy / "2026-11-21" / "bail.md")
    assert faults_of(copy) == [("bail.md", "unknown_name"), (f"{MANDATE}.md", "missing")]
    shutil.copytree(copy / "2026-11-21", copy / "2027-01-01")
    assert ("annexe-donnees-personnelles.md", "unlisted") in faults_of(copy)


def test_a_contract_takes_the_youngest_version_of_its_day() -> None:
    old = by_key(MANDATE)
    new = old._replace(version=date(2027, 3, 1))
    assert text_on(MANDATE, date(2026, 11, 21)).version == date(2026, 11, 21)
    assert text_on(MANDATE, date(2027, 2, 28), (old, new)) is old
    assert text_on(MANDATE, date(2027, 3, 1), (old, new)) is new
    with pytest.raises(LookupError):
        text_on(MANDATE, date(2026, 11, 20))


def test_each_status_has_one_text_and_the_mandate_comes_with_self_billing() -> None:
    assert {text.status for text in CONTRACTS} == set(OF_STATUS)
    joined = [text.key for text in texts_for("micro", DAY, self_billed=True)]
    assert joined == ["apport-affaires-micro-entrepreneur", MANDATE, PERSONAL_DATA]
    assert [text.key for text in texts_for("individual", DAY, self_billed=False)][1:] == [PERSONAL_DATA]


def test_what_points_are_worth_comes_with_a_plan_that_counts_in_points() -> None:
    joined = [text.key for text in texts_for("individual", DAY, self_billed=False, in_points=True)][1:]
    assert joined == [PROGRAMME_CONDITIONS, PERSONAL_DATA]


@every_published
def test_a_text_is_filled_by_the_examples_of_the_table(text: Text) -> None:
    plain = filled(text).plain()
    assert plain.startswith(text.title)
    assert "{{" not in plain
    assert "  " not in plain


@settings(deadline=None)
@given(st.sampled_from(PUBLISHED), st.fixed_dictionaries({name: st.booleans() for name in FLAGS}))
def test_a_text_is_whole_whatever_the_flags(text: Text, flags: dict[str, bool]) -> None:
    document = filled(text, **flags)
    assert document.html().count("<h2 ") == len(document.articles())
    assert tuple(document.clauses()) == text.anchors


@every_contract
@pytest.mark.parametrize("missing", ["contract.number", "company.name", "plan.rules", "plan.in_points"])
def test_a_contract_is_never_printed_with_a_blank(text: Text, missing: str) -> None:
    document = text.document()
    with pytest.raises(ValueRefused, match=re.escape(missing)):
        fill(document, {name: value for name, value in EXAMPLES.items() if name != missing})


def test_the_table_names_nothing_that_no_text_uses() -> None:
    used = frozenset().union(*(text.document().names for text in TEXTS))
    unused = set(VOCABULARY) - used - {f"referrer.{status}" for status in STATUSES}
    assert unused == {"referrer.status_label"}  # offered to the texts that a company writes itself


def test_a_placeholder_is_named_once() -> None:
    names = [placeholder.name for placeholder in PLACEHOLDERS]
    assert len(names) == len(set(names))


@every_contract
def test_a_contract_has_the_clauses_of_its_status(text: Text) -> None:
    always = {f"{article}.{clause}" for article, clauses in ALWAYS.items() for clause in clauses.split()}
    assert always - set(text.anchors) == set()
    assert OF_SOME & set(text.anchors) == OF_STATUS[text.status]


@every_contract
def test_a_contract_says_what_its_status_needs_and_nothing_false(text: Text) -> None:
    assert [words for words in SAYS[text.status] if words.lower() not in text.body.lower()] == []
    assert [words for words in NEVER_SAYS[text.status] if words.lower() in text.body.lower()] == []


@every_contract
def test_words_of_agency_or_employment_stand_only_where_they_are_denied(text: Text) -> None:
    warned = {anchor for anchor, clause in filled(text).clauses().items() if WARNED.search(clause.text)}
    assert warned - DENIALS == set()
    assert "objet.limites" in warned  # the denial itself is there


@every_text
def test_no_figure_of_law_is_typed(text: Text) -> None:
    prose = re.sub(r"\{\{[^}]*\}\}", "…", text.body)
    assert TYPED_FIGURE.findall(prose) == []


@pytest.mark.parametrize(
    "typed", ["dans les 45 jours", "au taux de 12,15 %", "soit 5 000 €", "tous les six mois"]
)
def test_a_typed_figure_would_be_seen(typed: str) -> None:
    assert TYPED_FIGURE.search(typed)


@every_text
def test_a_reference_leads_to_an_article_that_exists(text: Text) -> None:
    document = filled(text)
    numbers = {clause.number for clause in document.clauses().values()}
    bodies = "\n".join(clause.text for clause in document.clauses().values()).replace("\u00a0", " ")
    assert set(REFERENCE.findall(bodies)) - numbers == set()


@every_contract
def test_the_rules_of_computation_are_in_words(text: Text) -> None:
    clauses = filled(text).clauses()
    assert "arrondit à la moitié supérieure en valeur absolue" in clauses["remuneration.arrondi"].text
    assert "ligne par ligne" in clauses["remuneration.arrondi"].text
    assert "La faute de l’entreprise n’entraîne jamais de reprise" in clauses["regularisation.causes"].text
    assert "font partie de l’exigibilité" in clauses["exigibilite.exigible"].text


def test_the_mandate_covers_invoices_corrections_and_credit_notes_and_leaves_the_supplier_liable() -> None:
    clauses = filled(by_key(MANDATE)).clauses()
    assert {"- les factures ;", "- les factures rectificatives ;"} <= set(
        clauses["mandat.etendue"].text.replace("\u202f", " ").splitlines()
    )
    assert "avoirs" in clauses["mandat.etendue"].text
    assert "15 jours" in clauses["mandat-contestation.delai"].text
    assert "l’entière responsabilité" in clauses["mandat-responsabilite.apporteur"].text


@pytest.mark.parametrize(
    ("company", "who"), [(True, "l’entreprise fait transmettre"), (False, "L’apporteur transmet")]
)
def test_the_mandate_says_who_sends_the_collected_status(company: bool, who: str) -> None:
    clauses = filled(by_key(MANDATE), **{"contract.company_reports_payment": company}).clauses()
    assert who in clauses["mandat-electronique.encaissement"].text


@pytest.mark.parametrize("status", sorted(OF_STATUS))
def test_the_anchors_of_texts_signed_together_never_meet(status: str) -> None:
    signed = (
        *texts_for(status, DAY, self_billed=True, in_points=True),
        by_key(AMENDMENT),
        by_key(TERMINATION),
    )
    anchors = [anchor for text in signed for anchor in text.anchors]
    assert len(anchors) == len(set(anchors))


def test_figures_of_law_come_from_the_law_of_the_day() -> None:
    assert legal_values(SHIPPED, DAY)["law.vigilance_threshold"] == "5\u202f000\u00a0€"
    assert legal_values(SHIPPED, date(2023, 6, 1))["law.das2_threshold"] == "1\u202f200\u00a0€"
    assert set(legal_values(SHIPPED, DAY)) == {words.name for words in LAW}


def test_every_file_is_for_a_known_status() -> None:
    assert {path.stem for path in ROOT.glob("*/*.md")} == set(STATUS_OF)
