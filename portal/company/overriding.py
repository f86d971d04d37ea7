"""A figure that the company dates itself, above the one that is shipped."""

from datetime import date

from portal.company import years
from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.law import FIGURES


async def override(
    code: str, value: str, since: date, source: str, reason: str = "", until: date | None = None
) -> None:
    """From this day on, to the next that is dated or to the day named. Raises KeyError on a code that the law does not ship,
    Refused for a day of a year that is closed."""
    if code not in FIGURES:
        raise KeyError(code)
    await years.refuse_closed(since)
    await db.insert(
        "figure_override",
        code=code, value=value, since=since, until=until, source=source, reason=reason,
        by_user=current().actor.user_id, at=now(),
    )  # fmt: skip
    await record("company.figure_dated", "company", 0, code=code, value=value, since=since.isoformat())


async def overrides_of(codes: list[str]) -> list[db.Row]:
    """What the company dated of these, the youngest first."""
    return await db.rows(
        """SELECT own.*, app_user.name AS who FROM figure_override own LEFT JOIN app_user ON app_user.id = own.by_user
           WHERE own.code = ANY ($1::text[]) ORDER BY own.since DESC, own.id DESC""",
        codes,
    )
