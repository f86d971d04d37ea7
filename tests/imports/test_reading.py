"""Files of referrers, recommendations and client payments, read one after the other."""

import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.imports.checks import CHECK, COMPLETE, IDS, Known
from portal.imports.columns import KINDS
from portal.imports.faults import MESSAGES, Fault
from portal.imports.reading import Reading, Row, learned, read
from portal.kit.cells import plain_words
from portal.kit.invalid import MESSAGES as KIT_MESSAGES
from portal.kit.sheets import csv_bytes, read_sheet, xlsx_bytes
from portal.kit.text import speaking, translations

DATA = Path(__file__).parent.parent / "data"
FILES = {"referrers": "apporteurs.csv", "leads": "recommandations.csv", "payments": "encaissements.csv"}
EXPECTED = json.loads((DATA / "expected.json").read_text())
TODAY = date(2026, 11, 21)
NOTHING = Known(TODAY)

SIRET, OTHER_SIRET = "73282932000074", "91510225593787"
REFERRER = {
    "N°": "AP1",
    "Statut": "société",
    "Nom": "Noël",
    "Raison sociale": "Électricité Noël SARL",
    "SIRET": SIRET,
    "TVA": "20 %",
    "N° TVA": "FR44732829320",
    "E-mail": "lea@noel.fr",
    "IBAN": "FR76 3000 6000 0112 3456 7890 189",
    "Contrat signé le": "01/02/2026",
}
LEAD = {
    "Réf": "L1",
    "Date": "10/03/2026",
    "Apporteur": "AP1",
    "Entreprise": "Dupont SARL",
    "SIREN": "732829320",
    "E-mail": "paul@dupont.fr",
    "Accord du prospect": "oui",
    "Suite": "gagné",
    "Signé le": "12/04/2026",
    "Montant HT": "18 000,00 €",
}
PAYMENT = {
    "N° pièce": "E1",
    "Réf recommandation": "L1",
    "Date": "02/05/2026",
    "Montant HT": "9 000,00",
    "Type": "",
}
AFTER_REFERRER = replace(NOTHING, referrers={"AP1": date(2026, 2, 1)})
AFTER_LEAD = replace(AFTER_REFERRER, leads={"L1": date(2026, 4, 12), "L2": None})


def a_file(*rows: dict[str, str]) -> bytes:
    return csv_bytes([list(rows[0]), *(list(row.values()) for row in rows)])


def codes(faults: tuple[Fault, ...]) -> list[str]:
    return [fault.code for fault in faults]


def read_referrer(**changed: str) -> Reading:
    return read("referrers", a_file(REFERRER | changed), NOTHING)


def only(reading: Reading) -> Row:
    assert codes(reading.faults) == []
    [row] = reading.good
    return row


# -- the three files of the company


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading]:
    known, found = NOTHING, {}
    for kind, name in FILES.items():
        found[kind] = read(kind, (DATA / name).read_bytes(), known)
        known = learned(known, kind, found[kind])
    return found


@pytest.mark.parametrize("kind", sorted(FILES))
def test_the_files_of_the_company_give_what_its_accountant_counted(
    readings: dict[str, Reading], kind: str
) -> None:
    reading, expected = readings[kind], EXPECTED[kind]
    assert len(reading.good) == expected["good"]
    assert Counter(codes(reading.faults)) == expected["faults"]
    assert len(reading.good) + len({fault.line for fault in reading.faults}) == expected["rows"]


def test_the_payments_sum_to_the_cent(readings: dict[str, Reading]) -> None:
    assert readings["payments"].net_cents == EXPECTED["payments"]["net_cents"]


def test_a_fault_shows_the_cell_as_it_was_typed(readings: dict[str, Reading]) -> None:
    [fault] = [fault for fault in readings["referrers"].faults if fault.code == "email"]
    assert (fault.line, fault.column, fault.value) == (5, "E-mail", "no.fort.4 chez exemple.fr")
    with speaking("en"):
        assert fault.sentence == "This e-mail address looks incomplete."


