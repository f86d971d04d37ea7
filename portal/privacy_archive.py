"""What somebody takes with them: one ZIP with a page to read, the same as data, and the files they gave."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import msgspec

from portal.kit import db, files
from portal.kit.days import now
from portal.kit.sheets import csv_bytes
from portal.kit.text import _, language, moment
from portal.people.rules import Person
from portal.privacy import export

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
OWN_FILES = """
SELECT file.* FROM stored_file file
WHERE file.erased_at IS NULL AND (
  (file.subject_kind = 'referrer' AND file.subject_id = $1)
  OR (file.subject_kind = 'referrer_document' AND file.subject_id IN (SELECT id FROM referrer_document WHERE referrer_id = $1))
  OR (file.subject_kind = 'year_paper' AND file.subject_id = $1)
  OR (file.subject_kind = 'contract' AND file.subject_id IN (SELECT id FROM contract WHERE referrer_id = $1))
  OR (file.subject_kind = 'attachment' AND file.uploaded_by = $2)
  OR (file.subject_kind = 'claim_message' AND file.subject_id IN (
        SELECT message.id FROM claim_message message JOIN claim ON claim.id = message.claim_id
        WHERE claim.referrer_id = $1 AND message.author_id = $2)))
ORDER BY file.id
"""
PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title></head>
<body><h1>{title}</h1><p>{made}</p>{tables}</body></html>"""


async def archive(person: Person, whole: bool) -> bytes:
    """`whole`: with what concerns the referrer for whom they sit; who only works there gets their own account."""
    referrer_id = person.referrer_id if whole else None
    rows: Rows = await export(person.user_id, referrer_id)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bag:
        bag.writestr("donnees.json", msgspec.json.format(msgspec.json.encode(rows, enc_hook=str), indent=2))
        bag.writestr("donnees.html", _page(rows))
        for name, found in rows.items():
            if found:
                bag.writestr(f"csv/{name}.csv", _csv(found))
        for file in await db.rows(OWN_FILES, referrer_id, person.user_id) if referrer_id else ():
            bag.writestr(f"fichiers/{file['ref']}-{_plain(file['name'])}", await files.content(file))
    return packed.getvalue()


def _plain(name: str) -> str:
    """No folder, no sign that a system reads in its own way."""
    return "".join(letter if letter.isalnum() or letter in "._- " else "_" for letter in name)[-80:]


def _csv(rows: Sequence[Mapping[str, Any]]) -> bytes:
    return csv_bytes([list(rows[0]), *([_said(value) for value in row.values()] for row in rows)])


def _page(rows: Rows) -> str:
    title = _("Vos données")
    tables = "".join(_table(name, found) for name, found in rows.items() if found)
    return PAGE.format(lang=language(), title=escape(title), made=escape(moment(now())), tables=tables)


def _table(name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    head = "".join(f"<th>{escape(column)}</th>" for column in rows[0])
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(_said(value))}</td>' for value in row.values())}</tr>" for row in rows
    )
    return f"<h2>{escape(name)}</h2><table border='1'><tr>{head}</tr>{body}</table>"


def _said(value: Any) -> str:
    return "" if value is None else str(value)
