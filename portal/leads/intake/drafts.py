"""What was typed and not sent: one for each person of a referrer, kept as it stands, read by nobody else."""

from collections.abc import Mapping
from typing import Any

from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.leads.fields.rules import MOST, PREFIX

FIELDS = (
    "company",
    "contact",
    "phone",
    "email",
    "need",
    "agreed",
    "agreed_on",
    "amount",
    "siren",
    "postcode",
    "city",
)
LONGEST = 500
SAYS_NOTHING = {"agreed", "agreed_on"}  # filled before anybody types


async def of(referrer_id: int, user_id: int) -> db.Row | None:
    return await db.row(
        "SELECT typed, kept_at FROM lead_draft WHERE referrer_id = $1 AND user_id = $2", referrer_id, user_id
    )


async def keep(referrer_id: int, values: Mapping[str, Any]) -> bool:
    """In the place of what was kept before. False when there is nothing to keep."""
    own = sorted(name for name in values if name.startswith(PREFIX))[:MOST]
    typed = {name: str(values.get(name) or "")[:LONGEST] for name in (*FIELDS, *own)}
    if not any(value for name, value in typed.items() if name not in SAYS_NOTHING):
        await discard(referrer_id)
        return False
    await db.execute(
        """INSERT INTO lead_draft (referrer_id, user_id, typed, kept_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (referrer_id, user_id) DO UPDATE SET typed = $3, kept_at = $4""",
        referrer_id, current().actor.user_id, typed, now(),
    )  # fmt: skip
    return True


async def discard(referrer_id: int) -> None:
    await db.execute(
        "DELETE FROM lead_draft WHERE referrer_id = $1 AND user_id = $2",
        referrer_id, current().actor.user_id,
    )  # fmt: skip


async def erase_of(user_id: int) -> None:
    await db.execute("DELETE FROM lead_draft WHERE user_id = $1", user_id)
