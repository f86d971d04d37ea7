"""The pages of imports: a file is looked at, its columns are named, it is confirmed, and nothing enters before."""

import pytest

from portal.imports import access
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.sheets import csv_bytes, xlsx_bytes
from tests.imports.scene import open_books

PATH = "/reglages/imports"
CLIENTS = csv_bytes(
    [
        ["Code client", "Nom", "SIREN", "Remarque"],
        ["C1", "Dupont SARL", "732829320", "=1+1"],
        ["C2", "", "", ""],
    ]
)


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ").replace("\u2019", "'")


async def uploaded(browser, kind: str, data: bytes, name: str = "liste.csv", once: str = "") -> str:
    answer = await browser.post_form(PATH, kind=kind, files={"file": (name, data, "text/csv")}, once=once)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def state(here: str) -> str:
    return await db.value("SELECT state FROM import_file WHERE ref = $1", here.rpartition("/")[2])


async def test_nobody_but_administrators_finds_these_pages(cast, client):
    here = await uploaded(client(cast.alice), "clients", CLIENTS)
    for member in (cast.sam, cast.fanny, cast.rachel):
        browser = client(member)
        for path in (PATH, here, f"{here}/avancement", f"{here}/a-corriger"):
            assert (await browser.get(path)).status_code == 404
        for act in ("confirmation", "colonnes", "abandon", "reprise"):
            assert (await browser.post_form(f"{here}/{act}")).status_code == 404
    assert await state(here) == "stored"
    assert (await client(cast.alice).get(f"{PATH}/0000000000")).status_code == 404


async def test_a_list_of_clients_is_looked_at_then_taken(cast, client):
    alice = client(cast.alice)
    here = await uploaded(alice, "clients", CLIENTS)
    shown = plain((await alice.get(here)).text)
    assert "=1+1" in shown  # a sample, as text
    assert "Le nom de l'entreprise manque." in shown
    assert await db.value("SELECT count(*) FROM client") == 0
    assert (await alice.post_form(f"{here}/confirmation")).status_code == 303
    assert "Le fichier est en cours de lecture" in plain((await alice.get(here)).text)
    assert await work_off()
    assert "1 ligne nouvelle est entrée." in plain((await alice.get(here)).text)
    found = await db.row("SELECT external_id, name, siren FROM client")
    assert tuple(found) == ("C1", "Dupont SARL", "732829320")


async def test_what_a_column_means_is_said_once_and_remembered(cast, client):
    alice = client(cast.alice)
    data = csv_bytes([["Bezeichnung", "Kürzel"], ["Dupont", "C7"]])
    here = await uploaded(alice, "clients", data)
    assert "La colonne « Nom » manque." in plain((await alice.get(here)).text)
    assert (await alice.post_form(f"{here}/colonnes", c0="company", c1="ref")).status_code == 303
    assert "Reprendre 1 ligne<" in plain((await alice.get(here)).text)
    again = await uploaded(alice, "clients", data.replace(b"C7", b"C8"))
    assert "Reprendre 1 ligne<" in plain((await alice.get(again)).text)


async def test_what_a_word_means_is_said_once_and_remembered(cast, client):
    alice = client(cast.alice)
    data = REFERRERS.replace(b"particulier", b"E.I.")
    here = await uploaded(alice, "referrers", data)
    assert 'value="micro"' in (await alice.get(here)).text
    columns = {"c0": "number", "c1": "status", "c2": "last_name", "c3": "email", "c4": "contract_on"}
    assert (await alice.post_form(f"{here}/colonnes", w0="micro", **columns)).status_code == 303
    assert "Reprendre 1 ligne<" in plain((await alice.get(here)).text)
    again = await uploaded(alice, "referrers", data.replace(b"A1", b"A2"))
    assert "Reprendre 1 ligne<" in plain((await alice.get(again)).text)
    assert await access.mapping("referrers") == {
        "n": "number", "statut": "status", "nom": "last_name", "e mail": "email", "contrat signe le": "contract_on", "status=e i": "micro",
    }  # fmt: skip


async def test_two_columns_cannot_mean_the_same(cast, client):
    alice = client(cast.alice)
    here = await uploaded(alice, "clients", CLIENTS)
    answer = await alice.post_form(f"{here}/colonnes", c0="ref", c1="company", c2="company", c3="")
    assert answer.status_code == 422
    assert "Deux colonnes ne peuvent pas donner la même chose" in answer.text
    assert await access.mapping("clients") == {}


@pytest.mark.parametrize(
    ("fields", "file", "sentence"),
    [
        ({"kind": "clients"}, None, "Choisissez un fichier"),
        ({"kind": "poems"}, (b"Nom\nDupont\n"), "Choisissez une des réponses proposées."),
        ({"kind": "clients"}, b"%PDF-1.7 ", "Ce type de fichier n'est pas accepté ici."),
        ({"kind": "clients"}, b"<html><script>", "Ce type de fichier n'est pas accepté ici."),
        ({"kind": "clients"}, b'Nom\n"Dupont', "Des guillemets ne sont pas refermés"),
    ],
)
async def test_what_is_no_spreadsheet_is_refused_under_its_field(cast, client, fields, file, sentence):
    files = {"file": ("liste.csv", file, "text/csv")} if file else {"file": ("", b"")}
    answer = await client(cast.alice).post_form(PATH, files=files, **fields)
    assert answer.status_code == 422
    assert sentence in plain(answer.text)
    assert await db.value("SELECT count(*) FROM import_file") == 0


