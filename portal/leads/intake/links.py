"""A referrer's own short address: random, one at a time, renewed or revoked by its owner."""

from io import BytesIO

import segno

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.problems import NotFound
from portal.kit.references import new_ref, read_ref
from portal.settings import settings

CODE_LENGTH = 8  # 40 bits, and few tries
# Who may not recommend any more leads nobody to the company either.
OPEN_TO = ("invited", "applied", "active")


LINK = """
SELECT link.*, coalesce(nullif(referrer.company_name, ''), concat_ws(' ', referrer.first_name, referrer.last_name)) AS referrer_name
FROM referral_link link JOIN referrer ON referrer.id = link.referrer_id
"""


async def living(referrer_id: int) -> db.Row | None:
    return await db.row(f"{LINK} WHERE link.referrer_id = $1 AND link.revoked_at IS NULL", referrer_id)


async def open_at(code: str) -> db.Row:
    """As printed or spelt out. Raises NotFound for one that leads nowhere, whatever the cause."""
    found = await db.row(
        f"{LINK} WHERE link.code = $1 AND link.revoked_at IS NULL AND referrer.state = ANY ($2)",
        read_ref(code)[: CODE_LENGTH + 1], list(OPEN_TO),
    )  # fmt: skip
    if found is None:
        raise NotFound("link")
    return found


async def renew(referrer_id: int) -> db.Row:
    """A new one; the old one leads nowhere from now on."""
    await revoke(referrer_id)
    link_id = await db.insert(
        "referral_link",
        code=new_ref()[:CODE_LENGTH], referrer_id=referrer_id, made_by=current().actor.user_id, made_at=now(),
    )  # fmt: skip
    await record("leads.link_made", "referrer", referrer_id, link=link_id)
    made = await living(referrer_id)
    assert made is not None
    return made


async def revoke(referrer_id: int) -> None:
    """Twice is harmless."""
    gone = await db.value(
        "UPDATE referral_link SET revoked_at = $2 WHERE referrer_id = $1 AND revoked_at IS NULL RETURNING id",
        referrer_id, now(),
    )  # fmt: skip
    if gone:
        await record("leads.link_revoked", "referrer", referrer_id, link=gone)


def address_of(link: db.Row) -> str:
    return f"{settings().origin}/r/{link['code']}"


def qr(address: str) -> bytes:
    """Squares alone, dark on white in any theme: cameras want it so."""
    drawn = BytesIO()
    segno.make(address, error="m").save(
        drawn,
        kind="svg",
        xmldecl=False,
        scale=8,
        border=4,
        dark="#000",
        light="#fff",
        svgclass=None,
        lineclass=None,
    )
    return drawn.getvalue()
