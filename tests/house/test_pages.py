"""The pages that belong to no domain: static files, language, settings, state, search, legal pages, files, health."""

import re
from datetime import timedelta

import pytest

from portal.house import access
from portal.jobs.queue import enqueue, work_off
from portal.kit import db, files
from portal.kit.assets import asset_url
from portal.kit.contrast import AA_TEXT, contrast
from portal.kit.days import now
from portal.kit.deed import Machine, deed
from portal.kit.files import Store
from portal.kit.problems import NotFound
from portal.search import access as search

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082"
)


async def test_a_static_file_named_by_its_content_is_kept_for_ever_and_travels_small(client):
    answer = await client().get(asset_url("portal.css"), headers={"accept-encoding": "br, gzip"})
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "br"
    plain = await client().get(asset_url("portal.css"), headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert answer.text == plain.text
    gzipped = await client().get(asset_url("portal.css"), headers={"accept-encoding": "gzip, br;q=0"})
    assert gzipped.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize(
    "path", ["/static/../settings.py", "/static/css/MANIFEST", "/static/%2e%2e/app.py", "/static/"]
)
async def test_nothing_but_what_pages_load_is_served(client, path: str):
    assert (await client().get(path)).status_code == 404


async def test_the_language_chosen_is_spoken_and_remembered(cast, client):
    rachel = client(cast.rachel)
    answer = await rachel.post_form("/langue", lang="en", next="/confidentialite")
    assert answer.headers["location"] == "/confidentialite"
    assert await db.value("SELECT language FROM app_user WHERE id = $1", cast.rachel.user_id) == "en"
    assert '<html lang="en"' in (await rachel.get("/confidentialite")).text


@pytest.mark.parametrize(
    "elsewhere", ["https://voleur.example", "//voleur.example", "/\\voleur.example", "javascript:alert(1)"]
)
async def test_the_choice_of_a_language_leads_nowhere_else(cast, client, elsewhere: str):
    answer = await client(cast.rachel).post_form("/langue", lang="en", next=elsewhere)
    assert answer.headers["location"] == "/"


async def test_the_theme_chosen_is_that_of_the_page(client):
    browser = client()
    await browser.post_form("/theme", theme="dark", next="/accessibilite")
    assert 'data-theme="dark"' in (await browser.get("/accessibilite")).text
    await browser.post_form("/theme", theme="<script>", next="/")
    assert "data-theme" not in (await browser.get("/accessibilite")).text


@pytest.mark.parametrize("path", ["/mentions-legales", "/confidentialite", "/accessibilite"])
async def test_anybody_reads_the_pages_of_the_law(cast, client, path: str):
    answer = await client().get(path)
    assert answer.status_code == 200
    assert "Lumen" in answer.text


async def test_the_legal_notice_names_who_publishes(cast, client):
    said = (await client().get("/mentions-legales")).text
    for fact in ("Lumen Conseil, SAS", "732829320", "FR44732829320", "Alice Ferrand"):
        assert fact in said


async def test_settings_show_each_the_rooms_that_are_theirs(cast, client):
    assert "/reglages/entreprise" in (await client(cast.alice).get("/reglages")).text
    assert "/reglages/entreprise" not in (await client(cast.sam).get("/reglages")).text
    assert (await client(cast.rachel).get("/reglages")).status_code == 404


async def entity_form(client) -> dict[str, str]:
    page = (await client.get("/reglages/entreprise")).text
    shown = re.findall(r'<input[^>]*?value="([^"]*)"[^>]*? name="(\w+)"', page)
    version = re.findall(r'name="version" value="(\d+)"', page)[0]
    return {name: value for value, name in shown} | {"version": version, "size": "pme"}


async def test_the_company_corrects_what_it_says_of_itself(cast, client):
    alice = client(cast.alice)
    form = await entity_form(alice)
    answer = await alice.post_form(
        "/reglages/entreprise",
        **{**form, "city": "Villeurbanne", "iban": "FR76 3000 6000 0112 3456 7890 189"},
    )
    assert answer.status_code == 303
    entity = await db.row("SELECT * FROM legal_entity")
    assert entity
    assert (entity["city"], entity["iban_last4"]) == ("Villeurbanne", "0189")
    assert b"3000" not in entity["iban_sealed"]


async def test_what_does_not_tally_is_said_under_its_field_and_nothing_changes(cast, client):
    alice = client(cast.alice)
    form = await entity_form(alice)
    answer = await alice.post_form("/reglages/entreprise", **{**form, "siren": "123456789", "accent": "vert"})
    assert answer.status_code == 422
    assert 'id="f-siren-error"' in answer.text
    assert 'id="f-accent-error"' in answer.text
    assert await db.value("SELECT siren FROM legal_entity") == "732829320"


async def test_two_who_correct_at_once_do_not_overwrite_each_other(cast, client):
    alice = client(cast.alice)
    form = await entity_form(alice)
    await alice.post_form("/reglages/entreprise", **{**form, "city": "Nantes"})
    answer = await alice.post_form("/reglages/entreprise", **{**form, "city": "Brest"})
    assert answer.status_code == 409
    assert await db.value("SELECT city FROM legal_entity") == "Nantes"


async def test_an_accent_too_light_is_fitted_until_it_can_be_read(cast, client):
    alice = client(cast.alice)
    await alice.post_form("/reglages/entreprise", **{**await entity_form(alice), "accent": "#ffe066"})
    assert "est utilisée à sa place" in (await alice.get("/reglages/entreprise")).text
    sheet = (await client().get("/marque.css")).text
    light = re.findall(r"#[0-9a-f]{6}", sheet)[0]
    assert contrast(light, "#f8f5ee") >= AA_TEXT


async def test_the_logo_is_on_every_page_and_a_script_is_no_logo(cast, client):
    alice = client(cast.alice)
    refused = await alice.post_form(
        "/reglages/entreprise/logo", files={"logo": ("logo.png", b"<svg onload=alert(1)>")}
    )
    assert refused.status_code == 422
    answer = await alice.post_form("/reglages/entreprise/logo", files={"logo": ("logo.png", PIXEL)})
    assert answer.status_code == 303
    assert '<img src="/marque/logo?v=' in (await client().get("/accessibilite")).text
    assert (await client().get("/marque/logo")).headers["content-type"] == "image/png"


async def test_search_finds_what_begins_with_every_word_and_only_what_is_theirs(cast, client):
    async with deed(Machine("test")):
        await search.put(
            "deal",
            1,
            title="Atelier Morin",
            path="/affaires/1",
            find=("1 284,00",),
            referrer_id=cast.rachel.referrer_id,
        )
        await search.put(
            "deal", 2, title="Atelier Kaci", path="/affaires/2", referrer_id=cast.mina.referrer_id
        )
    assert "/affaires/1" in (await client(cast.sam).get("/recherche?q=atel+mor")).text
    assert "/affaires/1" in (await client(cast.fanny).get("/recherche?q=1+284")).text
    hers = (await client(cast.rachel).get("/recherche?q=atelier")).text
    assert "/affaires/1" in hers
    assert "/affaires/2" not in hers


@pytest.mark.parametrize(
    "typed", ["' | !x", ":* & (", "%", "<script>alert(1)</script>", "a" * 5000, "\u0000é"]
)
async def test_a_hostile_search_finds_nothing_and_breaks_nothing(cast, client, typed: str):
    answer = await client(cast.sam).get("/recherche", params={"q": typed})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


async def test_suggestions_are_a_fragment(cast, client):
    answer = await client(cast.sam).get("/recherche?q=rachel", headers={"hx-request": "true"})
    assert "<html" not in answer.text
    assert "/apporteurs/" in answer.text


async def test_a_job_that_failed_waits_with_its_reason_and_is_tried_again(cast, client):
    async with deed(Machine("test")):
        await enqueue("house.sweep_files")
    async with db.transaction():
        await db.execute("UPDATE pgqueuer SET status = 'failed'")
    alice = client(cast.alice)
    page = (await alice.get("/reglages/etat")).text
    job = re.findall(r'name="job" value="(\d+)"', page)[0]
    await alice.post_form("/reglages/etat/travaux", job=job)
    assert await db.value("SELECT status::text FROM pgqueuer") == "queued"


async def test_a_mail_given_up_is_sent_again(cast, client):
    async with db.transaction():
        ref = await db.value(
            "UPDATE mail_message SET sent_at = NULL, failed_at = $1, tries = 8 WHERE id = 1 RETURNING ref",
            now(),
        )
    alice = client(cast.alice)
    assert ref in (await alice.get("/reglages/etat")).text
    assert (await alice.post_form(f"/reglages/etat/courriels/{ref}")).status_code == 303
    await work_off()
    assert await db.value("SELECT sent_at IS NOT NULL FROM mail_message WHERE ref = $1", ref)
    assert (await alice.post_form(f"/reglages/etat/courriels/{ref}")).status_code == 404


async def test_the_portal_verifies_itself_when_asked(cast, client):
    alice = client(cast.alice)
    assert "jamais" in (await alice.get("/reglages/etat")).text
    await alice.post_form("/reglages/etat/verification")
    await work_off()
    page = (await alice.get("/reglages/etat")).text
    assert page.count("jamais") == 1  # only the backup is still missing


async def test_health_says_yes_and_metrics_speak_only_to_this_machine(cast, client):
    assert (await client().get("/sante")).json() == {"status": "ok"}
    assert (await client().get("/sante/pret")).status_code == 200
    assert "portal_jobs_waiting" in (await client().get("/metrics")).text
    assert (await client().get("/metrics", headers={"x-forwarded-for": "203.0.113.9"})).status_code == 404


async def stored(subject_kind: str) -> str:
    kept = await files.keep(
        Store.UPLOADS, b"%PDF-1.7", media_type="application/pdf", name="Relevé d'avril.pdf"
    )
    async with deed(Machine("test")):
        return (await files.attach(kept, subject_kind, 7))["ref"]


@pytest.fixture
def doors(cast, monkeypatch):
    async def opens(person, subject_id: int) -> None:
        if person.user_id != cast.rachel.user_id or subject_id != 7:
            raise NotFound("test")

    monkeypatch.setitem(files.DOORS, "test_thing", opens)


async def test_a_file_is_fetched_through_the_door_of_its_thing_and_never_drawn(cast, client, doors):
    ref = await stored("test_thing")
    answer = await client(cast.rachel).get(f"/fichiers/{ref}")
    assert answer.content == b"%PDF-1.7"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''Relev%C3%A9%20d%27avril.pdf"
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await client(cast.stefan).get(f"/fichiers/{ref}")).status_code == 404
    assert (await client().get(f"/fichiers/{ref}")).status_code == 303


async def test_a_file_of_a_thing_without_a_door_is_for_nobody(cast, client):
    ref = await stored("thing_without_door")
    assert (await client(cast.alice).get(f"/fichiers/{ref}")).status_code == 404
    with pytest.raises(NotFound):
        await access.file_for(cast.alice.person, ref)


async def test_the_doors_of_the_demo_are_closed_elsewhere(cast, client):
    for path in ("/demo", "/demo/courriels"):
        assert (await client().get(path)).status_code == 404
    assert (await client().post_form("/demo/visite", email="alice@lumen.example")).status_code == 404


async def test_keys_of_old_deeds_are_forgotten_and_those_of_imports_kept(base):
    async with db.transaction():
        for key, age in (("old", 40), ("import:abc:1", 40), ("new", 1)):
            await db.execute(
                "INSERT INTO deed_once (actor, route, key, digest, at) VALUES ('user:1', '/x', $1, '', $2)",
                key,
                now() - timedelta(days=age),
            )
        await enqueue("house.forget_keys")
    await work_off()
    assert {row["key"] for row in await db.rows("SELECT key FROM deed_once")} == {"import:abc:1", "new"}
