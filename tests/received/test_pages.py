"""The pages of own invoices: what may be invoiced, sending it, the comparison side by side, the answer."""

import base64

import pytest

from portal.kit import db
from portal.kit.days import today
from portal.people import tokens
from portal.people.rules import Role
from tests.counting import Queries
from tests.received.conftest import Desk
from tests.received.shapes import pdf, words

HOME, RECEIVED = "/factures/a-envoyer", "/factures/recues"
XML, PDF = "application/xml", "application/pdf"


async def sent(client, desk: Desk, body: bytes, name: str = "facture.xml", kind: str = XML, **fields):
    return await client(desk.cast.remi).post_form(HOME, files={"file": (name, body, kind)}, **fields)


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


@pytest.fixture
async def due(desk):
    await desk.books.earns(desk.cast.remi, 360_00)
    return desk


async def test_he_sees_what_he_may_invoice_and_all_that_it_has_to_say(client, due):
    text = plain((await client(due.cast.remi).get(HOME)).text)
    for said in ("432,00 €", "360,00 € HT + 72,00 € TVA", "Lumen Conseil", "RCS Lyon 732 829 320", "TVA FR44732829320", "10 %",
                 "3 600,00 €", "Contrat n°", "Indemnité forfaitaire", "RCS Lyon 404 833 048"):  # fmt: skip
        assert said in text


async def test_what_he_picks_is_computed_without_a_script(client, due):
    await due.books.earns(due.cast.remi, 100_00, days_ago=4)
    ref = await db.value("SELECT ref FROM earning WHERE amount = 10000")
    text = plain((await client(due.cast.remi).get(f"{HOME}?commission={ref}")).text)
    assert "120,00 €" in text  # 100.00 + 20 %
    answer = await sent(client, due, due.ubl(net=100_00), commission=ref)
    assert answer.status_code == 303
    shown = plain((await client(due.cast.remi).get(answer.headers["location"])).text)
    assert "La facture règle 100,00 € HT sur 460,00 € HT" in shown


async def test_who_has_nothing_to_send_is_told_so(client, cast, desk):
    assert "Rien à facturer pour le moment" in (await client(cast.remi).get(HOME)).text
    assert "Rien à facturer pour le moment" in (await client(cast.stefan).get(HOME)).text


async def test_an_invoice_goes_from_his_hand_into_the_books(client, due):
    answer = await sent(client, due, due.ubl())
    path = answer.headers["location"]
    assert "Tout concorde." in (await client(due.cast.remi).get(path)).text
    fanny = client(due.cast.fanny)
    listed = (await fanny.get(RECEIVED)).text
    assert "F2026-001" in listed
    assert "À vérifier" in listed
    assert (await fanny.post_form(f"{path}/acceptation")).status_code == 303
    invoice = await db.row("SELECT * FROM invoice")
    assert f"/factures/{invoice['ref']}" in (await client(due.cast.remi).get(path)).text
    shown = await client(due.cast.remi).get(f"/factures/{invoice['ref']}")
    assert shown.status_code == 200
    assert "F2026-001" in shown.text
    assert "Tout est juste ?" not in shown.text  # it is his own: nothing to contest
    file = await fanny.get(f"/factures/{invoice['ref']}/xml")
    assert file.content == invoice["xml"]


async def test_the_figures_of_a_pdf_are_proposed_and_confirmed(client, due):
    answer = await sent(client, due, pdf(words(due.facts())), "facture.pdf", PDF)
    path, remi = answer.headers["location"], client(due.cast.remi)
    asked = (await remi.get(path)).text
    for value in (
        'value="F2026-001"',
        'value="360,00"',
        'value="72,00"',
        'value="432,00"',
        f'value="{today().isoformat()}"',
    ):
        assert value in plain(asked)
    assert "Attend l" in (await client(due.cast.fanny).get(RECEIVED)).text
    said = {
        "kind": "380",
        "number": "F2026-001",
        "issued_on": today().isoformat(),
        "net": "360",
        "vat": "72",
        "total": "432",
    }
    assert (await remi.post_form(f"{path}/chiffres", **said | {"net": ""})).status_code == 422
    assert (await remi.post_form(f"{path}/chiffres", **said)).status_code == 303
    assert "Tout concorde." in (await remi.get(path)).text


