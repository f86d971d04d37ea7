"""Quotes, plans, photos: refused when they could do harm, for the team or shared, sealed, erased with the prospect."""

import asyncio
import io
import zipfile
from urllib.parse import quote

import pytest

from portal import privacy
from portal.kit import db, files
from portal.kit.deed import deed
from portal.kit.files import Store
from portal.kit.problems import Refused
from portal.kit.uploads import JPEG
from portal.leads.dossier import attaching
from portal.leads.dossier.access import Subject
from portal.leads.prospect import answering
from portal.privacy_archive import archive
from tests.kit.test_files import ACTING, BROKEN, pdf, picture, workbook
from tests.stories import STORY, contract_of, open_a_programme, recommended, won


@pytest.fixture(autouse=True)
async def plan(cast):
    plan = await open_a_programme()
    await contract_of(cast.rachel, plan)
    return plan


def given(body: bytes | None = None, name: str = "Devis n° 12.pdf") -> dict:
    return {"file": (name, pdf() if body is None else body, "application/octet-stream")}


async def kept() -> list[db.Row]:
    return await db.rows(
        """SELECT attachment.*, stored_file.ref AS file_ref, name, size, erased_at FROM attachment
           JOIN stored_file ON stored_file.id = file_id ORDER BY attachment.id"""
    )


def pieces(lead: db.Row) -> str:
    return f"/recommandations/{lead['ref']}/pieces"


async def test_a_file_of_the_team_is_not_the_referrers_until_it_is_shared(cast, client):
    lead = await recommended(cast.rachel)
    sam, rachel = client(cast.sam), client(cast.rachel)
    answer = await sam.post_form(pieces(lead), files=given())
    assert answer.headers["location"] == f"/recommandations/{lead['ref']}#pieces"
    [file] = await kept()
    assert (await sam.get(f"/fichiers/{file['file_ref']}")).status_code == 200
    assert (await rachel.get(f"/fichiers/{file['file_ref']}")).status_code == 404
    assert "Devis n° 12" not in (await rachel.get(pieces(lead))).text
    await sam.post_form(f"{pieces(lead)}/{file['file_ref']}/partage", shared="1")
    assert (await rachel.get(f"/fichiers/{file['file_ref']}")).status_code == 200
    assert "Devis n° 12" in (await rachel.get(pieces(lead))).text
    assert (await client(cast.stefan).get(f"/fichiers/{file['file_ref']}")).status_code == 404
    await sam.post_form(f"{pieces(lead)}/{file['file_ref']}/partage")
    assert (await rachel.get(f"/fichiers/{file['file_ref']}")).status_code == 404


async def test_what_a_referrer_hands_in_is_seen_by_the_team_and_by_no_other(cast, client):
    lead = await recommended(cast.rachel)
    rachel = client(cast.rachel)
    await rachel.post_form(pieces(lead), files=given(picture(), "photo du toit.jpg"))
    [file] = await kept()
    assert file["shared"]
    assert (await client(cast.sam).get(f"/fichiers/{file['file_ref']}")).headers["content-type"] == JPEG
    assert (await client(cast.stefan).get(pieces(lead))).status_code == 404
    assert (await client(cast.stefan).post_form(pieces(lead), files=given())).status_code == 404
    assert (
        await client(cast.stefan).post_form(f"{pieces(lead)}/{file['file_ref']}/retrait")
    ).status_code == 404


async def test_a_referrer_erases_what_they_gave_and_nothing_else(cast, client):
    lead = await recommended(cast.rachel)
    rachel, sam = client(cast.rachel), client(cast.sam)
    await rachel.post_form(pieces(lead), files=given(name="le mien.pdf"))
    await sam.post_form(pieces(lead), files=given(name="du commercial.pdf"), shared="1")
    mine, theirs = await kept()
    assert (await rachel.post_form(f"{pieces(lead)}/{theirs['file_ref']}/retrait")).status_code == 404
    assert (await rachel.post_form(f"{pieces(lead)}/{theirs['file_ref']}/partage")).status_code == 404
    await rachel.post_form(f"{pieces(lead)}/{mine['file_ref']}/retrait")
    assert (await sam.get(f"/fichiers/{mine['file_ref']}")).status_code == 404
    assert [bool(row["removed_at"]) for row in await kept()] == [True, False]


async def test_a_file_of_one_recommendation_is_not_reached_through_another(cast, client):
    lead, other = await recommended(cast.rachel, "Une"), await recommended(cast.rachel, "Autre")
    await client(cast.sam).post_form(pieces(lead), files=given())
    [file] = await kept()
    for verb in ("partage", "retrait"):
        answer = await client(cast.sam).post_form(f"{pieces(other)}/{file['file_ref']}/{verb}")
        assert answer.status_code == 404


