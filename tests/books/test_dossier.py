"""The dossier de contrôle: everything in one file, each with its digest; what is missing is said, all year."""

import csv
import hashlib
import io
import zipfile

import pytest

from portal.books.inspection import access, making
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import Machine, deed
from portal.kit.keyring import ring
from portal.referrers.actions import IBAN
from tests.books.stories import entity_of, transfer
from tests.cast import reader


@pytest.fixture
async def paid(books, cast):
    await books.earns(cast.remi, 360_00)
    await books.issue(cast.remi)
    await work_off()
    await transfer(books)
    async with deed(Machine("test")):  # the scan of the contract that was signed on paper
        await db.execute("UPDATE contract SET paper_file = (SELECT min(id) FROM stored_file) WHERE on_paper")
    return books


async def missing(cast) -> list[str]:
    return (await access.missing_of([cast.remi.referrer_id]))[cast.remi.referrer_id]


async def made(cast, year: int | None = None) -> tuple[db.Row, zipfile.ZipFile]:
    async with deed(cast.fanny.person):
        asked = await making.ask(await entity_of(cast), None if year else cast.remi.referrer_id, year)
    await work_off()
    found = await access.dossier(asked["id"])
    async with deed(cast.fanny.person):
        body = await making.fetch(found)
    return found, zipfile.ZipFile(io.BytesIO(body))


async def test_a_dossier_holds_all_and_names_each_file_with_its_digest(paid, cast):
    found, pack = await made(cast)
    number = await db.value("SELECT number FROM referrer WHERE id = $1", cast.remi.referrer_id)
    names = set(pack.namelist())
    assert {"couverture.pdf", "index.html", "index.csv"} <= names
    for name in ("contrats.csv", "recommandations.csv", "encaissements-clients.csv", "commissions.csv", "pieces.csv",
                 "virements.csv", "justificatifs.csv", "cadeaux.csv", "das2.csv", "das2-declare.csv", "journal.csv"):  # fmt: skip
        assert f"{number}/{name}" in names
    assert [name for name in names if name.startswith(f"{number}/pieces/") and name.endswith(".pdf")]
    rows = csv.reader(io.StringIO(pack.read("index.csv").decode("utf-8-sig")), delimiter=";")
    digests = {name: sha256 for name, _size, sha256 in list(rows)[1:]}
    assert set(digests) == names - {"index.html", "index.csv"}
    assert all(hashlib.sha256(pack.read(name)).hexdigest() == sha256 for name, sha256 in digests.items())
    assert "432,00" in pack.read(f"{number}/das2.csv").decode("utf-8-sig")
    assert pack.read(f"{number}/cadeaux.csv").decode("utf-8-sig").startswith("Remis le;Objet;")
    assert found["missing"] == {}


async def test_no_iban_stands_in_full_in_a_dossier(paid, cast):
    _found, pack = await made(cast)
    sealed = await db.value(
        "SELECT iban_sealed FROM bank_detail WHERE referrer_id = $1", cast.remi.referrer_id
    )
    iban = ring().open(bytes(sealed), IBAN)
    assert not [
        name
        for name in pack.namelist()
        if name.endswith((".csv", ".html", ".txt")) and iban.encode() in pack.read(name)
    ]


async def test_a_year_holds_everybody_of_it(paid, cast):
    await paid.earns(cast.rachel, 90_00)
    found, pack = await made(cast, today().year)
    assert (found["done"], found["total"]) == (2, 2)
    assert len({name.split("/")[0] for name in pack.namelist() if "/" in name}) == 2


FAULTS = {
    "proof": "UPDATE contract SET paper_file = NULL WHERE referrer_id = $1",
    "standing": """INSERT INTO referrer_standing (referrer_id, since, status, vat_regime, source, recorded_at)
                   VALUES ($1, '2026-06-01', 'company', 'missing', 'staff', now())""",
    "identity": "UPDATE referrer SET city = '' WHERE id = $1",
    "document": """INSERT INTO document_request (referrer_id, kind, reason, asked_at, due_on)
                   VALUES ($1, 'vigilance', 'contract', now(), '2020-01-01')""",
    "unchecked": """INSERT INTO referrer_document (ref, referrer_id, kind, declared, state, given_at)
                    VALUES ('RDOC', $1, 'foreign_workers', 'none', 'received', now())""",
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_the_light_tells_each_thing_that_is_missing(paid, cast, fault):
    assert await missing(cast) == []
    async with deed(Machine("test")):
        await db.execute(FAULTS[fault], cast.remi.referrer_id)
    assert await missing(cast) == [fault]


async def test_a_paper_without_its_file_is_missing_and_the_cover_says_incomplete(books, cast):
    await books.earns(cast.remi, 360_00)
    await books.issue(cast.remi)
    assert "paper" in await missing(cast)
    async with deed(cast.fanny.person):
        asked = await making.ask(await entity_of(cast), cast.remi.referrer_id, None)
    await making.make(asked["id"])  # before the job that prints
    found = await access.dossier(asked["id"])
    assert "paper" in next(iter(found["missing"].values()))


async def test_finance_asks_waits_and_fetches_and_each_fetching_is_written_down(paid, cast, client):
    fanny = client(cast.fanny)
    ref = await db.value("SELECT ref FROM referrer WHERE id = $1", cast.remi.referrer_id)
    asked = await fanny.post_form("/comptabilite/dossiers", referrer=ref)
    assert asked.status_code == 303
    here = asked.headers["location"]
    assert "Le dossier se prépare" in (await fanny.get(here)).text
    assert (await fanny.get(f"{here}/zip")).status_code == 404
    await work_off()
    assert "Le dossier est complet" in (await fanny.get(here)).text
    assert zipfile.is_zipfile(io.BytesIO((await fanny.get(f"{here}/zip")).content))
    async with deed(cast.alice.person):
        ines = await reader("ines@expertise.example", "Inès Garnier")
    assert (await client(ines).get(f"{here}/zip")).status_code == 200
    shown = (await fanny.get(here)).text
    assert "Fanny Moreau" in shown
    assert "Inès Garnier" in shown
    assert (await client(cast.remi).get(f"{here}/zip")).status_code == 404


async def test_a_dossier_goes_when_its_time_is_over(paid, cast, client):
    found, _pack = await made(cast)
    async with deed(Machine("test")):
        await making.forget(found["keep_until"])
    assert (await access.dossier(found["id"]))["erased_at"] is None
    async with deed(Machine("test")):
        await making.forget(found["keep_until"].replace(year=found["keep_until"].year + 1))
    fanny = client(cast.fanny)
    assert "puis effacé" in (await fanny.get(f"/comptabilite/dossiers/{found['ref']}")).text
    assert (await fanny.get(f"/comptabilite/dossiers/{found['ref']}/zip")).status_code == 404


async def test_a_year_without_anything_is_refused(cast, client):
    refused = await client(cast.fanny).post_form("/comptabilite/dossiers", year="2001")
    assert refused.status_code == 422
    assert "cette année-là" in refused.text
