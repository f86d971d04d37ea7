"""The only doors to what a year brought an individual, and to whose paper is to be made."""

from datetime import date

from portal.gifts.register.access import BENEFITS
from portal.kit import db
from portal.taxes.access import PAYMENTS


async def given_to(referrer_id: int, year: int) -> list[db.Row]:
    """Rewards of the year in order, each with the order that it came from."""
    return await db.rows(
        f"""SELECT given.*, register.what, ordered.ref AS order_ref FROM ({BENEFITS}) given
            JOIN gift register ON register.id = given.gift_id LEFT JOIN reward_order ordered ON ordered.id = register.order_id
            WHERE given.referrer_id = root_of($1) AND given.year = $2 ORDER BY given.given_on, given.gift_id""",
        referrer_id, year,
    )  # fmt: skip


# Individuals whose year is not told yet, or tells something else now; who still awaits a transfer of it waits, unless $4.
TO_TELL = f"""
SELECT told.referrer_id FROM (
  SELECT referrer_id, sum(money)::bigint AS money, sum(in_kind)::bigint AS in_kind FROM (
    SELECT referrer_id, net_cents + vat_cents AS money, 0::bigint AS in_kind, status
    FROM ({PAYMENTS} AND line.settled_on BETWEEN $1 AND $2) paid
    UNION ALL
    SELECT referrer_id, 0, value_cents, status FROM ({BENEFITS} AND gift.given_on BETWEEN $1 AND $2) given
  ) each GROUP BY referrer_id HAVING bool_or(status = 'individual')
) told
LEFT JOIN LATERAL (
  SELECT money_cents, in_kind_cents FROM year_paper WHERE referrer_id = told.referrer_id AND year = $3 AND kind = 'summary'
  ORDER BY turn DESC LIMIT 1
) paper ON true
WHERE (paper.money_cents, paper.in_kind_cents) IS DISTINCT FROM (told.money, told.in_kind)
  AND ($4 OR NOT EXISTS (
    SELECT FROM payout_line line JOIN payout_run run ON run.id = line.run_id
    WHERE line.state = 'sent' AND run.executes_on <= $2 AND line.referrer_id = ANY ((SELECT ids_of(told.referrer_id))::bigint[])))
ORDER BY told.referrer_id
"""


async def to_tell(year: int, *, all_of_them: bool) -> list[int]:
    found = await db.rows(TO_TELL, date(year, 1, 1), date(year, 12, 31), year, all_of_them)
    return [row["referrer_id"] for row in found]