async def test_a_workbook_does_as_well(cast, client):
    data = xlsx_bytes([["Nom", "SIREN"], ["Dupont", "732829320"]])
    here = await uploaded(client(cast.alice), "clients", data, "clients.xlsx")
    assert await db.value("SELECT rows_good FROM import_file WHERE ref = $1", here.rpartition("/")[2]) == 1


async def test_sent_twice_a_file_is_kept_once_and_confirmed_twice_it_is_taken_once(cast, client):
    alice = client(cast.alice)
    here = await uploaded(alice, "clients", CLIENTS, once="one")
    assert await uploaded(alice, "clients", CLIENTS, once="one") == here
    assert await db.value("SELECT count(*) FROM import_file") == 1
    for once in ("two", "two"):
        assert (await alice.post_form(f"{here}/confirmation", once=once)).status_code == 303
    assert (await alice.post_form(f"{here}/confirmation", once="three")).status_code == 409
    await work_off()
    assert await db.value("SELECT count(*) FROM client") == 1


async def test_the_same_file_is_not_taken_twice_at_once(cast, client):
    alice = client(cast.alice)
    first, second = [await uploaded(alice, "clients", CLIENTS) for _ in range(2)]
    assert (await alice.post_form(f"{first}/confirmation")).status_code == 303
    refused = await alice.post_form(f"{second}/confirmation")
    assert refused.status_code == 409
    assert "déjà en cours d'import" in plain(refused.text)


async def test_a_dropped_file_is_not_kept(cast, client):
    alice = client(cast.alice)
    here = await uploaded(alice, "clients", CLIENTS)
    assert (await alice.post_form(f"{here}/abandon")).headers["location"] == PATH
    assert await state(here) == "dropped"
    assert (
        await db.value("SELECT count(*) FROM stored_file WHERE erased_at IS NULL AND subject_kind = 'import'")
        == 0
    )
    assert "Cet import a été abandonné" in plain((await alice.get(here)).text)


async def test_an_import_that_was_stopped_is_shown_and_goes_on(cast, client):
    alice = client(cast.alice)
    here = await uploaded(alice, "clients", CLIENTS)
    await alice.post_form(f"{here}/confirmation")
    async with deed(cast.alice.person):
        await db.execute("DELETE FROM pgqueuer")  # its job was lost with the machine
    assert "Continuer" in (await alice.get(here)).text
    assert (await alice.post_form(f"{here}/reprise")).status_code == 303
    await work_off()
    assert await state(here) == "applied"


async def test_the_progress_is_a_fragment_that_leads_to_the_report(cast, client):
    alice, asked = client(cast.alice), {"hx-request": "true"}
    here = await uploaded(alice, "clients", CLIENTS)
    await alice.post_form(f"{here}/confirmation")
    fragment = await alice.get(f"{here}/avancement", headers=asked)
    assert "<html" not in fragment.text
    await work_off()
    assert (await alice.get(f"{here}/avancement", headers=asked)).headers["hx-redirect"] == here
    assert (await alice.get(f"{here}/avancement")).headers["location"] == here


REFERRERS = csv_bytes(
    [
        ["N°", "Statut", "Nom", "E-mail", "Contrat signé le"],
        ["A1", "particulier", "Roux", "paul@roux.example", "01/02/2026"],
    ]
)


async def test_dated_contracts_ask_who_vouches_for_them_and_under_which_plan(cast, client):
    alice = client(cast.alice)
    async with deed(cast.alice.person):
        programme, plan = await open_books()
    here = await uploaded(alice, "referrers", REFERRERS)
    unsaid = await alice.post_form(f"{here}/confirmation")
    assert unsaid.status_code == 422
    assert "Dites si ces contrats sont signés." in unsaid.text
    without_plan = await alice.post_form(
        f"{here}/confirmation", signed_on_paper="yes", programme=programme["ref"]
    )
    assert without_plan.status_code == 422
    assert "Choisissez le barème" in without_plan.text
    said = {"signed_on_paper": "yes", "programme": programme["ref"], "plan": plan["ref"]}
    assert (await alice.post_form(f"{here}/confirmation", **said)).status_code == 303
    await work_off()
    referrer = await db.row("SELECT id, state FROM referrer WHERE number = 'A1'")
    assert referrer["state"] == "active"
    assert await db.value("SELECT count(*) FROM contract WHERE referrer_id = $1", referrer["id"]) == 1


async def test_nobody_is_mailed_unless_somebody_says_so(cast, client):
    alice = client(cast.alice)
    async with deed(cast.alice.person):
        await open_books()
    mails = "SELECT count(*) FROM mail_message WHERE to_email = $1"
    for number, notify in (("A8", ""), ("A9", "1")):
        address = f"{number.lower()}@roux.example"
        here = await uploaded(
            alice,
            "referrers",
            REFERRERS.replace(b"A1", number.encode()).replace(b"paul@roux.example", address.encode()),
        )
        await alice.post_form(f"{here}/confirmation", signed_on_paper="no", notify=notify)
        await work_off()
        assert await db.value(mails, address) == (1 if notify else 0)


async def test_it_all_speaks_english_too(cast, client):
    async with deed(cast.alice.person):
        await db.execute("UPDATE app_user SET language = 'en' WHERE id = $1", cast.alice.user_id)
    alice = client(cast.alice)
    shown = await alice.get(await uploaded(alice, "clients", CLIENTS))
    assert "Nothing is taken yet." in shown.text
    assert "The name of the company is missing." in shown.text
