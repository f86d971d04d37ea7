"""The texts that the company publishes: dated files, never edited once published, held by a LOCK of sha256."""

import hashlib
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from portal.contracts.wording.placeholders import VOCABULARY
from portal.kit.fill import Document, parse

ROOT = Path(__file__).parents[3] / "contracts"
LOCK = "LOCK"

MANDATE = "mandat-autofacturation"
PERSONAL_DATA = "annexe-donnees-personnelles"
PROGRAMME_CONDITIONS = "conditions-programme"
AMENDMENT = "avenant"
TERMINATION = "resiliation"
STATUS_OF = {
    "apport-affaires-particulier": "individual",
    "apport-affaires-micro-entrepreneur": "micro",
    "apport-affaires-societe": "company",
    "apport-affaires-societe-ue": "eu_company",
    "apport-affaires-association": "association",
    "apport-affaires-salarie-partenaire": "partner_employee",
    MANDATE: None,
    PERSONAL_DATA: None,
    PROGRAMME_CONDITIONS: None,
    AMENDMENT: None,
    TERMINATION: None,
}


class Text(NamedTuple):
    key: str
    status: str | None  # whom the text is for; None for what is joined to a contract
    version: date
    title: str
    sha256: str
    body: str
    anchors: tuple[str, ...]

    def document(self) -> Document:
        return parse(self.body, VOCABULARY)


class LockFault(NamedTuple):
    path: str
    code: str  # edited, missing, unlisted, unknown_name


class LockBroken(Exception):
    def __init__(self, faults: tuple[LockFault, ...]) -> None:
        super().__init__("; ".join(f"{fault.path}: {fault.code}" for fault in faults))
        self.faults = faults


def lock_faults(root: Path = ROOT) -> tuple[LockFault, ...]:
    """What differs between the published files and their LOCK; nothing when every text is as published."""
    listed = _listed(root)
    found = {path.relative_to(root).as_posix(): path for path in root.glob("*/*.md")}
    codes = {
        **dict.fromkeys(listed.keys() - found.keys(), "missing"),
        **dict.fromkeys(found.keys() - listed.keys(), "unlisted"),
        **{path: "edited" for path in found.keys() & listed.keys() if _sha256(found[path]) != listed[path]},
        **{path: "unknown_name" for path in found if not _is_well_named(found[path])},
    }
    return tuple(LockFault(path, code) for path, code in sorted(codes.items()))


@cache
def shipped_texts(root: Path = ROOT) -> tuple[Text, ...]:
    """Every published version, oldest first. Raises LockBroken, and TextRefused for a text out of the language."""
    if faults := lock_faults(root):
        raise LockBroken(faults)
    return tuple(_read(root / path) for path in sorted(_listed(root)))


def text_on(key: str, day: date, texts: tuple[Text, ...] | None = None) -> Text:
    """The version that a contract drafted that day takes: the youngest already published."""
    published = [text for text in texts or shipped_texts() if text.key == key and text.version <= day]
    if not published:
        raise LookupError(f"no {key} published on {day.isoformat()}")
    return max(published, key=lambda text: text.version)


def youngest_texts() -> tuple[Text, ...]:
    return tuple({text.key: text for text in shipped_texts()}.values())


def joined_keys(*, self_billing: bool, in_points: bool) -> list[str]:
    """What is signed with the main text: the mandate if the company invoices, what points are worth, the data annex."""
    asked = {MANDATE: self_billing, PROGRAMME_CONDITIONS: in_points, PERSONAL_DATA: True}
    return [key for key, is_asked in asked.items() if is_asked]


def texts_for(status: str, day: date, *, self_billed: bool, in_points: bool = False) -> tuple[Text, ...]:
    """What a referrer of this status signs."""
    main = next(key for key, written_for in STATUS_OF.items() if written_for == status)
    keys = [main, *joined_keys(self_billing=self_billed, in_points=in_points)]
    return tuple(text_on(key, day) for key in keys)


def _listed(root: Path) -> dict[str, str]:
    """Lines as `sha256sum` writes and checks them."""
    lines = (root / LOCK).read_text(encoding="ascii").splitlines()
    return {path: sha256 for sha256, _, path in (line.partition("  ") for line in lines)}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _is_well_named(path: Path) -> bool:
    try:
        date.fromisoformat(path.parent.name)
    except ValueError:
        return False
    return path.stem in STATUS_OF


def _read(path: Path) -> Text:
    content = path.read_bytes()
    body = content.decode()
    document = parse(body, VOCABULARY)
    return Text(
        key=path.stem,
        status=STATUS_OF[path.stem],
        version=date.fromisoformat(path.parent.name),
        title=document.title,
        sha256=hashlib.sha256(content).hexdigest(),
        body=body,
        anchors=document.anchors,
    )
