"""The company's own texts: what is being written, which text is in use for what."""

from collections.abc import Sequence
from datetime import date

from portal.contracts.wording.texts import STATUS_OF
from portal.kit import db
from portal.kit.problems import NotFound

# The text that is asked for, or the own one that stands for it: an own one first, then the youngest of its day.
IN_USE = """
SELECT DISTINCT ON (asked) contract_text.*, coalesce(nullif(stands_for, ''), key) AS asked FROM contract_text
WHERE coalesce(nullif(stands_for, ''), key) = ANY ($1::text[]) AND version <= $2
  AND NOT EXISTS (SELECT FROM text_withdrawal WHERE text_id = contract_text.id)
ORDER BY asked, stands_for <> '' DESC, version DESC
"""
DRAFT = """
SELECT text_draft.*, source.title AS started_from_title, source.version AS started_from_version, source.ref AS started_from_ref,
       writer.name AS changed_by_name
FROM text_draft JOIN contract_text source ON source.id = text_draft.started_from
LEFT JOIN app_user writer ON writer.id = text_draft.changed_by
"""


async def in_use(keys: Sequence[str], day: date) -> dict[str, db.Row]:
    """By the key of the shipped text: what a contract drafted that day takes."""
    return {text["asked"]: text for text in await db.rows(IN_USE, list(keys), day.isoformat())}


async def published() -> list[db.Row]:
    """All versions of all texts; `withdrawn_at` when no contract takes it any more."""
    return await db.rows(
        """SELECT contract_text.*, withdrawal.at AS withdrawn_at FROM contract_text
           LEFT JOIN text_withdrawal withdrawal ON withdrawal.text_id = contract_text.id
           ORDER BY title, version DESC, contract_text.id"""
    )


async def by_ref(ref: str) -> db.Row:
    found = await db.row(
        """SELECT contract_text.*, withdrawal.at AS withdrawn_at, publisher.name AS publisher FROM contract_text
           LEFT JOIN text_withdrawal withdrawal ON withdrawal.text_id = contract_text.id
           LEFT JOIN app_user publisher ON publisher.id = contract_text.published_by WHERE contract_text.ref = $1""",
        ref,
    )
    if found is None:
        raise NotFound("text")
    return found


async def drafts() -> list[db.Row]:
    return await db.rows(f"{DRAFT} ORDER BY source.title")


async def draft_of(stands_for: str) -> db.Row:
    found = await db.row(f"{DRAFT} WHERE text_draft.stands_for = $1", stands_for)
    if found is None:
        raise NotFound("text_draft")
    return found


async def draft_by_ref(ref: str) -> db.Row:
    found = await db.row(f"{DRAFT} WHERE text_draft.ref = $1", ref)
    if found is None:
        raise NotFound("text_draft")
    return found


def kind_of(text: db.Row) -> str:
    """The key of the shipped text, of an own one too."""
    return text["stands_for"] or text["key"]


def status_of(stands_for: str) -> str:
    return STATUS_OF[stands_for] or ""
