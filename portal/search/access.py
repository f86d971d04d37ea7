"""Making things findable, and finding them."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from portal.kit import db
from portal.kit.days import now

MOST = 20


def words(*texts: str) -> str:
    """Without accents, case and punctuation: what is typed and what is stored meet here."""
    plain = unicodedata.normalize("NFD", " ".join(texts).lower())
    return " ".join(re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c))))


async def put(
    kind: str, subject_id: int, *, title: str, path: str, subtitle: str = "", find: tuple[str, ...] = (),
    staff: bool = True, referrer_id: int | None = None,
) -> None:  # fmt: skip
    """`find`: more words that lead here (amounts as typed, ends of IBANs, numbers)."""
    await db.execute(
        """INSERT INTO search_row (kind, subject_id, title, subtitle, path, words, staff, referrer_id, at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
           ON CONFLICT (kind, subject_id) DO UPDATE
           SET title = $3, subtitle = $4, path = $5, words = $6, staff = $7, referrer_id = $8""",
        kind, subject_id, title, subtitle, path, words(title, subtitle, *find), staff, referrer_id, now(),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Findable:
    """As `put` takes it."""

    subject_id: int
    title: str
    path: str
    subtitle: str = ""
    find: tuple[str, ...] = ()
    staff: bool = True
    referrer_id: int | None = None


async def put_new(kind: str, many: Sequence[Findable]) -> None:
    """Of what has just been made: nothing of it is findable yet."""
    at = now()
    await db.copy(
        "search_row",
        ("kind", "subject_id", "title", "subtitle", "path", "words", "staff", "referrer_id", "at"),
        [
            (kind, one.subject_id, one.title, one.subtitle, one.path, words(one.title, one.subtitle, *one.find),
             one.staff, one.referrer_id, at)
            for one in many
        ],
    )  # fmt: skip


async def find(typed: str, *, staff: bool, referrer_id: int | None) -> list[db.Row]:
    """Every word must begin a word of the row."""
    query = " & ".join(f"{word}:*" for word in words(typed).split())
    if not query:
        return []
    return await db.rows_weighed(  # a common word is met soon among the latest, a rare one by its index
        """SELECT kind, title, subtitle, path FROM search_row
           WHERE to_tsvector('simple', words) @@ to_tsquery('simple', $1)
             AND ($2 AND staff OR referrer_id = ANY ((SELECT ids_of($3))::bigint[]))
           ORDER BY at DESC LIMIT $4""",
        query, staff, referrer_id, MOST,
    )  # fmt: skip


async def forget(kind: str, subject_id: int) -> None:
    await db.execute("DELETE FROM search_row WHERE kind = $1 AND subject_id = $2", kind, subject_id)
