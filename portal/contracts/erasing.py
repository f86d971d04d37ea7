"""What contracts tell of somebody who asks to be erased: what was signed is kept by the law, the rest goes."""

from portal.kit import db

OWNED = "contract.referrer_id IN (SELECT referrer_id FROM membership WHERE user_id = $1 AND seat = 'owner')"
GONE = (
    "DELETE FROM signature_code WHERE user_id = $1",
    f"UPDATE contract SET refusal = '' WHERE {OWNED} AND refusal <> ''",
    f"""UPDATE contract SET html = '', filled = '{{}}' WHERE {OWNED} AND signed_at IS NULL
        AND state IN ('refused', 'expired', 'withdrawn')""",
)


async def erase_of(user_id: int) -> None:
    for sql in GONE:
        await db.execute(sql, user_id)
