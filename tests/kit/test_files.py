"""What is uploaded is known by its content and cannot act; what is stored stays, or goes when it is erased."""

import io
import zipfile
from datetime import timedelta

import obstore
import pikepdf
import pytest
from PIL import Image

from portal.kit import db, files, verify
from portal.kit.days import clock_at, now
from portal.kit.deed import Machine, deed
from portal.kit.files import Store
from portal.kit.invalid import Invalid
from portal.kit.problems import NotFound
from portal.kit.uploads import CSV, DOCUMENTS, JPEG, PDF, PNG, SHEETS, XLSX, clean_name, cleaned, sniffed

TEST = Machine("test")


def picture(kind: str = "JPEG", **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "#1f4d3a").save(out, kind, **options)
    return out.getvalue()


def pdf(**root: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        for key, value in root.items():
            document.Root[f"/{key}"] = value
        document.save(out)
    return out.getvalue()


def workbook(*more: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("[Content_Types].xml", "xl/workbook.xml", *more):
            archive.writestr(name, "<x/>")
    return out.getvalue()


def script() -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def test_a_file_is_known_by_its_first_bytes():
    assert sniffed(pdf()) == PDF
    assert sniffed(picture()) == JPEG
    assert sniffed(picture("PNG")) == PNG
    assert sniffed(workbook()) == XLSX
    assert sniffed("nom;montant\nÉmile;12,50".encode()) == CSV
    assert sniffed(b"<!DOCTYPE html><script>") is None
    assert sniffed(b"  <svg onload='x'>") is None
    assert sniffed(b"\x7fELF\x02\x01") is None


async def test_a_photo_loses_the_place_where_it_was_taken():
    exif = Image.Exif()
    exif[0x010F] = "Appareil de Rachel"
    exif[0x8825] = {1: "N", 2: (47.0, 12.0, 0.0)}
    clean, kind = await cleaned(picture(exif=exif), DOCUMENTS)
    assert kind == JPEG
    assert b"Rachel" not in clean
    assert dict(Image.open(io.BytesIO(clean)).getexif()) == {}


async def test_a_quiet_pdf_stays_what_it_was_to_the_byte():
    quiet = pdf()
    assert await cleaned(quiet, DOCUMENTS) == (quiet, PDF)


ACTING = {
    "a script that runs when opened": lambda: pdf(OpenAction=script()),
    "a script among the names": lambda: pdf(
        Names=pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=["x", script()]))
    ),
    "a program to launch": lambda: pdf(OpenAction=pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")),
    "a file inside": lambda: pdf(
        Names=pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=pikepdf.Array()))
    ),
    "a form of another kind": lambda: pdf(AcroForm=pikepdf.Dictionary(XFA="<xdp/>")),
    "an archive at its end": lambda: pdf() + workbook("program.jar"),
}


@pytest.mark.parametrize("make", ACTING.values(), ids=ACTING)
async def test_a_pdf_that_could_act_is_refused(make):
    with pytest.raises(Invalid, match="upload_active"):
        await cleaned(make(), DOCUMENTS)


async def test_a_workbook_with_macros_is_refused():
    assert (await cleaned(workbook(), SHEETS))[1] == XLSX
    with pytest.raises(Invalid, match="upload_active"):
        await cleaned(workbook("xl/vbaProject.bin"), SHEETS)


BROKEN = {
    "a PDF cut short": b"%PDF-1.7\n1 0 obj",
    "a picture cut short": picture()[:200],
    "an archive that is no workbook": workbook()[:40],
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
async def test_a_file_that_does_not_open_is_refused(body: bytes):
    with pytest.raises(Invalid, match="upload_broken"):
        await cleaned(body, DOCUMENTS | SHEETS)


async def test_a_picture_that_unfolds_beyond_measure_is_refused():
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    with pytest.raises(Invalid, match="upload_broken"):
        await cleaned(out.getvalue(), DOCUMENTS)


async def test_a_kind_that_is_not_wanted_and_a_file_too_heavy_are_refused():
    with pytest.raises(Invalid, match="upload_kind"):
        await cleaned(b"nom;montant", DOCUMENTS)
    with pytest.raises(Invalid, match="file_too_big"):
        await cleaned(b"%PDF-" + b"0" * 2_000_000, DOCUMENTS, megabytes=1)
    with pytest.raises(Invalid, match="file_empty"):
        await cleaned(b"", DOCUMENTS)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\moi\\RIB.pdf", "RIB.pdf"),
        ("Attestation URSSAF.PDF", "Attestation URSSAF.pdf"),
        ("facture\u202egpj.exe", "facture gpj.pdf"),
        ("", "document.pdf"),
        ("..", "document.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "a b Set-Cookie x.pdf"),
    ],
)
def test_a_name_is_never_a_path_nor_a_trick(given: str, kept: str):
    assert clean_name(given, ".pdf") == kept


async def stored(store: Store = Store.UPLOADS, body: bytes = b"nom;montant") -> db.Row:
    kept = await files.keep(store, body, media_type=CSV, name="liste.csv")
    async with deed(TEST):
        return await files.attach(kept, "test", 1)


async def test_an_upload_comes_back_and_lies_sealed_in_its_store(base):
    file = await stored()
    assert await files.content(file) == b"nom;montant"
    lying = await (await obstore.get_async(files.store_of(Store.UPLOADS), file["key"])).bytes_async()
    assert b"montant" not in bytes(lying)


async def test_what_was_issued_is_never_written_again(base):
    file = await stored(Store.ISSUED)
    with pytest.raises(obstore.exceptions.AlreadyExistsError):
        await obstore.put_async(files.store_of(Store.ISSUED), file["key"], b"another", mode="create")
    async with deed(TEST):
        await files.erase(file["id"])
    assert await files.content(await files.by_ref(file["ref"])) == b"nom;montant"


async def test_an_erased_upload_is_gone_with_the_next_sweep_and_takes_no_other_with_it(base):
    erased, twin = await stored(), await stored()
    async with deed(TEST):
        await files.erase(erased["id"])
    with pytest.raises(NotFound):
        await files.by_ref(erased["ref"])
    with clock_at(now() + timedelta(days=2)):
        assert await files.sweep() >= 1
    with pytest.raises(files.FileGone):
        await files.content(erased)
    assert await files.content(twin) == b"nom;montant"


async def test_the_sweep_leaves_what_a_deed_may_still_name(base):
    kept = await files.keep(Store.UPLOADS, b"encore sans ligne", media_type=CSV, name="x.csv")
    await files.sweep()
    async with deed(TEST):
        file = await files.attach(kept, "test", 1)
    assert await files.content(file) == b"encore sans ligne"


@pytest.mark.breaks_promises
async def test_verify_finds_the_file_that_is_missing_and_the_one_that_was_changed(base):
    missing, changed = await stored(Store.ISSUED), await stored(Store.ISSUED, b"autre")
    await obstore.delete_async(files.store_of(Store.ISSUED), missing["key"])
    await obstore.put_async(
        files.store_of(Store.ISSUED), changed["key"], b"falsifi\xc3\xa9", mode="overwrite"
    )
    assert {fault.where.split()[0] for fault in await verify.faults()} == {missing["ref"], changed["ref"]}