def test_a_formula_typed_as_a_need_stays_text(readings: dict[str, Reading]) -> None:
    assert readings["leads"].good[0].values["need"] == '=HYPERLINK("http://x")'


def test_employees_of_partners_wait_for_their_employer_and_odd_associations_are_named(
    readings: dict[str, Reading],
) -> None:
    warned = Counter(codes(readings["referrers"].warnings))
    assert (warned["employer_missing"], warned["association_like_company"]) == (8, 6)
    employees = [row for row in readings["referrers"].good if row.values["status"] == "partner_employee"]
    assert {row.blocks for row in employees} == {("employer_missing",)}


def test_two_leads_with_one_siren_are_told_and_the_later_waits(readings: dict[str, Reading]) -> None:
    [waiting] = [row for row in readings["leads"].good if row.waits_behind]
    [first] = [row for row in readings["leads"].good if row.values["ref"] == waiting.waits_behind]
    assert first.values["siren"] == waiting.values["siren"]
    assert str(first.values["day"]) <= str(waiting.values["day"])


@pytest.mark.parametrize("kind", sorted(FILES))
def test_a_workbook_and_another_encoding_read_the_same(readings: dict[str, Reading], kind: str) -> None:
    known = NOTHING
    for earlier in FILES:
        if earlier == kind:
            break
        known = learned(known, earlier, readings[earlier])
    sheet = read_sheet((DATA / FILES[kind]).read_bytes())
    table = [sheet.titles, *(line.cells for line in sheet.lines)]
    text = csv_bytes(table).decode("utf-8-sig")
    for data in (xlsx_bytes(table), text.encode("utf-16")):
        again = read(kind, data, known)
        assert [row.values for row in again.good] == [row.values for row in readings[kind].good]
        assert codes(again.faults) == codes(readings[kind].faults)


@pytest.mark.parametrize("kind", sorted(FILES))
def test_the_same_file_twice_brings_nothing_more(readings: dict[str, Reading], kind: str) -> None:
    known = NOTHING
    for earlier in FILES:
        known = learned(known, earlier, readings[earlier])
    again = read(kind, (DATA / FILES[kind]).read_bytes(), known)
    assert again.good == ()
    assert codes(again.warnings).count("already_imported") >= len(readings[kind].good)


# -- referrers


@pytest.mark.parametrize(
    ("status", "vat", "kept"),
    [
        ("particulier", "", ("individual", "none")),
        ("Micro-entrepreneur", "293 B", ("micro", "franchise")),
        ("MICRO ENTREPRENEUR", "franchise", ("micro", "franchise")),
        ("société", "20%", ("company", "standard")),
        ("société UE", "Autoliquidation", ("eu_company", "reverse_charge")),
        ("association", "exonérée", ("association", "exempt")),
        ("association", "non assujettie", ("association", "none")),
        ("salarié partenaire", "", ("partner_employee", "none")),
        ("société", "", ("company", "missing")),
    ],
)
def test_a_status_and_a_regime_become_codes(status: str, vat: str, kept: tuple[str, str]) -> None:
    row = only(read_referrer(Statut=status, TVA=vat))
    assert (row.values["status"], row.values["vat_regime"]) == kept


