"""The mails that were posted, for those who look after the portal."""

from portal.kit import db
from portal.kit.listing import Listing
from portal.kit.problems import NotFound

SORTS = {"day": "created_at", "to": "to_email"}
WHERE = {"q": "concat_ws(' ', subject, to_email) ILIKE {}"}
COLUMNS = "ref, kind, to_email, language, subject, created_at, sent_at, failed_at, tries, error"


async def posted(listing: Listing) -> Listing:
    return await listing.fetch(
        f"SELECT {COLUMNS} FROM mail_message WHERE erased_at IS NULL",
        sorts=SORTS,
        then="id DESC",
        where=WHERE,
    )


async def by_ref(ref: str) -> db.Row:
    found = await db.row("SELECT * FROM mail_message WHERE ref = $1 AND erased_at IS NULL", ref)
    if found is None:
        raise NotFound("mail")
    return found


async def undelivered(most: int = 200) -> list[db.Row]:
    """Given up after the last try."""
    return await db.rows(
        f"SELECT {COLUMNS} FROM mail_message WHERE failed_at IS NOT NULL AND sent_at IS NULL ORDER BY id LIMIT $1",
        most,
    )


async def waiting() -> int:
    return await db.value(
        "SELECT count(*) FROM mail_message WHERE sent_at IS NULL AND failed_at IS NULL AND erased_at IS NULL"
    )
