"""/justificatifs for the referrer, /apporteurs/justificatifs for finance, the watch, the setting."""

import io

import pytest
from PIL import Image

from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.referrers import access
from portal.referrers.tasks import watch
from portal.referrers.vigilance import access as access_documents
from portal.referrers.vigilance import watches
from portal.referrers.vigilance.policy import Mode, vigilance_policy
from tests.counting import Queries
from tests.earnings.scene import TEN_PERCENT, Scene, scene_of

PDF_WITH_SCRIPT = b"%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\ntrailer<</Root 1 0 R>>"


def picture() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(kept, "JPEG")
    return kept.getvalue()


PHOTO = {"file": ("photo.jpg", picture(), "image/jpeg")}


@pytest.fixture
async def scene(cast) -> Scene:
    """Mina's open deal brings 6 000: the documents are asked."""
    made = await scene_of(cast)
    await made.contract(cast.mina, TEN_PERCENT)
    await made.deal(cast.mina, 60_000_00, days_ago=2)
    await work_off()
    return made


async def ref_of(member):
    return (await access.referrer(member.referrer_id))["ref"]


async def document_of(member):
    return (await access_documents.documents_of(member.referrer_id))[0]


async def test_the_page_says_what_is_asked_why_and_until_when(cast, client, scene):
    page = (await client(cast.mina).get("/justificatifs")).text
    for said in (
        "Attestation de vigilance",
        "Justificatif d’immatriculation",
        "C. trav. D8222-5",
        "À déposer",
        "5\u202f000,00",
    ):
        assert said in page
    assert "Rien à déposer" in (await client(cast.rachel).get("/justificatifs")).text


async def test_the_page_speaks_english(cast, client, scene):
    async with deed(cast.alice.person):
        await db.execute("UPDATE app_user SET language = 'en' WHERE id = $1", cast.mina.user_id)
    assert "Certificate of social good standing" in (await client(cast.mina).get("/justificatifs")).text


async def test_the_pages_ask_each_thing_once(cast, client, scene):
    mina, fanny = client(cast.mina), client(cast.fanny)
    await mina.post_form("/justificatifs/vigilance", files=PHOTO)
    document = await document_of(cast.mina)
    pages = [
        (mina, "/justificatifs"), (fanny, "/apporteurs/justificatifs"), (fanny, f"/apporteurs/justificatifs/{document['ref']}"),
        (fanny, f"/apporteurs/{await ref_of(cast.mina)}/justificatifs"), (fanny, "/apporteurs/veille"),
    ]  # fmt: skip
    for browser, path in pages:
        async with Queries() as queries:
            assert (await browser.get(path)).status_code == 200
        assert len(queries) == len(set(queries.asked)) <= 8, (path, queries.asked)


async def test_a_photo_is_given_checked_and_accepted(cast, client, scene):
    mina, fanny = client(cast.mina), client(cast.fanny)
    given = await mina.post_form("/justificatifs/vigilance", files=PHOTO)
    assert given.headers["location"] == "/justificatifs"
    assert "Reçu, en cours de vérification" in (await mina.get("/justificatifs")).text
    document = await document_of(cast.mina)
    assert "Mina Kaci" in (await fanny.get("/apporteurs/justificatifs?etat=received")).text
    path = f"/apporteurs/justificatifs/{document['ref']}"
    hidden = {"version": document["version"], "kind": "vigilance"}
    without = await fanny.post_form(f"{path}/acceptation", issued_on=today().isoformat(), **hidden)
    assert without.status_code == 422
    assert "urssaf.fr" in without.text
    old = await fanny.post_form(f"{path}/acceptation", issued_on="01/01/2020", code="K7", **hidden)
    assert old.status_code == 422
    assert "6 mois" in old.text
    done = await fanny.post_form(f"{path}/acceptation", issued_on=today().isoformat(), code="K7", **hidden)
    assert done.status_code == 303
    assert "Accepté" in (await mina.get("/justificatifs")).text
    shown = (await fanny.get(path)).text
    assert "K7" in shown
    assert "Fanny Moreau" in shown


async def test_a_refusal_wants_a_reason_and_the_referrer_reads_it(cast, client, scene):
    mina, fanny = client(cast.mina), client(cast.fanny)
    await mina.post_form("/justificatifs/vigilance", files=PHOTO)
    document = await document_of(cast.mina)
    path = f"/apporteurs/justificatifs/{document['ref']}/refus"
    assert (await fanny.post_form(path, version=document["version"])).status_code == 422
    await fanny.post_form(path, version=document["version"], reason="Ce n'est pas une attestation.")
    assert "pas une attestation" in (await mina.get("/justificatifs")).text


