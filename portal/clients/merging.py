"""Two clients that are one company: one becomes another name of the other. Deals and payments stay where they are."""

from portal.clients import access
from portal.history.access import record
from portal.kit import db
from portal.kit.problems import NotFound, Refused, Stale
from portal.kit.text import N_
from portal.search import access as search

ITSELF = N_("Choisissez une autre fiche : un client ne se réunit pas avec lui-même.")
TWO_SIREN = N_(
    "Ces deux fiches ont deux SIREN : ce sont deux entreprises. Corrigez d'abord celui qui est faux."
)


def check(kept: db.Row, other: db.Row) -> None:
    if kept["id"] == other["id"]:
        raise Refused("itself", ITSELF)
    if kept["siren"] and other["siren"] and kept["siren"] != other["siren"]:
        raise Refused("two_siren", TWO_SIREN)


async def merge(kept: db.Row, other: db.Row, version: int) -> None:
    """`kept` stands for both from now on; what it does not know it takes from the other. Raises Refused, Stale."""
    check(kept, other)
    rows = await db.rows(
        "SELECT * FROM client WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE", [kept["id"], other["id"]]
    )
    if any(row["merged_into"] for row in rows):
        raise Stale("stale")
    kept, other = sorted(rows, key=lambda row: row["id"] != kept["id"])
    if kept["version"] != version:
        raise Stale("stale")
    check(kept, other)
    await db.execute("UPDATE client SET merged_into = $1 WHERE merged_into = $2", kept["id"], other["id"])
    await db.execute(
        "UPDATE client SET merged_into = $1, version = version + 1 WHERE id = $2", kept["id"], other["id"]
    )
    await _complete(kept, other)
    await record("clients.merged", "client", kept["id"], other=other["id"])
    await record("clients.merged_into", "client", other["id"], kept=kept["id"])
    await _lead_to(kept, other)


async def separate(kept: db.Row, ref: str) -> None:
    """It turned out to be two after all."""
    other = await access.client_by_ref(ref)
    if other["merged_into"] != kept["id"]:
        raise NotFound("client")
    await db.execute("UPDATE client SET merged_into = NULL, version = version + 1 WHERE id = $1", other["id"])
    await record("clients.separated", "client", kept["id"], other=other["id"])
    await record("clients.separated", "client", other["id"], other=kept["id"])
    await _lead_to(other, other)


async def _complete(kept: db.Row, other: db.Row) -> None:
    taken = ("siren", "email", "phone", "street", "postcode", "city")
    sets = ", ".join(
        f"{name} = coalesce(nullif({name}, ''), ${place})" for place, name in enumerate(taken, 3)
    )
    await db.execute(
        f"UPDATE client SET {sets}, since = least(since, $2), version = version + 1 WHERE id = $1",
        kept["id"], other["since"], *(other[name] for name in taken),
    )  # fmt: skip
    await db.execute(
        """INSERT INTO client_tag (client_id, name, value) SELECT $1, name, value FROM client_tag WHERE client_id = $2
           ON CONFLICT DO NOTHING""",
        kept["id"], other["id"],
    )  # fmt: skip


async def _lead_to(kept: db.Row, other: db.Row) -> None:
    """Found by its own name, it opens the page of the one that stands for it."""
    await search.put(
        "client", other["id"], title=other["name"], path=f"/clients/{kept['ref']}",
        subtitle=kept["name"] if kept["id"] != other["id"] else "", find=(other["siren"],),
    )  # fmt: skip
