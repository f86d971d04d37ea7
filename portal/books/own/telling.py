"""The day after a quarter has ended, a micro-entrepreneur is told what to tell the Urssaf."""

from datetime import date

from portal.books.own.receipts import receipts, total
from portal.kit import db
from portal.kit.days import today
from portal.law.urssaf import Quarter, to_tell
from portal.mail.outbox import post
from portal.referrers.access import owner_of

# Who was paid in the quarter and is a micro-entrepreneur now.
PAID = """
SELECT DISTINCT coalesce(referrer.alias_of, line.referrer_id) AS id
FROM payout_line line JOIN referrer ON referrer.id = line.referrer_id
JOIN LATERAL (
  SELECT status FROM referrer_standing WHERE referrer_id = coalesce(referrer.alias_of, referrer.id) AND since <= $3
  ORDER BY since DESC, id DESC LIMIT 1
) standing ON standing.status = 'micro'
WHERE line.state = 'settled' AND line.settled_on BETWEEN $1 AND $2 ORDER BY id
"""


async def paid_in(quarter: Quarter, on: date) -> list[int]:
    return [row["id"] for row in await db.rows(PAID, quarter.first, quarter.last, on)]


async def waiting() -> tuple[Quarter, list[int]]:
    """The quarter that has just ended, and whom it concerns."""
    on = today()
    quarter = to_tell(on)
    return quarter, await paid_in(quarter, on)


async def tell(referrer_id: int, quarter: Quarter) -> None:
    owner = await owner_of(referrer_id)
    if owner is None:
        return
    found = await receipts(referrer_id, quarter.first, quarter.last)
    await post(
        "books.quarter", to_user=owner["id"], to_email=owner["email"], language=owner["language"],
        subject_kind="referrer", subject_id=referrer_id, key=f"books.quarter:{referrer_id}:{quarter.first}",
        name=owner["name"], quarter=quarter, total_cents=total(found), rows=found,
    )  # fmt: skip
