"""A form carries the version of the row it shows; a stale one changes nothing."""

from typing import Any

from portal.kit import db
from portal.kit.problems import Stale


async def change(table: str, row_id: int, version: int, **changes: Any) -> int:
    """UPDATE a row that must still be at `version`; the new version. Raises Stale."""
    sets = ", ".join(f'"{name}" = ${i}' for i, name in enumerate(changes, 3))
    changed = await db.value(
        f'UPDATE "{table}" SET {sets}, version = version + 1 WHERE id = $1 AND version = $2 RETURNING version',
        row_id, version, *changes.values(),
    )  # fmt: skip
    if changed is None:
        raise Stale("stale", row_id=row_id)
    return changed