@pytest.mark.parametrize(
    ("changed", "blocks"),
    [
        ({}, ()),
        ({"TVA": ""}, ("vat_regime_missing",)),
        ({"SIRET": ""}, ("siret_missing",)),
        ({"N° TVA": ""}, ("vat_number_missing",)),
        ({"Statut": "micro-entrepreneur", "TVA": "293 B", "N° TVA": ""}, ()),
        ({"Statut": "salarié partenaire", "TVA": ""}, ("employer_missing",)),
    ],
)
def test_what_is_missing_holds_back_the_paper_and_not_the_row(
    changed: dict[str, str], blocks: tuple[str, ...]
) -> None:
    assert only(read_referrer(**changed)).blocks == blocks


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (
            {"Statut": "association", "TVA": "non assujettie", "N° TVA": "", "SIRET": ""},
            "association_like_company",
        ),
        ({"Statut": "association", "Raison sociale": "Les Amis", "TVA": "autoliquidation"}, "regime_unusual"),
        ({"SIRET": OTHER_SIRET}, "vat_other_siren"),
        ({"TVA": "comme avant"}, "vat_regime"),
        ({"N° TVA": "FR00"}, "vat_number_missing"),
        ({"Contrat signé le": "01/01/2027"}, "future"),
    ],
)
def test_what_is_odd_is_told_and_the_row_is_taken(changed: dict[str, str], code: str) -> None:
    reading = read_referrer(**changed)
    assert only(reading)
    assert code in codes(reading.warnings)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"N°": ""}, "missing"),
        ({"Statut": "ami"}, "status"),
        ({"Statut": ""}, "missing"),
        ({"Nom": "", "Raison sociale": ""}, "missing"),
        ({"E-mail": "noel"}, "email"),
        ({"SIRET": "123"}, "siret"),
        ({"IBAN": "FR77 3000 4411 1287 7774 5771 347"}, "iban"),
        ({"Contrat signé le": "bientôt"}, "date"),
    ],
)
def test_what_cannot_be_read_keeps_the_row_out(changed: dict[str, str], code: str) -> None:
    reading = read_referrer(**changed)
    assert (reading.good, codes(reading.faults)) == ((), [code])


def test_all_faults_of_a_row_are_told_at_once() -> None:
    assert sorted(codes(read_referrer(**{"SIRET": "123", "IBAN": "x", "E-mail": "x"}).faults)) == [
        "email",
        "iban",
        "siret",
    ]


def test_a_number_used_twice_is_refused_the_second_time_and_a_shared_account_is_told() -> None:
    reading = read("referrers", a_file(REFERRER, REFERRER, REFERRER | {"N°": "AP2"}), NOTHING)
    assert [row.values["number"] for row in reading.good] == ["AP1", "AP2"]
    [fault] = reading.faults
    assert (fault.line, fault.code, fault.params) == (3, "duplicate", {"first_line": 2})
    assert codes(reading.warnings) == ["shared_iban", "shared_email"]


# -- leads


def read_leads(*rows: dict[str, str], known: Known = AFTER_REFERRER) -> Reading:
    return read("leads", a_file(*rows), known)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"Date": "courant mars"}, "date"),
        ({"SIREN": "732829321"}, "siren"),
        ({"Entreprise": ""}, "company"),
        ({"Accord du prospect": "non"}, "consent"),
        ({"Accord du prospect": ""}, "consent"),
        ({"Accord du prospect": "peut-être"}, "consent"),
        ({"Apporteur": "AP9"}, "unknown_referrer"),
        ({"Montant HT": "à voir"}, "amount"),
        ({"Montant HT": ""}, "amount"),
        ({"Signé le": ""}, "signed_on"),
        ({"Suite": "bof"}, "outcome"),
    ],
)
def test_a_lead_that_cannot_stand_is_refused(changed: dict[str, str], code: str) -> None:
    reading = read_leads(LEAD | changed)
    assert (reading.good, codes(reading.faults)) == ((), [code])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"Date": "31/01/2026"}, "before_contract"),
        ({"Date": "13/04/2026"}, "signed_before_lead"),
        ({"Signé le": "22/11/2026"}, "future"),
        ({"E-mail": "paul chez dupont"}, "email"),
    ],
)
def test_a_lead_with_an_odd_date_or_address_is_taken_with_a_warning(
    changed: dict[str, str], code: str
) -> None:
    reading = read_leads(LEAD | changed)
    assert only(reading)
    assert codes(reading.warnings) == [code]


def test_a_lead_of_the_day_of_the_contract_is_in_time() -> None:
    assert read_leads(LEAD | {"Date": "01/02/2026"}).warnings == ()


