"""Inviting by a link that many may use, or by a list: looked at first, sent by a job, never twice the same person."""

from datetime import datetime
from typing import Any

from portal.history.access import record
from portal.jobs.queue import enqueue
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import attempt, current
from portal.kit.problems import Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.people import actions as people
from portal.people import links as mailed_links
from portal.people.links import Purpose
from portal.people.rules import UserState
from portal.referrers import access, actions
from portal.referrers.joining import access as joining
from portal.referrers.joining import applying
from portal.referrers.joining.invitation_lines import Found

REMINDED = N_("Cette personne a déjà été relancée une fois.")
CAME = N_("Cette personne a déjà ouvert son espace.")
SENT_ALREADY = N_("Cette liste est déjà envoyée.")
BY_THE_HUNDRED = 100


# -- links


async def make_link(
    name: str, programme_id: int, expires_at: datetime, *, most: int | None, sales_user_id: int | None
) -> str:
    """Its reference, which is the code."""
    ref = new_ref()
    link_id = await db.insert(
        "invitation_link",
        ref=ref, name=name, programme_id=programme_id, expires_at=expires_at, most=most, sales_user_id=sales_user_id,
        by_user=current().actor.user_id, at=now(),
    )  # fmt: skip
    await record("referrers.link_made", "invitation_link", link_id)
    return ref


async def revoke_link(link: db.Row) -> None:
    await db.execute(
        "UPDATE invitation_link SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", link["id"], now()
    )
    await record("referrers.link_revoked", "invitation_link", link["id"])


# -- lists


async def keep_list(lines: list[Found], **said: Any) -> str:
    """Looked at and not sent; its reference."""
    ref = new_ref()
    list_id = await db.insert(
        "invitation_list", ref=ref, state="looked_at", by_user=current().actor.user_id, at=now(), **said
    )
    for one in lines:
        await db.insert(
            "invitation_line",
            ref=new_ref(), list_id=list_id, line=one.line, email=one.email, first_name=one.first_name, last_name=one.last_name,
            state="faulty" if one.fault else "ready", fault=one.fault,
        )  # fmt: skip
    await record("referrers.list_kept", "invitation_list", list_id, lines=len(lines))
    return ref


async def send_list(found: db.Row) -> None:
    """By a job. Raises Refused when it was sent before."""
    moved = await db.execute(
        "UPDATE invitation_list SET state = 'sending', version = version + 1 WHERE id = $1 AND state = 'looked_at'",
        found["id"],
    )
    if not moved:
        raise Refused("list_sent", SENT_ALREADY)
    await record("referrers.list_sent", "invitation_list", found["id"])
    await enqueue("referrers.send_invitations", list_id=found["id"])


async def send_some(list_id: int) -> int:
    """The next hundred of a list, each on its own: one that is refused keeps its reason; how many are left."""
    found = await db.row("SELECT * FROM invitation_list WHERE id = $1 FOR NO KEY UPDATE", list_id)
    assert found is not None
    ready = await db.rows(
        "SELECT * FROM invitation_line WHERE list_id = $1 AND state = 'ready' ORDER BY line LIMIT $2",
        list_id, BY_THE_HUNDRED,
    )  # fmt: skip
    for line in ready:
        await _invite(found, line)
    left = await db.value(
        "SELECT count(*) FROM invitation_line WHERE list_id = $1 AND state = 'ready'", list_id
    )
    if not left:
        await db.execute(
            "UPDATE invitation_list SET state = 'sent' WHERE id = $1 AND state = 'sending'", list_id
        )
    return left


async def _invite(found: db.Row, line: db.Row) -> None:
    try:
        async with attempt():
            made = await actions.invite(
                line["email"], line["first_name"], line["last_name"], sales_user_id=found["sales_user_id"],
                language=found["language"],
            )  # fmt: skip
            await applying.keep_origin(made["id"], "list", found["programme_id"])
            await db.execute(
                "UPDATE invitation_line SET state = 'invited', referrer_id = $2 WHERE id = $1",
                line["id"],
                made["id"],
            )
    except Refused as no:
        fault = "colleague" if no.code == "colleague" else "referrer"
        await db.execute(
            "UPDATE invitation_line SET state = 'faulty', fault = $2 WHERE id = $1", line["id"], fault
        )


async def remind(line: db.Row) -> None:
    """Once, and only who has not come."""
    user = await _who_has_not_come(line)
    reminded = await db.execute(
        "UPDATE invitation_line SET reminded_at = $2 WHERE id = $1 AND reminded_at IS NULL AND state = 'invited'",
        line["id"], now(),
    )  # fmt: skip
    if not reminded:
        raise Refused("reminded", REMINDED)
    await people.send_invitation(user)
    await record("referrers.invitation_reminded", "referrer", line["referrer_id"])


async def remind_all(list_id: int) -> int:
    """Whoever has not come and was not reminded; how many."""
    waiting = await db.rows(
        f"{joining.LINE} WHERE list_id = $1 AND invitation_line.state = 'invited' AND reminded_at IS NULL ORDER BY line",
        list_id,
    )
    late = [line for line in waiting if not line["opened"] and line["referrer_state"] == "invited"]
    for line in late:
        await remind(line)
    return len(late)


async def withdraw(line: db.Row) -> None:
    """The link in their mail opens nothing any more; their file is closed."""
    user = await _who_has_not_come(line)
    await mailed_links.withdraw(user["id"], Purpose.INVITATION)
    await people.end_seat(user["id"], line["referrer_id"])
    await actions.call_off(line["referrer_id"])
    await db.execute(
        "UPDATE invitation_line SET state = 'withdrawn', withdrawn_at = $2 WHERE id = $1 AND state = 'invited'",
        line["id"], now(),
    )  # fmt: skip


async def _who_has_not_come(line: db.Row) -> db.Row:
    user = await access.owner_of(line["referrer_id"]) if line["referrer_id"] else None
    if user is None or user["state"] != UserState.INVITED:
        raise Refused("came_already", CAME)
    return user
