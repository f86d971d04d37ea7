"""Many short lists in one question: each part has the same columns, so that a home costs few queries whatever it shows."""

from collections.abc import Collection, Iterable, Mapping

from portal.kit import db

COLUMNS = {
    "ref": "''", "name": "''", "who": "''", "state": "''", "at": "NULL::timestamptz", "day": "NULL::date",
    "cents": "0::bigint", "other_cents": "0::bigint", "many": "0::bigint", "more": "'{}'::jsonb",
}  # fmt: skip
ENOUGH = 100
"""Counts stop there: more than that is 'many', and nobody waits for it."""


def part(kind: str, source: str, **columns: str) -> str:
    """One list: `source` is FROM … ORDER BY … LIMIT …; a column that is not named is empty."""
    if unknown := columns.keys() - COLUMNS.keys():
        raise KeyError(*sorted(unknown))
    said = ", ".join(f"{columns.get(name, empty)} AS {name}" for name, empty in COLUMNS.items())
    return f"(SELECT '{kind}' AS kind, {said} {source})"


def joined(*parts: str) -> str:
    return "\nUNION ALL\n".join(parts)


def counted(kind: str, source: str) -> str:
    """How many rows `source` has, up to ENOUGH."""
    return part(kind, f"FROM (SELECT {source} LIMIT {ENOUGH}) few", many="count(*)")


def by_kind(rows: Collection[db.Row], kinds: Iterable[str]) -> Mapping[str, list[db.Row]]:
    """Every kind asked for, in the order in which the rows came."""
    return {kind: [row for row in rows if row["kind"] == kind] for kind in kinds}