def test_an_agreement_given_by_word_of_mouth_keeps_its_words() -> None:
    assert (
        only(read_leads(LEAD | {"Accord du prospect": "oral le 11/08"})).values["consent"] == "oral le 11/08"
    )


@pytest.mark.parametrize(
    ("changed", "waits"),
    [
        ({"Entreprise": "Autre nom", "E-mail": "x@autre.fr"}, True),  # the same SIREN
        ({"SIREN": "", "Entreprise": "DUPONT"}, True),  # the same name and domain
        ({"SIREN": "", "Entreprise": "Durand"}, False),
        ({"SIREN": "", "E-mail": "paul@gmail.com"}, False),
        ({"SIREN": "915102255"}, False),  # two companies of one name and domain
    ],
)
def test_a_second_lead_of_a_company_waits_behind_the_first(changed: dict[str, str], waits: bool) -> None:
    reading = read_leads(LEAD | {"Réf": "L2", "Date": "11/03/2026"} | changed, LEAD)
    assert {row.values["ref"]: row.waits_behind for row in reading.good} == {
        "L1": None,
        "L2": "L1" if waits else None,
    }
    assert codes(reading.faults) == []


def test_a_lead_waits_behind_one_of_an_earlier_file() -> None:
    known = learned(AFTER_REFERRER, "leads", read_leads(LEAD))
    row = only(read_leads(LEAD | {"Réf": "L2", "Date": "01/03/2026"}, known=known))
    assert row.waits_behind == "L1"


# -- client payments


def read_payments(*rows: dict[str, str]) -> Reading:
    return read("payments", a_file(*rows), AFTER_LEAD)


@pytest.mark.parametrize(
    ("changed", "cents"),
    [
        ({}, 900_000),
        ({"Type": "encaissement"}, 900_000),
        ({"Type": "remboursement"}, -900_000),
        ({"Type": "remboursement", "Montant HT": "-9000"}, -900_000),
        ({"Montant HT": "-9000"}, -900_000),
    ],
)
def test_a_refund_is_negative_by_its_sign_or_by_its_word(changed: dict[str, str], cents: int) -> None:
    assert read_payments(PAYMENT | changed).net_cents == cents


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"Montant HT": "-"}, "amount"),
        ({"Montant HT": ""}, "amount"),
        ({"Montant HT": "0,00"}, "amount"),
        ({"Type": "encaissement", "Montant HT": "-1"}, "sign"),
        ({"Type": "cadeau"}, "payment_type"),
        ({"Réf recommandation": "L9"}, "unknown_lead"),
        ({"Réf recommandation": "L2"}, "not_signed"),
    ],
)
def test_a_payment_that_belongs_nowhere_is_refused(changed: dict[str, str], code: str) -> None:
    reading = read_payments(PAYMENT | changed)
    assert (reading.good, codes(reading.faults)) == ((), [code])


@pytest.mark.parametrize(("day", "code"), [("11/04/2026", "before_signature"), ("22/11/2026", "future")])
def test_a_payment_before_the_signature_or_after_today_is_kept_with_a_warning(day: str, code: str) -> None:
    reading = read_payments(PAYMENT | {"Date": day})
    assert only(reading)
    assert codes(reading.warnings) == [code]


# -- clients


def test_a_list_of_clients_is_read_by_siren_or_siret() -> None:
    rows = [
        {"Nom": "Dupont", "SIRET": SIRET, "Site": "dupont.fr"},
        {"Nom": "Dupont bis", "SIRET": SIRET, "Site": ""},
        {"Nom": "Durand", "SIRET": "", "Site": ""},
    ]
    reading = read("clients", a_file(*rows), NOTHING)
    assert [row.values.get("siren") for row in reading.good] == ["732829320", None]
    assert codes(reading.faults) == ["duplicate"]
    assert learned(NOTHING, "clients", reading).clients == {"732829320", "durand"}


