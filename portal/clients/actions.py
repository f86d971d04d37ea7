"""Making clients, and remembering the keys by which they are found again."""

from collections.abc import Collection, Iterable
from datetime import date

from portal.clients import access
from portal.clients.access import Key
from portal.clients.keys import keys_of
from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.problems import Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.search import access as search

KNOWN = N_("Cette entreprise est déjà dans la liste : même SIREN, ou même nom et même domaine.")


async def remember_keys(subject_kind: str, subject_id: int, keys: Collection[Key]) -> None:
    await db.execute_many(
        """INSERT INTO match_key (kind, value, subject_kind, subject_id) VALUES ($1, $2, $3, $4)
           ON CONFLICT DO NOTHING""",
        [(kind, value, subject_kind, subject_id) for kind, value in sorted(keys)],
    )


async def remember_new_keys(subject_kind: str, keys: Iterable[tuple[int, Collection[Key]]]) -> None:
    """Of those that have just been made: none of them has a key yet."""
    await db.copy(
        "match_key",
        ("kind", "value", "subject_kind", "subject_id"),
        [(kind, value, subject_kind, one) for one, own in keys for kind, value in sorted(own)],
    )


async def find_or_create(name: str, *, siren: str = "", email: str = "", phone: str = "") -> db.Row:
    keys = keys_of(name=name, siren=siren, email=email, phone=phone)
    known = await access.same_company("client", keys)
    return await access.client(known[0] if known else await _create(name, siren, email, phone, keys))


async def bring(
    external_id: str, name: str, *, siren: str = "", email: str = "", phone: str = "", website: str = "",
    since: date | None = None,
) -> bool:  # fmt: skip
    """A client of another system's list, since its day; one that is here already takes its number. True when it is new."""
    keys = keys_of(name=name, siren=siren, email=email, phone=phone, website=website)
    known = await access.same_company("client", keys)
    client_id = known[0] if known else await _create(name, siren, email, phone, keys)
    client_id = (await access.client(client_id))["id"]
    await db.execute(
        """UPDATE client SET external_id = coalesce(external_id, $2), since = coalesce(since, $3),
                  siren = coalesce(nullif(siren, ''), $4) WHERE id = $1""",
        client_id, external_id, since, siren,
    )  # fmt: skip
    await remember_keys("client", client_id, keys)
    return not known


async def forget_contact(email: str, phone: str) -> None:
    """Address and number of somebody, of clients that no deal and no list of the company holds."""
    gone = await db.rows(
        """UPDATE client SET email = '', phone = '', version = version + 1
           WHERE (email = nullif($1, '') OR phone = nullif($2, '')) AND external_id IS NULL
             AND NOT EXISTS (SELECT FROM deal WHERE deal.client_id = client.id) RETURNING id""",
        email, phone,
    )  # fmt: skip
    await db.execute(
        """DELETE FROM match_key WHERE subject_kind = 'client' AND subject_id = ANY ($1) AND kind IN ('email', 'phone')""",
        [row["id"] for row in gone],
    )


async def _create(name: str, siren: str, email: str, phone: str, keys: Collection[Key]) -> int:
    client_id = await db.insert(
        "client", ref=(ref := new_ref()), name=name, siren=siren, email=email, phone=phone, created_at=now()
    )
    await remember_keys("client", client_id, keys)
    await record("clients.created", "client", client_id)
    await search.put("client", client_id, title=name, path=f"/clients/{ref}", find=(siren,))
    return client_id


async def create(name: str, *, siren: str = "", email: str = "", phone: str = "") -> db.Row:
    """Typed by a person, who is told when it is there already. Raises Refused."""
    keys = keys_of(name=name, siren=siren, email=email, phone=phone)
    if await access.same_company("client", keys):
        raise Refused("client_known", KNOWN)
    return await access.client(await _create(name, siren, email, phone, keys))
