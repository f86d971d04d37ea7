"""The mailed code that opens a change of account to who has no second factor."""

import secrets

from portal.kit import db
from portal.kit.days import now
from portal.kit.keyring import ring
from portal.mail.outbox import post
from portal.people.rules import Person
from portal.referrers.rules import CODE_DIGITS, CODE_LASTS, CODE_TRIES


async def send(person: Person) -> None:
    """Mail a code; an earlier one no longer opens anything."""
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    await db.execute(
        "UPDATE bank_code SET expires_at = $2 WHERE user_id = $1 AND used_at IS NULL AND expires_at > $2",
        person.user_id, now(),
    )  # fmt: skip
    await db.insert(
        "bank_code",
        referrer_id=person.referrer_id, user_id=person.user_id, code_hash=_hash(person, code),
        sent_at=now(), expires_at=now() + CODE_LASTS,
    )  # fmt: skip
    await post(
        "referrers.bank_code", to_user=person.user_id, to_email=person.email, language=person.language,
        subject_kind="referrer", subject_id=person.referrer_id or 0, name=person.name, code=code,
        minutes=int(CODE_LASTS.total_seconds() // 60),
    )  # fmt: skip


async def is_waiting(person: Person) -> bool:
    """A code was mailed and can still be typed."""
    return await db.value(f"SELECT EXISTS (SELECT FROM bank_code WHERE {OPEN})", *_of(person)) or False


async def use(person: Person, typed: str) -> bool:
    """In a transaction of its own, so that a wrong code costs a try whatever follows."""
    async with db.transaction():
        sent = await db.row(
            f"UPDATE bank_code SET tries = tries + 1 WHERE {OPEN} RETURNING id, code_hash", *_of(person)
        )
        if sent is None or not secrets.compare_digest(sent["code_hash"], _hash(person, typed)):
            return False
        await db.execute("UPDATE bank_code SET used_at = $2 WHERE id = $1", sent["id"], now())
        return True


OPEN = "referrer_id = $1 AND user_id = $2 AND used_at IS NULL AND expires_at > $3 AND tries < $4"


def _of(person: Person) -> tuple[object, ...]:
    return person.referrer_id, person.user_id, now(), CODE_TRIES


def _hash(person: Person, code: str) -> bytes:
    digits = "".join(code.split())
    return ring().mac(f"{person.referrer_id}.{person.user_id}.{digits}", "bank_code", 1)
