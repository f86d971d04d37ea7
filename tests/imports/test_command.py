"""`portal import`: what it says, what it asks for, how it ends."""

import asyncio
import json

import pytest
from click.testing import CliRunner, Result

from portal.imports.applying import import_file
from portal.imports.asking import plan_body
from portal.imports.commands import import_
from portal.imports.options import Options
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.sheets import csv_bytes
from portal.settings import settings
from tests.imports.scene import DATA, EXPECTED, FILES, WHO, open_books
from tests.walk.test_by_verbs import PLAN, company

REFERRERS = csv_bytes([
    ["N°", "Statut", "Nom", "E-mail", "Contrat signé le"],
    ["A1", "particulier", "Roux", "paul@roux.example", "01/02/2026"], ["A2", "martien", "Vert", "v@vert.example", ""],
])  # fmt: skip
CLIENTS = csv_bytes([["Code client", "Nom", "SIREN"], ["C1", "Dupont", "732829320"], ["C2", "", ""]])


@pytest.fixture
def portal(base, cluster, tmp_path, monkeypatch):
    """`await portal("referrers", DATA, "--json")` as from a shell, with this test's database."""
    monkeypatch.setattr(settings(), "database_url", cluster.runtime(base))

    async def said(kind: str, data: bytes, *more: str) -> Result:
        file = tmp_path / f"{kind}.csv"
        file.write_bytes(data)
        await db.engine().close_connection_pool()
        done = await asyncio.to_thread(CliRunner().invoke, import_, [kind, str(file), *more])
        await db.engine().start_connection_pool(min_size=1, max_size=2)
        return done

    return said


async def set_up() -> None:
    async with deed(WHO):
        await company()
        await open_books()


async def test_each_bad_row_is_named_with_line_column_value_and_reason(portal):
    await set_up()
    done = await portal("clients", CLIENTS)
    assert done.exit_code == 0
    assert "1 lignes bonnes, dont 1 nouvelles" in done.stdout
    assert "Ligne 3, Nom" in done.stderr
    assert (await portal("clients", CLIENTS)).exit_code == 0  # all there already
    assert await db.value("SELECT count(*) FROM client") == 1


async def test_an_unusual_column_is_explained_once_on_the_command_line(portal):
    await set_up()
    data = csv_bytes([["Bezeichnung", "Kürzel"], ["Dupont", "C7"]])
    assert (await portal("clients", data)).exit_code == 1
    assert "TITLE=FIELD" in (await portal("clients", data, "--column", "Kürzel=shoe")).stderr
    assert (
        await portal("clients", data, "--column", "Bezeichnung=company", "--column", "Kürzel=ref")
    ).exit_code == 0
    assert (await portal("clients", data.replace(b"C7", b"C8"))).exit_code == 0
    assert await db.value("SELECT string_agg(external_id, ' ' ORDER BY id) FROM client") == "C7 C8"


async def test_a_report_for_machines(portal):
    await set_up()
    done = await portal("clients", CLIENTS, "--json")
    said = json.loads(done.stdout)
    assert (said["good"], said["added"], said["faulty"]) == (1, 1, 1)
    assert [(fault["line"], fault["column"], fault["code"]) for fault in said["faults"]] == [
        (3, "Nom", "company")
    ]


async def test_a_file_of_which_nothing_can_be_taken_exits_one(portal):
    await set_up()
    assert (await portal("clients", b"Nom;SIREN\nDupont;123\n")).exit_code == 1
    assert (await portal("clients", b"\x00\x01")).exit_code == 1


async def test_what_the_file_does_not_say_is_refused_where_nobody_can_be_asked(portal):
    await set_up()
    unsaid = await portal("referrers", REFERRERS)
    assert (unsaid.exit_code, "--signed-on-paper" in unsaid.stderr) == (1, True)  # 2 by the outer command
    without_plan = await portal("referrers", REFERRERS, "--signed-on-paper")
    assert "--plan" in without_plan.stderr
    assert await db.value("SELECT count(*) FROM import_file") == 0
    assert (await portal("referrers", REFERRERS, "--no-signed-on-paper")).exit_code == 0
    assert await db.value("SELECT state FROM referrer WHERE number = 'A1'") == "invited"


async def test_a_plan_in_a_file_is_published_and_its_contracts_stand(portal, tmp_path):
    await set_up()
    (tmp_path / "plan.json").write_text(json.dumps({**PLAN, "name": "Barème du fichier"}))
    done = await portal(
        "referrers",
        REFERRERS,
        "--programme",
        "Ceux du papier",
        "--plan",
        str(tmp_path / "plan.json"),
        "--signed-on-paper",
    )
    assert done.exit_code == 0, done.stderr
    assert (
        await db.value(
            "SELECT plan.name FROM contract JOIN plan_version v ON v.id = plan_version_id JOIN plan ON plan.id = v.plan_id"
        )
        == "Barème du fichier"
    )


async def test_a_plan_that_is_no_json_is_one_clear_line(portal, tmp_path):
    (tmp_path / "plan.json").write_text("{\n  name: x}")
    done = await portal("referrers", REFERRERS, "--plan", str(tmp_path / "plan.json"))
    assert done.exit_code != 0
    assert "plan.json : ce fichier n'est pas du JSON (ligne 2)." in done.stderr.replace(
        "\u00a0", " "
    ).replace("\u2019", "'")
    assert len(done.stderr.strip().splitlines()) == 1
    assert plan_body("Barème 2026") is None


async def test_an_import_that_was_stopped_goes_on_without_asking_again(portal):
    await set_up()

    def stop(_done: int, _of: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        await import_file("referrers", "referrers.csv", REFERRERS, Options(), WHO, stop)
    assert await db.value("SELECT state FROM import_file") == "applying"
    done = await portal("referrers", REFERRERS)
    assert done.exit_code == 0
    assert "il reprend" in done.stderr
    assert await db.value("SELECT string_agg(state, ' ') FROM import_file") == "applied"


@pytest.mark.timeout(300)
async def test_the_whole_files_of_the_company_are_taken_and_again_add_nothing(portal, tmp_path):
    await set_up()
    (tmp_path / "plan.json").write_text(json.dumps(PLAN))
    paper = [
        "--programme",
        "Apporteurs",
        "--plan",
        str(tmp_path / "plan.json"),
        "--signed-on-paper",
        "--mandate",
    ]
    for expected_new in (True, False):
        for kind, name in FILES.items():
            done = await portal(
                kind, (DATA / name).read_bytes(), "--json", *(paper if kind == "referrers" else [])
            )
            added = json.loads(done.stdout)["added"]
            assert (done.exit_code, added) == (0, EXPECTED[kind]["good"] if expected_new else 0), done.stderr
    assert await paid_net() == EXPECTED["payments"]["net_cents"]


async def paid_net() -> int:
    return await db.value(
        "SELECT sum(CASE kind WHEN 'payment' THEN net_cents ELSE -net_cents END)::bigint FROM client_payment"
    )
