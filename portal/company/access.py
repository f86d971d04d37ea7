"""The company's own rows."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any

import msgspec

from portal.kit import db
from portal.kit.days import day_of, now
from portal.kit.deed import current
from portal.law import FIGURES, Figure, Figures
from portal.law.figures import value_of


async def legal_entity() -> db.Row | None:
    """The one legal entity of this deployment; none before it is set up."""
    return await db.row("SELECT * FROM legal_entity ORDER BY id LIMIT 1")


TRADE = "contracts.trade"  # '' for none


async def legal_entity_by(entity_id: int) -> db.Row:
    """With the trade that the law keeps, if it said that it is in one."""
    found = await db.row(
        """SELECT legal_entity.*, coalesce((SELECT value #>> '{}' FROM company_option WHERE key = $2), '') AS trade
           FROM legal_entity WHERE id = $1""",
        entity_id, TRADE,
    )  # fmt: skip
    assert found is not None
    return found


class Override(msgspec.Struct, frozen=True):
    """A figure that the company dated itself."""

    code: str
    value: str
    since: date
    until: date | None
    source: str
    at: datetime


OVERRIDES = "SELECT coalesce(jsonb_agg(to_jsonb(own) ORDER BY own.id), '[]') FROM figure_override own"


async def figures() -> Figures:
    """Figures of law as shipped, with this company's dated overrides above them."""
    return figures_above(await db.value(OVERRIDES))


def figures_above(overrides: Any) -> Figures:
    """The same, from what another question read by OVERRIDES."""
    dated: dict[str, list[Figure]] = defaultdict(list)
    for own in msgspec.convert(overrides, list[Override]):
        value = value_of(FIGURES[own.code], own.value)
        dated[own.code].append(
            Figure(own.since, value, own.source, reviewed=day_of(own.at), to_confirm=False, until=own.until)
        )
    return Figures(FIGURES, {code: tuple(figures) for code, figures in dated.items()})


async def option(key: str, default: Any = None) -> Any:
    found = await db.row("SELECT value FROM company_option WHERE key = $1", key)
    return found["value"] if found else default


async def set_option(key: str, value: Any) -> None:
    await db.execute(
        """INSERT INTO company_option (key, value, by_user, at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (key) DO UPDATE SET value = $2, by_user = $3, at = $4""",
        key, msgspec.json.encode(value).decode(), current().actor.user_id, now(),
    )  # fmt: skip