async def test_it_is_fetched_as_a_download_that_does_nothing(cast, client):
    lead = await recommended(cast.rachel)
    await client(cast.sam).post_form(pieces(lead), files=given(name="../devis<script>.pdf"))
    [file] = await kept()
    headers = (await client(cast.sam).get(f"/fichiers/{file['file_ref']}")).headers
    assert headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote('devis script.pdf')}"
    assert headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in headers["content-security-policy"]


async def test_it_lies_sealed(cast, client):
    lead = await recommended(cast.rachel)
    await client(cast.sam).post_form(pieces(lead), files=given())
    row = await db.row("SELECT * FROM stored_file")
    assert row
    assert row["store"] == Store.UPLOADS
    lies = files.store_of(Store.UPLOADS)
    assert b"%PDF-" not in bytes(lies.get(row["key"]).bytes())
    assert (await files.content(row)).startswith(b"%PDF-")


def archive_of_programs() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as bag:
        bag.writestr("setup.exe", b"MZ")
    return out.getvalue()


HOSTILE = {
    **{name: make() for name, make in ACTING.items()},
    **BROKEN,
    "a workbook with macros": workbook("xl/vbaProject.bin"),
    "an archive": archive_of_programs(),
    "a page": b"<!doctype html><script>alert(1)</script>",
    "a drawing with a script": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a program": b"\x7fELF\x02\x01",
    "nothing": b"",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
async def test_what_could_do_harm_is_refused_in_plain_words_before_it_is_kept(cast, client, body):
    lead = await recommended(cast.rachel)
    answer = await client(cast.rachel).post_form(pieces(lead), files=given(body, "devis.pdf"))
    assert answer.status_code == 422
    assert 'id="f-file-error"' in answer.text
    assert await kept() == []
    assert await db.value("SELECT count(*) FROM stored_file") == 0


async def test_too_heavy_and_nothing_chosen_are_said(cast, client):
    lead, sam = await recommended(cast.rachel), client(cast.sam)
    heavy = await sam.post_form(pieces(lead), files=given(b"%PDF-" + b"0" * 10_000_001))
    assert "10" in heavy.text
    assert heavy.status_code == 422
    assert "Choisissez un fichier" in (await sam.post_form(pieces(lead))).text


async def test_twenty_at_most_even_when_two_come_at_once(cast):
    lead = await recommended(cast.rachel)
    for _turn in range(19):
        await some_one(lead, cast)
    outcomes = await asyncio.gather(some_one(lead, cast), some_one(lead, cast), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes if outcome] == [Refused]
    assert len(await kept()) == 20


async def some_one(lead: db.Row, cast) -> None:
    body = await files.keep(Store.UPLOADS, b"%PDF-", media_type="application/pdf", name="a.pdf")
    async with deed(cast.sam.person):
        await attaching.attach(Subject("lead", lead["id"], ""), body, shared=False)


async def test_a_file_of_a_deal_is_for_who_has_a_share_of_it(cast, client, plan):
    await contract_of(cast.remi, plan)
    deal = await won(cast.rachel, cast.sam)
    path = f"/affaires/{deal['ref']}/pieces"
    await client(cast.fanny).post_form(path, files=given(name="bon de commande.pdf"), shared="1")
    [file] = await kept()
    assert "bon de commande" in (await client(cast.rachel).get(path)).text
    assert (await client(cast.rachel).get(f"/fichiers/{file['file_ref']}")).status_code == 200
    assert (await client(cast.remi).get(path)).status_code == 404
    assert (await client(cast.remi).get(f"/fichiers/{file['file_ref']}")).status_code == 404


async def test_forgotten_with_the_prospect(cast, client):
    lead = await recommended(cast.rachel)
    await client(cast.sam).post_form(pieces(lead), files=given(name="Claire Morin.pdf"))
    [file] = await kept()
    async with deed(STORY):
        await answering.forget(lead, "mail")
    assert (await client(cast.sam).get(f"/fichiers/{file['file_ref']}")).status_code == 404
    [file] = await kept()
    assert file["name"] == ""
    assert file["erased_at"]


async def test_a_referrer_takes_along_what_they_handed_in(cast, client):
    lead = await recommended(cast.rachel)
    await client(cast.rachel).post_form(pieces(lead), files=given(name="le mien.pdf"))
    await client(cast.sam).post_form(pieces(lead), files=given(name="du commercial.pdf"))
    names = zipfile.ZipFile(io.BytesIO(await archive(cast.rachel.person, whole=True))).namelist()
    assert [name for name in names if name.startswith("fichiers/")] == [
        f"fichiers/{(await kept())[0]['file_ref']}-le mien.pdf"
    ]
    exported = await privacy.export(cast.rachel.user_id, cast.rachel.referrer_id)
    assert [row["name"] for row in exported["leads.files"]] == ["le mien.pdf"]
