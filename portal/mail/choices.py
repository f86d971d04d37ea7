"""Which mails somebody wants: each as it comes, one on Mondays, or none. The bell tells all of it whatever they choose."""

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.mail.kinds import KINDS, How, Topic


async def wants(user_id: int, kind: str) -> How:
    """What is not by choice comes each time."""
    topic = KINDS[kind].topic
    if topic is None:
        return How.EACH
    chosen = await db.value(
        "SELECT how FROM mail_choice WHERE user_id = $1 AND topic = $2", user_id, topic.value
    )
    return How(chosen or How.EACH)


async def chosen(user_id: int) -> dict[str, str]:
    """By topic; what was never chosen is not in it."""
    found = await db.rows("SELECT topic, how FROM mail_choice WHERE user_id = $1", user_id)
    return {row["topic"]: row["how"] for row in found}


async def choose(user_id: int, topic: Topic, how: How) -> None:
    """What waited for Monday is not told by mail to somebody who wants none."""
    await db.execute(
        """INSERT INTO mail_choice (user_id, topic, how, at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (user_id, topic) DO UPDATE SET how = $3, at = $4""",
        user_id, topic.value, how.value, now(),
    )  # fmt: skip
    await record("mail.chosen", "user", user_id, topic=topic.value, how=how.value)
