"""What is done with applications: sent, confirmed by mail, accepted or refused, forgotten in time."""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from portal.history.access import record
from portal.jobs.queue import enqueue
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import attempt, current
from portal.kit.events import emit
from portal.kit.problems import Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.kit.versions import change
from portal.people import actions as people
from portal.people.access import user_by_email
from portal.people.rules import UserState
from portal.people.sessions import digest
from portal.referrers import access, actions
from portal.referrers.events import ApplicationConfirmed, ApplicationRefused
from portal.referrers.joining import access as joining
from portal.referrers.joining import mails as mails_joining
from portal.referrers.joining.eligibility import CLOSED, FULL, SHUT, Why, accepts_itself, shut
from portal.referrers.joining.rules import CONFIRM_WITHIN, MOVED_ON, ApplicationState, move_of

SLUG_TAKEN = N_("Une autre page porte déjà cette adresse.")
ERASED = (
    "email = '', first_name = '', last_name = '', phone = '', knows = '', words = '', status = '', country = '',"
    " token_sha256 = NULL"
)


# -- the page of a programme


async def set_page(programme_id: int, version: int, **terms: Any) -> None:
    """Open, close or change it. Raises Refused when another page has this address, Stale."""
    taken = await db.value(
        "SELECT EXISTS (SELECT FROM application_page WHERE slug = $1 AND programme_id <> $2)", terms["slug"], programme_id
    )  # fmt: skip
    if taken:
        raise Refused("slug_taken", SLUG_TAKEN)
    if page := await joining.page_of(programme_id):
        await change("application_page", page["id"], version, **terms)
    else:
        await db.insert("application_page", programme_id=programme_id, **terms)
    await record("referrers.application_page", "programme", programme_id, opened=terms["opened"])


# -- from outside


async def turn_away(programme_id: int, email: str, why: Why, language: str) -> None:
    """By rule: nothing of the person stays but a keyed hash, once, so that a second try is recognised."""
    blind = joining.blind_of(email)
    known = await db.value(
        "SELECT EXISTS (SELECT FROM application WHERE programme_id = $1 AND email_blind = $2 AND reason = $3)",
        programme_id, blind, why,
    )  # fmt: skip
    if known:
        return
    turned_away = await db.insert(
        "application",
        ref=new_ref(), programme_id=programme_id, state=ApplicationState.TURNED_AWAY, email_blind=blind, reason=why,
        language=language, submitted_at=now(), decided_at=now(), erased_at=now(),
    )  # fmt: skip
    await record("referrers.application_turned_away", "application", turned_away, why=why)


async def submit(
    programme_id: int, *, email: str, language: str, link_id: int | None = None, **said: Any
) -> None:
    """Kept until its address is confirmed; whatever is known of the address, the same is done and a job finds out."""
    blind = joining.blind_of(email)
    await db.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", f"application:{blind.hex()}")
    known = await joining.open_application(programme_id, blind)
    application_id = known["id"] if known else None
    if known is None:
        application_id = await db.insert(
            "application",
            ref=new_ref(), programme_id=programme_id, state=ApplicationState.SUBMITTED, email_blind=blind, email=email,
            language=language, link_id=link_id, submitted_at=now(), **said,
        )  # fmt: skip
        await record("referrers.application_submitted", "application", application_id)
    elif known["state"] == ApplicationState.SUBMITTED:
        await change(
            "application", known["id"], known["version"], language=language, link_id=link_id, submitted_at=now(), **said
        )  # fmt: skip
    await enqueue("referrers.answer_application", application_id=application_id)


async def answer(application_id: int) -> None:
    """To the address alone is said whether it is known here: a link to confirm, to sign in, or word of what waits."""
    application = await joining.application(application_id)
    if application["state"] == ApplicationState.WAITING:
        await mails_joining.still_waiting(application)
    elif application["state"] == ApplicationState.SUBMITTED and not await _known_already(application):
        token = secrets.token_urlsafe(32)
        await db.execute(
            "UPDATE application SET token_sha256 = $2 WHERE id = $1", application_id, digest(token)
        )
        await mails_joining.to_confirm(application, token)


async def _known_already(application: db.Row) -> bool:
    email = application["email"]
    user, referrer = await user_by_email(email), await access.referrer_by_email(email)
    if referrer is None and not (user and user["staff_roles"]):
        return False
    await _move(application, "lapse", erased_at=now())
    await db.execute(f"UPDATE application SET {ERASED} WHERE id = $1", application["id"])
    if user and user["state"] == UserState.INVITED:
        await people.send_invitation(user)
    elif user:
        await enqueue("people.mail_link", user_id=user["id"], purpose="sign_in")
    return True


async def confirm(application: db.Row) -> db.Row:
    """The address is theirs. Accepted at once when nobody has to read it, else whoever decides is told."""
    await _move(application, "confirm", confirmed_at=now())
    confirmed = await joining.application(application["id"])
    page = await joining.page_of(application["programme_id"])
    by_itself = page is not None and accepts_itself(
        joining.terms_of(page), invited=confirmed["link_id"] is not None, public_agent=confirmed["public_agent"],
        tried_before=confirmed["tried_before"] is not None,
    )  # fmt: skip
    if not (by_itself and await _accepted_by_itself(confirmed)):
        emit(ApplicationConfirmed(application_id=confirmed["id"]))
    return await joining.application(application["id"])