@pytest.mark.parametrize(
    ("name", "body"),
    [("page.pdf", b"<html><script>1</script></html>"), ("tool.exe", b"MZ\x90\x00\x03"), ("script.pdf", PDF_WITH_SCRIPT),
     ("empty.pdf", b""), ("big.pdf", b"%PDF-1.4" + b"0" * 10_000_001), ("table.csv", b"a;b\n1;2\n")],
)  # fmt: skip
async def test_a_file_of_the_wrong_kind_too_large_or_dangerous_is_refused_before_it_is_kept(
    cast, client, scene, name, body
):
    mina = client(cast.mina)
    ref = await ref_of(cast.mina)
    before = await db.value("SELECT count(*) FROM stored_file")
    answer = await mina.post_form("/justificatifs/vigilance", files={"file": (name, body, "application/pdf")})
    assert answer.status_code == 422
    assert 'id="f-file-error"' in answer.text
    staff = await client(cast.fanny).post_form(
        f"/apporteurs/{ref}/justificatifs/vigilance", files={"file": (name, body, "application/pdf")}
    )
    assert staff.status_code == 422
    assert await db.value("SELECT count(*) FROM stored_file") == before
    assert await access_documents.documents_of(cast.mina.referrer_id) == []


async def test_nothing_chosen_says_so(cast, client, scene):
    answer = await client(cast.mina).post_form("/justificatifs/vigilance")
    assert answer.status_code == 422
    assert "Choisissez un fichier" in answer.text


async def test_the_statement_on_foreign_employees_is_one_click(cast, client, scene):
    mina = client(cast.mina)
    assert (await mina.post_form("/justificatifs/foreign_workers/declaration")).status_code == 422
    await mina.post_form("/justificatifs/foreign_workers/declaration", declared="1")
    assert "déclaré sur l’honneur" in (await mina.get("/justificatifs")).text
    assert (await mina.post_form("/justificatifs/vigilance/declaration", declared="1")).status_code == 404
    assert (await mina.post_form("/justificatifs/autre", files=PHOTO)).status_code == 404


async def test_the_files_are_for_the_referrer_and_for_who_checks(cast, client, scene):
    await client(cast.mina).post_form("/justificatifs/vigilance", files=PHOTO)
    path = f"/fichiers/{(await document_of(cast.mina))['file_ref']}"
    seen = {
        who: (await client(getattr(cast, who)).get(path)).status_code
        for who in ("mina", "fanny", "alice", "sam", "stefan")
    }
    assert seen == {"mina": 200, "fanny": 200, "alice": 200, "sam": 404, "stefan": 404}


async def test_finance_asks_for_one_document_more_and_puts_on_file_what_came_by_post(cast, client, scene):
    fanny, path = client(cast.fanny), f"/apporteurs/{await ref_of(cast.rachel)}/justificatifs"
    await fanny.post_form(f"{path}/demande", kind="identity")
    assert "Pièce d’identité" in (await client(cast.rachel).get("/justificatifs")).text
    assert (await fanny.post_form(f"{path}/demande", kind="vigilance")).status_code == 422
    given = await fanny.post_form(f"{path}/identity", files=PHOTO)
    assert given.headers["location"].startswith("/apporteurs/justificatifs/")


async def test_the_accountant_of_a_referrer_does_not_open_the_page(cast, client, scene):
    async with deed(cast.mina.person):
        await db.execute("UPDATE membership SET seat = 'accountant' WHERE user_id = $1", cast.mina.user_id)
    assert (await client(cast.mina).get("/justificatifs")).status_code == 404


async def test_the_list_goes_along(cast, client, scene):
    await client(cast.mina).post_form("/justificatifs/vigilance", files=PHOTO)
    csv = (await client(cast.fanny).get("/apporteurs/justificatifs?format=csv")).text
    assert "Attestation de vigilance" in csv
    assert "Mina Kaci" in csv


async def test_who_comes_near_a_threshold_is_listed_with_figure_source_and_what_to_do(cast, client, scene):
    async with deed(cast.mina.person):
        await watches.declare_turnover(cast.mina.referrer_id, today().year, 36_000_00)
    await watch()
    page = (await client(cast.sam).get("/apporteurs/veille")).text
    for said in (
        "Mina Kaci",
        "Franchise de TVA",
        "36\u202f000,00",
        "37\u202f500,00",
        "CGI 293 B",
        "1er janvier",
    ):
        assert said in page
    csv = (await client(cast.fanny).get("/apporteurs/veille?quoi=franchise&format=csv")).text
    assert csv.count("Mina Kaci") == 1


async def test_a_referrer_says_what_they_turn_over_elsewhere(cast, client, scene):
    mina = client(cast.mina)
    assert (await mina.post_form("/justificatifs/chiffre-affaires", amount="beaucoup")).status_code == 422
    await mina.post_form("/justificatifs/chiffre-affaires", amount="12 500,00")
    assert "12\u202f500,00" in (await mina.get("/justificatifs")).text
    assert "ailleurs" not in (await client(cast.rachel).get("/justificatifs")).text


async def test_the_administrator_decides_what_waits(cast, client):
    alice = client(cast.alice)
    assert (await vigilance_policy()).mode is Mode.WARN
    await alice.post_form("/reglages/justificatifs", mode="block", limit="3 000")
    kept = await vigilance_policy()
    assert (kept.mode, kept.individual_limit_cents) == (Mode.BLOCK, 3_000_00)
    assert (await alice.post_form("/reglages/justificatifs", mode="other")).status_code == 422
    await alice.post_form("/reglages/justificatifs", mode="off")
    assert (await vigilance_policy()).individual_limit_cents is None
    assert 'value="off" checked' in (await alice.get("/reglages/justificatifs")).text
