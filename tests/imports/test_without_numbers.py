"""Files that number none of their rows: each row is known again by what it says, and twice adds nothing."""

from datetime import date

import pytest

from portal.imports import access
from portal.imports.applying import Report, import_file
from portal.imports.checks import Known
from portal.imports.reading import Reading, learned, read
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.sheets import csv_bytes
from tests.imports.rows import (
    AFTER_LEAD,
    AFTER_REFERRER,
    LEAD,
    NOTHING,
    PAYMENT,
    REFERRER,
    a_file,
    codes,
)
from tests.imports.scene import WHO, options

LEA = {key: cell for key, cell in REFERRER.items() if key != "N°"}
RECO = {key: cell for key, cell in LEAD.items() if key != "Réf"}
PAID = {key: cell for key, cell in PAYMENT.items() if key != "N° pièce"}
BY_CLIENT = {"Client": "DUPONT", "Date": "02/05/2026", "Montant HT": "9 000,00"}
ROWS = {"referrers": LEA, "leads": RECO, "payments": PAID}
BEFORE = {"referrers": NOTHING, "leads": AFTER_REFERRER, "payments": AFTER_LEAD}
TOLD = {"referrers": "known_by_email", "leads": "known_by_lead", "payments": "known_by_payment"}


def read_rows(kind: str, *rows: dict[str, str], known: Known | None = None) -> Reading:
    return read(kind, a_file(*rows), known or BEFORE[kind])


# -- by what a row is known


@pytest.mark.parametrize("kind", ROWS)
def test_a_file_without_numbers_is_read_and_says_how_its_rows_are_known(kind: str) -> None:
    reading = read_rows(kind, ROWS[kind])
    assert (len(reading.good), codes(reading.faults)) == (1, [])
    assert TOLD[kind] in codes(reading.warnings)


@pytest.mark.parametrize("kind", ROWS)
def test_brought_again_it_adds_nothing(kind: str) -> None:
    known = learned(BEFORE[kind], kind, read_rows(kind, ROWS[kind]))
    again = read_rows(kind, ROWS[kind], known=known)
    assert (again.good, codes(again.faults)) == ((), [])
    assert "already_imported" in codes(again.warnings)


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("referrers", {"E-mail": "autre@noel.fr"}),
        ("leads", {"Date": "11/03/2026"}),
        ("leads", {"SIREN": "", "Entreprise": "Durand"}),
        ("payments", {"Date": "03/05/2026"}),
        ("payments", {"Montant HT": "9 000,01"}),
        ("payments", {"Type": "remboursement"}),
    ],
)
def test_another_address_day_company_or_amount_is_another_row(kind: str, changed: dict[str, str]) -> None:
    known = learned(BEFORE[kind], kind, read_rows(kind, ROWS[kind]))
    assert len(read_rows(kind, ROWS[kind] | changed, known=known).good) == 1


def test_a_payment_of_another_invoice_is_another_payment() -> None:
    bills = [PAID | {"N° facture": number} for number in ("F1", "F2")]
    known = learned(AFTER_LEAD, "payments", read_rows("payments", bills[0]))
    assert [row.line for row in read_rows("payments", *bills, known=known).good] == [3]


def test_the_spelling_of_a_company_makes_no_second_recommendation() -> None:
    named = RECO | {"SIREN": "", "Entreprise": "Dupont SARL"}
    again = read_rows("leads", named, named | {"Entreprise": "DUPONT"})
    assert (len(again.good), codes(again.faults)) == (1, ["not_told_apart"])


def test_two_payments_of_one_day_and_amount_are_two_and_a_third_in_the_next_file_is_one_more() -> None:
    first = read_rows("payments", PAID, PAID)
    assert len(first.good) == 2
    assert len({row.ref for row in first.good}) == 2
    known = learned(AFTER_LEAD, "payments", first)
    assert [row.line for row in read_rows("payments", PAID, PAID, PAID, known=known).good] == [4]


def test_a_payment_that_came_under_a_number_is_remarked_in_a_file_without_numbers() -> None:
    known = learned(AFTER_LEAD, "payments", read_rows("payments", PAYMENT))
    assert "paid_alike" in codes(read_rows("payments", PAID, known=known).warnings)
    assert "paid_alike" not in codes(
        read_rows("payments", PAID | {"Date": "03/05/2026"}, known=known).warnings
    )


@pytest.mark.parametrize("kind", ["referrers", "leads"])
def test_the_very_same_row_twice_is_one_with_a_remark(kind: str) -> None:
    reading = read_rows(kind, ROWS[kind], ROWS[kind])
    assert ([row.line for row in reading.good], codes(reading.faults)) == ([2], [])
    assert [(one.line, one.params) for one in reading.warnings if one.code == "same_row"] == [
        (3, {"first_line": 2})
    ]


@pytest.mark.parametrize(("kind", "changed"), [("referrers", {"Nom": "Roux"}), ("leads", {"Suite": "perdu"})])
def test_rows_that_nothing_tells_apart_and_that_differ_are_named(kind: str, changed: dict[str, str]) -> None:
    reading = read_rows(kind, ROWS[kind], ROWS[kind] | changed)
    assert ([row.line for row in reading.good], codes(reading.faults)) == ([2], ["not_told_apart"])


def test_a_recommendation_that_came_under_a_number_is_known_in_a_file_without_numbers() -> None:
    known = learned(AFTER_REFERRER, "leads", read_rows("leads", LEAD, known=AFTER_REFERRER))
    assert read_rows("leads", RECO, known=known).good == ()


# -- which deal a payment is for

