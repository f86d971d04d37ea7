"""The process that opens what somebody uploaded: alone with its limits, the file on its input, the clean one on its output.

It imports nothing of ours and inherits no environment. Exit 3: the file could act by itself; 4: it does not open."""

import io
import resource
import sys
import zipfile
from types import ModuleType
from typing import Any

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 10
MOST_PIXELS = 40_000_000
MOST_OBJECTS = 100_000
MOST_UNPACKED = 200_000_000
ACTIVE, BROKEN = 3, 4

ACTING_KEYS = {"/JS", "/JavaScript", "/AA", "/EmbeddedFiles", "/EF", "/RichMediaContent", "/XFA", "/AF"}
ACTING_ACTIONS = {
    "/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/GoToE", "/GoToR", "/RichMediaExecute",
}  # fmt: skip
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}


class Active(Exception):
    """It could do something by itself when opened."""


def clean_pdf(body: bytes) -> bytes:
    """Unchanged when it is quiet: a signed PDF must stay what was signed. One that is an archive too is two files in one."""
    import pikepdf

    if zipfile.is_zipfile(io.BytesIO(body)):
        raise Active

    with pikepdf.open(io.BytesIO(body)) as pdf:
        if len(pdf.objects) > MOST_OBJECTS:
            raise ValueError("too many objects")
        for thing in pdf.objects:
            _refuse_acting(thing, pikepdf, depth=0)
        if not len(pdf.pages):
            raise ValueError("no page")
    return body


def _refuse_acting(thing: Any, pikepdf: ModuleType, depth: int) -> None:
    """Objects within an object; what it refers to is in the list itself."""
    if depth > 50:
        raise ValueError("too deep")
    if isinstance(thing, pikepdf.Stream | pikepdf.Dictionary):
        keys = set(thing.keys())
        if keys & ACTING_KEYS or str(thing.get("/S", "")) in ACTING_ACTIONS:
            raise Active
        inner = [thing[key] for key in keys]
    elif isinstance(thing, pikepdf.Array):
        inner = list(thing)
    else:
        return
    for one in inner:
        if isinstance(one, pikepdf.Object) and not one.is_indirect:
            _refuse_acting(one, pikepdf, depth + 1)


def clean_picture(body: bytes, media_type: str) -> bytes:
    """Drawn anew: place, camera and whatever else travelled with it stay behind."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # twice as many is an error
    with Image.open(io.BytesIO(body), formats=[FORMATS[media_type]]) as picture:
        upright = ImageOps.exif_transpose(picture)
        kept = upright.convert("RGB" if media_type == "image/jpeg" else "RGBA")
    plain = Image.frombytes(kept.mode, kept.size, kept.tobytes())
    out = io.BytesIO()
    plain.save(out, FORMATS[media_type], quality=88)
    return out.getvalue()


def clean_workbook(body: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        names = {item.filename.lower() for item in archive.infolist()}
        if sum(item.file_size for item in archive.infolist()) > MOST_UNPACKED or len(names) > 10_000:
            raise ValueError("too large when unpacked")
    if "xl/workbook.xml" not in names:
        raise ValueError("not a workbook")
    if any(
        name.endswith("vbaproject.bin") or "/externallinks/" in name or "/activex/" in name for name in names
    ):
        raise Active
    return body


def main(media_type: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    body = sys.stdin.buffer.read()
    try:
        if media_type == "application/pdf":
            clean = clean_pdf(body)
        elif media_type in FORMATS:
            clean = clean_picture(body, media_type)
        else:
            clean = clean_workbook(body)
    except Active:
        return ACTIVE
    except Exception:  # a hostile file raises anything
        return BROKEN
    sys.stdout.buffer.write(clean)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
