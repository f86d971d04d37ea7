"""Sending what waits in the outbox. Without SMTP (the demo) a mail is sent when the page of sent mails can show it."""

from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import unquote, urlsplit

import aiosmtplib

from portal.jobs.queue import Later, machine, task
from portal.kit import db, files
from portal.kit.days import now
from portal.kit.deed import deed
from portal.mail import notices, stops, weekly
from portal.settings import settings

GIVES_UP_AFTER = 8
# A long address in a header is neither folded nor encoded: mail programs would not know it again.
UNFOLDED = SMTP.clone(max_line_length=900)


@task("mail.send")
async def send(message_id: int) -> None:
    mail = await db.row(
        """SELECT mail_message.*, app_user.ref AS user_ref FROM mail_message LEFT JOIN app_user ON app_user.id = to_user
           WHERE mail_message.id = $1 AND sent_at IS NULL AND erased_at IS NULL""",
        message_id,
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
        await _message(mail),
        hostname=server.hostname, port=server.port,
        username=unquote(server.username) if server.username else None,
        password=unquote(server.password) if server.password else None,
        use_tls=server.scheme == "smtps", start_tls=server.scheme == "smtp+tls" or None, timeout=20,
    )  # fmt: skip


async def _message(mail: db.Row) -> EmailMessage:
    message = EmailMessage(policy=UNFOLDED)
    message["From"], message["To"], message["Subject"] = (
        settings().mail_from,
        mail["to_email"],
        mail["subject"],
    )
    message["Message-ID"] = (
        f"<{mail['ref']}@{urlsplit(settings().origin).hostname}>"  # the same mail twice is one
    )
    message["Content-Language"] = mail["language"]
    if mail["user_ref"] and (what := stops.what_stops(mail["kind"])):
        message["List-Unsubscribe"] = f"<{stops.address_of(mail['user_ref'], what)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail["text_body"])
    message.add_alternative(mail["html_body"], subtype="html")
    for file_id in mail["attached"]:
        file = await files.by_id(file_id)
        main, sub = file["media_type"].split("/")
        message.add_attachment(await files.content(file), maintype=main, subtype=sub, filename=file["name"])
    return message


@task("mail.weekly")
async def tell_week() -> None:
    for user_id in await weekly.waiting():
        async with deed(machine("mail.weekly", user_id)):
            await weekly.tell(user_id)


@task("mail.forget_notices")
async def forget_notices() -> None:
    forgotten = notices.FORGOTTEN_AT_ONCE
    while forgotten == notices.FORGOTTEN_AT_ONCE:
        async with deed(machine("mail.forget_notices")):
            forgotten = await notices.forget_old()
