"""What the three spreadsheets of a real company become, and that bringing them again changes nothing."""

import pytest

from portal.imports import access
from portal.kit import db
from tests.imports.scene import DATA, EXPECTED, FILES

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def template(taken) -> str:
    return taken.database


@pytest.mark.parametrize("kind", FILES)
async def test_the_good_rows_are_in_and_each_bad_row_is_named(base, taken, kind):
    found = await db.row("SELECT * FROM import_file WHERE ref = $1", taken.refs[kind])
    assert found["state"] == "applied"
    assert (found["rows_good"], found["rows_added"], found["rows_done"]) == (EXPECTED[kind]["good"],) * 3
    faults = await db.rows(
        "SELECT code, count(*) AS many FROM import_fault WHERE import_id = $1 AND NOT warning GROUP BY code",
        found["id"],
    )
    assert {row["code"]: row["many"] for row in faults} == EXPECTED[kind]["faults"]


async def test_every_cent_of_the_file_of_payments_is_in(base):
    net = await db.value(
        "SELECT sum(CASE kind WHEN 'payment' THEN net_cents ELSE -net_cents END)::bigint FROM client_payment"
    )
    assert net == EXPECTED["payments"]["net_cents"]


async def test_nobody_is_mailed_about_two_years_of_business(base):
    since = "SELECT count(*) FROM mail_message WHERE created_at >= (SELECT min(at) FROM import_file)"
    assert await db.value(since) == 0


async def test_a_cell_that_begins_like_a_formula_stays_text(base):
    assert (
        await db.value("""SELECT need FROM lead WHERE external_id = 'L00001'""") == '=HYPERLINK("http://x")'
    )


async def test_the_same_files_again_add_nothing_and_say_so(base, taken, client, company):
    alice = client(company.alice)
    before = await everything()
    for kind in FILES:
        file = {"file": (FILES[kind], (DATA / FILES[kind]).read_bytes(), "text/csv")}
        stored = await alice.post_form("/reglages/imports", kind=kind, files=file)
        shown = await alice.get(stored.headers["location"])
        assert "Aucune ligne nouvelle" in shown.text
    assert await everything() == before


async def everything() -> list[int]:
    tables = (
        "referrer",
        "contract",
        "lead",
        "deal",
        "client",
        "client_payment",
        "earning",
        "ledger_entry",
        "app_user",
    )
    return [await db.value(f"SELECT count(*) FROM {table}") for table in tables]


async def test_an_association_named_like_a_company_is_shown_with_the_way_to_its_file(
    base, taken, client, company
):
    association = await db.row(
        "SELECT ref FROM referrer WHERE number = 'AP0001'"
    )  # « Électricité Traoré EURL »
    shown = await client(company.alice).get(
        f"/reglages/imports/{taken.refs['referrers']}?motif=association_like_company"
    )
    assert "Cette association porte un nom de société" in shown.text.replace("\u202f", " ").replace(
        "\u00a0", " "
    )
    assert f'href="/apporteurs/{association["ref"]}"' in shown.text


async def test_the_report_shows_what_was_asked_for_alone(base, taken, client, company):
    shown = await client(company.alice).get(
        f"/reglages/imports/{taken.refs['leads']}?genre=ecartees&motif=unknown_referrer"
    )
    assert (
        shown.text.count("Cet apporteur n\u2019est pas connu")
        == EXPECTED["leads"]["faults"]["unknown_referrer"] + 1
    )  # + the filter


async def test_the_bad_rows_come_back_as_a_file_that_only_needs_correcting(base, taken, client, company):
    alice, here = client(company.alice), f"/reglages/imports/{taken.refs['referrers']}"
    rows = (await alice.get(f"{here}/a-corriger")).content
    lines = rows.decode("utf-8-sig").splitlines()
    assert lines[0].endswith(";À corriger")
    assert len(lines) == 1 + sum(EXPECTED["referrers"]["faults"].values())
    stored = await alice.post_form(
        "/reglages/imports", kind="referrers", files={"file": ("corrige.csv", rows, "text/csv")}
    )
    again = await access.import_for(company.alice.person, stored.headers["location"].rpartition("/")[2])
    codes = {
        row["code"]
        for row in await db.rows("SELECT code FROM import_fault WHERE import_id = $1", again["id"])
    }
    assert "unknown_column" not in codes
