"""Sending what waits in the outbox. Without SMTP (the demo) a mail is sent when the page of sent mails can show it."""

from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import aiosmtplib

from portal.jobs.queue import Later, machine, task
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import deed
from portal.settings import settings

GIVES_UP_AFTER = 8


@task("mail.send")
async def send(message_id: int) -> None:
    mail = await db.row(
        "SELECT * FROM mail_message WHERE id = $1 AND sent_at IS NULL AND erased_at IS NULL", message_id
    )
    if mail is None:
        return
    try:
        if settings().smtp_url:
            await deliver(mail)
    except (aiosmtplib.SMTPException, OSError) as why:
        await _failed(mail, why)
        raise Later(type(why).__name__) from why
    async with deed(machine("mail.send", message_id)):
        await db.execute("UPDATE mail_message SET sent_at = $2, error = '' WHERE id = $1", message_id, now())


async def _failed(mail: db.Row, why: Exception) -> None:
    async with deed(machine("mail.send", mail["id"])):
        await db.execute(
            """UPDATE mail_message SET tries = tries + 1, error = $2,
                      failed_at = CASE WHEN tries + 1 >= $3 THEN $4::timestamptz END WHERE id = $1""",
            mail["id"], f"{type(why).__name__}: {why}"[:300], GIVES_UP_AFTER, now(),
        )  # fmt: skip


async def deliver(mail: db.Row) -> None:
    server = urlsplit(settings().smtp_url)
    await aiosmtplib.send(
        _message(mail),
        hostname=server.hostname, port=server.port,
        username=unquote(server.username) if server.username else None,
        password=unquote(server.password) if server.password else None,
        use_tls=server.scheme == "smtps", start_tls=server.scheme == "smtp+tls" or None, timeout=20,
    )  # fmt: skip


def _message(mail: db.Row) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        settings().mail_from,
        mail["to_email"],
        mail["subject"],
    )
    message["Message-ID"] = (
        f"<{mail['ref']}@{urlsplit(settings().origin).hostname}>"  # the same mail twice is one
    )
    message["Content-Language"] = mail["language"]
    message.set_content(mail["text_body"])
    message.add_alternative(mail["html_body"], subtype="html")
    return message
