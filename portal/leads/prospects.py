"""The page of somebody who was recommended. Its address holds a key that nobody can guess, and its text names them not."""

import hmac

from portal.kit import db
from portal.kit.keyring import ring
from portal.kit.problems import NotFound
from portal.leads import access
from portal.leads.rules import OPEN, LeadState
from portal.settings import settings

KEY_LENGTH = 20  # hexadecimal figures: 80 bits
SHOWN = OPEN | {LeadState.WON}


def path_of(ref: str) -> str:
    return f"/recommande/{ref}/{_key(ref)}"


def address_of(ref: str) -> str:
    """As it goes into a message."""
    return settings().origin + path_of(ref)


async def lead_at(ref: str, key: str) -> db.Row:
    """Raises NotFound when the key is not its own, or when the recommendation has ended."""
    if not hmac.compare_digest(key.encode(), _key(ref).encode()):
        raise NotFound("lead")
    lead = await access.lead_by_ref(ref)
    if lead["state"] not in SHOWN:
        raise NotFound("lead")
    return lead


def _key(ref: str) -> str:
    return ring().blind(ref, "lead.prospect").hex()[:KEY_LENGTH]
