"""The bell: what somebody was told, mailed or not. A kind and codes are kept; the sentence is made when it is shown."""

from collections.abc import Mapping
from datetime import timedelta

from portal.kit import db
from portal.kit.days import now
from portal.kit.problems import NotFound
from portal.kit.references import new_ref
from portal.kit.text import _
from portal.mail.kinds import KINDS

KEPT = timedelta(days=90)
SHOWN = 100
FORGOTTEN_AT_ONCE = 10_000


async def tell(
    user_id: int, kind: str, *, path: str, subject_kind: str, subject_id: int,
    codes: Mapping[str, str], key: str | None, held: bool,
) -> None:  # fmt: skip
    """The same `key` twice is one. `held`: Monday's mail tells it too."""
    await db.execute(
        """INSERT INTO notice (ref, user_id, kind, codes, subject_kind, subject_id, path, key, at, held)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (key) DO NOTHING""",
        new_ref(), user_id, kind, dict(codes), subject_kind, subject_id, path, key, now(), held,
    )  # fmt: skip


# What it is about is named as the search names it, to those who may find it there.
NOTICES = """
SELECT notice.*, search_row.title FROM notice
LEFT JOIN search_row ON search_row.kind = notice.subject_kind AND search_row.subject_id = notice.subject_id
  AND ($2 AND search_row.staff OR search_row.referrer_id = ANY ((SELECT ids_of($3))::bigint[]))
WHERE notice.user_id = $1
"""


async def latest_of(user_id: int, *, staff: bool, referrer_id: int | None) -> list[db.Row]:
    return await db.rows(f"{NOTICES} ORDER BY notice.id DESC LIMIT $4", user_id, staff, referrer_id, SHOWN)


def said(notice: db.Row) -> str:
    """In the reader's language."""
    kind = KINDS[notice["kind"]]
    return _(kind.said.get(notice["codes"].get("said", ""), kind.title))


async def read(user_id: int, ref: str) -> str:
    """One of their own; where it leads."""
    path = await db.value(
        "UPDATE notice SET read_at = coalesce(read_at, $3) WHERE user_id = $1 AND ref = $2 RETURNING path",
        user_id, ref, now(),
    )  # fmt: skip
    if path is None:
        raise NotFound("notice")
    return path


async def read_all(user_id: int) -> None:
    await db.execute("UPDATE notice SET read_at = $2 WHERE user_id = $1 AND read_at IS NULL", user_id, now())


async def read_there(user_id: int, path: str) -> None:
    """Somebody has the page open to which these lead."""
    await db.execute(
        "UPDATE notice SET read_at = $3 WHERE user_id = $1 AND read_at IS NULL AND path = $2",
        user_id, path, now(),
    )  # fmt: skip


async def forget_old() -> int:
    return await db.execute(
        "DELETE FROM notice WHERE id IN (SELECT id FROM notice WHERE at < $1 ORDER BY at LIMIT $2)",
        now() - KEPT, FORGOTTEN_AT_ONCE,
    )  # fmt: skip


async def erase_of(user_id: int) -> None:
    await db.execute("DELETE FROM notice WHERE user_id = $1", user_id)
    await db.execute("DELETE FROM mail_choice WHERE user_id = $1", user_id)
