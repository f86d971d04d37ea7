"""The company's own rows."""

from typing import Any

import msgspec

from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.law import Figures, Override


async def legal_entity() -> db.Row | None:
    """The one legal entity of this deployment; none before it is set up."""
    return await db.row("SELECT * FROM legal_entity ORDER BY id LIMIT 1")


async def legal_entity_by(entity_id: int) -> db.Row:
    found = await db.row("SELECT * FROM legal_entity WHERE id = $1", entity_id)
    assert found is not None
    return found


async def figures() -> Figures:
    """Figures of law as shipped, with this company's dated overrides."""
    overrides = await db.rows("SELECT id, code, value, since, until, source FROM figure_override ORDER BY id")
    return Figures(overrides=tuple(Override(**dict(row)) for row in overrides))


async def option(key: str, default: Any = None) -> Any:
    found = await db.row("SELECT value FROM company_option WHERE key = $1", key)
    return found["value"] if found else default


async def set_option(key: str, value: Any) -> None:
    await db.execute(
        """INSERT INTO company_option (key, value, by_user, at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (key) DO UPDATE SET value = $2, by_user = $3, at = $4""",
        key, msgspec.json.encode(value).decode(), current().actor.user_id, now(),
    )  # fmt: skip
