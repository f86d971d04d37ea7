"""What a file does not say by itself: it is decided by the evidence of a whole column, asked, or named; never guessed."""

import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from portal.imports.names import parse_name
from portal.imports.reading import Reading, read
from portal.kit.sheets import csv_bytes
from tests.imports.rows import (
    AFTER_LEAD,
    AFTER_REFERRER,
    LEAD,
    NOTHING,
    REFERRER,
    a_file,
    codes,
    only,
    read_leads,
)


def payments(titles: list[str], *rows: list[str], mapping: dict[str, str] | None = None) -> Reading:
    return read("payments", csv_bytes([["N° pièce", "Dossier", *titles], *([f"E{n}", "L1", *row] for n, row in enumerate(rows))]),
                AFTER_LEAD, mapping)  # fmt: skip


def cents(reading: Reading) -> list[object]:
    return [row.values["amount_cents"] for row in reading.good]


def days(reading: Reading) -> list[object]:
    return [row.values["day"] for row in reading.good]


# -- amounts


def test_thousands_that_may_be_thousandths_are_asked_about_and_the_answer_holds() -> None:
    rows = [["20/05/2026", "1.234"], ["21/05/2026", "12.500"]]
    asked = payments(["Date", "Montant HT"], *rows)
    assert (cents(asked), codes(asked.faults)) == ([], ["amount_sign"] * 2)
    assert "amounts_unclear" in codes(asked.warnings)
    said = payments(["Date", "Montant HT"], *rows, mapping={"montant ht": "amount_cents|comma"})
    assert cents(said) == [123_400, 1_250_000]


@pytest.mark.parametrize(("other", "read_as"), [("12,50", [123_400, 1_250]), ("12.50", [1_250])])
def test_the_other_amounts_of_the_column_say_what_a_point_is(other: str, read_as: list[int]) -> None:
    assert cents(payments(["Date", "Montant HT"], ["20/05/2026", "1.234"], ["21/05/2026", other])) == read_as


def test_amounts_with_tax_alone_are_asked_about_and_read_at_the_rate_that_was_said() -> None:
    rows = [["20/05/2026", "1 200,00"], ["21/05/2026", "(100,01)"]]
    assert codes(payments(["Date", "Montant TTC"], *rows).faults) == ["rate_unsaid"]
    said = payments(["Date", "Montant TTC"], *rows, mapping={"montant ttc": "gross_cents|20"})
    assert cents(said) == [100_000, -8_334]  # 1 200 ÷ 1,2; 100,01 ÷ 1,2 = 83,3416…


def test_tax_in_a_column_of_its_own_by_rate_or_by_amount() -> None:
    by_rate = payments(
        ["Date", "Mt TTC", "Taux TVA"], ["20/05/2026", "1 055,00", "5,5 %"], ["20/05/2026", "12,00", ""]
    )
    assert (cents(by_rate), codes(by_rate.faults)) == ([100_000], ["rate_unknown"])
    by_amount = payments(["Date", "Total TTC", "Montant TVA"], ["20/05/2026", "-120,00", "-20,00"])
    assert cents(by_amount) == [-10_000]


def test_an_amount_that_says_nothing_of_tax_is_no_amount_before_tax() -> None:
    asked = payments(["Date", "Montant"], ["20/05/2026", "120,00"])
    assert [fault.params for fault in asked.faults] == [{"title": "Montant HT"}]


def test_more_before_tax_than_with_it_is_refused() -> None:
    reading = payments(["Date", "Montant HT", "Montant TTC"], ["20/05/2026", "120,00", "100,00"])
    assert codes(reading.faults) == ["gross_below_net"]


# -- days


def test_a_column_that_can_only_be_american_is_read_so_and_that_is_told() -> None:
    reading = payments(["Date", "Montant HT"], ["05/20/2026", "1,00"], ["05/06/2026", "1,00"])
    assert days(reading) == [date(2026, 5, 20), date(2026, 5, 6)]
    assert "days_not_french" in codes(reading.warnings)