OTHER = LEAD | {"Réf": "L2", "Entreprise": "Dupont SARL", "E-mail": "", "Apporteur": "AP2"}


def after(*leads: dict[str, str]) -> Known:
    known = Known(NOTHING.today, referrers={"AP1": date(2026, 2, 1), "AP2": date(2026, 2, 1)})
    return learned(known, "leads", read_rows("leads", *leads, known=known))


@pytest.mark.parametrize(
    "client",
    [{"Client": "DUPONT"}, {"Client": "Dupont sarl"}, {"Client": "n'importe", "SIREN": "732 829 320"}],
)
def test_a_payment_names_its_client_when_only_one_deal_can_be_meant(client: dict[str, str]) -> None:
    [row] = read_rows("payments", BY_CLIENT | client, known=after(LEAD)).good
    assert row.values["lead"] == "L1"


def test_of_two_deals_of_a_client_the_referrer_tells_which() -> None:
    known = after(LEAD, OTHER)
    reading = read_rows("payments", BY_CLIENT, known=known)
    assert [(fault.code, fault.column, fault.value) for fault in reading.faults] == [
        ("client_twice", "Client", "DUPONT")
    ]
    [row] = read_rows("payments", BY_CLIENT | {"Apporteur": "AP2"}, known=known).good
    assert row.values["lead"] == "L2"


@pytest.mark.parametrize("changed", [{"SIREN": "915102255"}, {"Client": "Durand"}, {"Apporteur": "AP9"}])
def test_a_payment_of_a_client_without_a_deal_is_named(changed: dict[str, str]) -> None:
    reading = read_rows("payments", BY_CLIENT | changed, known=after(LEAD))
    assert (reading.good, codes(reading.faults)) == ((), ["unknown_client"])


def test_a_client_whose_recommendation_is_not_won_has_no_deal() -> None:
    assert codes(read_rows("payments", BY_CLIENT, known=after(LEAD | {"Suite": "en cours"})).faults) == [
        "unknown_client"
    ]


def test_a_reference_that_is_given_counts_before_the_client() -> None:
    row = BY_CLIENT | {"Réf recommandation": "L9"}
    assert codes(read_rows("payments", row, known=after(LEAD)).faults) == ["unknown_lead"]


def test_an_invoice_that_the_portal_does_not_know_leaves_the_client_to_tell() -> None:
    [row] = read_rows("payments", BY_CLIENT | {"N° facture": "F2026-7"}, known=after(LEAD)).good
    assert row.values["lead"] == "L1"


# -- taken


async def take(kind: str, *rows: dict[str, str], said=None) -> Report:
    return await import_file(kind, f"{kind}.csv", a_file(*rows), said or await options(), WHO)


async def test_three_files_without_a_number_are_taken_once(base):
    said = await options()
    roux = LEA | {"Nom": "Roux", "E-mail": "p@roux.fr", "SIRET": "", "N° TVA": "", "IBAN": ""}
    for _ in range(2):
        await take("referrers", LEA, roux, said=said)
        await take(
            "leads", RECO | {"Apporteur": "lea@noel.fr"}, RECO | {"Apporteur": "lea@noel.fr"}, said=said
        )
        await take("payments", BY_CLIENT, BY_CLIENT, said=said)
    counts = [
        await db.value(f"SELECT count(*) FROM {table}") for table in ("referrer", "lead", "client_payment")
    ]
    assert counts == [2, 1, 2]
    numbers = {row["number"] for row in await db.rows("SELECT number FROM referrer")}
    assert numbers == {"R0001", "R0002"}
    last = await db.rows("SELECT * FROM import_file ORDER BY id DESC LIMIT 3")
    assert [(row["rows_read"], row["rows_good"], row["rows_added"]) for row in last] == [(2, 0, 0)] * 3


async def test_a_referrer_of_the_portal_is_known_by_the_address_in_any_letters(base):
    said = await options()
    await take("referrers", REFERRER, said=said)
    async with deed(WHO):
        await db.execute("UPDATE referrer SET email = 'Lea@Noel.fr'")
    report = await take("referrers", LEA, said=said)
    assert (report.added, "already_imported" in codes(report.warnings)) == (0, True)


async def test_a_payment_of_the_portal_is_remarked_under_another_number(base):
    said = await options()
    await take("referrers", REFERRER, said=said)
    await take("leads", LEAD, said=said)
    await take("payments", PAYMENT, said=said)
    report = await take("payments", PAYMENT | {"N° pièce": "E2"}, said=said)
    assert (report.added, codes(report.warnings)) == (1, ["days_supposed", "paid_alike"])


async def test_a_number_holds_no_name_of_a_company(base):
    said = await options()
    await take("referrers", REFERRER, said=said)
    await take("leads", RECO | {"SIREN": ""}, said=said)
    external = await db.value("SELECT external_id FROM lead")
    assert external.startswith("AP1/2026-03-10/")
    assert "dupont" not in external.lower()


async def test_the_report_leads_to_the_referrer_who_had_no_number(base):
    said = await options()
    report = await take("referrers", LEA | {"Ville": ""}, said=said)
    found = await db.value("SELECT id FROM import_file WHERE ref = $1", report.ref)
    [path] = {row["path"] for row in await access.faults_of(found, 10) if row["row_ref"]}
    assert path == f"/apporteurs/{await db.value('SELECT ref FROM referrer')}"


def test_a_csv_that_is_nearly_empty_of_columns_still_asks_for_the_client() -> None:
    reading = read("payments", csv_bytes([["Date", "Montant HT"], ["02/05/2026", "12"]]), AFTER_LEAD)
    assert [fault.params for fault in reading.faults] == [{"title": "Réf recommandation"}]
