"""The bank accounts to which referrers are paid."""

from collections.abc import Sequence

from portal.kit import db
from portal.referrers.rules import LIVING


async def banks_of(referrer_ids: Sequence[int]) -> dict[int, db.Row]:
    """The latest account of each, used already or waiting: while a change waits nothing is paid."""
    found = await db.rows(
        """SELECT DISTINCT ON (referrer_id) * FROM bank_detail
           WHERE referrer_id = ANY ($1::bigint[]) AND state = ANY ($2::text[]) ORDER BY referrer_id, id DESC""",
        list(referrer_ids), list(LIVING),
    )  # fmt: skip
    return {row["referrer_id"]: row for row in found}