def test_a_column_that_is_both_is_asked_about_where_it_matters() -> None:
    rows = [["20/05/2026", "1,00"], ["05/21/2026", "1,00"], ["05/06/2026", "1,00"]]
    reading = payments(["Date", "Montant HT"], *rows)
    assert days(reading) == [date(2026, 5, 20), date(2026, 5, 21)]
    assert codes(reading.faults) == ["date_order"]
    said = payments(["Date", "Montant HT"], *rows, mapping={"date": "day|dmy"})
    assert days(said) == [date(2026, 5, 20), date(2026, 6, 5)]
    assert codes(said.faults) == ["date"]


def test_days_that_say_nothing_are_french_and_that_is_told() -> None:
    reading = payments(["Date", "Montant HT"], ["05/06/2026", "1,00"])
    assert (days(reading), codes(reading.warnings)) == ([date(2026, 6, 5)], ["days_supposed"])


def test_years_of_two_digits_at_the_front_are_seen_by_their_days() -> None:
    reading = payments(["Date", "Montant HT"], ["26-05-31", "1,00"], ["26-06-05", "1,00"])
    assert days(reading) == [date(2026, 5, 31), date(2026, 6, 5)]


# -- words and names


def test_a_word_that_nobody_knows_is_explained_once() -> None:
    unknown = read("referrers", a_file(REFERRER | {"Statut": "E.I."}), NOTHING)
    assert codes(unknown.faults) == ["status"]
    told = read("referrers", a_file(REFERRER | {"Statut": "E.I."}), NOTHING, {"status=e i": "micro"})
    assert only(told).values["status"] == "micro"


@pytest.mark.parametrize(
    ("full", "title", "name"),
    [
        ("DUPONT Léa", "Apporteur", ("Léa", "DUPONT", True)),
        ("Jean-Noël LE GOFF", "Apporteur", ("Jean-Noël", "LE GOFF", True)),
        ("Léa Dupont", "Prénom Nom", ("Léa", "Dupont", True)),
        ("Dupont Léa", "Nom et prénom", ("Léa", "Dupont", True)),
        ("Le Goff Anne Marie", "Nom et prénom", ("", "Le Goff Anne Marie", False)),
        ("Léa Dupont", "Apporteur", ("", "Léa Dupont", False)),
    ],
)
def test_a_name_in_one_cell_is_split_where_something_says_how(full: str, title: str, name: tuple) -> None:
    assert tuple(parse_name(full, title)) == name


def test_a_lead_may_call_its_referrer_by_name_unless_two_answer() -> None:
    known = replace(AFTER_REFERRER, aliases={"lea martin": "AP1", "paul roux": ""})
    assert only(read_leads(LEAD | {"Apporteur": "MARTIN Léa"}, known=known)).values["referrer"] == "AP1"
    assert codes(read_leads(LEAD | {"Apporteur": "Paul Roux"}, known=known).faults) == ["referrer_twice"]


def test_an_address_that_lacks_something_is_told_before_the_first_paper() -> None:
    reading = read("referrers", a_file(REFERRER | {"CP": ""}), NOTHING)
    assert only(reading).blocks == ("address_missing",)


# -- the file around the table


def test_a_second_title_of_the_same_words_is_told_and_can_be_left_out() -> None:
    twice = csv_bytes(
        [[*LEAD, "Tél", "Téléphone", "Date"], [*LEAD.values(), "0612345678", "0102030405", "x"]]
    )
    assert codes(read("leads", twice, AFTER_REFERRER).faults) == ["header_twice"]
    reading = read("leads", twice, AFTER_REFERRER, {"date 2": ""})
    assert codes(reading.warnings) == ["column_twin"]
    assert only(reading).values["phone"] == "+33612345678"


