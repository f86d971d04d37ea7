"""What is past its time goes by the clock: ONE table, with the figure of the law that says when."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from portal import privacy
from portal.company import access as company
from portal.gifts.register import recording as gifts
from portal.history.access import record
from portal.imports import erasing as imports
from portal.kit import db
from portal.kit.days import now, today
from portal.people import access, mails

AT_ONCE = 200
NOTICE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Past:
    """What has rows of that age, by id; what forgets one of them."""

    figure: str
    finds: str  # $1: before that instant; $2: how many
    forgets: Callable[[int], Awaitable[None]]


async def _forget_mail(mail_id: int) -> None:
    await db.execute(
        """UPDATE mail_message SET to_email = '', subject = '', text_body = '', html_body = '', error = '', erased_at = $2
           WHERE id = $1""",
        mail_id, now(),
    )  # fmt: skip


async def _forget_account(user_id: int) -> None:
    """Told a month before; nobody is forgotten whom a contract binds or to whom money is owed."""
    if await privacy.obstacles(user_id):
        return
    user = await access.user(user_id)
    key = f"people.idle:{user_id}:{user['last_seen_at'] or user['created_at']:%Y-%m-%d}"
    told = await db.value("SELECT created_at FROM mail_message WHERE key = $1", key)
    if told is None:
        await mails.idle(user, today() + NOTICE, key)
    elif told <= now() - NOTICE:
        await privacy.erase(user_id)


PAST = (
    Past("retention.log_months", "SELECT id FROM mail_message WHERE created_at < $1 AND erased_at IS NULL ORDER BY id LIMIT $2", _forget_mail),
    Past(
        "retention.unanswered_recommendation_days",
        "SELECT id FROM import_file WHERE at < $1 AND name <> '' AND state <> 'applying' ORDER BY id LIMIT $2", imports.forget,
    ),
    Past(
        "retention.inactive_account_years",
        """SELECT id FROM app_user WHERE coalesce(last_seen_at, created_at) < $1 AND state <> 'deactivated'
           AND NOT EXISTS (SELECT FROM membership WHERE user_id = app_user.id AND role <> 'referrer' AND ended_at IS NULL)
           ORDER BY id LIMIT $2""",
        _forget_account,
    ),
    Past(
        "retention.accounting_years",
        """SELECT id FROM gift_outsider outsider WHERE erased_at IS NULL AND NOT EXISTS (
             SELECT FROM gift WHERE outsider_id = outsider.id AND given_on >= date_trunc('year', $1::timestamptz))
           ORDER BY id LIMIT $2""",
        gifts.forget_outsider,
    ),
)  # fmt: skip


async def forget_what_is_past() -> int:
    """How many things were looked at."""
    figures, looked = await company.figures(), 0
    for past in PAST:
        unit = past.figure.rpartition("_")[2]
        age = relativedelta(**{unit: figures.whole(past.figure, today())})  # pyright: ignore[reportArgumentType]
        for row in await db.rows(past.finds, now() - age, AT_ONCE):
            await past.forgets(row["id"])
            looked += 1
    if looked:
        await record("privacy.retention", "house", 0, looked=looked)
    return looked
