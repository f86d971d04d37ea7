"""A client's facts, put right: what it was known by stays a key, so that it is found again under both."""

from collections.abc import Mapping
from typing import Any

from portal.clients import access
from portal.clients.actions import remember_keys
from portal.clients.keys import keys_of
from portal.history.access import record
from portal.kit import db
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.kit.versions import change
from portal.search import access as search

SIREN_TAKEN = N_("Ce SIREN est celui de %(name)s : réunissez les deux fiches.")
CODES = ("siren", "country")  # the values of which history keeps; the others are names


async def correct(client: db.Row, version: int, tags: Mapping[str, str], **said: Any) -> None:
    """Identity and tags. What was signed keeps the facts of its day. Raises Refused, Stale."""
    await _refuse_a_taken_siren(client["id"], said["siren"])
    before = await access.tags_of(client["id"])
    changes = {name: value for name, value in said.items() if value != client[name]}
    await change("client", client["id"], version, **said)
    await remember_keys(
        "client",
        client["id"],
        keys_of(name=said["name"], siren=said["siren"], email=said["email"], phone=said["phone"]),
    )
    await _put_tags(client["id"], before, tags)
    changed_tags = sorted(name for name in before.keys() | tags.keys() if before.get(name) != tags.get(name))
    codes = {
        f"{name}_{when}": row[name]
        for name in CODES if name in changes for when, row in (("before", client), ("after", said))
    }  # fmt: skip
    await record(
        "clients.corrected", "client", client["id"], fields=sorted(changes), tags=changed_tags, **codes
    )
    former = () if said["name"] == client["name"] else (client["name"],)
    await search.put(
        "client", client["id"], title=said["name"], path=f"/clients/{client['ref']}", find=(said["siren"], client["siren"], *former)
    )  # fmt: skip


async def _put_tags(client_id: int, before: Mapping[str, str], tags: Mapping[str, str]) -> None:
    gone = list(before.keys() - tags.keys())
    await db.execute(
        "DELETE FROM client_tag WHERE client_id = $1 AND name = ANY ($2::text[])", client_id, gone
    )
    await db.execute(
        """INSERT INTO client_tag (client_id, name, value) SELECT $1, * FROM unnest($2::text[], $3::text[])
           ON CONFLICT (client_id, name) DO UPDATE SET value = excluded.value""",
        client_id, list(tags), list(tags.values()),
    )  # fmt: skip


async def _refuse_a_taken_siren(client_id: int, siren: str) -> None:
    other = await db.row(
        """SELECT name FROM client WHERE siren = nullif($2, '') AND id <> ALL ((SELECT clients_of($1))::bigint[])
             AND merged_into IS NULL LIMIT 1""",
        client_id, siren,
    )  # fmt: skip
    if other:
        raise Refused("siren", SIREN_TAKEN, name=other["name"])
