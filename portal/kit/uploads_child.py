"""The process that opens what somebody uploaded: alone with its limits, the file on its input, the clean one on its output.

It imports nothing of ours and inherits no environment. Exit 3: the file could act by itself; 4: it does not open;
5: it wants a password."""

import base64
import io
import json
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
MOST_PAGES_READ = 20
ACTIVE, BROKEN, LOCKED = 3, 4, 5

ATTACHING_KEYS = {"/EmbeddedFiles", "/EF", "/AF"}
ACTING_KEYS = {"/JS", "/JavaScript", "/AA", "/RichMediaContent", "/XFA"} | ATTACHING_KEYS
ACTING_ACTIONS = {
    "/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/GoToE", "/GoToR", "/RichMediaExecute",
}  # fmt: skip
READ = "application/pdf; read"
SIDE = "; side="
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}


class Active(Exception):
    """It could do something by itself when opened."""


class Locked(Exception):
    """It opens with a password only."""


def clean_pdf(body: bytes, acting: frozenset[str] = frozenset(ACTING_KEYS)) -> bytes:
    """Unchanged when it is quiet: a signed PDF must stay what was signed. One that is an archive too is two files in one."""
    import pikepdf

    if zipfile.is_zipfile(io.BytesIO(body)):
        raise Active

    try:
        opened = pikepdf.open(io.BytesIO(body))
    except pikepdf.PasswordError as locked:
        raise Locked from locked
    with opened as pdf:
        if len(pdf.objects) > MOST_OBJECTS:
            raise ValueError("too many objects")
        for thing in pdf.objects:
            _refuse_acting(thing, pikepdf, acting, depth=0)
        if not len(pdf.pages):
            raise ValueError("no page")
    return body


def read_pdf(body: bytes) -> bytes:
    """Its words and the files attached to it, as JSON: an invoice carries its XML so."""
    import pikepdf

    clean_pdf(body, frozenset(ACTING_KEYS - ATTACHING_KEYS))
    with pikepdf.open(io.BytesIO(body)) as pdf:
        attached = [(name, _content(spec)) for name, spec in pdf.attachments.items()]
    files = [(name, base64.b64encode(content).decode()) for name, content in attached]
    return json.dumps({"text": _words(body), "attached": files}).encode()


def _content(spec: Any) -> bytes:
    content = spec.get_file().read_bytes()
    if len(content) > MOST_UNPACKED:
        raise ValueError("too large when unpacked")
    return content


def _words(body: bytes) -> str:
    """Nothing when they do not come out: a picture has none."""
    from pypdf import PdfReader

    try:
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages[:MOST_PAGES_READ])
    except Exception:  # a page may be drawn in any way
        return ""


def _refuse_acting(thing: Any, pikepdf: ModuleType, acting: frozenset[str], depth: int) -> None:
    """Objects within an object; what it refers to is in the list itself."""
    if depth > 50:
        raise ValueError("too deep")
    if isinstance(thing, pikepdf.Stream | pikepdf.Dictionary):
        keys = set(thing.keys())
        if keys & acting or str(thing.get("/S", "")) in ACTING_ACTIONS:
            raise Active
        inner = [thing[key] for key in keys]
    elif isinstance(thing, pikepdf.Array):
        inner = list(thing)
    else:
        return
    for one in inner:
        if isinstance(one, pikepdf.Object) and not one.is_indirect:
            _refuse_acting(one, pikepdf, acting, depth + 1)


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


def smaller_picture(body: bytes, media_type: str, side: int) -> bytes:
    """As WebP, its longer side at most this long: what a page shows of a photo."""
    from PIL import Image

    with Image.open(io.BytesIO(clean_picture(body, media_type))) as picture:
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=80, method=4)
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
        elif media_type == READ:
            clean = read_pdf(body)
        elif SIDE in media_type:
            kind, _, side = media_type.partition(SIDE)
            clean = smaller_picture(body, kind, int(side))
        elif media_type in FORMATS:
            clean = clean_picture(body, media_type)
        else:
            clean = clean_workbook(body)
    except Active:
        return ACTIVE
    except Locked:
        return LOCKED
    except Exception:  # a hostile file raises anything
        return BROKEN
    sys.stdout.buffer.write(clean)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