async def test_nobody_confirms_for_him_nor_compares_what_he_has_not_confirmed(client, due):
    path = (await sent(client, due, pdf(words(due.facts())), "facture.pdf", PDF)).headers["location"]
    for who in (due.cast.fanny, due.cast.stefan, due.cast.sam):
        assert (await client(who).post_form(f"{path}/chiffres", number="1")).status_code == 404
    assert (await client(due.cast.fanny).post_form(f"{path}/comparaison")).status_code == 404
    answer = await client(due.cast.fanny).post_form(f"{path}/acceptation", reason="vite")
    assert answer.status_code == 409
    assert await db.value("SELECT count(*) FROM invoice") == 0


WRONG = {
    "photo.jpg": (b"\xff\xd8\xff\xe0" + b"\0" * 40, "Une photo ne suffit pas"),
    "facture.zip": (b"PK\x03\x04" + b"\0" * 40, "Envoyez votre facture en PDF"),
    "vide.pdf": (b"", "Ce fichier est vide."),
    "coupe.xml": (b"<Invoice", "Ce fichier XML est abîmé ou incomplet."),
}


@pytest.mark.parametrize("name", WRONG)
async def test_what_cannot_be_read_is_said_beside_the_field(client, due, name):
    body, said = WRONG[name]
    answer = await sent(client, due, body, name)
    assert answer.status_code == 422
    assert said in answer.text
    assert await db.value("SELECT count(*) FROM received_invoice") == 0


async def test_no_file_is_said(client, due):
    answer = await client(due.cast.remi).post_form(HOME)
    assert answer.status_code == 422
    assert "Choisissez le fichier de votre facture." in answer.text


async def test_the_same_file_again_is_said(client, due):
    await sent(client, due, due.ubl())
    answer = await sent(client, due, due.ubl())
    assert answer.status_code == 422
    assert "Vous nous avez déjà envoyé ce fichier." in answer.text


async def test_what_forbids_is_said_to_both_and_the_button_is_not_there(client, due):
    path = (await sent(client, due, due.ubl(net=400_00))).headers["location"]
    said = "La facture est de 400,00 € HT ; il est dû 360,00 € HT."
    assert said in plain((await client(due.cast.remi).get(path)).text)
    shown = (await client(due.cast.fanny).get(path)).text
    assert said in plain(shown)
    assert f"{path}/acceptation" not in shown
    answer = await client(due.cast.fanny).post_form(f"{path}/acceptation", reason="quand même")
    assert answer.status_code == 422
    assert await db.value("SELECT count(*) FROM invoice") == 0


async def test_a_difference_wants_a_reason(client, due):
    path = (await sent(client, due, due.ubl(iban="FR7630003036200002021690750"))).headers["location"]
    fanny = client(due.cast.fanny)
    shown = plain((await fanny.get(path)).text)
    assert "FR76 3000 3036 2000 0202 1690 750" in shown
    assert "…4611" in shown
    assert (await fanny.post_form(f"{path}/acceptation")).status_code == 422
    assert (await fanny.post_form(f"{path}/acceptation", reason="Rappelé")).status_code == 303


async def test_a_refusal_says_why(client, due):
    path = (await sent(client, due, due.ubl(net=400_00))).headers["location"]
    fanny = client(due.cast.fanny)
    assert (await fanny.post_form(f"{path}/refus", reason_code="amount")).status_code == 422
    assert (await fanny.post_form(f"{path}/refus", reason_code="weather", reason="x")).status_code == 422
    assert (
        await fanny.post_form(f"{path}/refus", reason_code="amount", reason="40 € de trop.")
    ).status_code == 303
    shown = (await client(due.cast.remi).get(path)).text
    assert "40 € de trop." in plain(shown)
    assert HOME in shown


async def test_he_withdraws_it(client, due):
    path = (await sent(client, due, due.ubl(net=400_00))).headers["location"]
    assert (await client(due.cast.fanny).post_form(f"{path}/retrait")).status_code == 404
    assert (await client(due.cast.remi).post_form(f"{path}/retrait")).status_code == 303
    assert (await client(due.cast.remi).post_form(f"{path}/retrait")).status_code == 409


@pytest.mark.parametrize("path", [RECEIVED, RECEIVED + "/{ref}"])
async def test_the_invoices_of_another_are_not_there(client, due, path):
    await sent(client, due, due.ubl())
    ref = await db.value("SELECT ref FROM received_invoice")
    for who in (due.cast.stefan, due.cast.rachel):
        assert "F2026-001" not in (await client(who).get(path.format(ref=ref))).text
    assert (await client(due.cast.sam).get(path.format(ref=ref))).status_code == 404


