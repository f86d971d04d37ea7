"""Everything under /static, read once and named by its content, so that a browser may keep it for ever."""

import hashlib
import mimetypes
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent.parent / "static"
STYLESHEET = "portal.css"
SERVED = {".js", ".svg", ".png", ".ico", ".webmanifest"}

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")
# A space before a colon can mean a descendant (`a :hover`), one around + or - belongs to calc(): those stay.
_AROUND = re.compile(r" ?([{};,>]) ?")
# In a nested rule a selector is under its parent anyway: `& .b` says no more than `.b`. Never `&.b`, `&:hover`, `& :focus`.
_UNDER = re.compile(r"(?<=[{};,])(?:& (?=[.\w\[#*])|& ?(?=[>+~]))")
_AFTER_COLON = re.compile(r"(?<=[\w-]): (?=[^{}]*[;}])")


@dataclass(frozen=True, slots=True)
class Asset:
    body: bytes
    media_type: str
    digest: str


def minified(css: str) -> str:
    spaced = _SPACE.sub(" ", _COMMENT.sub("", css)).strip()
    tight = _UNDER.sub("", _AROUND.sub(r"\1", spaced))
    return _AFTER_COLON.sub(":", tight).replace(";}", "}")


def joined(sheets: Iterable[str]) -> str:
    return "".join(minified(sheet) for sheet in sheets) + "\n"


def content_hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:12]


def stylesheet(folder: Path = STATIC / "css") -> str:
    names = (folder / "MANIFEST").read_text().split()
    return joined((folder / name).read_text() for name in names)


@cache
def assets() -> Mapping[str, Asset]:
    """By name under /static: the one stylesheet, and the files of a kind that pages load. Nothing else is served."""
    files = (path for path in sorted(STATIC.rglob("*")) if path.suffix in SERVED)
    loaded = {path.relative_to(STATIC).as_posix(): path.read_bytes() for path in files}
    loaded[STYLESHEET] = stylesheet().encode()
    return {name: _asset(name, body) for name, body in loaded.items()}


def asset_url(name: str) -> str:
    """Refuses (KeyError) a name that is not served: a page with a broken link must not be drawn."""
    return f"/static/{name}?v={assets()[name].digest}"


def _asset(name: str, body: bytes) -> Asset:
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Asset(body, media_type, content_hash(body))
