"""Putting mails into the outbox. Text and HTML come from templates/mails/<kind>.{txt,html}, in the reader's language."""

import re
from typing import Any

from portal.company import brand
from portal.jobs.queue import enqueue
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.references import new_ref
from portal.kit.templates import environment, plain_environment
from portal.kit.text import speaking
from portal.settings import settings


async def post(
    kind: str, *, to_user: int | None, to_email: str, language: str, subject_kind: str, subject_id: int,
    key: str | None = None, **values: Any,
) -> None:  # fmt: skip
    """`kind` is 'domain.event' → templates/mails/domain/event.txt, whose first line is the subject, and .html.

    The same `key` twice is one mail. A deed that notifies nobody posts none."""
    if not current().notify:
        return
    template = f"mails/{kind.replace('.', '/')}"
    with speaking(language, await _words_for(to_user)):
        context = {"origin": settings().origin, "lang": language, "house": await brand.name(), **values}
        subject, text = _subject_and_text(plain_environment().get_template(f"{template}.txt").render(context))
        html = environment().get_template(f"{template}.html").render({**context, "subject": subject})
    message_id = await db.value(
        """INSERT INTO mail_message (ref, kind, to_user, to_email, language, subject, text_body, html_body,
                                     subject_kind, subject_id, key, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (key) DO NOTHING RETURNING id""",
        new_ref(), kind, to_user, to_email, language, subject, text, html,
        subject_kind, subject_id, key, now(),
    )  # fmt: skip
    if message_id is not None:
        await enqueue("mail.send", message_id=message_id)


async def _words_for(user_id: int | None) -> str:
    """A referrer is written to in the words of their programme, a colleague in those of the house."""
    return await db.value(
        """SELECT words_of((SELECT referrer_id FROM membership WHERE user_id = $1 AND ended_at IS NULL
             ORDER BY referrer_id NULLS LAST LIMIT 1))""",
        user_id,
    )


def _subject_and_text(rendered: str) -> tuple[str, str]:
    """The first line that says something, then the rest without gaps of more than a line."""
    subject, _, text = rendered.strip().partition("\n")
    return subject.strip(), re.sub(r"\n\s*\n\s*\n+", "\n\n", text).strip()