def test_a_workbook_shows_what_nobody_computed_and_names_the_other_sheets() -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet.append([*LEAD, "Besoin"])
    sheet.append([*LEAD.values(), '=HYPERLINK("http://x")'])
    sheet.append([*(LEAD | {"Réf": "L2", "Montant HT": "=9*2"}).values(), "#N/A"])
    book.create_sheet("2024").append(["Réf"])
    book.save(out)
    reading = read("leads", out.getvalue(), AFTER_REFERRER)
    assert only(replace(reading, faults=())).values["need"] == '=HYPERLINK("http://x")'
    assert [(fault.line, fault.value, fault.code) for fault in reading.faults] == [(3, "=9*2", "amount")]
    assert [fault.value for fault in reading.warnings if fault.code == "other_sheet"] == ["2024"]


def test_a_cell_under_no_title_is_told() -> None:
    data = csv_bytes([[*LEAD, "", "Suivi"], [*LEAD.values(), "perdu sinon", "x"]])
    told = [
        fault.column
        for fault in read("leads", data, AFTER_REFERRER).warnings
        if fault.code == "unknown_column"
    ]
    assert told == ["Colonne K", "Suivi"]


def test_two_files_pasted_together_are_read_each_in_its_code() -> None:
    head = csv_bytes([list(LEAD)])
    rows = [
        csv_bytes([list((LEAD | {"Réf": ref, "Entreprise": f"Forêt {ref}"}).values())]).removeprefix(
            b"\xef\xbb\xbf"
        )
        for ref in ("L1", "L2")
    ]
    reading = read("leads", head + rows[0] + rows[1].decode().encode("cp1252"), AFTER_REFERRER)
    assert [row.values["company"] for row in reading.good] == ["Forêt L1", "Forêt L2"]


def test_a_company_that_is_called_total_is_no_total() -> None:
    row = {"Entreprise": "Total", **{name: cell for name, cell in LEAD.items() if name != "Entreprise"}}
    assert only(read("leads", a_file(row), AFTER_REFERRER)).values["company"] == "Total"


# -- more decimals than a euro has


def test_amounts_that_a_workbook_computed_are_rounded_to_the_cent_and_told_once() -> None:
    reading = read("payments", a_workbook(1041.666666, -1041.665, "12,50", 7), AFTER_LEAD)
    assert cents(reading) == [104_167, -104_167, 1_250, 700]  # half away from zero
    assert [(one.column, one.value) for one in reading.warnings if one.code == "amounts_rounded"] == [
        ("Montant HT", "1041,666666")
    ]


def test_amounts_with_three_decimals_in_a_workbook_are_no_thousands() -> None:
    reading = read("payments", a_workbook(12.345, 1234.567), AFTER_LEAD)
    assert (cents(reading), codes(reading.faults)) == ([1_235, 123_457], [])
    assert codes(reading.warnings) == ["amounts_rounded"]


def test_a_workbook_of_whole_cents_is_told_nothing() -> None:
    assert "amounts_rounded" not in codes(read("payments", a_workbook(0.1 + 0.2, 12.5), AFTER_LEAD).warnings)


@pytest.mark.parametrize("typed", ["1041,666666", "1 041,666", "1041.666666 €", "-0,3333"])
def test_typed_amounts_with_more_than_two_decimals_are_named(typed: str) -> None:
    for data in (
        a_workbook(typed, "12,50"),
        csv_bytes([TITLES, ["E0", "L1", "20/05/2026", typed], ["E1", "L1", "20/05/2026", "12,50"]]),
    ):
        reading = read("payments", data, AFTER_LEAD)
        assert (cents(reading), codes(reading.faults)) == ([1_250], ["amount_decimals"])


TITLES = ["N° pièce", "Dossier", "Date", "Montant HT"]


def a_workbook(*amounts: float | str) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet.append(TITLES)
    for number, amount in enumerate(amounts):
        sheet.append([f"E{number}", "L1", "20/05/2026", amount])
    book.save(out)
    return out.getvalue()
