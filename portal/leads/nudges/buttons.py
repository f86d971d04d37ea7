"""Links in mails to colleagues: one for a recommendation and a week. Opening changes nothing, answering has one effect, once.

A link holds for who got it, while they may sell, for seven days, as long as the recommendation neither moved nor changed
hands. It opens no session. Of the token only a keyed hash is kept."""

import secrets
from datetime import timedelta
from enum import StrEnum

from portal.kit import db
from portal.kit.days import now
from portal.kit.keyring import ring
from portal.kit.problems import NotFound
from portal.leads.nudges.rules import replies
from portal.people.rules import Role
from portal.settings import settings

LASTS = timedelta(days=7)
FIELD = "lead_button.token"
TOKEN_BYTES = 24


class Stands(StrEnum):
    """How a link stands."""

    OPEN = "open"
    USED = "used"
    MOVED_ON = "moved_on"
    EXPIRED = "expired"
    REVOKED = "revoked"


BUTTON = """
SELECT button.*, app_user.name AS user_name, app_user.language,
       app_user.state = 'active' AND EXISTS (
         SELECT FROM membership WHERE user_id = button.user_id AND role = $2 AND ended_at IS NULL) AS may,
       lead.sales_user_id IS NOT DISTINCT FROM button.held_by
         AND button.move_id = (SELECT max(id) FROM lead_move WHERE lead_id = button.lead_id) AS still
FROM lead_button button JOIN app_user ON app_user.id = button.user_id JOIN lead ON lead.id = button.lead_id
WHERE button.token_blind = $1
"""


async def address(lead: db.Row, user_id: int) -> str:
    """Of a new link, for the mail; the answer's noun follows it."""
    token, at = secrets.token_urlsafe(TOKEN_BYTES), now()
    await db.execute(
        """INSERT INTO lead_button (token_blind, user_id, lead_id, held_by, move_id, made_at, expires_at)
           VALUES ($1, $2, $3, $4, (SELECT max(id) FROM lead_move WHERE lead_id = $3), $5, $6)""",
        ring().blind(token, FIELD), user_id, lead["id"], lead["sales_user_id"], at, at + LASTS,
    )  # fmt: skip
    return f"{settings().origin}/mot/{token}"


async def offered(lead: db.Row, user_id: int) -> list[tuple[str, str]]:
    """What this colleague may answer from a mail: label (a msgid) and address."""
    fitting = replies(lead["state"])
    opened = await address(lead, user_id) if fitting else ""
    return [(reply.label, f"{opened}/{reply.noun}") for reply in fitting]


async def button(token: str) -> db.Row:
    """Raises NotFound for what was never sent."""
    found = await db.row(BUTTON, ring().blind(token, FIELD), Role.SALES.value)
    if found is None:
        raise NotFound("lead_button")
    return found


def stands(found: db.Row) -> Stands:
    """Who may no longer sell learns nothing more."""
    if not found["may"]:
        return Stands.REVOKED
    if found["used_at"]:
        return Stands.USED if found["expires_at"] > now() else Stands.EXPIRED
    if found["expires_at"] <= now():
        return Stands.EXPIRED
    return Stands.OPEN if found["still"] else Stands.MOVED_ON


async def use(found: db.Row, noun: str) -> bool:
    """Of two at once one has its effect."""
    used = await db.execute(
        "UPDATE lead_button SET used_at = $2, used_for = $3 WHERE id = $1 AND used_at IS NULL AND expires_at > $2",
        found["id"], now(), noun,
    )  # fmt: skip
    return bool(used)


async def sweep() -> int:
    """A link that is over opens nothing; a month later it is forgotten."""
    return await db.execute("DELETE FROM lead_button WHERE expires_at < $1", now() - timedelta(days=30))