async def test_the_file_is_fetched_by_who_may(client, due):
    await sent(client, due, due.ubl())
    file = await db.value("SELECT file.ref FROM received_invoice JOIN stored_file file ON file.id = file_id")
    assert (await client(due.cast.fanny).get(f"/fichiers/{file}")).content == due.ubl()
    assert (await client(due.cast.stefan).get(f"/fichiers/{file}")).status_code == 404


async def test_the_list_is_exported(client, due):
    await sent(client, due, due.ubl(net=400_00))
    text = plain((await client(due.cast.fanny).get(f"{RECEIVED}?format=csv")).text)
    assert "F2026-001" in text
    assert "il est dû 360,00 € HT" in text


async def test_no_page_asks_much_of_the_base(client, due):
    path = (await sent(client, due, due.ubl())).headers["location"]
    for who, page in (
        (due.cast.remi, HOME),
        (due.cast.fanny, path),
        (due.cast.remi, path),
        (due.cast.fanny, RECEIVED),
        (due.cast.remi, "/factures"),
    ):
        await client(who).get(page)
        async with Queries() as queries:
            await client(who).get(page)
        print(page, len(queries))
        assert len(queries) <= 8, (page, [" ".join(one.split())[:70] for one in queries.asked])


async def test_an_english_page_has_no_french_left(client, due):
    from portal.kit.deed import Machine, deed

    async with deed(Machine("test")):
        await db.execute("UPDATE app_user SET language = 'en' WHERE id = $1", due.cast.remi.user_id)
    path = (await sent(client, due, due.ubl(net=400_00))).headers["location"]
    text = plain((await client(due.cast.remi).get(path)).text)
    assert "The invoice is for €400.00 excl. VAT; €360.00 excl. VAT is due." in text
    assert "Amount to invoice" in (await client(due.cast.remi).get(HOME)).text


# By the API


async def token_of(desk: Desk, *scopes: str) -> dict[str, str]:
    from portal.kit.deed import deed

    async with deed(desk.cast.remi.person):
        made = await tokens.create(desk.cast.remi.person, "Logiciel", Role.REFERRER, set(scopes))
    return {"authorization": f"Bearer {made}", "idempotency-key": "un"}


async def test_other_software_sends_it_and_reads_the_comparison(client, due):
    headers = await token_of(due, "invoices:read", "invoices:write")
    asked = {"name": "facture.xml", "file": base64.b64encode(due.ubl(net=400_00)).decode()}
    machine = client(None)
    answer = await machine.post("/api/v1/invoices", json=asked, headers=headers)
    assert answer.status_code == 201
    said = answer.json()
    assert (said["state"], said["figures"]["net_cents"]) == ("compared", 400_00)
    assert [(one["code"], one["level"]) for one in said["differences"]] == [("over", "forbids")]
    again = await machine.post("/api/v1/invoices", json=asked, headers=headers)
    assert again.json() == said
    assert (await machine.get(f"/api/v1/invoices/{said['ref']}", headers=headers)).json()["ref"] == said[
        "ref"
    ]
    assert [
        one["ref"] for one in (await machine.get("/api/v1/invoices", headers=headers)).json()["data"]
    ] == [said["ref"]]


async def test_a_pdf_by_the_api_comes_with_its_figures(client, due):
    headers = await token_of(due, "invoices:write")
    figures = {
        "number": "F2026-001",
        "issued_on": today().isoformat(),
        "net_cents": 360_00,
        "vat_cents": 72_00,
        "total_cents": 432_00,
    }
    asked = {
        "file": base64.b64encode(pdf(words(due.facts()))).decode(),
        "figures": figures | {"net_cents": "x"},
    }
    wrong = await client(None).post("/api/v1/invoices", json=asked, headers=headers)
    assert wrong.status_code == 422
    assert "figures.net_cents" in wrong.json()["errors"]
    right = await client(None).post(
        "/api/v1/invoices", json=asked | {"figures": figures}, headers=headers | {"idempotency-key": "deux"}
    )
    assert (right.json()["state"], right.json()["differences"]) == ("compared", [])


@pytest.mark.parametrize("file", ["", "pas du base64 !", base64.b64encode(b"rien").decode()])
async def test_what_is_no_invoice_is_refused_with_a_sentence(client, due, file):
    answer = await client(None).post(
        "/api/v1/invoices", json={"file": file}, headers=await token_of(due, "invoices:write")
    )
    assert answer.status_code == 422
    assert answer.json()["title"]
