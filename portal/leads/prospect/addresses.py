"""The page of somebody who was recommended. Its address holds a key that nobody can guess, and its text tells little of them.

Two keys open it: one stands in what the referrer forwards, the other in the mail to the prospect alone; what is clicked
is kept with the one by which they came."""

import hmac

from portal.kit import db
from portal.kit.keyring import ring
from portal.kit.problems import NotFound
from portal.leads import access
from portal.settings import settings

KEY_LENGTH = 20  # hexadecimal figures: 80 bits
VIAS = ("forwarded", "mail", "link")


def path_of(ref: str, via: str = "forwarded") -> str:
    return f"/recommande/{ref}/{_key(ref, via)}"


def address_of(ref: str, via: str = "forwarded") -> str:
    """As it goes into a message."""
    return settings().origin + path_of(ref, via)


async def lead_at(ref: str, key: str) -> tuple[db.Row, str]:
    """The recommendation, and by which address they came. Raises NotFound when the key is not its own."""
    via = next((via for via in VIAS if hmac.compare_digest(key.encode(), _key(ref, via).encode())), "")
    if not via:
        raise NotFound("lead")
    return await access.lead_by_ref(ref), via


def _key(ref: str, via: str) -> str:
    field = "lead.prospect" if via == "forwarded" else f"lead.prospect.{via}"
    return ring().blind(ref, field).hex()[:KEY_LENGTH]


def masked(text: str) -> str:
    """Enough to know oneself again, too little to learn anything: C… M…"""
    return " ".join(f"{word[0]}…" for word in text.split())


def masked_email(email: str) -> str:
    return f"{email[0]}…@{email.rpartition('@')[2][0]}…" if "@" in email else ""


def masked_phone(phone: str) -> str:
    return f"…{phone[-2:]}" if phone else ""
