"""Who does not want to be contacted: a list of keyed hashes, asked before any recommendation is received."""

from portal.company import access as company
from portal.kit import db
from portal.kit.cells import plain_words
from portal.kit.days import now, today
from portal.kit.keyring import ring
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.law.retention import keep_until

Key = tuple[str, bytes]
REFUSED = N_("Nous ne pouvons pas prendre contact avec cette personne. Merci d'avoir pensé à nous.")


def keys_of(*, email: str, phone: str, company_name: str, contact_name: str) -> list[Key]:
    """By any of these somebody is known again: address, number, name within a company."""
    person = plain_words(f"{contact_name} {company_name}") if contact_name and company_name else ""
    said = {"email": email.strip().lower(), "phone": phone, "person": person}
    return [(kind, ring().blind(value, f"objection.{kind}")) for kind, value in said.items() if value]


def keys_of_lead(lead: db.Row) -> list[Key]:
    return keys_of(
        email=lead["contact_email"], phone=lead["contact_phone"],
        company_name=lead["company_name"], contact_name=lead["contact_name"],
    )  # fmt: skip


async def refuse_opposed(keys: list[Key]) -> None:
    """Raises Refused, in words that do not tell what happened."""
    if not keys:
        return
    stands = await db.value(
        """SELECT EXISTS (SELECT FROM objection JOIN unnest($1::text[], $2::bytea[]) AS asked (kind, key) USING (kind, key)
                          WHERE kept_until >= $3)""",
        [kind for kind, _key in keys], [key for _kind, key in keys], today(),
    )  # fmt: skip
    if stands:
        raise Refused("opposed", REFUSED)


async def anybody() -> bool:
    """Whether there is anybody whom nobody may contact: else there is nothing to ask of a list."""
    return await db.value("SELECT EXISTS (SELECT FROM objection WHERE kept_until >= $1)", today())


async def remember(lead: db.Row) -> None:
    """From now on; said again, it is kept for longer."""
    until = keep_until("opposition", today(), await company.figures())
    await db.execute_many(
        """INSERT INTO objection (kind, key, at, kept_until) VALUES ($1, $2, $3, $4)
           ON CONFLICT (kind, key) DO UPDATE SET kept_until = greatest(objection.kept_until, excluded.kept_until)""",
        [(kind, key, now(), until) for kind, key in keys_of_lead(lead)],
    )


async def forget_old() -> int:
    return await db.execute("DELETE FROM objection WHERE kept_until < $1", today())
