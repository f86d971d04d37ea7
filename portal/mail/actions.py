"""Verbs on mails that were posted."""

from portal.history.access import record
from portal.jobs.queue import enqueue
from portal.kit import db
from portal.kit.days import now
from portal.kit.problems import NotFound


async def send_again(ref: str) -> None:
    """One that was given up starts anew."""
    mail_id = await db.value(
        """UPDATE mail_message SET failed_at = NULL, tries = 0, error = ''
           WHERE ref = $1 AND failed_at IS NOT NULL AND sent_at IS NULL AND erased_at IS NULL RETURNING id""",
        ref,
    )
    if mail_id is None:
        raise NotFound("mail")
    await record("mail.again", "mail", mail_id)
    await enqueue("mail.send", message_id=mail_id)


async def erase_of(user_id: int) -> None:
    """What was written to somebody, address and words; that a mail was sent stays."""
    await db.execute(
        """UPDATE mail_message SET to_email = '', subject = '', text_body = '', html_body = '', erased_at = $2
           WHERE to_user = $1 AND erased_at IS NULL""",
        user_id, now(),
    )  # fmt: skip


async def erase_about(subject_kind: str, subject_id: int) -> None:
    """What was written to anybody about something that is forgotten; what waits is not sent."""
    await db.execute(
        """UPDATE mail_message SET to_email = '', subject = '', text_body = '', html_body = '', erased_at = $3
           WHERE subject_kind = $1 AND subject_id = $2 AND erased_at IS NULL""",
        subject_kind, subject_id, now(),
    )  # fmt: skip
