"""Reminders: those that were sent in a month, for its pack; and finance's own, before a legal date."""

from datetime import date, timedelta

from portal.books.month.facts import SOON_DAYS, UNSENT
from portal.books.month.rules import last_day, warning_days
from portal.kit import db
from portal.kit.days import at
from portal.kit.rows import Row
from portal.kit.sheets import Cell
from portal.kit.text import _
from portal.mail.kinds import KINDS
from portal.referrers.access import NAME

LEGAL_DATES = "books.legal_dates"
REMINDERS = (
    LEGAL_DATES, "contracts.countersign_reminder", "contracts.expires_soon", "contracts.sign_reminder",
    "referrers.documents_late", "referrers.documents_reminder",
)  # fmt: skip


async def reminders_of(settlement: Row) -> list[list[Cell]]:
    """When, what, to whom; in the order in which they left."""
    first = settlement["month"]
    found = await db.rows(
        """SELECT message.created_at, message.kind, coalesce(app_user.name, '') AS who FROM mail_message message
           LEFT JOIN app_user ON app_user.id = message.to_user
           WHERE message.kind = ANY ($1::text[]) AND message.created_at >= $2 AND message.created_at < $3 ORDER BY message.id""",
        list(REMINDERS), at(first, 0), at(last_day(first) + timedelta(1), 0),
    )  # fmt: skip
    return [[row["created_at"], said(row["kind"]), row["who"]] for row in found]


def said(kind: str) -> str:
    title = KINDS[kind].title
    return _(title)


async def papers_to_warn_of(entity_id: int, today: date) -> list[db.Row]:
    """Not with the bank, and to be paid soon: all of them as soon as one has its day to be told."""
    found = await db.rows(
        f"""SELECT invoice.ref, invoice.number, invoice.due_on, invoice.total_cents, {NAME} AS referrer_name
            FROM invoice JOIN referrer ON referrer.id = invoice.referrer_id
            WHERE invoice.legal_entity_id = $1 AND invoice.sign > 0 AND {UNSENT} AND invoice.due_on BETWEEN $2 AND $3
            ORDER BY invoice.due_on, invoice.id""",
        entity_id, today, today + timedelta(SOON_DAYS + 2),
    )  # fmt: skip
    return found if any(today in warning_days(paper["due_on"]) for paper in found) else []
