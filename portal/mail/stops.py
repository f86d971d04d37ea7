"""Ending mails by choice with one click (RFC 8058), without signing in. The address proves itself: who and what, under a keyed hash."""

import hmac

from portal.kit import db
from portal.kit.keyring import ring
from portal.kit.problems import NotFound
from portal.mail.choices import choose, chosen
from portal.mail.kinds import KINDS, How, Topic
from portal.settings import settings

WEEKLY = "weekly"  # Monday's mail, whatever it is about
ELSEWHERE = {
    "mail.weekly": WEEKLY,
    "leads.monday": Topic.TO_ANSWER.value,
}  # told by no bell, and ended all the same
MAC_LENGTH = 32  # hexadecimal figures: 128 bits


def what_stops(kind: str) -> str:
    """What the reader of such a mail can end: its topic; nothing where mails are always sent."""
    if kind in ELSEWHERE:
        return ELSEWHERE[kind]
    topic = KINDS[kind].topic
    return topic.value if topic else ""


def path_of(user_ref: str, what: str) -> str:
    return f"/courriels/{user_ref}/{what}/{_mac(user_ref, what)}"


def address_of(user_ref: str, what: str) -> str:
    """As it goes into a mail."""
    return settings().origin + path_of(user_ref, what)


async def reader_at(user_ref: str, what: str, mac: str) -> db.Row:
    """Whose mails end: .id .language .staff. Raises NotFound for what we did not write."""
    known = what == WEEKLY or what in set(Topic)
    if not known or not hmac.compare_digest(mac.encode(), _mac(user_ref, what).encode()):
        raise NotFound("stop")
    found = await db.row("SELECT id, language FROM app_user WHERE ref = $1", user_ref)
    if found is None:
        raise NotFound("stop")
    return found


async def stop(user_id: int, what: str) -> None:
    """Harmless twice."""
    now_chosen = await chosen(user_id)
    ended = (
        [topic for topic in Topic if now_chosen.get(topic) == How.WEEKLY] if what == WEEKLY else [Topic(what)]
    )
    for topic in ended:
        if now_chosen.get(topic) != How.NONE:
            await choose(user_id, topic, How.NONE)


def _mac(user_ref: str, what: str) -> str:
    return ring().mac(f"{user_ref}.{what}", "mail.stop", 1).hex()[:MAC_LENGTH]
