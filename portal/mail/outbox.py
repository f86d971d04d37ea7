"""Putting mails into the outbox. Text and HTML come from templates/mails/<kind>.{txt,html}, in the reader's language."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from portal.company import brand
from portal.jobs.queue import enqueue
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.references import new_ref
from portal.kit.templates import environment, plain_environment
from portal.kit.text import speaking
from portal.mail import notices, stops
from portal.mail.kinds import KINDS, How
from portal.settings import settings

NO_CODES: Mapping[str, str] = MappingProxyType({})


async def post(
    kind: str, *, to_user: int | None, to_email: str, language: str, subject_kind: str, subject_id: int,
    key: str | None = None, codes: Mapping[str, str] = NO_CODES, attached: Sequence[int] = (), **values: Any,
) -> None:  # fmt: skip
    """`kind` is 'domain.event' → templates/mails/domain/event.txt, whose first line is the subject, and .html.

    The bell tells it too, where the first address of the text leads; `codes` choose its sentence. By choice it may
    wait for Monday's mail, or be told by the bell alone. The same `key` twice is one mail. A deed that notifies nobody
    posts none. `attached`: stored files that go with it."""
    if not current().notify:
        return
    template, reader = f"mails/{kind.replace('.', '/')}", await _reader(to_user, kind)
    with speaking(language, reader["words"], tuple(reader["called"])):
        context = {
            "origin": settings().origin, "lang": language, "house": await brand.name(),
            "stop": stops.address_of(reader["ref"], reader["stops"]) if reader["stops"] else "", **values,
        }  # fmt: skip
        subject, text = _subject_and_text(plain_environment().get_template(f"{template}.txt").render(context))
        html = environment().get_template(f"{template}.html").render({**context, "subject": subject})
        text += plain_environment().get_template("mails/_stop.txt").render(context)
    if to_user is not None and KINDS[kind].title:
        await notices.tell(
            to_user, kind, path=_leads_to(text), subject_kind=subject_kind, subject_id=subject_id,
            codes=codes, key=key, held=reader["how"] == How.WEEKLY,
        )  # fmt: skip
    if reader["how"] == How.EACH:
        await _send(
            kind,
            to_user,
            to_email,
            language,
            subject,
            text,
            html,
            subject_kind,
            subject_id,
            key,
            now(),
            list(attached),
        )


async def _send(*mail: Any) -> None:
    message_id = await db.value(
        """INSERT INTO mail_message (ref, kind, to_user, to_email, language, subject, text_body, html_body,
                                     subject_kind, subject_id, key, created_at, attached)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (key) DO NOTHING RETURNING id""",
        new_ref(), *mail,
    )  # fmt: skip
    if message_id is not None:
        await enqueue("mail.send", message_id=message_id)


# A referrer is written to in the words of their programme, a colleague in those of the house.
READER = """
SELECT words_of(mine.id) AS words, points_called(mine.id) AS called,
       (SELECT ref FROM app_user WHERE id = $1) AS ref,
       coalesce((SELECT how FROM mail_choice WHERE user_id = $1 AND topic = $2), 'each') AS how
FROM (SELECT (SELECT referrer_id FROM membership WHERE user_id = $1 AND ended_at IS NULL ORDER BY referrer_id NULLS LAST LIMIT 1) AS id) mine
"""


async def _reader(user_id: int | None, kind: str) -> dict[str, Any]:
    """How they are spoken to, and what of this they want by mail; `.stops`: what they may end."""
    topic = KINDS[kind].topic
    found = await db.row(READER, user_id, topic and topic.value)
    assert found is not None
    return {**found, "stops": stops.what_stops(kind) if user_id else ""}


def _leads_to(text: str) -> str:
    """The page that the mail invites to."""
    found = re.search(re.escape(settings().origin) + r"(/[^\s#]*)", text)
    return found[1] if found else "/"


def _subject_and_text(rendered: str) -> tuple[str, str]:
    """The first line that says something, then the rest without gaps of more than a line."""
    subject, _, text = rendered.strip().partition("\n")
    return subject.strip(), re.sub(r"\n\s*\n\s*\n+", "\n\n", text).strip()