def test_a_client_is_known_by_its_code_and_two_codes_of_one_siren_are_remarked() -> None:
    rows = [
        {"Code client": "C1", "Nom": "Dupont", "SIREN": "732829320"},
        {"Code client": "C2", "Nom": "Dupont Lyon", "SIREN": "732829320"},
    ]
    reading = read("clients", a_file(*rows), replace(NOTHING, clients=frozenset({"C3"})))
    assert [row.values["ref"] for row in reading.good] == ["C1", "C2"]
    assert [(warning.code, warning.ref) for warning in reading.warnings] == [("shared_siren", "C2")]


# -- any file


def test_columns_are_known_by_many_titles_and_in_any_order() -> None:
    rows = {"PAYE LE": "02/05/2026", "ht": "12", "affaire": "L1", "Reference": "E1", "Commentaire": "rien"}
    reading = read_payments(rows)
    assert only(reading).values["amount_cents"] == 1_200
    assert [(fault.code, fault.column) for fault in reading.warnings] == [("unknown_column", "Commentaire")]


def test_a_file_without_a_needed_column_or_with_one_twice_says_which() -> None:
    missing = read_payments({key: value for key, value in PAYMENT.items() if key != "Date"})
    assert [(fault.code, fault.params) for fault in missing.faults] == [("missing_column", {"title": "Date"})]
    twice = read_payments(PAYMENT | {"Montant": "12"})
    assert codes(twice.faults) == ["header_twice"]


def test_a_line_with_a_separator_too_many_is_told() -> None:
    data = a_file(PAYMENT).rstrip(b"\r\n") + b";;de trop\r\n"
    assert codes(read("payments", data, AFTER_LEAD).faults) == ["extra_cells"]


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(data=st.binary(max_size=200))
def test_any_bytes_give_a_reading_whose_faults_have_a_sentence(kind: str, data: bytes) -> None:
    reading = read(kind, data, NOTHING)
    assert reading.faults
    assert all(fault.sentence for fault in reading.faults + reading.warnings)


CELLS = st.sampled_from(
    [
        "",
        "AP1",
        "L1",
        "société",
        "20 %",
        "-",
        "12,00",
        "01/02/2026",
        "x@y.fr",
        "oui",
        "gagné",
        "=1+1",
        SIRET,
        "\u202f0",
    ]
)


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=40)
@given(data=st.data())
def test_any_cells_under_the_right_titles_are_read_or_refused_one_row_at_a_time(
    kind: str, data: st.DataObject
) -> None:
    titles = [column.titles[0] for column in KINDS[kind]]
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(titles), max_size=len(titles)), max_size=4))
    table = csv_bytes([titles, *rows])
    reading = read(kind, table, AFTER_LEAD)
    good, refused = {row.line for row in reading.good}, {fault.line for fault in reading.faults}
    skipped = {fault.line for fault in reading.warnings if fault.code == "already_imported"}
    assert {line.number for line in read_sheet(table).lines} == good | refused | skipped
    assert not good & (refused | skipped)


# -- the tables


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_title_leads_to_one_field_only(kind: str) -> None:
    titles = [plain_words(title) for column in KINDS[kind] for title in column.titles]
    assert len(titles) == len(set(titles))


def test_a_lead_that_is_not_won_takes_no_payment_even_with_a_date_of_signature() -> None:
    known = learned(AFTER_REFERRER, "leads", read_leads(LEAD | {"Suite": "en cours"}))
    assert codes(read("payments", a_file(PAYMENT), known).faults) == ["not_signed"]


def test_every_kind_has_its_columns_its_checks_and_its_number() -> None:
    assert KINDS.keys() == COMPLETE.keys() == CHECK.keys() == IDS.keys()


@pytest.mark.parametrize("code", sorted(MESSAGES.keys() - KIT_MESSAGES.keys()))
def test_every_fault_speaks_english_too(code: str) -> None:
    assert translations("en").gettext(MESSAGES[code]) != MESSAGES[code]