async def _accepted_by_itself(application: db.Row) -> bool:
    """False when there is no room left or something stands against it: then somebody reads it."""
    try:
        async with attempt():
            await accept(application)
    except Refused:
        return False
    return True


# -- by whoever decides


async def accept(application: db.Row, sales_user_id: int | None = None) -> db.Row:
    """They become a referrer, invited as any other. Raises Refused: known already, no room, link over."""
    page = await db.row(
        "SELECT * FROM application_page WHERE programme_id = $1 FOR NO KEY UPDATE",
        application["programme_id"],
    )
    counted = await joining.page_of(application["programme_id"])
    if page and counted and shut(joining.terms_of(counted), counted["accepted"], invited=True) == FULL:
        raise Refused("full", SHUT[FULL])
    link = await _use(application["link_id"]) if application["link_id"] else None
    asked = [one["sales_user_id"] for one in (link, page) if one and one["sales_user_id"]]
    contact = sales_user_id or next(iter(asked), None)
    made = await actions.invite(
        application["email"], application["first_name"], application["last_name"], sales_user_id=contact,
        language=application["language"],
    )  # fmt: skip
    await actions.change_identity(made, phone=application["phone"])
    await keep_origin(made["id"], "link" if link else "application", application["programme_id"])
    await _move(
        application, "accept", referrer_id=made["id"], decided_at=now(), decided_by=current().actor.user_id
    )
    return await access.referrer(made["id"])


async def _use(link_id: int) -> db.Row:
    """One more came by this link; of two for the last place one is refused."""
    used = await db.row(
        """UPDATE invitation_link SET used = used + 1 WHERE id = $1 AND revoked_at IS NULL AND expires_at > $2
             AND (most IS NULL OR used < most) RETURNING *""",
        link_id, now(),
    )  # fmt: skip
    if used is None:
        raise Refused("link_over", SHUT[CLOSED])
    return used


async def keep_origin(referrer_id: int, source: str, programme_id: int | None) -> None:
    await db.execute(
        "INSERT INTO referrer_origin (referrer_id, source, programme_id, at) VALUES ($1, $2, $3, $4)",
        referrer_id, source, programme_id, now(),
    )  # fmt: skip


async def refuse(application: db.Row, why: Why, words: str) -> None:
    """With a reason and a date; the person is told politely."""
    await _move(
        application, "refuse", reason=why, words=words, decided_at=now(), decided_by=current().actor.user_id
    )
    emit(ApplicationRefused(application_id=application["id"]))


async def _move(application: db.Row, name: str, **changes: Any) -> None:
    """Perform one move of the table; the UPDATE repeats the state it starts from."""
    move = move_of(name, application["state"])
    sets = "".join(f', "{column}" = ${i}' for i, column in enumerate(changes, 4))
    moved = await db.execute(
        f"UPDATE application SET state = $2, version = version + 1{sets} WHERE id = $1 AND state = $3",
        application["id"], move.to, application["state"], *changes.values(),
    )  # fmt: skip
    if not moved:
        raise Refused("application_moved_on", MOVED_ON)
    await record(f"referrers.application_{name}", "application", application["id"])


# -- in time


async def forget_due() -> int:
    """What was never confirmed lapses; what was decided long ago says nothing of anybody any more; how many."""
    unconfirmed = await db.rows(
        "SELECT * FROM application WHERE state = 'submitted' AND submitted_at <= $1 ORDER BY id FOR NO KEY UPDATE",
        now() - CONFIRM_WITHIN,
    )
    for application in unconfirmed:
        await _move(application, "lapse")
    personal = now() - timedelta(await joining.days_kept(joining.PERSONAL))
    decided = await db.rows(
        """SELECT id FROM application WHERE erased_at IS NULL AND (state = 'lapsed'
             OR (state IN ('refused', 'accepted') AND decided_at <= $1))""",
        personal,
    )
    await _erase([row["id"] for row in decided])
    trace = now() - timedelta(await joining.days_kept(joining.TRACE))
    await db.execute(
        """UPDATE application SET email_blind = NULL WHERE email_blind IS NOT NULL
             AND (state = 'lapsed' OR (state IN ('refused', 'turned_away', 'accepted') AND decided_at <= $1))""",
        trace,
    )  # fmt: skip
    return len(unconfirmed) + len(decided)


async def _erase(ids: Sequence[int]) -> None:
    await db.execute(f"UPDATE application SET {ERASED}, erased_at = $2 WHERE id = ANY ($1)", list(ids), now())


async def erase_of(user_id: int) -> None:
    """Asked for by the person: of what is decided nothing stays; what waits is over."""
    mine = await db.rows(
        """SELECT application.* FROM application JOIN app_user ON app_user.id = $1
           WHERE application.email = app_user.email OR application.referrer_id IN
             (SELECT referrer_id FROM membership WHERE user_id = $1 AND seat = 'owner')""",
        user_id,
    )  # fmt: skip
    for application in mine:
        if application["state"] == ApplicationState.SUBMITTED:
            await _move(application, "lapse")
        elif application["state"] == ApplicationState.WAITING:
            await _move(application, "refuse", reason=Why.OTHER, decided_at=now())
    await _erase([row["id"] for row in mine])
