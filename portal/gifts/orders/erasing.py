"""What is left of orders when who placed them asks to be erased: what was given and for how much, not where it went."""

from portal.history.access import record
from portal.kit import db
from portal.search import access as search

WHERE_IT_WENT = """
UPDATE reward_order SET recipient = '', street = '', postcode = '', city = '', phone = '', carrier = '', tracking_number = '',
       tracking_url = '', version = version + 1
WHERE referrer_id IN (SELECT referrer_id FROM membership WHERE user_id = $1 AND seat = 'owner')
"""
PLACED = """
SELECT id FROM reward_order WHERE referrer_id IN (SELECT referrer_id FROM membership WHERE user_id = $1 AND seat = 'owner')
"""


async def erase_of(user_id: int) -> None:
    placed = await db.rows(PLACED, user_id)
    await db.execute(WHERE_IT_WENT, user_id)
    for row in placed:
        await search.forget("reward_order", row["id"])
        await record("gifts.order_erased", "reward_order", row["id"])
