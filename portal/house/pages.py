"""Static files, the choices of language and theme, the way to a stored file."""

import gzip
from functools import cache
from urllib.parse import quote

import brotli
from litestar import Request, Response

from portal.doors import FOR_EVER, PRIVATE, cookie
from portal.house import access
from portal.kit import files
from portal.kit.assets import assets
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import NotFound
from portal.kit.text import LANGUAGES
from portal.kit.web import ANYONE, SIGNED_IN, Answer, get, post, see
from portal.people.actions import change_language
from portal.people.rules import Person, safe_path

YEAR = 365 * 24 * 3600
PACKED = {
    "br": lambda body: brotli.compress(body, quality=11),
    "gzip": lambda body: gzip.compress(body, mtime=0),
}
TEXTS = ("text/", "image/svg", "application/javascript", "application/manifest")
THEMES = ("light", "dark")
SANDBOX = "sandbox; default-src 'none'"


@get("/static/{name:path}", allows=ANYONE)
async def static(request: Request, name: str) -> Answer:
    found = assets().get(name.lstrip("/"))
    if found is None:
        raise NotFound("static")
    encoding = _encoding(request.headers.get("accept-encoding", "")) if _is_text(found.media_type) else ""
    headers = {"vary": "accept-encoding", **({"content-encoding": encoding} if encoding else {})}
    headers["cache-control"] = (
        FOR_EVER if request.query_params.get("v") == found.digest else "public, max-age=300"
    )
    return Response(
        _packed(found.digest, name.lstrip("/"), encoding), media_type=found.media_type, headers=headers
    )


def _is_text(media_type: str) -> bool:
    return media_type.startswith(TEXTS)


def _encoding(accepted: str) -> str:
    offered = {
        part.split(";")[0].strip()
        for part in accepted.lower().split(",")
        if "q=0" not in part.replace("q=0.", "")
    }
    return next((encoding for encoding in PACKED if encoding in offered), "")


@cache
def _packed(_digest: str, name: str, encoding: str) -> bytes:
    body = assets()[name].body
    return PACKED[encoding](body) if encoding else body


class LanguageForm(Form):
    lang: str
    next: str = "/"


@post("/langue", allows=ANYONE)
async def choose_language(request: Request, person: Person | None) -> Answer:
    form = await LanguageForm.read(request)
    if form.errors or form.lang not in LANGUAGES:
        raise NotFound("language")
    if person:
        async with deed(person):
            await change_language(person.user_id, form.lang)
    answer = see(safe_path(form.next))
    answer.set_cookie(**cookie("langue", form.lang, YEAR))
    return answer


class ThemeForm(Form):
    theme: str = ""
    next: str = "/"


@post("/theme", allows=ANYONE)
async def choose_theme(request: Request) -> Answer:
    form = await ThemeForm.read(request)
    answer = see(safe_path(form.next))
    if form.theme in THEMES:
        answer.set_cookie(**cookie("theme", form.theme, YEAR))
    else:
        answer.delete_cookie("theme", path="/")
    return answer


@get("/fichiers/{ref:str}", allows=SIGNED_IN)
async def stored_file(person: Person, ref: str) -> Answer:
    """Always a download, never drawn by the browser in our name."""
    file = await access.file_for(person, ref)
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(file['name'], safe='')}",
        "content-security-policy": SANDBOX,
        "cache-control": PRIVATE,
    }
    return Response(await files.content(file), media_type=file["media_type"], headers=headers)
