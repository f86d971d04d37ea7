"""The bank accounts to which referrers are paid."""

from collections.abc import Sequence

from portal.kit import db
from portal.referrers.rules import LIVING


async def banks_of(referrer_ids: Sequence[int]) -> dict[int, db.Row]:
    """The latest account of each, used already or waiting: while a change waits nothing is paid. With the names of its
    referrer and what was found and decided about its holder."""
    found = await db.rows(
        """SELECT DISTINCT ON (referrer_id) bank_detail.*, referrer.first_name, referrer.last_name, referrer.company_name,
                  coalesce((SELECT jsonb_agg(jsonb_build_object('source', source, 'result', result, 'decision', decision) ORDER BY made.id)
                    FROM holder_check made WHERE made.bank_detail_id = bank_detail.id), '[]') AS checks
           FROM bank_detail JOIN referrer ON referrer.id = bank_detail.referrer_id
           WHERE referrer_id = ANY ($1::bigint[]) AND bank_detail.state = ANY ($2::text[]) ORDER BY referrer_id, bank_detail.id DESC""",
        list(referrer_ids), list(LIVING),
    )  # fmt: skip
    return {row["referrer_id"]: row for row in found}
